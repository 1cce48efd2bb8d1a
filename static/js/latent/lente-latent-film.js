import { html, live } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed, tellStray } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme } from "../frame/theme.js";
import { whenNear } from "../frame/when_near.js";
import { formatNumber } from "../shared/numbers.js";
import { likeliest } from "../shared/statistics.js";
import { inks } from "./plane/painting.js";
import { fetchFilm, fetchFilmGrid } from "./server.js";
import { sheetPicture } from "./sheet.js";
import "./plane/lente-plane.js";

/**
 * @typedef {import("./plane/painting.js").Points} Points
 * @typedef {import("./sheet.js").DecodedSheet} DecodedSheet
 */

const MODEL = "vae_2d";
const SIDE = 12;
const REACH = 3;
const PAUSE_MS = 700;

/** The training as a film: where the digits lie and what the plane decodes to, from the first picture to the last. */
export class LenteLatentFilm extends LenteElement {
  static properties = {
    points: { state: true },
    moment: { state: true },
    sheets: { state: true },
    playing: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Points[]} one for each moment */ this.points = [];
    /** @type {number[]} pictures seen until then */ this.seen = [];
    /** @type {(DecodedSheet | undefined)[]} */ this.sheets = [];
    /** @type {number | null} the moment that is shown; null for the last */ this.moment = null;
    addressed(this, { moment: { name: "moment", first: null, accepts: wholeFrom(0) } });
    this.playing = false;
    this.fault = "";
    repaintOnTheme(this, () => this.requestUpdate());
  }

  get frame() {
    const last = Math.max(this.seen.length - 1, 0);
    return Math.min(this.moment ?? last, last);
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.playing = false;
  }

  async load() {
    try {
      const tensors = await fetchFilm(MODEL);
      this.seen = Array.from(tensors.pictures.data);
      this.points = this.seen.map((_, frame) =>
        momentOf(tensors.mu, frame, /** @type {Float32Array} */ (tensors.labels.data)),
      );
      if (this.moment !== null && this.moment >= this.seen.length)
        tellStray("moment", wholeFrom(0, this.seen.length - 1));
      this.sheets = this.seen.map(() => undefined);
      for (let frame = this.seen.length - 1; frame >= 0; frame--)
        this.sheets = this.sheets.with(frame, await sheetOf(frame));
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    const last = this.seen.length - 1;
    const sheet = this.sheets[this.frame];
    return html`<div class="film-exhibit">
      <div class="row film-controls" data-hideable="film-controls">
        <button type="button" ?disabled=${last < 0} @click=${this.toggle}>
          ${this.playing ? t("Pause") : t("Play")}
        </button>
        <input
          type="range"
          min="0"
          max=${Math.max(last, 0)}
          step="1"
          aria-label=${t("Moment of the training")}
          .value=${live(String(this.frame))}
          @input=${this.onScrub}
        />
        <output aria-live="off"
          >${last < 0 ? "" : t("after {count} pictures", { count: formatNumber(this.seen[this.frame]) })}</output
        >
      </div>
      <div class="film-panels">
        <figure>
          <lente-plane
            still
            prior
            .points=${this.points[this.frame] ?? null}
            .home=${{ x: 0, y: 0, reach: 4 }}
            label=${t("Codes of 2000 test digits at this moment")}
          ></lente-plane>
          <figcaption>${t("Where 2000 test digits lie.")}</figcaption>
        </figure>
        <figure>
          <lente-plane
            still
            .dots=${false}
            .home=${{ x: 0, y: 0, reach: REACH }}
            .sheet=${sheet ? { picture: sheetPicture(sheet, inks(this).classes), ...sheet.edges } : null}
            label=${t("Decoded sheet at this moment")}
          ></lente-plane>
          <figcaption>${t("What the plane decodes to, in the colour of the digit that is read.")}</figcaption>
        </figure>
      </div>
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {Event} event */
  onScrub(event) {
    this.playing = false;
    this.moment = Number(/** @type {HTMLInputElement} */ (event.target).value);
  }

  toggle() {
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.frame === this.seen.length - 1) this.moment = 0;
    const next = () => {
      if (!this.playing) return;
      this.moment = this.frame + 1;
      if (this.frame >= this.seen.length - 1) this.playing = false;
      else setTimeout(next, PAUSE_MS);
    };
    setTimeout(next, PAUSE_MS);
  }
}

/** @param {import("../shared/safetensors.js").Tensor} mu (F, N, 2) @param {number} frame @param {Float32Array} labels @returns {Points} */
function momentOf({ data, shape: [, count] }, frame, labels) {
  const start = frame * count * 2;
  const x = new Float32Array(count).map((_, i) => data[start + 2 * i]);
  const y = new Float32Array(count).map((_, i) => data[start + 2 * i + 1]);
  return { x, y, labels };
}

/** @param {number} frame @returns {Promise<DecodedSheet>} */
async function sheetOf(frame) {
  const tensors = await fetchFilmGrid(MODEL, frame, SIDE, REACH);
  const images = /** @type {Float32Array} */ (tensors.images.data);
  return {
    images,
    digits: likeliest(tensors.probabilities?.data ?? []),
    rows: SIDE,
    columns: SIDE,
    edges: { left: -REACH, right: REACH, bottom: -REACH, top: REACH },
  };
}

customElements.define("lente-latent-film", LenteLatentFilm);
