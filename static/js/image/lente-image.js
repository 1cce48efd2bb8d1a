import { html, nothing } from "vendor/lit";
import { bringBelow } from "../frame/calm.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { lightOf } from "../shared/colours.js";
import { fetchOthers, ladder } from "./ladder.js";
import "../shared/pictures/lente-picture-source.js";
import "./lente-pixel-loupe.js";

/**
 * @typedef {import("./state.js").ImageState} ImageState
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const SIZE = 512;

/**
 * The image page's exhibits, all of the same picture. Rendered in the page.
 *
 * @fires state - the state, whenever the visitor changed it
 */
export class LenteImage extends LenteElement {
  static properties = {
    state: { attribute: false },
    picture: { attribute: false },
    others: { state: true },
    whole: { state: true },
    lost: { state: true },
    lone: { state: true },
  };

  constructor() {
    super();
    /** @type {ImageState} */ this.state = /** @type {any} */ (null);
    /** @type {Tensor | null} (3, H, W), 0..1 */ this.picture = null;
    /** Other pictures for the batch. @type {Tensor[]} */ this.others = [];
    /** @type {(Tensor | null)[]} */ this.tensors = [];
    /** Whether all below the picture is drawn: it comes first. */ this.whole = false;
    /** Once the exhibit that needs the others is near. @type {Promise<void> | undefined} */ this.near = undefined;
    /** Why there is no picture. */ this.lost = "";
    /** Why there are no others. */ this.lone = "";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (["picture", "others", "whole"].some((name) => changed.has(name)) && this.picture && this.whole)
      this.tensors = ladder(this.picture, this.others);
  }

  render() {
    if (!this.state) return nothing;
    const { picture, state } = this;
    return html`<div class="image-exhibits" @change-state=${this.onChange}>
      <section class="exhibit idea" data-ready=${picture !== null}>
        ${picture ? html`<lente-pixel-loupe .tensor=${picture} .state=${state}></lente-pixel-loupe>` : this.lost ? notice(this.lost) : html`<p class="empty">${t("The picture is on its way…")}</p>`}
        <lente-picture-source
          live
          data-hideable="source"
          .size=${SIZE}
          .image=${state.image}
          @picture=${this.onPicture}
          @nopicture=${this.onNoPicture}
        ></lente-picture-source>
      </section>
      ${picture && this.whole ? [this.channels(picture), this.resolution(picture), this.rungs()] : nothing}
    </div>`;
  }

  /** @param {Tensor} picture */
  channels(picture) {
    return html`<section class="idea" data-hideable="channels">
      <h2>${t("Three tables make a colour")}</h2>
      <p>
        ${t("Each pixel has three numbers: how much red, green and blue it gives, as codes from 0 to 255. The codes follow the eye, not the light: {half} gives only about {percent} % of the light of 255. Switch a channel off to see what it carried.", { half: 128, percent: Math.round(100 * lightOf(128 / 255)) })}
      </p>
      <lente-channels class="exhibit" .tensor=${picture} .state=${this.state}></lente-channels>
    </section>`;
  }

  /** @param {Tensor} picture */
  resolution(picture) {
    return html`<section class="idea" data-hideable="resolution">
      <h2>${t("How many numbers does it take?")}</h2>
      <p>
        ${t("With fewer pixels each one is the mean of the codes that it covers. When do you recognise the picture, and how many numbers is that?")}
      </p>
      <lente-resolution class="exhibit" .tensor=${picture} .size=${this.state.size}></lente-resolution>
    </section>`;
  }

  rungs() {
    return html`<section class="idea" data-hideable="ladder">
      <h2>${t("From one number to a tensor of five axes")}</h2>
      <p>
        ${t("A tensor is a table of numbers with any number of axes. Each rung of this ladder stacks what the one before it held. Networks count from 0.")}
      </p>
      <lente-tensor-ladder
        class="exhibit"
        .tensors=${this.tensors}
        .fault=${this.lone}
        .state=${this.state}
      ></lente-tensor-ladder>
    </section>`;
  }

  /** @param {CustomEvent<Partial<ImageState>>} event */
  onChange(event) {
    event.stopPropagation();
    this.set(event.detail);
  }

  /** @param {Partial<ImageState>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    this.tell("state", this.state);
  }

  /** @param {CustomEvent<import("../shared/pictures/lente-picture-source.js").Picture>} event */
  onPicture({ detail: { id, tensor } }) {
    this.picture = tensor;
    this.lost = "";
    if (id && id !== this.state.image) this.set({ image: id });
    this.near ??= this.complete();
    if (!this.others.length)
      this.near
        .then(() => fetchOthers(this.state.image))
        .then(
          (others) => Object.assign(this, { others, lone: "" }),
          (/** @type {Error} */ { message }) => (this.lone = message),
        );
  }

  /** What is below comes once the picture is on the screen; resolves when the last part of it is near. */
  async complete() {
    await bringBelow([() => import("./below.js")], this.updateComplete);
    this.whole = true;
    await this.updateComplete;
    await whenNear(/** @type {Element} */ (this.querySelector("lente-tensor-ladder")));
  }

  /** @param {CustomEvent<Error>} event */
  onNoPicture({ detail }) {
    if (this.picture) return;
    if (this.state.image === "sample-cat") this.lost = detail.message;
    else this.set({ image: "sample-cat" });
  }
}

customElements.define("lente-image", LenteImage);
