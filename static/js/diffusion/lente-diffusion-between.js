import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { listOf, oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { saveFile } from "../frame/files.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { judgingNetwork } from "../digits/server.js";
import { gatherPictures, lerp, spherical } from "../latent/between.js";
import { testDigits } from "../latent/server.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { likeliest } from "../shared/statistics.js";
import { spread } from "./apart.js";
import { ANY, isLabel, isSeed, ofBytes } from "./asked.js";
import { Forming } from "./forming.js";
import { labelButtons } from "./panels.js";
import { fetchNoise, fetchFilm, invert, sample } from "./server.js";
import "../shared/ui/lente-number.js";
import "../shared/ui/lente-pictures.js";

/**
 * @typedef {Float32Array<ArrayBuffer>} Pixels
 * @typedef {{noise: Pixels, pictures: Pixels | null}} Strip noise from one end to the other, and what becomes of it
 */

const STEPS = 15;
const INVERSION = 50;
/** Pictures from one end to the other; every second of them stands in the strip. */
const COUNT = 21;
const EVERY = 2;
const DIGITS = 10000;
const FRAME_MS = 90;
/** On a first visit: seeds, or numbers of test digits. @type {Record<string, number[]>} */
const FIRST = { seeds: [3, 8], digits: [0, 18] };

/** From one picture of noise to another, along an arc and straight, and the digits that become of the noise between. Rendered in the page. */
export class LenteDiffusionBetween extends LenteElement {
  static properties = {
    ends: { state: true },
    kind: { state: true },
    asked: { state: true },
    at: { state: true },
    said: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** Seeds, or test digits. */ this.kind = "seeds";
    /** The two that were chosen; none on a first visit. @type {number[]} */ this.ends = [];
    this.asked = ANY;
    /** Which picture on the way is looked at. */ this.at = 10;
    addressed(
      this,
      {
        kind: { name: "endkind", first: "seeds", accepts: oneOf(Object.keys(FIRST)) },
        ends: { name: "ends", first: [], accepts: listOf(isSeed, 2) },
        asked: { name: "endclass", first: ANY, accepts: isLabel },
        at: { name: "endshare", first: 10, accepts: wholeFrom(0, COUNT - 1) },
      },
      () => this.show(),
    );
    /** @type {Strip[]} along the arc, straight */ this.strips = [];
    /** @type {Pixels | null} the two test digits */ this.digits = null;
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    this.said = "";
    this.fault = "";
    this.forming = new Forming(this);
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      this.read = await judgingNetwork();
      this.fault = "";
      this.show();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** Seeds, or numbers of test digits. */
  get chosen() {
    return this.ends.length ? this.ends : FIRST[this.kind];
  }

  show() {
    if (!this.read) return;
    this.forming.ask(async (signal, formed) => {
      const { kind, chosen } = this;
      const [from, to] = await (kind === "seeds"
        ? Promise.all(chosen.map((seed) => fetchNoise(seed)))
        : this.inverted(signal));
      if (signal.aborted) return;
      const shares = Array.from({ length: COUNT }, (_, i) => i / (COUNT - 1));
      const labels = kind === "seeds" ? this.asked : ANY;
      /** @type {Strip[]} */
      const strips = [spherical, lerp].map((way) => ({
        noise: gatherPictures(shares.map((share) => way(from, to, share))),
        pictures: null,
      }));
      for (const strip of strips) {
        const onMoment = (/** @type {import("./server.js").Moment} */ { tensors }) => {
          this.strips = strips;
          strip.pictures = ofBytes(tensors.estimate_bytes.data);
          formed();
        };
        strip.pictures = await sample({ count: COUNT, steps: STEPS, labels }, { noise: strip.noise }, onMoment, signal);
        formed();
      }
    });
  }

  /** The noise of two test digits. @param {AbortSignal} signal @returns {Promise<Pixels[]>} */
  async inverted(signal) {
    this.digits = Float32Array.from(await testDigits(this.chosen));
    const noise = await invert(this.digits, INVERSION, signal);
    return [noise.slice(0, 784), noise.slice(784)];
  }

  render() {
    return html`<div class="ends-exhibit">
      ${this.controls()} ${this.strips.length ? this.shown(this.strips) : html`<div class="waiting"></div>`}
      ${notice(this.fault || this.forming.fault)}
    </div>`;
  }

  /** @param {Strip[]} strips */
  shown(strips) {
    return html`<div class="ends-strips" aria-busy=${this.forming.busy}>
        ${this.strip(t("Along an arc"), strips[0])} ${this.strip(t("Straight"), strips[1])} <span></span
        ><input
          type="range"
          min="0"
          max=${COUNT - 1}
          step="1"
          aria-label=${t("From the first noise to the second")}
          .value=${live(String(this.at))}
          @input=${(/** @type {Event} */ { target }) => (this.at = Number(/** @type {HTMLInputElement} */ (target).value))}
        />
      </div>
      ${this.pair(strips)}
      <div class="row" data-hideable="export">
        <button type="button" ?disabled=${this.forming.busy} @click=${() => this.save("gif")}>
          ${t("Film as GIF")}
        </button>
        <button type="button" ?disabled=${this.forming.busy} @click=${() => this.save("webp")}>
          ${t("Film as WebP")}
        </button>
        <output aria-live="off">${this.said}</output>
      </div>`;
  }

  controls() {
    const choose = (/** @type {string} */ kind, /** @type {string} */ words) =>
      html`<button type="button" aria-pressed=${this.kind === kind} @click=${() => this.change({ kind, ends: [] })}>
        ${words}
      </button>`;
    return html`<div class="row" data-hideable="between-controls">
      <span class="segments" role="group" aria-label=${t("What stands at the ends")}
        >${choose("seeds", t("Two seeds"))}${choose("digits", t("Two test digits"))}</span
      >
      ${this.end(0, t("From"))} ${this.end(1, t("To"))}
      ${this.kind === "seeds" ? labelButtons(this.asked, (asked) => this.change({ asked }), t("Which digit is drawn"), t("any digit")) : nothing}
    </div>`;
  }

  /** @param {number} place @param {string} words */
  end(place, words) {
    return html`<label
        >${words}<lente-number
          late
          whole
          label=${words}
          .min=${0}
          .max=${this.most}
          .value=${this.chosen[place]}
          @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.change({ ends: this.chosen.with(place, detail), fault: "" })}
          @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
        ></lente-number
      ></label>
      ${this.kind === "digits" && this.digits ? html`<lente-pictures still class="ends-digit" .pictures=${this.digits.subarray(784 * place, 784 * (place + 1))} label=${words}></lente-pictures>` : nothing}`;
  }

  /** The largest number that an end can have. */
  get most() {
    return this.kind === "seeds" ? 2 ** 32 - 1 : DIGITS - 1;
  }

  /** @param {string} title @param {Strip} strip */
  strip(title, { pictures }) {
    const columns = Math.ceil(COUNT / EVERY);
    const some = pictures && gatherPictures(Array.from({ length: columns }, (_, i) => pictureAt(pictures, i * EVERY)));
    return html`<span class="strip-title">${title}</span> ${
        some
          ? html`<lente-pictures
              columns=${columns}
              .pictures=${some}
              .chosen=${Math.round(this.at / EVERY)}
              label=${title}
              @pick=${(/** @type {CustomEvent<number>} */ { detail }) => (this.at = detail * EVERY)}
            ></lente-pictures>`
          : html`<div class="waiting"></div>`
      }`;
  }

  /** The picture that is chosen, both ways, the noise that it comes from and what it is read as. @param {Strip[]} strips */
  pair([arc, straight]) {
    return html`<div class="ends-pair">
      ${this.one(t("Along an arc"), arc, "arc")}${this.one(t("Straight"), straight, "straight")}
    </div>`;
  }

  /** @param {string} title @param {Strip} strip @param {string} name */
  one(title, { noise, pictures }, name) {
    if (!pictures) return html`<div class="waiting"></div>`;
    const picture = pictureAt(pictures, this.at);
    const reading = this.read?.(picture);
    const digit = reading ? likeliest(reading.probabilities)[0] : 0;
    const values = {
      spread: formatNumber(spread(pictureAt(noise, this.at)), 3),
      digit,
      percent: reading ? formatPercent(reading.probabilities[digit], 0) : "",
      likeness: reading ? formatPercent(reading.judged ?? 0, 0) : "",
    };
    return html`<figure>
      <lente-pictures still .pictures=${picture} label=${title}></lente-pictures>
      <figcaption data-way=${name}>
        ${title}<br /><output aria-live="off">${t("spread of its noise: {spread}", values)}</output><br /><output
          aria-live="off"
          >${t("read as {digit}, {percent}; a digit at all? {likeness}", values)}</output
        >
      </figcaption>
    </figure>`;
  }

  /** @param {Partial<Pick<LenteDiffusionBetween, "kind" | "ends" | "asked" | "fault">>} change */
  change(change) {
    Object.assign(this, change);
    this.show();
  }

  /** There and back, so that it can go on for ever. @param {"gif" | "webp"} format */
  async save(format) {
    const { pictures } = this.strips[0];
    if (!pictures) return;
    const there = Array.from({ length: COUNT }, (_, i) => pictureAt(pictures, i));
    const name = `lente.${format}`;
    try {
      const frames = gatherPictures([...there, ...there.slice(1, -1).reverse()]);
      saveFile(await fetchFilm(frames, { format, milliseconds: FRAME_MS }), name);
      Object.assign(this, { said: t("Saved {name}", { name }), fault: "" });
      announce(() => this.said);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }
}

/** @param {Pixels} pictures @param {number} i */
const pictureAt = (pictures, i) => pictures.subarray(784 * i, 784 * (i + 1));
customElements.define("lente-diffusion-between", LenteDiffusionBetween);
