import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { digitNetwork } from "../digits/server.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom } from "../frame/accepted.js";
import { OFF, addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { planeHome, pointsOf } from "../latent/plane/points.js";
import { encodePicture } from "../latent/server.js";
import { latentSpace } from "../latent/space.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { decoderCall } from "../shared/ui/decoder_call.js";
import { exactly } from "../shared/ui/exactly.js";
import { LARGEST } from "../shared/ui/slider_rows.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-class-filter.js";
import "../shared/ui/lente-pictures.js";
import "../latent/plane/lente-plane.js";

/** @typedef {import("../latent/space.js").LatentSpace} LatentSpace */

const MODEL = "autoencoder_2d";

/** Where the codes of the test digits lie when there are two numbers, and what any place decodes to. Rendered in the page. */
export class LenteCodePlaces extends LenteElement {
  static properties = {
    picture: { attribute: false },
    space: { state: true },
    own: { state: true },
    chosen: { state: true },
    probed: { state: true },
    off: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Float32Array<ArrayBuffer> | null} the digit of the exhibit above */ this.picture = null;
    /** @type {LatentSpace | null} */ this.space = null;
    /** @type {number[]} where that digit lies */ this.own = [0, 0];
    /** @type {number[] | null} the place that was set */ this.chosen = null;
    /** @type {number[] | null} the place under the cursor */ this.probed = null;
    /** @type {Set<number>} */ this.off = new Set();
    addressed(this, {
      chosen: { name: "code", first: null, accepts: listOf(numberFrom(-LARGEST, LARGEST), 2) },
      off: OFF,
    });
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    this.fault = "";
    this.near = whenNear(this);
    this.ask = newest(
      (/** @type {Float32Array<ArrayBuffer>} */ picture) => this.near.then(() => encodePicture(MODEL, picture)),
      ({ mu }) => (this.own = mu),
      (error) => (this.fault = error.message),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.near.then(() => this.load());
  }

  async load() {
    try {
      const [space, read] = await Promise.all([latentSpace(MODEL), digitNetwork()]);
      Object.assign(this, { space, read });
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("picture") && this.picture) this.ask(this.picture);
  }

  render() {
    return html`<div class="places">${this.space ? this.whole(this.space) : nothing} ${notice(this.fault)}</div>`;
  }

  /** @param {LatentSpace} space */
  whole(space) {
    const [x, y] = this.probed ?? this.chosen ?? this.own;
    const picture = space.decode([x, y]);
    return html`<div class="places-map">
        <lente-plane
          prior
          .points=${pointsOf(space)}
          .home=${planeHome(space)}
          .hiddenClasses=${this.off}
          .at=${{ x, y }}
          .shapes=${[{ kind: "dot", x: this.own[0], y: this.own[1] }]}
          label=${t("Codes of 10 000 test digits: arrow keys move the place, plus and minus enlarge")}
          @probe=${this.onProbe}
          @place=${this.onPlace}
        ></lente-plane>
        <lente-class-filter
          .off=${this.off}
          @filter=${(/** @type {CustomEvent} */ event) => (this.off = event.detail)}
        ></lente-class-filter>
      </div>
      <div class="stack places-words">
        <figure>
          <lente-pictures still .pictures=${picture} label=${t("The decoded digit")}></lente-pictures>
          <figcaption class="figures">${decoderCall([x, y])}</figcaption>
        </figure>
        <lente-class-bars
          .reading=${this.read?.(picture) ?? null}
          label=${t("What the digit network reads:")}
        ></lente-class-bars>
        <button type="button" ?disabled=${!this.chosen} @click=${() => this.set(null)}>
          ${t("Back to your digit")}
        </button>
        <p>
          ${t("The spread (standard deviation) of the two numbers is {first} and {second}; they go from {low} to {high}. Nobody asked the network to gather its codes anywhere.", this.facts(space))}
        </p>
        ${exactly(t("The circles about zero are one and two spreads of N(0, 1), the bell curve about 0 with a spread of 1."))}
      </div>`;
  }

  /** @param {LatentSpace} space */
  facts({ std, low, high }) {
    return {
      first: formatNumber(std[0], 1),
      second: formatNumber(std[1], 1),
      low: formatNumber(Math.min(...low), 1),
      high: formatNumber(Math.max(...high), 1),
    };
  }

  /** @param {CustomEvent<import("../latent/plane/view.js").Point | null>} event */
  onProbe({ detail }) {
    this.probed = detail && [detail.x, detail.y];
  }

  /** @param {CustomEvent<import("../latent/plane/view.js").Point>} event */
  onPlace({ detail: { x, y } }) {
    this.probed = null;
    this.set([x, y]);
  }

  /** @param {number[] | null} place */
  set(place) {
    this.chosen = place && asWritten(place);
  }
}

customElements.define("lente-code-places", LenteCodePlaces);
