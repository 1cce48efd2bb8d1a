import { LenteMap } from "./lente-map.js";

/**
 * Pixels that are painted already, with the linked cursor of lente-map.
 */
export class LentePicture extends LenteMap {
  static properties = { ...LenteMap.properties, pixels: { attribute: false }, columns: { type: Number } };

  constructor() {
    super();
    /** @type {Uint8ClampedArray<ArrayBuffer> | null} (H, W, 4) */ this.pixels = null;
    this.columns = 1;
  }

  /** @returns {[number, number]} */
  get size() {
    return this.pixels ? [this.pixels.length / 4 / this.columns, this.columns] : [1, 1];
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("pixels")) this.paint();
  }

  paint() {
    const context = this.renderRoot.querySelector("canvas")?.getContext("2d");
    if (context && this.pixels) context.putImageData(new ImageData(this.pixels, this.columns), 0, 0);
  }
}

customElements.define("lente-picture", LentePicture);
