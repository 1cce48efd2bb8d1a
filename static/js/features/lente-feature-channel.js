import { html, nothing, svg } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { histogram } from "../shared/statistics.js";
import { mapCondition } from "./maps.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("./maps.js").ChannelStack} ChannelStack
 * @typedef {import("./maps.js").MapCondition} MapCondition
 */

const BINS = 40;

/**
 * One map, large: the raw value under the cursor, and what the whole map is like. Rendered in the page.
 *
 * @fires cell - from the map, see lente-map
 * @fires pin - from the map
 * @fires mute - the channel is to be switched off or on
 */
export class LenteFeatureChannel extends LenteElement {
  static properties = {
    stack: { attribute: false },
    channel: { type: Number },
    layer: { type: String },
    range: { attribute: false },
    cell: { attribute: false },
    editable: { type: Boolean },
    muted: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {ChannelStack | null} */ this.stack = null;
    this.channel = 0;
    this.layer = "";
    /** @type {{low: number, high: number} | null} */ this.range = null;
    /** The unit under the cursor, or the one that is pinned. @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell =
      null;
    this.editable = false;
    this.muted = false;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.map = null;
    /** What the map is like; found once for each map, not at every move of the hand. @type {MapCondition | null} */ this.condition =
      null;
    /** How often its values other than 0 occur. @type {number[]} */ this.counts = [];
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!this.stack || !(changed.has("stack") || changed.has("channel"))) return;
    const { rows, columns, data } = this.stack;
    const count = rows * columns;
    const values = data.subarray(this.channel * count, (this.channel + 1) * count);
    this.map = { shape: [rows, columns], data: values };
    this.condition = mapCondition(values);
    const { low, high } = this.condition;
    this.counts =
      low < high
        ? histogram(
            Array.from(values).filter((value) => value !== 0),
            BINS,
            low,
            high,
          )
        : [];
  }

  /** Whether the map's numbers are here, and not its picture alone. */
  get exact() {
    return this.stack?.exact?.has(this.channel) ?? true;
  }

  render() {
    const { stack, map, cell } = this;
    if (!stack || !map) return html`<div class="channel-map"></div>`;
    const at = cell && cell.row < stack.rows && cell.column < stack.columns ? cell : null;
    const touched = at ? [{ top: at.row, left: at.column, bottom: at.row + 1, right: at.column + 1 }] : [];
    const value = at && this.exact ? map.data[at.row * stack.columns + at.column] : null;
    const single = stack.rows * stack.columns === 1;
    const title = single
      ? t("{layer}, unit {unit}", { layer: this.layer, unit: this.channel })
      : t("{layer}, map {map}", { layer: this.layer, map: this.channel });
    const place = at && !single ? t("row {row}, column {column}", { row: at.row, column: at.column }) : "";
    return html`<div class="channel-head">
        <h2>${title}</h2>
        ${this.editable ? html`<button type="button" data-do="mute" data-hideable="surgery" aria-pressed=${this.muted} @click=${() => this.emit("mute")}>${this.muted ? t("Switched off") : t("Switch off")}</button>` : nothing}
      </div>
      <lente-map class="channel-map" .tensor=${map} .range=${this.range} .touched=${touched} label=${title}></lente-map>
      <p class="channel-value">
        <output aria-live="off" data-channel-value=${value ?? ""}
          >${value === null ? "" : formatNumber(value, 4)}</output
        >
        <span>${place}</span>
      </p>
      ${single ? nothing : this.histogram(value)}
      <p class="small channel-facts">${single || !this.exact ? nothing : this.facts()}</p>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("cell")) announce(() => this.querySelector(".channel-value")?.textContent);
  }

  facts() {
    const { kind, zeros, atTop, low, high, mean } = /** @type {MapCondition} */ (this.condition);
    const share = (/** @type {number} */ part) => formatNumber(100 * part, part > 0.99 || part < 0.01 ? 1 : 0);
    if (kind === "dead") return t("Dead for this picture: every value is exactly 0.");
    if (kind === "constant")
      return t("Every value is {value}: this map tells nothing about this picture.", { value: formatNumber(low) });
    const words = [
      t("From {low} to {high}, mean {mean}.", {
        low: formatNumber(low),
        high: formatNumber(high),
        mean: formatNumber(mean),
      }),
    ];
    if (zeros) words.push(t("{percent} % of the values are exactly 0.", { percent: share(zeros) }));
    if (kind === "sparse") words.push(t("It speaks up in few places only."));
    if (kind === "saturated")
      words.push(t("Saturated: {percent} % sit at the largest value.", { percent: share(atTop) }));
    return words.join(" ");
  }

  /** How often each value occurs, zeros left out; the value under the cursor is marked. @param {number | null} value */
  histogram(value) {
    const { condition, counts } = this;
    const { low, high } = /** @type {MapCondition} */ (condition);
    if (!counts.length || !this.exact) return html`<div class="channel-histogram"></div>`;
    const most = Math.max(...counts);
    const label = t("How often each value occurs, from {low} to {high}; zeros are left out", {
      low: formatNumber(low),
      high: formatNumber(high),
    });
    const at = (/** @type {number} */ each) => ((each - low) / (high - low)) * BINS;
    return html`<svg
      class="channel-histogram"
      viewBox="0 0 ${BINS} 10"
      preserveAspectRatio="none"
      role="img"
      aria-label=${label}
      data-counts=${counts.join(",")}
    >
      ${counts.map((count, i) => svg`<rect x=${i + 0.08} width="0.84" y=${10 - (9.6 * count) / most} height=${(9.6 * count) / most}></rect>`)}
      ${low < 0 && high > 0 ? svg`<line class="zero" x1=${at(0)} x2=${at(0)} y1="0" y2="10"></line>` : nothing}
      ${value === null ? nothing : svg`<line class="now" x1=${at(value)} x2=${at(value)} y1="0" y2="10"></line>`}
    </svg>`;
  }
}

customElements.define("lente-feature-channel", LenteFeatureChannel);
