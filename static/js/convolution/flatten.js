import { html, nothing } from "vendor/lit";
import { t } from "../frame/i18n.js";
import { gridStep } from "../shared/ui/grid_keys.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./lente-convolution.js").LenteConvolution} Stage
 */

/** Where a value of the flattened list comes from. @param {import("./state.js").ConvolutionState} state @param {Run} run */
export function flatPlace(state, run) {
  const [, height, width] = run.input.shape;
  const index = state.unit[2];
  const [channel, row, column] = [
    Math.floor(index / (height * width)),
    Math.floor(index / width) % height,
    index % width,
  ];
  const several = run.input.shape[0] > 1;
  return html`<p class="flat-place">
    <output aria-live="off"
      >${several ? html`${channel} × ${height * width} + ` : nothing}${row} × ${width} + ${column} =
      <strong data-result>${index}</strong></output
    ><br />
    <span class="small"
      >${several ? t("channel × values of a channel + row × width + column = place in the list, counted from 0") : t("row × width + column = place in the list, counted from 0")}</span
    >
  </p>`;
}

/** Fifteen values of the flattened list, the touched one in their middle. @param {Stage} stage @param {Run} run */
export function flatList({ model, format }, { output }) {
  const index = model.state.unit[2];
  const count = Math.min(output.data.length, 15);
  const first = Math.min(Math.max(index - 7, 0), output.data.length - count);
  const columns = Math.min(count, 9);
  const full = Math.ceil(count / columns) * columns;
  const values = Array.from(output.data.slice(first, first + full));
  const numbers = values.map((_, i) => i + first);
  const places = t("places {first} to {last} of {count}", {
    first,
    last: first + values.length - 1,
    count: output.data.length,
  });
  return html`<div
      class="flat-list"
      role="application"
      aria-label=${t("The flattened list")}
      tabindex="0"
      @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(model, event)}
    >
      ${values.map(
        (value, i) =>
          html` <button
            type="button"
            tabindex="-1"
            class="flat-value"
            data-touched=${numbers[i] === index}
            data-hidden=${numbers[i] >= model.shown}
            @pointerenter=${() => model.point([0, 0, numbers[i]])}
            @click=${() => model.point([0, 0, numbers[i]])}
          >
            <small>${numbers[i]}</small
            ><output aria-live="off">${numbers[i] >= model.shown ? "·" : format(value)}</output>
          </button>`,
      )}
    </div>
    <p class="small">${output.data.length > full ? places : ""}</p>`;
}

/** @param {import("./model.js").ConvolutionModel} model @param {KeyboardEvent} event */
function onKey(model, event) {
  const step = gridStep(event, [1, model.run?.output.data.length ?? 0]); // a list: up is before, down is after
  if (!step) return;
  event.preventDefault();
  model.moveInList(step[1] || step[0]);
}
