import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { copyText, saveFile } from "../frame/files.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { channelStack, sortChannels } from "./maps.js";
import { exportAddress, fetchFirst, fetchLayer, fetchLines, manifestAddress } from "./server.js";
import { sheetPng } from "./sheet.js";

/** @typedef {import("./state.js").FeaturesState} FeaturesState */

/** Most values that are painted on one sheet: canvases have an end. */
const MOST_VALUES = 12_000_000;

/** A layer to take away: pictures of its maps, its numbers, and the lines of PyTorch that make them again. Rendered in the page. */
export class LenteFeatureExport extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { type: String },
    channel: { type: Number },
    range: { attribute: false },
    code: { state: true },
    fault: { state: true },
    said: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    this.layer = "";
    this.channel = 0;
    /** Of every map; null for each map's own. @type {{low: number, high: number} | null} */ this.range = null;
    this.code = "";
    this.fault = "";
    /** What became of a copy. */ this.said = "";
    this.near = new Near(this);
    this.asked = "";
    this.load = newest(
      (/** @type {string} */ path) => fetchLines(path),
      (code) => Object.assign(this, { code, fault: "" }),
      (error) => (this.fault = error.message),
    );
  }

  updated() {
    const { state, layer } = this;
    const path = state && layer ? manifestAddress(state, layer) : "";
    if (!this.near.here || path === this.asked) return;
    this.asked = path;
    this.said = "";
    if (path) this.load(path);
  }

  render() {
    const { state, layer, code } = this;
    if (!state || !layer) return nothing;
    const link = (/** @type {"npz" | "safetensors"} */ format) => exportAddress(state, layer, format);
    const first = code.includes("layer.npz") ? "layer.npz" : "picture.png";
    const copied = this.said && html`<output>${this.said}</output>`;
    return html`<div class="study-beside">
      <div class="stack">
        <textarea
          class="code"
          readonly
          rows=${Math.max(19, code.split("\n").length)}
          wrap="off"
          spellcheck="false"
          aria-label=${t("Lines of PyTorch that compute {layer}", { layer })}
          .value=${code}
        ></textarea>
        <div class="row">
          <button type="button" data-do="copy" ?disabled=${!code} @click=${this.copy}>${t("Copy the lines")}</button
          >${copied}
        </div>
      </div>
      <div class="stack">
        <p>
          ${t("These lines of PyTorch compute {layer} again, changes included. They begin with {file}.", { layer, file: first })}
        </p>
        <div class="row">
          <button type="button" data-do="first" @click=${() => this.try(() => this.save(first, state))}>
            ${first}
          </button>
        </div>
        <p>${t("The layer's numbers, with the network's input and a manifest that says where they come from:")}</p>
        <div class="row">
          <a class="button" href=${link("npz")} download>NPZ</a
          ><a class="button" href=${link("safetensors")} download>safetensors</a>
        </div>
        <p>${t("Or as pictures, with their scale:")}</p>
        <div class="row">
          <button type="button" data-do="png-map" @click=${() => this.try(() => this.sheet(state, [this.channel]))}>
            ${t("This map (PNG)")}</button
          ><button type="button" data-do="png-grid" @click=${() => this.try(() => this.sheet(state, null))}>
            ${t("All maps (PNG)")}
          </button>
        </div>
        ${notice(this.fault)}
      </div>
    </div>`;
  }

  async copy() {
    const field = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    this.said = (await copyText(field))
      ? t("Copied.")
      : t("The browser keeps the clipboard to itself: the lines are selected, copy them with Ctrl+C.");
  }

  /** @param {() => Promise<void>} save */
  async try(save) {
    try {
      await save();
      this.fault = "";
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** What the lines begin with, under the name that they know. @param {string} name @param {FeaturesState} state */
  async save(name, state) {
    saveFile(await fetchFirst(state, name === "picture.png" ? null : this.layer), name);
  }

  /** @param {FeaturesState} state @param {number[] | null} chosen maps; null for all, in the order of the page */
  async sheet(state, chosen) {
    const { layer, range } = this;
    const { tensors, facts } = await fetchLayer(state, layer, false);
    const stack = channelStack(tensors[layer], facts.layers[layer]);
    const { rows, columns, data } = stack;
    const order = chosen ?? sortChannels(stack, state.sort);
    if (order.length * rows * columns > MOST_VALUES)
      throw new Error(t("The layer has too many values for one picture: take its numbers instead."));
    const maps = order.map((map) => data.subarray(map * rows * columns, (map + 1) * rows * columns));
    const part = chosen
      ? t("{layer}, map {map}", { layer, map: chosen[0] })
      : t("{count} maps of {layer}", { count: order.length, layer });
    const png = await sheetPng({
      title: `${state.network} · ${part}`,
      rows,
      columns,
      maps,
      range,
      note: noteOf(maps, range),
    });
    saveFile(png, `${state.network}-${layer}${chosen ? `-${chosen[0]}` : ""}.png`.replaceAll(":", "-"));
  }
}

/** @param {ArrayLike<number>[]} maps @param {{low: number, high: number} | null} range */
function noteOf(maps, range) {
  if (!range) return t("Each map has a scale of its own: colours of different maps cannot be compared.");
  let [low, high] = [Infinity, -Infinity];
  for (const values of maps)
    for (let i = 0; i < values.length; i++) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  const clipped = low < range.low || high > range.high;
  return clipped
    ? t("Values go from {low} to {high}; what lies outside the scale has its end's colour.", {
        low: formatNumber(low),
        high: formatNumber(high),
      })
    : "";
}

customElements.define("lente-feature-export", LenteFeatureExport);
