import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { fetchSteps } from "../shared/server/steps.js";
import { progressOf } from "./progress.js";
import { effectsAddress } from "./server.js";
import "../shared/ui/lente-signed-bars.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {{layer: string, class: number, whole_probability: number, probability: number[], logit: number[]}} Effects
 */

const [MOST_FOR, MOST_AGAINST] = [8, 4];

/**
 * Which maps of a layer carry a class: each is switched off in truth, and the network asked again. Rendered in the page.
 *
 * @fires carrier - the number of the map that was chosen
 */
export class LenteFeatureCarriers extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { attribute: false },
    channel: { type: Number },
    classes: { attribute: false },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Layer | null} */ this.layer = null;
    this.channel = 0;
    /** @type {import("./server.js").ClassShare[]} */ this.classes = [];
    /** @type {LongAnswer<Effects>} */ this.effects = new LongAnswer(this);
  }

  get path() {
    const { state, layer } = this;
    return state && layer ? effectsAddress(state, layer.name) : "";
  }

  willUpdate() {
    const { effects } = this;
    if (effects.key && effects.key !== this.path) effects.clear();
  }

  ask() {
    const { path } = this;
    this.effects.ask(path, (onStep, signal) => fetchSteps(path, onStep, signal));
  }

  render() {
    const { layer, effects } = this;
    if (!layer) return nothing;
    const [name, count] = [layer.name, layer.layout === "HWC" ? layer.shape[layer.shape.length - 1] : layer.shape[0]];
    if (!layer.reachable)
      return html`<p class="small">
        ${t("The maps of {layer} cannot be switched off one by one: it is made and read between modules. Choose a layer beside it.", { layer: name })}
      </p>`;
    const idle = effects.state === "idle";
    return html`<div class="study-beside">
      <div class="stack carriers" data-result tabindex="-1" aria-busy=${effects.state === "busy"}>
        ${idle ? html`<div><button type="button" class="primary" data-do="ablate" @click=${() => this.ask()}>${t("Switch off the {count} maps of {layer}, one by one", { count, layer: name })}</button></div>` : nothing}
        ${progressOf(effects, () => this.ask())} ${effects.result ? this.bars(effects.result) : nothing}
      </div>
      <div class="stack">
        <p>
          ${t("The network is asked again without each map of the layer: how much the class's score falls then. Orange maps speak for the class, blue ones against it.")}
        </p>
        ${effects.result ? html`<p>${this.says(effects.result)}</p>` : nothing}
      </div>
    </div>`;
  }

  /** @param {Effects} effects */
  says(effects) {
    const best = effects.logit.indexOf(Math.max(...effects.logit));
    const [was, without] = [effects.whole_probability, effects.whole_probability - effects.probability[best]].map(
      (share) => formatNumber(100 * share, 1),
    );
    const name = this.classes.find(({ index }) => index === effects.class)?.name ?? String(effects.class);
    return t("Without map {map}, {name} goes from {was} to {without} %.", { map: best, name, was, without });
  }

  /** @param {Effects} effects */
  bars({ logit, probability }) {
    const order = logit.map((_, map) => map).sort((a, b) => logit[b] - logit[a] || a - b);
    const against = order.slice(Math.max(MOST_FOR, order.length - MOST_AGAINST)).filter((map) => logit[map] < 0);
    const bars = [...order.slice(0, MOST_FOR), ...against].map((map) => {
      const points = formatNumber(100 * probability[map], 1);
      return {
        key: String(map),
        name: t("map {map}", { map }),
        value: logit[map],
        words: t("{score} ({points} points)", { score: formatNumber(logit[map], 2), points }),
      };
    });
    return html`<lente-signed-bars
        .bars=${bars}
        choosable
        selected=${this.channel}
        @bar=${(/** @type {CustomEvent<string>} */ event) => this.emit("carrier", Number(event.detail))}
      ></lente-signed-bars>
      ${order.length > bars.length ? html`<p class="small">${t("The strongest of {count} maps.", { count: order.length })}</p>` : nothing}`;
  }
}

customElements.define("lente-feature-carriers", LenteFeatureCarriers);
