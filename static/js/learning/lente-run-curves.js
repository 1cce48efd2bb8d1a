import { html, live, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import "../shared/ui/lente-chart.js";

/** @typedef {import("./server.js").Point} Point */

const LAYERS = ["conv1", "conv2", "dense1", "dense2"];
const LAYER_CLASSES = [0, 1, 4, 5];

/**
 * How runs get on: loss, digits read right and the gradients' sizes on one axis of steps, and a way back along it.
 * Rendered in the page.
 *
 * @fires look - {number | null} the step that is to be looked at, null for now
 */
export class LenteRunCurves extends LenteElement {
  static properties = { points: { attribute: false }, kept: { attribute: false }, at: { attribute: false } };

  constructor() {
    super();
    /** Of each run. @type {Point[][]} */ this.points = [];
    /** Steps that can be looked back at. @type {number[]} */ this.kept = [];
    /** @type {number | null} */ this.at = null;
  }

  render() {
    const { points, at } = this;
    if (!points.length) return nothing;
    const steps = [...new Set(points.flatMap((own) => own.map(({ step }) => step)))].sort((a, b) => a - b);
    const both = (/** @type {(point: Point) => number | null} */ train, /** @type {typeof train} */ test) => [
      ...this.series(steps, train, t("training"), true),
      ...this.series(steps, test, t("test"), false),
    ];
    const first = points[0].slice(1);
    return html`<div
      class="noise-charts"
      @chart-pick=${(/** @type {CustomEvent<number>} */ event) => this.emit("look", event.detail)}
    >
      <figure>
        <h3>${t("Loss")}</h3>
        <lente-chart
          .x=${steps}
          .series=${both(
            ({ loss }) => loss,
            (point) => point.test_loss,
          )}
          .at=${at}
          label=${t("Loss over the steps, training and test")}
        ></lente-chart>
      </figure>
      <figure>
        <h3>${t("Read right")}</h3>
        <lente-chart
          .x=${steps}
          .series=${both(
            ({ accuracy }) => accuracy,
            (point) => point.test_accuracy,
          )}
          .range=${[0, 1]}
          .at=${at}
          label=${t("Share of digits read right over the steps, training and test")}
        ></lente-chart>
      </figure>
      <figure>
        <h3>${t("Size of the gradients, layer by layer")}</h3>
        <lente-chart
          logarithmic
          .x=${first.map(({ step }) => step)}
          .series=${LAYERS.map((name, i) => ({ name, colour: `--class-${LAYER_CLASSES[i]}`, values: first.map(({ sizes }) => sizes[i]) }))}
          .at=${at}
          label=${t("Length of each layer's gradient over the steps")}
        ></lente-chart>
      </figure>
      ${this.scrubber()}
    </div>`;
  }

  /**
   * @param {number[]} steps
   * @param {(point: Point) => number | null} value
   * @param {string} name
   * @param {boolean} dashed
   */
  series(steps, value, name, dashed) {
    const many = this.points.length > 1;
    return this.points.map((points, i) => {
      const by = new Map(points.map((point) => [point.step, value(point)]));
      const values = steps.map((step) => by.get(step) ?? null);
      return { name: many ? `${i + 1}: ${name}` : name, colour: i ? "--class-1" : "--class-0", dashed, values };
    });
  }

  scrubber() {
    const { kept, at } = this;
    if (kept.length < 2) return nothing;
    const place = at === null ? kept.length : kept.findLastIndex((step) => step <= at);
    return html`<label class="noise-scrub" data-hideable="scrub"
      >${t("Look back")}
      <input
        type="range"
        min="0"
        max=${kept.length}
        data-part="scrub"
        .value=${live(String(place))}
        aria-valuetext=${at === null ? t("now") : t("step {step}", { step: at })}
        @input=${(/** @type {Event} */ event) => {
          const chosen = Number(/** @type {HTMLInputElement} */ (event.target).value);
          this.emit("look", chosen >= kept.length ? null : kept[chosen]);
        }}
      />
      <output aria-live="off" data-part="looked"
        >${at === null ? t("now") : t("step {step}", { step: formatNumber(at) })}</output
      ></label
    >`;
  }
}

customElements.define("lente-run-curves", LenteRunCurves);
