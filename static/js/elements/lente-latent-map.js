import { LitElement, html, live, nothing } from "vendor/lit";
import { formatNumber } from "../lib/format_number.js";
import { nearestCodes } from "../lib/nearest_codes.js";
import { newest } from "../lib/newest.js";
import { sliderRows } from "../lib/slider_rows.js";
import { digitReader } from "../services/digit_reader.js";
import { t } from "../services/i18n.js";
import { latentSheet, sheetPicture } from "../services/latent_sheet.js";
import { latentSpace } from "../services/latent_space.js";
import { modelTitle } from "../services/model_title.js";
import { planeHome, pointsOf } from "../services/plane_points.js";
import { onThemeChange } from "../services/theme.js";
import { readUrl, writeUrl } from "../services/url_state.js";
import "./lente-class-bars.js";
import "./lente-class-filter.js";
import "./lente-pictures.js";
import "./lente-plane.js";
import "./lente-sliders.js";
import { inks } from "./plane_paint.js";

/** @typedef {import("../services/latent_space.js").LatentSpace} LatentSpace */

export const PLANES = ["vae_2d", "autoencoder_2d", "vae_2d_beta_0.1", "vae_2d_beta_0.5", "vae_2d_beta_2", "vae_2d_beta_4", "vae_2d_beta_10", "vae_conditional_2d"];
const NEIGHBOURS = 5;
/** @typedef {"codes" | "sheet" | "both"} Show */

/** The map of the test digits' codes, and the digit that the place under the cursor decodes to. */
export class LenteLatentMap extends LitElement {
  static properties = {
    model: { state: true },
    space: { state: true },
    z: { state: true },
    probed: { state: true },
    show: { state: true },
    off: { state: true },
    hulls: { state: true },
    sheet: { state: true },
    label: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    const { model, z } = readUrl();
    this.model = model && PLANES.includes(model) ? model : "vae_2d";
    /** @type {LatentSpace | null} */ this.space = null;
    /** @type {number[]} the place that was set */ this.z = z?.length === 2 ? z : [0, 0];
    /** @type {number[] | null} the place under the cursor */ this.probed = null;
    /** @type {Show} */ this.show = "codes";
    /** @type {Set<number>} */ this.off = new Set();
    this.hulls = false;
    /** @type {import("./plane_paint.js").Sheet | null} */ this.sheet = null;
    /** @type {import("../services/latent_sheet.js").DecodedSheet | null} */ this.decoded = null;
    this.home = { x: 0, y: 0, reach: 4 };
    /** @type {import("./plane_paint.js").Points | null} */ this.points = null;
    this.label = 0;
    this.fault = "";
    /** @type {((picture: ArrayLike<number>) => Float32Array) | null} */ this.read = null;
    this.endTheme = () => {};
    this.askSheet = newest(
      (/** @type {string} */ name, /** @type {import("../services/latent_sheet.js").Edges} */ edges, /** @type {number} */ label) => latentSheet(name, edges, { label }),
      (sheet) => this.takeSheet(sheet),
      (error) => (this.fault = error.message),
    );
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.endTheme = onThemeChange(() => this.decoded && this.takeSheet(this.decoded));
    this.load(this.model);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endTheme();
  }

