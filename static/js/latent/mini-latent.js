import { html, styleMap } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { onWindow } from "../frame/events.js";
import { numberList } from "../shared/numbers.js";
import { newest } from "../shared/newest.js";
import { gridStep } from "../shared/ui/grid_keys.js";
import { decodeCodes, fetchMap } from "./server.js";
import { latentDecoder } from "./space.js";
import "../shared/ui/lente-map.js";

const REACH = 3;
const STEP = 0.25;
const CELLS = (2 * REACH) / STEP;
const MODEL = "vae_2d";
/** Of so many codes one is drawn. */
const EVERY = 3;

/**
 * The plane of a VAE's two numbers: wherever it is touched, the decoder draws what lies there. The server decodes until a hand
 * comes: the decoder is fetched then.
 */
export class MiniLatent extends Miniature {
  static properties = { ...Miniature.properties, z: { state: true }, image: { state: true } };

  constructor() {
    super();
    this.z = [0.1, 1.8];
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.image = null;
    /** Once a hand has come. @type {import("./space.js").LatentDecoder["decode"] | null} */ this.decode = null;
    this.ask = newest(
      decoded,
      (image) => this.decode || (this.image = image),
      () => {}, // the last picture stays
    );
    /** Whether a hand has come. */ this.touched = false;
  }

  async load() {
    const [image, codes] = await Promise.all([decoded(this.z), fetchMap(MODEL, EVERY)]);
    this.image ??= image;
    this.paintCodes(codes);
  }

  exhibit() {
    const [x, y] = this.z.map((value) => 50 + (50 * value) / REACH);
    return html`<div class="mini-pair">
      <div
        class="mini-square mini-plane"
        tabindex="0"
        role="slider"
        aria-label=${t("Two numbers of the latent space; move with the arrow keys")}
        aria-valuenow=${this.z[0].toFixed(2)}
        aria-valuetext="${numberList(this.z, 2)}"
        @pointerenter=${this.touch}
        @focus=${this.touch}
        @pointermove=${this.onPoint}
        @pointerdown=${this.onPoint}
        @keydown=${this.onKey}
      >
        <canvas width="160" height="160"></canvas>
        <div class="mini-dot" style=${styleMap({ left: `${x}%`, top: `${100 - y}%` })}></div>
      </div>
      <lente-map
        class="mini-square"
        map="grey"
        still
        .tensor=${this.image}
        .range=${{ low: 0, high: 1 }}
        label=${t("What the decoder draws there")}
      ></lente-map>
    </div>`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.quiet = onWindow("decoded", () => this.move(this.z));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.quiet?.();
  }

  /** Fetches the decoder before it is needed; without it the server goes on. */
  async touch() {
    if (this.touched) return;
    this.touched = true;
    try {
      this.decode = (await latentDecoder(MODEL)).decode;
      this.move(this.z);
    } catch {
      this.touched = false;
    }
  }

  /** The test digits' codes in the colours of their classes. @param {Record<string, import("../shared/safetensors.js").Tensor>} codes */
  paintCodes({ mu, labels }) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.querySelector("canvas"));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const colours = getComputedStyle(this);
    context.globalAlpha = 0.55;
    for (let i = 0; i < labels.data.length; i++) {
      context.fillStyle = colours.getPropertyValue(`--class-${labels.data[i]}`);
      context.fillRect(80 + (80 * mu.data[2 * i]) / REACH, 80 - (80 * mu.data[2 * i + 1]) / REACH, 1.5, 1.5);
    }
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const share = (/** @type {number} */ at) => REACH * (2 * Math.min(Math.max(at, 0), 1) - 1);
    this.move([share((event.clientX - box.left) / box.width), -share((event.clientY - box.top) / box.height)]);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = gridStep(event, [CELLS, CELLS]);
    if (!step) return;
    event.preventDefault();
    const [down, right] = step;
    const [x, y] = this.z;
    this.move([x + right * STEP, y - down * STEP].map((value) => Math.min(Math.max(value, -REACH), REACH)));
  }

  /** @param {number[]} z */
  move(z) {
    this.z = z;
    if (this.decode) this.image = { shape: [28, 28], data: this.decode(z) };
    else this.ask(z);
  }
}

/** What the server's decoder makes of a code. @param {number[]} z */
async function decoded(z) {
  return { shape: [28, 28], data: await decodeCodes(MODEL, [z], {}) };
}

customElements.define("mini-latent", MiniLatent);
