import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { subTensor } from "../shared/tensors.js";
import "../shared/ui/lente-map.js";

/** @typedef {import("../shared/ui/lente-map.js").Box} Box */

/** What the network is given of the picture, and the part of it that a unit reads. Rendered in the page. */
export class LenteFeaturePhoto extends LenteElement {
  static properties = {
    pixels: { attribute: false },
    facts: { attribute: false },
    exact: { attribute: false },
    effective: { attribute: false },
  };

  constructor() {
    super();
    /** (3, S, S) or (1, S, S), 0..1. @type {import("../shared/safetensors.js").Tensor | null} */ this.pixels = null;
    /** @type {Record<string, any>} */ this.facts = {};
    /** @type {Box | null} */ this.exact = null;
    /** Where 95 % of the unit's gradient lies. @type {Box | null} */ this.effective = null;
  }

  render() {
    const { pixels, exact, effective } = this;
    const grey = pixels?.shape[0] === 1;
    const tensor = pixels && grey ? subTensor(pixels, [0]) : pixels;
    const [rows, columns] = pixels?.shape.slice(1) ?? [1, 1];
    return html`<figure>
      <div class="photo">
        <lente-map
          .tensor=${tensor}
          .range=${grey ? { low: 0, high: 1 } : null}
          map=${grey ? "grey" : "auto"}
          .touched=${exact ? [exact] : []}
          still
          label=${t("What the network sees of the picture")}
        ></lente-map>
        ${effective ? html`<div class="effective" style=${styleMap(place(effective, rows, columns))}></div>` : nothing}
      </div>
      <figcaption>
        ${pixels ? unbroken(this.crop(rows, columns)) : nothing}${pixels && exact ? html` <span class="field" data-field=${[exact.top, exact.left, exact.bottom, exact.right].join(",")}>${unbroken(this.field(exact))}</span>` : nothing}
      </figcaption>
    </figure>`;
  }

  /** @param {number} rows @param {number} columns */
  crop(rows, columns) {
    const { crop, width, height } = this.facts;
    if (!crop || rows !== columns) return t("What the network sees: {columns} × {rows} pixels.", { columns, rows });
    const side = rows;
    const part = Math.round(crop.size);
    return t("What the network sees: {part} × {part} of the {width} × {height} pixels, as {side} × {side}.", {
      part,
      width,
      height,
      side,
    });
  }

  /** @param {Box} box */
  field(box) {
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    const words = t("The unit reads the {width} × {height} pixels in the box", { width, height });
    if (!this.effective) return `${words}.`;
    const side = this.effective.right - this.effective.left;
    if (!side) return `${words}${t("; as it is, no small change of a pixel moves it: its gradient is 0.")}`;
    return `${words}${t("; 95 % of what moves it lies in the dashed {side} × {side}.", { side })}`;
  }
}

/** Sizes stay on one line. @param {string} words */
const unbroken = (words) => words.replaceAll(" × ", "\u00a0×\u00a0");

/** @param {Box} box @param {number} rows @param {number} columns */
function place({ top, left, bottom, right }, rows, columns) {
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  return {
    top: share(top, rows),
    left: share(left, columns),
    height: share(bottom - top, rows),
    width: share(right - left, columns),
  };
}

customElements.define("lente-feature-photo", LenteFeaturePhoto);
