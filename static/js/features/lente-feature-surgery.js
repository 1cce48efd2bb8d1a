import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { toggled, withEdit } from "./edits.js";
import { address, fetchClasses, fetchMap } from "./server.js";
import "./lente-feature-edits.js";
import "./lente-feature-slice.js";
import "./lente-feature-triple.js";
import "../shared/ui/lente-number.js";
import "../shared/ui/lente-signed-bars.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const MOST_CLASSES = 5;
const UNCHANGED = { muted: [], edits: [] };

/**
 * A network changed by hand: one map switched off, scaled or moved, one slice of its kernel; what follows at the layer that
 * is looked at, and for the answer. Rendered in the page.
 *
 * @fires choose - part of the page's state
 */
export class LenteFeatureSurgery extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { attribute: false },
    maker: { attribute: false },
    channel: { type: Number },
    cell: { attribute: false },
    answers: { type: Boolean },
    maps: { state: true },
    classes: { state: true },
    fault: { state: true },
    wrong: { state: true },
    other: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** The layer that is looked at. @type {Layer | null} */ this.layer = null;
    /** The layer whose kernels made its maps. @type {Layer | null} */ this.maker = null;
    this.channel = 0;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    /** Whether the network names classes. */ this.answers = true;
    /** A map without and with the changes, and which. @type {{of: string, pair: [Tensor, Tensor]} | null} */ this.maps =
      null;
    /** Those that changed most. @type {import("./server.js").ClassShare[]} */ this.classes = [];
    this.fault = "";
    /** What is wrong with what was typed. */ this.wrong = "";
    /** The map to change places with. */ this.other = 0;
    addressed(this, { other: { name: "swap", first: 0, accepts: wholeFrom(0) } });
    this.near = new Near(this);
    this.asked = "";
    const failed = (/** @type {Error} */ error) => (this.fault = error.message);
    this.load = newest(
      (/** @type {FeaturesState} */ state, /** @type {string} */ layer, /** @type {number} */ channel) =>
        this.look(state, layer, channel),
      (pair, _, layer, map) => {
        const of = t("{layer}, map {map}", { layer, map });
        Object.assign(this, { maps: { of, pair }, fault: "" });
      },
      failed,
    );
    this.loadClasses = newest(
      (/** @type {FeaturesState} */ state) => this.ask(state),
      (classes) => (this.classes = classes),
      failed,
    );
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const { state, layer, channel } = this;
    if (!state || !layer || !this.near.here) return;
    const asked = address(state, "activations", { layer: layer.name, channel: String(channel) });
    if (asked === this.asked) return;
    const other = !changed.has("layer") && !changed.has("channel");
    this.asked = asked;
    this.load(state, layer.name, channel);
    if (this.answers && (other || !this.classes.length)) this.loadClasses(state);
  }

  /** @param {FeaturesState} state @param {string} layer @param {number} channel */
  look(state, layer, channel) {
    return Promise.all([fetchMap({ ...state, ...UNCHANGED }, layer, channel), fetchMap(state, layer, channel)]);
  }

  /** The classes that changed most. @param {FeaturesState} state */
  async ask(state) {
    if (!state.edits.length && !state.muted.length) return [];
    const { classes } = await fetchClasses(state);
    return classes.sort((a, b) => Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0)).slice(0, MOST_CLASSES);
  }

  render() {
    const { state, layer } = this;
    if (!state || !layer) return nothing;
    const [before, now] = this.maps?.pair ?? [null, null];
    const title = this.maps?.of ?? t("{layer}, map {map}", { layer: layer.name, map: this.channel });
    return html`<div class="study-beside">
      <div class="stack">
        <h3>${title}</h3>
        <lente-feature-triple
          .first=${before}
          .second=${now}
          .cell=${this.cell}
          .names=${[t("As it was"), t("As it is now"), t("Difference")]}
        ></lente-feature-triple>
        ${notice(this.fault)} ${this.answers ? this.shifts() : nothing}
      </div>
      <div class="stack" data-hideable="surgery">
        <p>
          ${t("What you change here is read by every layer after it, for you alone. Change a map, then walk to a later layer and look at what is left of it.")}
        </p>
        ${layer.editable ? this.tools(state, layer) : html`<p class="small">${t("The maps of {layer} are made between modules and cannot be changed here: those of the layers before it can.", { layer: layer.name })}</p>`}
        <lente-feature-slice
          .state=${state}
          layer=${this.maker?.kernels[0] ?? ""}
          output=${this.channel}
          ?fromPicture=${this.maker?.inputs[0] === "input"}
        ></lente-feature-slice>
        ${notice(this.wrong)}
        <h3>${t("What is changed")}</h3>
        <lente-feature-edits .state=${state}></lente-feature-edits>
      </div>
    </div>`;
  }

  /** @param {FeaturesState} state @param {Layer} layer */
  tools(state, { name, shape, layout }) {
    const { channel } = this;
    const count = layout === "HWC" ? shape[shape.length - 1] : shape[0];
    const off = state.muted.includes(`${name}~${channel}`);
    const scale = state.edits.find(
      (edit) => edit.edit === "scale" && edit.layer === name && edit.channels[0] === channel,
    );
    const factor = scale?.edit === "scale" ? scale.factor : 1;
    const times = t("Multiply by");
    return html`<div
      class="row surgery-tools"
      @fault=${(/** @type {CustomEvent<string>} */ event) => (this.wrong = event.detail)}
    >
      <button
        type="button"
        data-do="mute-map"
        aria-pressed=${off}
        @click=${() => this.choose({ muted: toggled(state.muted, name, channel) })}
      >
        ${off ? t("Switched off") : t("Switch off")}
      </button>
      <label
        >${times}<lente-number
          data-field="factor"
          .value=${factor}
          step="0.5"
          min="-1000"
          max="1000"
          .label=${times}
          @number=${(/** @type {CustomEvent<number>} */ event) => this.scale(state, name, event.detail)}
        ></lente-number
      ></label>
      ${count > 1 ? this.swap(state, name, count) : nothing}
    </div>`;
  }

  /** @param {FeaturesState} state @param {string} layer @param {number} count */
  swap(state, layer, count) {
    const label = t("Change places with map");
    const other = Math.min(this.other, count - 1);
    return html`<span class="row"
      ><label
        >${label}<lente-number
          data-field="other"
          .value=${other}
          whole
          min="0"
          max=${count - 1}
          .label=${label}
          @number=${(/** @type {CustomEvent<number>} */ event) => (this.other = event.detail)}
        ></lente-number
      ></label>
      <button
        type="button"
        data-do="swap"
        ?disabled=${other === this.channel}
        @click=${() => this.choose({ edits: withEdit(state.edits, { edit: "swap", layer, channels: [this.channel, other] }) })}
      >
        ${t("Swap")}
      </button></span
    >`;
  }

  /** @param {FeaturesState} state @param {string} layer @param {number} factor */
  scale(state, layer, factor) {
    /** @type {import("../frame/edit_codec.js").ScaleEdit} */
    const edit = { edit: "scale", layer, channels: [this.channel], factor };
    const edits = withEdit(state.edits, edit);
    this.choose({ edits: factor === 1 ? edits.filter((each) => each !== edit) : edits });
  }

  shifts() {
    const bars = this.classes.map(({ index, name, probability, original = 0, difference = 0 }) => {
      const [was, is] = [original, probability].map((share) => formatNumber(100 * share, 1));
      return { key: String(index), name, value: difference, words: `${was} → ${is}\u00a0%` };
    });
    return html`<div class="shifts">
      <h3>${t("What it does to the answer")}</h3>
      ${bars.length ? html`<lente-signed-bars .bars=${bars}></lente-signed-bars>` : html`<p class="small">${t("Nothing yet: change a map or a kernel.")}</p>`}
    </div>`;
  }

  /** @param {Partial<FeaturesState>} detail */
  choose(detail) {
    this.emit("choose", detail);
  }
}

customElements.define("lente-feature-surgery", LenteFeatureSurgery);
