import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { accepting } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap } from "../shared/colours.js";
import { exactNumber } from "../shared/numbers.js";
import { paintPlanes, partialPlanes } from "./painting.js";
import { CHANNEL_NAMES } from "./words.js";
import "../shared/ui/lente-picture.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

const PACE = 900;
const LONGEST_WAIT = 150;

/**
 * The partial pictures of a kernel cube, their sum, and the sum with divisor and bias; each slice can be switched off.
 * All share one range of colours, so that the sum can be seen. Rendered in the page.
 *
 * @fires point - the cell under the cursor
 */
export class LentePartials extends LenteElement {
  static properties = {
    padded: { attribute: false },
    kernel: { attribute: false },
    window: { attribute: false },
    divisor: { type: Number },
    bias: { type: Number },
    unit: { attribute: false },
    on: { state: true },
  };

  constructor() {
    super();
    /** @type {Tensor} (3, H, W) */ this.padded = { shape: [3, 1, 1], data: new Float32Array(3) };
    /** @type {number[][][]} */ this.kernel = [[[1]], [[1]], [[1]]];
    /** @type {import("./run.js").Window} */ this.window = /** @type {any} */ (null);
    this.divisor = 1;
    this.bias = 0;
    /** @type {[number, number, number]} */ this.unit = [0, 0, 0];
    /** Which slices add to the sum. */ this.on = [true, true, true];
    addressed(this, {
      on: {
        name: "slices",
        first: "111",
        accepts: accepting((figures) => /^[01]{3}$/.test(figures), "three_switches"),
        read: (figures) => Array.from(figures, (/** @type {string} */ one) => one === "1"),
        write: (on) => on.map(Number).join(""),
      },
    });
    /** @type {{title: string, plane: Tensor, pixels: Uint8ClampedArray<ArrayBuffer>}[]} */ this.shown = [];
    this.range = 1;
    /** @type {number[][][] | null} the kernel that is shown */ this.made = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    repaintOnTheme(this, () => this.requestUpdate("padded"));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** The stage's own picture is on the screen first, these follow when the page has nothing else to do. */
  async scheduleUpdate() {
    if (this.made !== this.kernel)
      await new Promise((resume) => requestIdleCallback(resume, { timeout: LONGEST_WAIT }));
    this.made = this.kernel;
    super.scheduleUpdate();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (["padded", "kernel", "window", "divisor", "bias", "on"].some((name) => changed.has(name))) this.compute();
  }

  compute() {
    const { parts, sum } = partialPlanes(this.padded, this.kernel, this.window, this.on);
    const answer = { shape: sum.shape, data: finished(sum.data, this.divisor, this.bias) };
    const range = [...parts, sum].reduce((most, { data }) => Math.max(most, largest(data)), 0) || 1;
    const colours = colourMap("diverging", theme());
    const paint = (/** @type {Tensor} */ plane, /** @type {number} */ high) =>
      paintPlanes(plane, { low: -high, high, absolute: false, coloured: true }, colours);
    this.range = range;
    const plain = this.divisor === 1 && this.bias === 0;
    this.shown = [
      ...parts.map((plane, i) => ({ title: t(CHANNEL_NAMES[i]), plane, pixels: paint(plane, range) })),
      { title: t("Their sum"), plane: sum, pixels: paint(sum, range) },
      ...(plain ? [] : [{ title: this.lastTitle(), plane: answer, pixels: paint(answer, largest(answer.data) || 1) }]),
    ];
  }

  lastTitle() {
    const steps = [];
    if (this.divisor !== 1) steps.push(`÷ ${exactNumber(this.divisor)}`);
    if (this.bias !== 0) steps.push(`+ ${exactNumber(this.bias)}`);
    return steps.join(" ");
  }

  render() {
    const [, row, column] = this.unit;
    const box = { top: row, left: column, bottom: row + 1, right: column + 1 };
    const colours = t("All four in the same colours: blue below zero, orange above, full at {range}.", {
      range: exactNumber(this.range, 3),
    });
    return html`<div class="partials" data-count=${this.shown.length}>
        ${this.shown.map(
          ({ title, plane, pixels }, i) =>
            html`<figure class="partial" data-on=${i > 2 || this.on[i]}>
              <figcaption>
                ${i < 3 ? this.toggle(title, i) : html`<span>${title}</span>`}<output aria-live="off"
                  >${exactNumber(plane.data[row * plane.shape[2] + column], 5)}</output
                >
              </figcaption>
              <lente-picture
                .pixels=${pixels}
                .columns=${plane.shape[2]}
                .touched=${[box]}
                label=${title}
                @cell=${this.onCell}
              ></lente-picture>
            </figure>`,
        )}
      </div>
      <div class="row">
        <button type="button" data-do="one-by-one" @click=${this.oneByOne}>${t("Add them one by one")}</button>
        <span class="small">${colours}</span>
      </div>`;
  }

  /** @param {string} title @param {number} i */
  toggle(title, i) {
    return html`<label
      ><input
        type="checkbox"
        data-slice=${i}
        .checked=${this.on[i]}
        @change=${() => this.set(this.on.map((one, j) => (i === j ? !one : one)))}
      />${title}</label
    >`;
  }

  /** @param {boolean[]} on */
  set(on) {
    clearTimeout(this.timer);
    this.on = on;
  }

  oneByOne() {
    const show = (/** @type {number} */ count) => {
      this.set([0, 1, 2].map((i) => i < count));
      if (count < 3) this.timer = setTimeout(() => show(count + 1), PACE);
    };
    show(0);
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell(event) {
    event.stopPropagation();
    if (event.detail) this.tell("point", event.detail);
  }
}

/** A loop, which takes a tenth of the time of Float32Array.from. @param {ArrayLike<number>} sum @param {number} divisor @param {number} bias */
function finished(sum, divisor, bias) {
  const values = new Float32Array(sum.length);
  for (let i = 0; i < values.length; i++) values[i] = sum[i] / divisor + bias;
  return values;
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most) most = size;
  }
  return most;
}

customElements.define("lente-partials", LentePartials);
