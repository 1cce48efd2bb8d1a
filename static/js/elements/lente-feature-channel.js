import { LitElement, html, nothing } from "vendor/lit";
import { formatNumber } from "../lib/format_number.js";
import { announce } from "../services/announce.js";
import { t } from "../services/i18n.js";
import "./lente-map.js";

/** @typedef {import("../lib/channel_stack.js").ChannelStack} ChannelStack */

/**
 * One map, large: the raw value under the cursor, and what the whole map is like. Rendered in the page.
 *
 * @fires cell - from the map, see lente-map
 * @fires pin - from the map
 * @fires mute - the channel is to be switched off or on
 */
export class LenteFeatureChannel extends LitElement {
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
    /** The unit under the cursor, or the one that is pinned. @type {import("./lente-map.js").Cell | null} */ this.cell = null;
    this.editable = false;
    this.muted = false;
    /** @type {import("../lib/safetensors.js").Tensor | null} */ this.map = null;
  }

  createRenderRoot() {
    return this;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!this.stack || !(changed.has("stack") || changed.has("channel"))) return;
    const { rows, columns, data } = this.stack;
    const count = rows * columns;
    this.map = { shape: [rows, columns], data: data.subarray(this.channel * count, (this.channel + 1) * count) };
  }

  render() {
    const { stack, map, cell } = this;
    if (!stack || !map) return html`<div class="channel-map"></div>`;
    const at = cell && cell.row < stack.rows && cell.column < stack.columns ? cell : null;
    const touched = at ? [{ top: at.row, left: at.column, bottom: at.row + 1, right: at.column + 1 }] : [];
    const value = at ? map.data[at.row * stack.columns + at.column] : null;
    const single = stack.rows * stack.columns === 1;
    const title = single ? t("{layer}, unit {unit}", { layer: this.layer, unit: this.channel }) : t("{layer}, map {map}", { layer: this.layer, map: this.channel });
    const place = at && !single ? t("row {row}, column {column}", { row: at.row, column: at.column }) : "";
    return html`<div class="channel-head"><h2>${title}</h2>${this.editable ? html`<button type="button" data-do="mute" data-hideable="surgery" aria-pressed=${this.muted} @click=${() => this.dispatchEvent(new CustomEvent("mute", { bubbles: true }))}>${this.muted ? t("Switched off") : t("Switch off")}</button>` : nothing}</div>
      <lente-map class="channel-map" .tensor=${map} .range=${this.range} .touched=${touched} label=${title}></lente-map>
      <p class="channel-value"><output aria-live="off" data-channel-value=${value ?? ""}>${value === null ? "" : formatNumber(value, 4)}</output> <span>${place}</span></p>
      <p class="small channel-facts">${single ? nothing : this.facts(map.data)}</p>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("cell")) announce(this.querySelector(".channel-value")?.textContent);
  }

  /** @param {ArrayLike<number>} values */
  facts(values) {
    const all = Array.from(values);
    const mean = formatNumber(all.reduce((sum, value) => sum + value, 0) / all.length);
    const zeros = all.filter((value) => value === 0).length;
    const [low, high] = all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
    if (low === high) return t("Every value is {value}: this map tells nothing about this picture.", { value: formatNumber(low) });
    const words = t("From {low} to {high}, mean {mean}.", { low: formatNumber(low), high: formatNumber(high), mean });
    return zeros ? `${words} ${t("{percent} % are exactly 0.", { percent: formatNumber((100 * zeros) / all.length, 0) })}` : words;
  }
}

customElements.define("lente-feature-channel", LenteFeatureChannel);
