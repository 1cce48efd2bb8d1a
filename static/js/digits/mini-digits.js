import { html } from "vendor/lit";
import { onWindow } from "../frame/events.js";
import { Miniature } from "../shared/ui/miniature.js";
import { centreDigit } from "./centre_digit.js";
import { digitNetwork } from "./server.js";
import { sampleDigit } from "./samples.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/pictures/lente-drawing.js";

/** A pad and ten probabilities: a new stroke after a pause begins a new digit. */
export class MiniDigits extends Miniature {
  static properties = { ...Miniature.properties, reading: { state: true } };

  constructor() {
    super();
    /** @type {import("../shared/sureness.js").Reading | null} */ this.reading = null;
    /** @type {import("./centre_digit.js").PlacedDigit | null} */ this.placed = null;
    this.fresh = true;
  }

  get pad() {
    return /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (
      this.querySelector("lente-drawing")
    );
  }

  async load() {
    this.read = await digitNetwork();
    await this.pad.updateComplete;
    if (this.pad.restore()) this.fresh = false;
    else this.pad.load({ strokes: sampleDigit(3) });
  }

  exhibit() {
    return html`<div class="mini-pair">
      <lente-drawing
        class="mini-square bare"
        @draw=${this.onDraw}
        @pointerdown=${{ handleEvent: () => this.begin(), capture: true }}
      ></lente-drawing>
      <lente-class-bars .reading=${this.reading}></lente-class-bars>
    </div>`;
  }

  /** The first stroke of the visitor wipes the digit that was there. */
  begin() {
    if (this.fresh) this.pad.clear();
    this.fresh = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.quiet = onWindow("decoded", () => this.look());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.quiet?.();
  }

  /** @param {CustomEvent<{values: Float32Array}>} event */
  onDraw({ detail }) {
    this.placed = centreDigit(detail.values, this.pad.side);
    this.look();
  }

  /** Reads what is drawn. */
  look() {
    this.reading = this.placed && this.read ? this.read(this.placed.centred) : null;
  }
}

customElements.define("mini-digits", MiniDigits);
