import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { digitNetwork } from "../digits/server.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";
import { OFF, addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { saveFile } from "../frame/files.js";
import { t, withColon } from "../frame/i18n.js";
import { repaintOnTheme } from "../frame/theme.js";
import { newest } from "../shared/newest.js";
import { formatNumber, numberList } from "../shared/numbers.js";
import { decoderCall } from "../shared/ui/decoder_call.js";
import { likeliest } from "../shared/statistics.js";
import { gatherPictures, nearestCodes } from "./between.js";
import { picturePng } from "./picture_png.js";
import { testDigits } from "./server.js";
import { inks } from "./plane/painting.js";
import { planeHome, pointsOf } from "./plane/points.js";
import { latentSheet, sheetPicture } from "./sheet.js";
import { LARGEST, sliderRows } from "../shared/ui/slider_rows.js";
import { earlyDecoder, earlySpace, modelTitle } from "./space.js";
import { changeAt, latentWarp, warpPicture } from "./warp.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-class-filter.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";
import "../shared/ui/lente-sliders.js";
import "./lente-warped-grid.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */

const PLANES = [
  "vae_2d",
  "autoencoder_2d",
  "vae_2d_beta_0.1",
  "vae_2d_beta_0.5",
  "vae_2d_beta_2",
  "vae_2d_beta_4",
  "vae_2d_beta_10",
  "vae_conditional_2d",
];
const NEIGHBOURS = 5;
const SHOWS = ["codes", "sheet", "both", "warp"];
/** @typedef {"codes" | "sheet" | "both" | "warp"} Show */

/** The map of the test digits' codes, and the digit that the place under the cursor decodes to. */
export class LenteLatentMap extends LenteElement {
  static properties = {
    model: { state: true },
    space: { state: true },
    z: { state: true },
    probed: { state: true },
    show: { state: true },
    off: { state: true },
    hulls: { state: true },
    sheet: { state: true },
    warp: { state: true },
    originals: { state: true },
    label: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.model = "vae_2d";
    /** @type {LatentSpace | null} */ this.space = null;
    /** @type {number[]} the place that was set */ this.z = [0, 0];
    /** @type {number[] | null} the place under the cursor */ this.probed = null;
    /** @type {Show} */ this.show = "codes";
    /** @type {Set<number>} */ this.off = new Set();
    this.hulls = false;
    /** @type {import("./plane/painting.js").Sheet | null} */ this.sheet = null;
    /** @type {import("./sheet.js").DecodedSheet | null} */ this.decoded = null;
    /** @type {import("./warp.js").LatentWarp | null} */ this.warp = null;
    /** @type {Map<number, Float32Array> | null} digits themselves by number; null where they can't be had */ this.originals =
      new Map();
    this.home = { x: 0, y: 0, reach: 4 };
    /** @type {import("./plane/painting.js").Points | null} */ this.points = null;
    this.label = 0;
    addressed(
      this,
      {
        model: { name: "model", first: "vae_2d", accepts: oneOf(PLANES) },
        z: { name: "z", first: [0, 0], accepts: listOf(numberFrom(-LARGEST, LARGEST), 2) },
        show: { name: "view", first: "codes", accepts: oneOf(SHOWS) },
        off: OFF,
        hulls: { name: "outlines", first: false },
        label: { name: "label", first: 0, accepts: wholeFrom(0, 9) },
      },
      () => this.load(this.model),
    );
    this.fault = "";
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    repaintOnTheme(this, () => this.repaintSheet());
    this.askSheet = newest(
      (/** @type {string} */ name, /** @type {import("./sheet.js").Edges} */ edges, /** @type {number} */ label) =>
        latentSheet(name, edges, { label }),
      (sheet) => this.takeSheet(sheet),
      (error) => (this.fault = error.message),
    );
    this.askWarp = newest(
      latentWarp,
      (warp) => this.takeWarp(warp),
      (error) => (this.fault = error.message),
    );
    /** Those that were asked for last. */ this.sought = "";
    this.askOriginals = newest(
      testDigits,
      (images, numbers) => this.takeOriginals(images, numbers),
      () => (this.originals = null),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.load(this.model);
  }

  /** @param {string} model */
  async load(model) {
    try {
      const [space, read] = await Promise.all([
        earlySpace(model),
        digitNetwork(),
        earlyDecoder(model).then(({ known }) => known(this.z, this.label)),
      ]);
      Object.assign(this, {
        space,
        read,
        model,
        fault: "",
        sheet: null,
        decoded: null,
        warp: null,
        home: planeHome(space),
        points: pointsOf(space),
      });
      await this.updateComplete; // the plane shows the new network's home by then
      this.refreshSheet();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    const { space } = this;
    return html`<div class="map-exhibit">
      <div class="stack map-figure">
        <div class="map-and-legend">
          <lente-plane
            .points=${this.points}
            .home=${this.home}
            .hiddenClasses=${this.off}
            .hulls=${this.hulls}
            .prior=${space?.kind === "vae"}
            .dots=${this.show === "codes" || this.show === "both"}
            .sheet=${this.show === "codes" ? null : this.sheet}
            .sheetStrength=${this.show === "both" ? 0.45 : 1}
            .at=${space ? this.touched : null}
            label=${t("Map of the codes of 10 000 digits: arrow keys move the place, plus and minus enlarge")}
            @probe=${this.onProbe}
            @place=${this.onPlace}
            @view=${() => this.refreshSheet()}
          ></lente-plane>
          <lente-class-filter
            data-hideable="classes"
            .off=${this.off}
            @filter=${(/** @type {CustomEvent} */ event) => this.filter(event.detail)}
          ></lente-class-filter>
        </div>
        <div class="row map-tools" data-hideable="map-tools">
          <span class="segments" role="group" aria-label=${t("What the map shows")}>
            ${this.segment("codes", t("Codes"))}${this.segment("sheet", t("Decoded sheet"))}${this.segment("both", t("Both"))}${this.segment("warp", t("Warped grid"))}
          </span>
          <label
            ><input
              type="checkbox"
              .checked=${live(this.hulls)}
              @change=${() => (this.hulls = !this.hulls)}
            />${t("Outlines")}</label
          >
          ${this.modelChoice()}
        </div>
      </div>
      <div class="stack map-readout">${space ? this.readout(space) : nothing}</div>
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.space && (changed.has("z") || changed.has("probed") || changed.has("model")))
      announce(() => this.words(this.probed ?? this.z));
  }

  /** What is read at a place, in words. @param {number[]} code */
  words(code) {
    const shares = this.read?.(/** @type {LatentSpace} */ (this.space).decode(code, this.label)).probabilities ?? [];
    const [digit] = likeliest(shares);
    return `${withColon(numberList(code, 2))} ${t("read as {digit}, {percent} %", { digit, percent: formatNumber(100 * shares[digit], 1) })}`;
  }

  /** @param {LatentSpace} space */
  readout(space) {
    const code = this.probed ?? this.z;
    const picture = space.decode(code, this.label);
    return html`${space.classes ? this.classChoice(space) : nothing}
      <figure class="decoded">
        <lente-pictures still .pictures=${picture} label=${t("The decoded digit")}></lente-pictures>
        <figcaption>
          ${decoderCall(code)}
          <button
            type="button"
            class="quiet"
            data-hideable="export"
            aria-label=${t("This digit as PNG")}
            title=${t("This digit as PNG")}
            @click=${() => this.saveDigit(picture)}
          >
            PNG
          </button>
        </figcaption>
      </figure>
      <lente-sliders
        data-hideable="sliders"
        .rows=${sliderRows(space, space.kind === "vae" ? "prior" : "data").map((row) => ({ ...row, kl: null }))}
        .values=${code}
        @slide=${this.onSlide}
      ></lente-sliders>
      ${this.show === "warp" ? this.warped(code, picture) : this.reading(space, code, picture)}
      <p class="small" data-colours>
        ${
          space.classes
            ? t(
                "The colours were added afterwards. This network is told the digit beside the code, so its codes need not keep the digits apart.",
              )
            : t(
                "The colours were added afterwards. This network never saw a class: digits of one kind mostly lie together because they look alike.",
              )
        }
      </p>`;
  }

  /** @param {LatentSpace} space @param {number[]} code @param {Float32Array} picture */
  reading(space, code, picture) {
    return html`<lente-class-bars
        data-hideable="reading"
        .reading=${this.read?.(picture) ?? null}
        label=${t("What the digit network reads:")}
      ></lente-class-bars>
      ${this.neighbours(space, code)}`;
  }

  /** @param {number[]} code @param {Float32Array} picture */
  warped(code, picture) {
    const { warp } = this;
    if (!warp) return nothing;
    const here = changeAt(warp, code);
    return html`<figure class="warped">
      <lente-warped-grid
        .warp=${warp}
        .at=${warp.placeOf(picture)}
        label=${t("The map's grid, each corner where its decoded picture lies")}
      ></lente-warped-grid>
      <lente-legend
        map="sequential"
        low="0"
        high=${warp.most}
        note=${t("picture distance for a step of 1 on the map")}
      ></lente-legend>
      <output aria-live="off" class="figures"
        >${here === null ? nothing : t("here: {change}", { change: formatNumber(here, 2) })}</output
      >
      <figcaption>
        ${t("The map's grid, each corner moved to where its decoded picture lies. Wide cells: a small step changes the picture much. Crumpled cells: hardly at all. The two directions shown hold {percent} % of the pictures' variance; the colours use all 784 pixels.", { percent: Math.round(100 * warp.share) })}
      </figcaption>
    </figure>`;
  }

  modelChoice() {
    return html`<select
      data-hideable="model"
      aria-label=${t("Network")}
      .value=${live(this.model)}
      @change=${(/** @type {Event} */ event) => this.load(/** @type {HTMLSelectElement} */ (event.target).value)}
    >
      ${PLANES.map((name) => html`<option value=${name} ?selected=${name === this.model}>${modelTitle(name)}</option>`)}
    </select>`;
  }

  /** @param {LatentSpace} space */
  classChoice({ classes }) {
    return html`<label class="above"
      >${t("Digit that it is given")}
      <select
        @change=${(/** @type {Event} */ event) => this.chooseLabel(Number(/** @type {HTMLSelectElement} */ (event.target).value))}
      >
        ${Array.from({ length: classes }, (_, i) => html`<option value=${i} ?selected=${i === this.label}>${i}</option>`)}
      </select></label
    >`;
  }

  /** @param {LatentSpace} space @param {number[]} code */
  neighbours(space, code) {
    const found = nearestCodes(space.mu, code, NEIGHBOURS);
    const own = this.ownPictures(found.map(({ index }) => index));
    const pictures =
      own ?? found.map(({ index }) => space.decode(space.mu.subarray(2 * index, 2 * index + 2), space.labels[index]));
    const distance = formatNumber(found[0].distance, 3);
    return html`<figure class="neighbours" data-hideable="neighbours">
      <lente-pictures
        still
        columns=${NEIGHBOURS}
        .pictures=${gatherPictures(pictures)}
        label=${own ? t("The nearest test digits") : t("Reconstructions of the nearest test digits")}
      ></lente-pictures>
      <div class="under-pictures figures">${found.map(({ index }) => html`<span>${space.labels[index]}</span>`)}</div>
      <figcaption>
        ${
          own
            ? t(
                "The five nearest test digits themselves, with their true classes: numbers {numbers} of MNIST. The first lies {distance} away.",
                { distance, numbers: found.map(({ index }) => index).join(", ") },
              )
            : t(
                "The five nearest test digits, as the network rebuilds them, with their true classes. The first lies {distance} away.",
                { distance },
              )
        }
      </figcaption>
    </figure>`;
  }

  /** Digits as they were written, once they are here; asks for those that are not. @param {number[]} numbers */
  ownPictures(numbers) {
    const { originals } = this;
    if (!originals) return null;
    const own = numbers.flatMap((number) => originals.get(number) ?? []);
    if (own.length === numbers.length) return own;
    if (String(numbers) !== this.sought) this.askOriginals(numbers);
    this.sought = String(numbers);
    return null;
  }

  /** @param {Float32Array} images @param {number[]} numbers */
  takeOriginals(images, numbers) {
    this.originals = new Map([
      ...(this.originals ?? []),
      ...numbers.map((number, i) => /** @type {const} */ ([number, images.subarray(784 * i, 784 * (i + 1))])),
    ]);
  }

  /** @param {Show} name @param {string} title */
  segment(name, title) {
    return html`<button type="button" aria-pressed=${this.show === name} @click=${() => this.choose(name)}>
      ${title}
    </button>`;
  }

  get touched() {
    const [x, y] = this.probed ?? this.z;
    return { x, y };
  }

  /** @param {Show} show */
  choose(show) {
    this.show = show;
    this.sheet = null;
    this.refreshSheet();
  }

  /** @param {Float32Array} picture */
  async saveDigit(picture) {
    const [x, y] = this.z.map((value) => value.toFixed(2));
    saveFile(await picturePng(picture), `${this.model}_${x}_${y}.png`);
  }

  /** @param {Set<number>} off */
  filter(off) {
    this.off = off;
  }

  /** @param {number} label */
  chooseLabel(label) {
    this.label = label;
    this.refreshSheet();
  }

  refreshSheet() {
    const plane = /** @type {import("./plane/lente-plane.js").LentePlane | null} */ (this.querySelector("lente-plane"));
    if (!plane || this.show === "codes") return;
    const ask = this.show === "warp" ? this.askWarp : this.askSheet;
    ask(this.model, plane.view.edges, this.label);
  }

  /** @param {import("./sheet.js").DecodedSheet} sheet */
  takeSheet(sheet) {
    this.decoded = sheet;
    if (this.show !== "warp") this.sheet = { picture: sheetPicture(sheet, inks(this).classes), ...sheet.edges };
  }

  /** @param {import("./warp.js").LatentWarp} warp */
  takeWarp(warp) {
    this.warp = warp;
    if (this.show === "warp") this.sheet = { picture: warpPicture(warp), ...warp.edges };
  }

  repaintSheet() {
    if (this.show === "warp" && this.warp) this.takeWarp(this.warp);
    else if (this.decoded) this.takeSheet(this.decoded);
  }

  /** @param {CustomEvent<import("./plane/view.js").Point | null>} event */
  onProbe({ detail }) {
    this.probed = detail && [detail.x, detail.y];
  }

  /** @param {CustomEvent<import("./plane/view.js").Point>} event */
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
    this.z = asWritten(z);
  }
}

customElements.define("lente-latent-map", LenteLatentMap);
