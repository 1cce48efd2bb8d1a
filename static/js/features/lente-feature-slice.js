import { html, nothing } from "vendor/lit";
import { calm } from "../frame/calm.js";
import { LenteElement, notice } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { withEdit } from "./edits.js";
import { fetchKernels } from "./server.js";
import { strongestSlices } from "./terms.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix-editor.js";
import "../shared/ui/lente-number.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("../frame/edit_codec.js").KernelEdit} KernelEdit
 * @typedef {import("./terms.js").Slice} Slice
 */

/** Slices to choose from: as many as a list can bear. */
const MOST = 2048;

/**
 * One slice of a kernel, to change: a weight at a time, all at once, or typed. Rendered in the page.
 *
 * @fires choose - part of the page's state
 */
export class LenteFeatureSlice extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { type: String },
    output: { type: Number },
    fromPicture: { type: Boolean },
    weight: { state: true },
    input: { state: true },
    cell: { state: true },
    hovered: { state: true },
    fault: { state: true },
    wrong: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** Name of the layer that has the weights; "" where there are none to change. */ this.layer = "";
    /** Number of the map that the kernel makes. */ this.output = 0;
    this.fromPicture = false;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.weight = null;
    /** Number of the map that the slice reads; null for that of the largest norm. @type {number | null} */ this.input =
      null;
    /** The weight that the number field changes. @type {import("../shared/ui/lente-map.js").Cell} */ this.cell = {
      row: 0,
      column: 0,
    };
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.hovered = null;
    addressed(this, { input: { name: "slice", first: null, accepts: wholeFrom(0) } });
    this.fault = "";
    /** What is wrong with what was typed. */ this.wrong = "";
    this.asked = "";
    this.load = newest(
      (/** @type {string} */ network, /** @type {string} */ layer) => calm().then(() => fetchKernels(network, layer)),
      ({ tensors }, network, layer) => {
        if (`${network} ${layer}` === this.asked) Object.assign(this, { weight: tensors.weight, fault: "" });
      },
      (error) => (this.fault = error.message),
    );
  }

  willUpdate() {
    const { layer, state } = this;
    const asked = layer && state ? `${state.network} ${layer}` : "";
    if (asked === this.asked) return;
    if (this.asked) this.input = null;
    this.asked = asked;
    this.weight = null;
    if (state && layer) this.load(state.network, layer);
  }

  /** Every slice, the largest norm first. @returns {Slice[]} */
  get slices() {
    return this.weight && this.output < this.weight.shape[0] ? strongestSlices(this.weight, this.output, MOST) : [];
  }

  render() {
    const { slices, state } = this;
    if (this.fault) return notice(this.fault);
    if (!slices.length || !state) return nothing;
    const slice = slices.find(({ input }) => input === this.input) ?? slices[0];
    const values = this.valuesOf(slice);
    const [rows, columns] = slice.tensor.shape;
    const { row, column } = this.cell.row < rows && this.cell.column < columns ? this.cell : { row: 0, column: 0 };
    const at = this.hovered ?? { row, column };
    const end = valueRange([...slice.tensor.data, ...values.flat()]).high || 1;
    const tensor = { shape: [rows, columns], data: Float32Array.from(values.flat()) };
    const label = t("Weight in row {row}, column {column}", { row: row + 1, column: column + 1 });
    return html`<div class="slice" @fault=${(/** @type {CustomEvent<string>} */ event) => (this.wrong = event.detail)}>
      <label class="above"
        >${t("Kernel of map {map}: its slice", { map: this.output })}
        <select
          data-field="slice"
          @change=${(/** @type {Event} */ event) => (this.input = Number(/** @type {HTMLSelectElement} */ (event.target).value))}
        >
          ${slices.map((each) => html`<option value=${each.input} ?selected=${each === slice}>${this.nameOf(each)}</option>`)}
        </select></label
      >
      <lente-map
        class="slice-map"
        .tensor=${tensor}
        .range=${{ low: -end, high: end }}
        map="diverging"
        .touched=${[{ top: at.row, left: at.column, bottom: at.row + 1, right: at.column + 1 }]}
        label=${t("Weights of the slice")}
        @cell=${this.onCell}
        @pin=${this.onCell}
      ></lente-map>
      <div class="slice-tools">
        <label class="slice-weight"
          >${label}<lente-number
            data-field="weight"
            .value=${values[row][column]}
            step="0.05"
            .label=${label}
            @number=${(/** @type {CustomEvent<number>} */ event) =>
              this.change(
                slice,
                values.map((line, r) => line.map((value, c) => (r === row && c === column ? event.detail : value))),
              )}
          ></lente-number
        ></label>
        <div class="row">
          <button
            type="button"
            data-do="zero"
            @click=${() =>
              this.change(
                slice,
                values.map((line) => line.map(() => 0)),
              )}
          >
            ${t("All zero")}
          </button>
          ${rows * columns > 1 ? html`<button type="button" data-do="mean" @click=${() => this.change(slice, evened(values))}>${t("All alike")}</button>` : nothing}
          <button
            type="button"
            data-do="negate"
            @click=${() =>
              this.change(
                slice,
                values.map((line) => line.map((value) => -value)),
              )}
          >
            ${t("Turn the sign")}
          </button>
        </div>
        ${notice(this.wrong)}
        ${rows * columns > 1 ? html`<lente-matrix-editor kept .matrix=${values} @matrix=${(/** @type {CustomEvent<number[][]>} */ event) => this.change(slice, event.detail)}></lente-matrix-editor>` : nothing}
      </div>
    </div>`;
  }

  /** @param {Slice} slice */
  nameOf({ input, norm }) {
    const colour = this.fromPicture ? ["R", "G", "B"][input] : undefined;
    return t("{from}, norm {norm}", {
      from: colour ?? t("from map {map}", { map: input }),
      norm: formatNumber(norm, 2),
    });
  }

  /** The slice's weights as they are now. @param {Slice} slice @returns {number[][]} */
  valuesOf({
    input,
    tensor: {
      shape: [rows, columns],
      data,
    },
  }) {
    const edit = /** @type {KernelEdit | undefined} */ (
      this.state?.edits.find(
        (each) =>
          each.edit === "kernel" && each.layer === this.layer && each.output === this.output && each.input === input,
      )
    );
    if (edit) return typeof edit.values === "number" ? [[edit.values]] : edit.values;
    return Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)));
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell(event) {
    event.stopPropagation();
    this.hovered = event.detail;
    if (event.detail && event.type === "pin") this.cell = event.detail;
  }

  /** @param {Slice} slice @param {number[][]} values */
  change(
    {
      input,
      tensor: {
        shape: [rows, columns],
      },
    },
    values,
  ) {
    if (!this.state || !this.weight) return;
    const fits = values.length === rows && values[0].length === columns;
    this.wrong = fits
      ? ""
      : t("The slice has {rows} × {columns} weights; yours are {found}.", {
          rows,
          columns,
          found: `${values.length} × ${values[0].length}`,
        });
    if (!fits) return;
    const dense = this.weight.shape.length === 2;
    /** @type {KernelEdit} */
    const edit = {
      edit: "kernel",
      layer: this.layer,
      output: this.output,
      input,
      values: dense ? values[0][0] : values,
    };
    this.emit("choose", { edits: withEdit(this.state.edits, edit) });
  }
}

/** Every weight their mean. @param {number[][]} values */
function evened(values) {
  const all = values.flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return values.map((line) => line.map(() => mean));
}

customElements.define("lente-feature-slice", LenteFeatureSlice);