  /** @param {string} model */
  async load(model) {
    try {
      const [space, read] = await Promise.all([latentSpace(model), digitReader()]);
      Object.assign(this, { space, read, model, fault: "", sheet: null, decoded: null, home: planeHome(space), points: pointsOf(space) });
      writeUrl({ model: model === "vae_2d" ? undefined : model });
      if (this.show !== "codes") this.refreshSheet();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    const { space } = this;
    return html`<div class="map-exhibit">
      <div class="stack map-figure">
        <div class="map-and-legend">
          <lente-plane .points=${this.points} .home=${this.home} .hiddenClasses=${this.off} .hulls=${this.hulls}
            .prior=${space?.kind === "vae"} .dots=${this.show !== "sheet"} .sheet=${this.show === "codes" ? null : this.sheet}
            .sheetStrength=${this.show === "both" ? 0.45 : 1} .at=${space ? this.touched : null}
            label=${t("Map of the codes of 10,000 digits: arrow keys move the place, plus and minus enlarge")}
            @probe=${this.onProbe} @place=${this.onPlace} @view=${() => this.refreshSheet()}></lente-plane>
          <lente-class-filter .off=${this.off} @filter=${(/** @type {CustomEvent} */ event) => (this.off = event.detail)}></lente-class-filter>
        </div>
        <div class="row map-tools" data-hideable="map-tools">
          <span class="segments" role="group" aria-label=${t("What the map shows")}>
            ${this.segment("codes", t("Codes"))}${this.segment("sheet", t("Decoded sheet"))}${this.segment("both", t("Both"))}
          </span>
          <label><input type="checkbox" .checked=${live(this.hulls)} @change=${() => (this.hulls = !this.hulls)}>${t("Outlines")}</label>
          ${this.modelChoice()}
        </div>
      </div>
      <div class="stack map-readout">${space ? this.readout(space) : nothing}</div>
      ${this.fault ? html`<p class="notice" data-kind="bad" role="alert">${this.fault}</p>` : nothing}
    </div>`;
  }

  /** @param {LatentSpace} space */
  readout(space) {
    const code = this.probed ?? this.z;
    const picture = space.decode(code, this.label);
    return html`${space.classes ? this.classChoice(space) : nothing}
      <figure class="decoded"><lente-pictures still .pictures=${picture} label=${t("The decoded digit")}></lente-pictures>
        <figcaption>${t("decoder({x}, {y})", { x: formatNumber(code[0], 2), y: formatNumber(code[1], 2) })}</figcaption></figure>
      <lente-sliders .rows=${sliderRows(space, space.kind === "vae" ? "prior" : "data").map((row) => ({ ...row, kl: null }))} .values=${code} @slide=${this.onSlide}></lente-sliders>
      <lente-class-bars .probabilities=${this.read?.(picture) ?? []} label=${t("What the digit network reads:")}></lente-class-bars>
      ${this.neighbours(space, code)}`;
  }

  modelChoice() {
    return html`<select data-hideable="model" aria-label=${t("Network")} @change=${(/** @type {Event} */ event) => this.load(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${PLANES.map((name) => html`<option value=${name} ?selected=${name === this.model}>${modelTitle(name)}</option>`)}</select>`;
  }

  /** @param {LatentSpace} space */
  classChoice({ classes }) {
    return html`<label class="above">${t("Digit that it is given")}
      <select @change=${(/** @type {Event} */ event) => this.chooseLabel(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${Array.from({ length: classes }, (_, i) => html`<option value=${i} ?selected=${i === this.label}>${i}</option>`)}</select></label>`;
  }

  /** @param {LatentSpace} space @param {number[]} code */
  neighbours(space, code) {
    const found = nearestCodes(space.mu, code, NEIGHBOURS);
    const pictures = new Float32Array(found.length * 784);
    found.forEach(({ index }, i) => pictures.set(space.decode(space.mu.subarray(2 * index, 2 * index + 2), space.labels[index]), 784 * i));
    return html`<figure><lente-pictures still columns=${NEIGHBOURS} .pictures=${pictures} label=${t("Reconstructions of the nearest test digits")}></lente-pictures>
      <div class="under-pictures figures">${found.map(({ index }) => html`<span>${space.labels[index]}</span>`)}</div>
      <figcaption>${t("The five nearest test digits, as the network rebuilds them, with their true classes. The first lies {distance} away.", { distance: formatNumber(found[0].distance, 3) })}</figcaption></figure>`;
  }

  /** @param {Show} name @param {string} title */
  segment(name, title) {
    return html`<button type="button" aria-pressed=${this.show === name} @click=${() => this.choose(name)}>${title}</button>`;
  }

  get touched() {
    const [x, y] = this.probed ?? this.z;
    return { x, y };
  }

  /** @param {Show} show */
  choose(show) {
    this.show = show;
    this.refreshSheet();
  }

  /** @param {number} label */
  chooseLabel(label) {
    this.label = label;
    this.refreshSheet();
  }

  refreshSheet() {
    const plane = /** @type {import("./lente-plane.js").LentePlane | null} */ (this.querySelector("lente-plane"));
    if (plane && this.show !== "codes") this.askSheet(this.model, plane.view.edges, this.label);
  }

  /** @param {import("../services/latent_sheet.js").DecodedSheet} sheet */
  takeSheet(sheet) {
    this.decoded = sheet;
    this.sheet = { picture: sheetPicture(sheet, inks(this).classes), ...sheet.edges };
  }

  /** @param {CustomEvent<import("../lib/plane_view.js").Point | null>} event */
  onProbe({ detail }) {
    this.probed = detail && [detail.x, detail.y];
  }

  /** @param {CustomEvent<import("../lib/plane_view.js").Point>} event */
  onPlace({ detail: { x, y } }) {
    this.probed = null;
    this.set([x, y]);
  }

  /** @param {CustomEvent<{index: number, value: number}>} event */
  onSlide({ detail: { index, value } }) {
    this.set(this.z.with(index, value));
  }

  /** @param {number[]} z */
  set(z) {
    this.z = z;
    writeUrl({ z });
  }
}

customElements.define("lente-latent-map", LenteLatentMap);
