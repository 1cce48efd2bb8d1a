import { html, live } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { sample } from "./server.js";
import "../shared/ui/lente-map.js";

const STEPS = 6;
const RANGE = { low: 0, high: 1 };

/** A digit out of noise, each step as it forms; the slider goes back through them, a press draws the next digit. */
export class MiniDiffusion extends Miniature {
  static properties = { ...Miniature.properties, way: { state: true }, at: { state: true } };

  constructor() {
    super();
    /** The noise, and what it became step by step. @type {Float32Array[]} */ this.way = [];
    /** Which of them is shown. */ this.at = 0;
    this.digit = 2;
    this.stopper = new AbortController();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopper.abort();
  }

  async load() {
    this.stopper.abort();
    const { signal } = (this.stopper = new AbortController());
    try {
      /** @type {Float32Array[]} */ let way = [];
      const add = (/** @type {Float32Array} */ picture) => this.show((way = [...way, picture]));
      const wish = { steps: STEPS, seed: this.digit, labels: this.digit, wants: [X] };
      add(await sample(wish, {}, ({ tensors }) => add(pictureOf(tensors[X].data)), signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  exhibit() {
    const picture = (/** @type {number} */ at) => (this.way[at] ? { shape: [28, 28], data: this.way[at] } : null);
    return html`<div class="mini-pair">
        <lente-map
          class="mini-square"
          map="grey"
          still
          .tensor=${picture(0)}
          .range=${RANGE}
          label=${t("Noise")}
        ></lente-map>
        <lente-map
          class="mini-square"
          map="grey"
          still
          .tensor=${picture(this.at)}
          .range=${RANGE}
          label=${t("What becomes of it")}
        ></lente-map>
      </div>
      <div class="mini-again">
        <input
          type="range"
          min="0"
          max=${STEPS}
          step="1"
          aria-label=${t("Step, from noise to clean")}
          .value=${live(String(this.at))}
          @input=${(/** @type {Event} */ event) => this.scrub(Number(/** @type {HTMLInputElement} */ (event.target).value))}
        />
        <button type="button" @click=${this.next}>${t("Another digit")}</button>
      </div>`;
  }

  /** @param {Float32Array[]} way */
  show(way) {
    this.way = way;
    this.at = way.length - 1;
  }

  /** @param {number} at */
  scrub(at) {
    this.at = Math.min(at, this.way.length - 1);
  }

  async next() {
    this.digit = (this.digit + 1) % 10;
    try {
      await this.load();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }
}

/** @type {import("./server.js").Want} */
const X = "x_bytes";

/** @param {ArrayLike<number>} bytes */
const pictureOf = (bytes) => Float32Array.from(bytes, (value) => value / 255);

customElements.define("mini-diffusion", MiniDiffusion);
