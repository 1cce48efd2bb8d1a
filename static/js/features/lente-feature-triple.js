import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * Two maps on one scale and what the second has more than the first, or less: one cursor in all three. Rendered in the
 * page.
 *
 * @fires cell - from the maps, see lente-map
 * @fires pin - from the maps
 */
export class LenteFeatureTriple extends LenteElement {
  static properties = {
    first: { attribute: false },
    second: { attribute: false },
    names: { attribute: false },
    cell: { attribute: false },
    busy: { type: Boolean },
  };

  constructor() {
    super();
    /** (H, W). @type {Tensor | null} */ this.first = null;
    /** As large. @type {Tensor | null} */ this.second = null;
    /** Of the three. */ this.names = ["", "", ""];
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    this.busy = false;
    /** @type {Tensor | null} */ this.more = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("first") && !changed.has("second")) return;
    const { first, second } = this;
    this.more =
      first && second
        ? {
            shape: first.shape,
            data: second.data.map((/** @type {number} */ value, /** @type {number} */ i) => value - first.data[i]),
          }
        : null;
  }

  render() {
    const { first, second, more } = this;
    const tensors = [first, second, more];
    const both = first && second ? valueRange([...first.data, ...second.data]) : { low: 0, high: 1 };
    const largest = more ? valueRange(more.data).high : 0;
    const third = { low: -(largest || 1), high: largest || 1 };
    return html`<div class="triple" aria-busy=${this.busy}>
        ${this.names.map((name, i) => this.one(name, tensors[i], i < 2 ? both : third, i))}
        <div class="triple-legend">
          ${first ? html`<lente-legend .low=${both.low} .high=${both.high}></lente-legend>` : nothing}
        </div>
        <div class="triple-legend triple-last">
          ${largest ? html`<lente-legend .low=${third.low} .high=${third.high}></lente-legend>` : nothing}
        </div>
      </div>
      <p class="small triple-says">${more ? this.says(more, largest) : ""}</p>`;
  }

  /** @param {string} name @param {Tensor | null} tensor @param {{low: number, high: number}} range @param {number} i */
  one(name, tensor, range, i) {
    const [rows, columns] = tensor?.shape ?? [1, 1];
    const { cell } = this;
    const at = tensor && cell && cell.row < rows && cell.column < columns ? cell : null;
    const touched = at ? [{ top: at.row, left: at.column, bottom: at.row + 1, right: at.column + 1 }] : [];
    const value = tensor && at ? tensor.data[at.row * columns + at.column] : null;
    const sign = i === 2 && value !== null && value > 0 ? "+" : "";
    return html`<figure data-part=${["first", "second", "more"][i]}>
      <figcaption>${name}</figcaption>
      <div class="triple-map">
        ${tensor ? html`<lente-map .tensor=${tensor} .range=${range} .touched=${touched} label=${name}></lente-map>` : nothing}
      </div>
      <output aria-live="off" data-value=${value ?? ""}>${value === null ? "" : sign + formatNumber(value, 4)}</output>
    </figure>`;
  }

  /** @param {Tensor} more @param {number} largest */
  says({ data }, largest) {
    if (!largest) return t("The same everywhere.");
    const changed = Array.from(data).filter((value) => value !== 0).length;
    return t("{changed} of {count} values differ, by {largest} at most.", {
      changed,
      count: data.length,
      largest: formatNumber(largest),
    });
  }
}

customElements.define("lente-feature-triple", LenteFeatureTriple);
