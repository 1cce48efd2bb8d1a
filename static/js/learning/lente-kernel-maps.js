import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { SIDE } from "./one_kernel.js";
import "../shared/ui/lente-chart.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * A picture, what is wanted of it, what a kernel makes of it, how far that is off; and the loss. Rendered in the page.
 *
 * @fires place - {number} the place of the target that is pointed at, row-major
 */
export class LenteKernelMaps extends LenteElement {
  static properties = {
    task: { attribute: false },
    seen: { attribute: false },
    losses: { attribute: false },
    place: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./one_kernel.js").Task | null} */ this.task = null;
    /** @type {import("./one_kernel.js").Look | null} */ this.seen = null;
    /** At each step. @type {number[]} */ this.losses = [];
    this.place = 0;
  }

  /** Of the target. */
  get side() {
    return (this.task?.picture.shape[1] ?? 0) - SIDE + 1;
  }

  render() {
    const { task, seen } = this;
    if (!task || !seen) return nothing;
    const side = this.side;
    const square = (/** @type {Float64Array} */ data) => ({ shape: [side, side], data: Float32Array.from(data) });
    const most = (/** @type {Float64Array} */ data) =>
      data.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-12);
    const wanted = most(task.target);
    const off = Math.min(Math.max(most(seen.errors), wanted / 20), 1e30);
    const made = Math.min(Math.max(most(seen.prediction), wanted), 1e30);
    const [row, column] = [Math.floor(this.place / side), this.place % side];
    const window = [{ top: row, left: column, bottom: row + SIDE, right: column + SIDE }];
    const cell = [{ top: row, left: column, bottom: row + 1, right: column + 1 }];
    const plane = { shape: task.picture.shape.slice(1), data: task.picture.data };
    return [
      this.panel(t("The picture"), plane, "grey", null, window, nothing, -1),
      this.panel(
        t("What is wanted"),
        square(task.target),
        "diverging",
        { low: -wanted, high: wanted },
        cell,
        this.legend(wanted),
      ),
      this.panel(
        t("What it makes"),
        square(seen.prediction),
        "diverging",
        { low: -made, high: made },
        cell,
        this.legend(made),
      ),
      this.panel(
        t("Error: what it makes, less what is wanted"),
        square(seen.errors),
        "diverging",
        { low: -off, high: off },
        cell,
        this.legend(off),
      ),
      html`<figure class="learn-loss">
        <h3>${t("Loss: mean squared error")}</h3>
        <lente-chart
          logarithmic
          .x=${this.losses.map((_, step) => step)}
          .series=${[{ name: t("loss"), colour: "--ink", values: this.losses }]}
          label=${t("The loss over the steps")}
        ></lente-chart>
      </figure>`,
    ];
  }

  /** @param {number} most */
  legend(most) {
    return html`<lente-legend .low=${-most} .high=${most} map="diverging"></lente-legend>`;
  }

  /**
   * @param {string} title
   * @param {Tensor} tensor
   * @param {string} map
   * @param {{low: number, high: number} | null} range
   * @param {import("../shared/ui/lente-map.js").Box[]} touched
   * @param {unknown} legend
   * @param {number} [shift] from a cell of the map to the place whose window has it in the middle
   */
  panel(title, tensor, map, range, touched, legend, shift = 0) {
    const spread = valueRange(tensor.data).high;
    return html`<figure>
      <h3>${title}</h3>
      <lente-map
        .tensor=${tensor}
        .range=${range ?? { low: -spread, high: spread }}
        map=${map}
        .touched=${touched}
        label=${title}
        @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ event) => this.point(event.detail, shift)}
      ></lente-map>
      ${legend}
    </figure>`;
  }

  /** @param {{row: number, column: number} | null} cell @param {number} shift */
  point(cell, shift) {
    if (!cell) return;
    const at = (/** @type {number} */ value) => Math.min(Math.max(value + shift, 0), this.side - 1);
    this.emit("place", at(cell.row) * this.side + at(cell.column));
  }
}

customElements.define("lente-kernel-maps", LenteKernelMaps);
