import { html, nothing } from "vendor/lit";
import { addressed } from "../frame/addressed.js";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { fetchSteps } from "../shared/server/steps.js";
import { progressOf } from "./progress.js";
import { nudgeAddress } from "./server.js";

/**
 * @typedef {{index: number, name: string, probability: number}} Share
 * @typedef {{picture: string, classes: Share[], second: Share[]}} Side
 * @typedef {{epsilon: number, turned: boolean, largest_change: number, amplified: number, before: Side, after: Side,
 *   change: string, other: string}} Nudge
 */

const [LEAST, MOST] = [0.25, 16];

/** How little it takes to turn the answer, and whether a second network falls for it. Rendered in the page. */
export class LenteFeatureNudge extends LenteElement {
  static properties = { state: { attribute: false }, networks: { attribute: false }, epsilon: { state: true } };

  constructor() {
    super();
    /** @type {import("./state.js").FeaturesState | null} */ this.state = null;
    /** Those that one can choose from. @type {import("./server.js").Network[]} */ this.networks = [];
    /** Grey levels by which a pixel may differ. */ this.epsilon = 1;
    /** @type {LongAnswer<Nudge>} */ this.nudge = new LongAnswer(this);
    const accepts = (/** @type {number} */ levels) => levels >= LEAST && levels <= MOST;
    addressed(this, { epsilon: { name: "epsilon", first: 1, accepts } });
  }

  /** The second network: another of those that are here. */
  get other() {
    const others = this.networks.filter(
      ({ kind, here, name }) => kind === "photo" && here && name !== this.state?.network,
    );
    return others.find(({ classes }) => classes !== 0) ?? others[0] ?? null;
  }

  willUpdate() {
    const { state, nudge } = this;
    if (state && nudge.key && nudge.key !== this.view(state)) nudge.clear();
  }

  /** @param {import("./state.js").FeaturesState} state */
  view(state) {
    return nudgeAddress(state, null, "");
  }

  /** @param {number | null} epsilon the smallest that is enough where null */
  ask(epsilon) {
    const { state } = this;
    if (!state) return;
    const path = nudgeAddress(state, epsilon, this.other?.name ?? "photo_cnn");
    this.nudge.ask(this.view(state), async (onStep, signal) => {
      const found = /** @type {Nudge} */ (await fetchSteps(path, onStep, signal));
      if (epsilon === null) this.epsilon = found.epsilon;
      return found;
    });
  }

  render() {
    const { nudge, epsilon } = this;
    return html`<p>
        ${t("Every pixel may change by a few grey levels of 256, all in the direction that hurts the answer most. How few are enough?")}
      </p>
      <div class="row">
        <button type="button" class="primary" data-do="smallest" @click=${() => this.ask(null)}>
          ${t("Find the smallest nudge")}
        </button>
        <label
          >${t("At most, grey levels")}<input
            type="range"
            data-field="epsilon"
            min=${LEAST}
            max=${MOST}
            step="0.25"
            .value=${String(epsilon)}
            @input=${(/** @type {Event} */ event) => (this.epsilon = Number(/** @type {HTMLInputElement} */ (event.target).value))}
            @change=${() => this.ask(this.epsilon)}
          /><output aria-live="off" class="figures">${formatNumber(epsilon, 2)}</output></label
        >
      </div>
      <div data-result tabindex="-1" aria-busy=${nudge.state === "busy"}>
        ${progressOf(nudge, () => this.ask(this.epsilon))} ${nudge.result ? this.result(nudge.result) : nothing}
      </div>`;
  }

  /** @param {Nudge} found */
  result({ epsilon, turned, largest_change, amplified, before, after, change, other }) {
    const title = this.networks.find(({ name }) => name === other)?.title ?? other;
    const grey = formatNumber(epsilon, 2);
    return html`<p class="verdict" data-turned=${turned}>
        ${
          turned
            ? t("Changed by at most {grey} grey levels, it says {after} instead of {before}.", {
                grey,
                after: after.classes[0].name,
                before: before.classes[0].name,
              })
            : t("Changed by at most {grey} grey levels, it still says {before}.", {
                grey,
                before: before.classes[0].name,
              })
        }
      </p>
      <div class="nudge">
        ${this.side(t("Before"), before, title)}
        <figure>
          <img src=${change} alt=${t("The change, amplified")} />
          <figcaption class="small">
            ${t("The change, made {times} times as strong to be seen; grey is none. No pixel differs by more than {most} grey levels.", { times: formatNumber(amplified, 0), most: formatNumber(largest_change, 2) })}
          </figcaption>
        </figure>
        ${this.side(t("After, in the same colours"), after, title)}
      </div>
      ${largest_change < 0.5 ? html`<p class="small">${t("It is less than half a grey level: a picture file, which holds whole ones, would lose it.")}</p>` : nothing}`;
  }

  /** @param {string} heading @param {Side} side @param {string} title of the second network */
  side(heading, { picture, classes, second }, title) {
    const shares = (/** @type {Share[]} */ list) =>
      html`<ol class="nudge-shares">
        ${list.map(({ name, probability }) => html`<li><span>${name}</span> <span class="figures">${formatPercent(probability)}</span></li>`)}
      </ol>`;
    return html`<figure>
      <img src=${picture} alt=${heading} />
      <figcaption>
        <b>${heading}</b>${shares(classes)}
        <span class="small">${t("{title} says to it:", { title })}</span>${shares(second)}
      </figcaption>
    </figure>`;
  }
}

customElements.define("lente-feature-nudge", LenteFeatureNudge);
