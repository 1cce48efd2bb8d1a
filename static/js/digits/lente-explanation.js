import { css, html, nothing } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme } from "../frame/theme.js";
import { operationWords, unitWords } from "../shared/layer_words.js";
import { formatNumber } from "../shared/numbers.js";
import { unitIndex, unitOf } from "../shared/units.js";
import { explainUnit } from "./explain_unit.js";
import {
  convolutionTerms,
  denseTerms,
  flattenTerms,
  inputTerms,
  poolTerms,
  reluTerms,
  softmaxTerms,
} from "./explanation_terms.js";

/**
 * @typedef {import("./flat/layout.js").UnitPlace} UnitPlace
 * @typedef {import("./explain_unit.js").Term} Term
 */

const VIEWS = {
  conv2d: convolutionTerms,
  linear: denseTerms,
  max_pool2d: poolTerms,
  relu: reluTerms,
  flatten: flattenTerms,
  softmax: softmaxTerms,
  input: inputTerms,
};

/**
 * The arithmetic of one unit, written out; every input leads on to its own, back to the pixels.
 *
 * @fires unit-pin - {layer, unit} of the input that was chosen, or of the unit one step back
 * @fires unit-touch - {layer, unit} of the input under the cursor, or null
 */
export class LenteExplanation extends ShadowElement {
  static properties = {
    layers: { attribute: false },
    weights: { attribute: false },
    activations: { attribute: false },
    silenced: { attribute: false },
    selected: { attribute: false },
    channel: { state: true },
    touched: { state: true },
    whole: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      font: var(--size-figure)/1.4 var(--figures);
      font-variant-numeric: tabular-nums;
    }
    header {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      font-family: var(--prose);
    }
    h2 {
      font-size: 0.95rem;
      margin: 0;
      font-weight: 650;
      line-height: 1.25;
      flex: 1;
    }
    h2 small {
      display: block;
      font-weight: 400;
      font-size: var(--size-small);
      color: var(--ink-soft);
    }
    .value {
      font-size: 1.25rem;
      font-weight: 700;
    }
    button {
      all: unset;
      cursor: pointer;
      border-radius: 3px;
    }
    button:hover {
      color: var(--touch);
    }
    button:focus-visible,
    canvas:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 1px;
    }
    .back {
      border: 1px solid var(--line-strong);
      border-radius: var(--round);
      padding: 0.1rem 0.5rem;
      font-family: var(--prose);
      font-size: var(--size-small);
    }
    .say {
      font: var(--size-small)/1.35 var(--prose);
      color: var(--ink-soft);
      margin: 0.25rem 0;
    }
    .trio {
      display: grid;
      grid-template-columns: 1fr auto 1fr auto 1fr;
      gap: 0.3rem;
      align-items: center;
      text-align: center;
    }
    .trio canvas {
      width: 100%;
      aspect-ratio: 1;
      image-rendering: pixelated;
      display: block;
      border: 1px solid var(--line);
      cursor: crosshair;
    }
    .trio .name {
      font: var(--size-small)/1.2 var(--prose);
      color: var(--ink-soft);
    }
    .cell {
      position: relative;
    }
    .mark {
      position: absolute;
      box-sizing: border-box;
      border: 2px solid var(--touch);
      pointer-events: none;
    }
    .equation {
      min-height: 1.5em;
      margin: 0.3rem 0;
    }
    .channels {
      margin-top: 0.5rem;
      display: grid;
      grid-template-columns: auto 1fr auto;
      gap: 0.15rem 0.6rem;
      align-items: center;
    }
    .channels button {
      display: grid;
      grid-template-columns: subgrid;
      grid-column: 1 / -1;
      align-items: center;
    }
    .channels canvas {
      width: 100%;
      max-width: 6.4rem;
      aspect-ratio: 17 / 5;
      image-rendering: pixelated;
      display: block;
    }
    .channels [aria-pressed="true"] > span {
      font-weight: 700;
    }
    .channels button > :last-child {
      text-align: right;
    }
    table {
      border-collapse: collapse;
      width: 100%;
    }
    td,
    th {
      padding: 0.06rem 0.25rem;
      text-align: right;
      font-weight: 400;
      white-space: nowrap;
    }
    th {
      font-family: var(--prose);
      font-size: var(--size-small);
      color: var(--ink-soft);
    }
    td:first-child,
    th:first-child {
      text-align: left;
      padding-left: 0;
    }
    tr.own td {
      font-weight: 700;
    }
    tr.sum td {
      border-top: 1px solid var(--line-strong);
    }
    tr.total td {
      font-weight: 700;
    }
    .bar {
      display: inline-block;
      width: 2.4rem;
      height: 0.7em;
      position: relative;
      background: linear-gradient(var(--line-strong), var(--line-strong)) center / 1px 100% no-repeat;
    }
    .bar i {
      position: absolute;
      inset-block: 0;
    }
    .window {
      display: inline-grid;
      gap: 2px;
      margin: 0.3rem 0;
    }
    .window button {
      padding: 0.35rem 0.6rem;
      border: 1px solid var(--line);
      text-align: right;
      min-width: 4.5rem;
      box-sizing: border-box;
    }
    .window button[data-winner] {
      font-weight: 700;
      border: 2px solid var(--ink);
    }
    .more {
      text-decoration: underline;
      text-underline-offset: 0.2em;
      font: var(--size-small) var(--prose);
    }
    @media (pointer: coarse) {
      td button,
      .more,
      .back {
        display: inline-block;
        min-height: 1.6rem;
        min-width: 1.6rem;
      }
    }
    @media print {
      .back {
        display: none;
      }
    }
    .off {
      color: var(--bad);
      font-family: var(--prose);
    }
  `;

  constructor() {
    super();
    /** @type {import("./forward.js").Layer[]} */ this.layers = [];
    /** @type {import("./forward.js").Weights | null} */ this.weights = null;
    /** @type {import("./forward.js").Activations | null} */ this.activations = null;
    /** @type {import("./forward.js").Silenced} */ this.silenced = {};
    /** @type {UnitPlace | null} */ this.selected = null;
    /** Channel of a convolution's input that is shown large; the strongest if null. @type {number | null} */ this.channel =
      null;
    /** Index of the term under the cursor. @type {number | null} */ this.touched = null;
    this.whole = false;
    /** Where the walk came from. @type {UnitPlace[]} */ this.trail = [];
    addressed(this, { channel: { name: "explained", first: null, accepts: wholeFrom(0) } });
    repaintOnTheme(this, () => this.requestUpdate());
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    const before = changed.get("selected");
    if (!before || (before.layer === this.selected?.layer && before.index === this.selected?.index)) return;
    this.channel = this.touched = null;
    this.whole = false;
  }

  render() {
    if (!this.selected || !this.activations || !this.weights)
      return html`<p class="say">${t("Click a unit of the network to see where its number comes from.")}</p>`;
    const { layer } = this.selected;
    const { shape } = this.activations[layer];
    const unit = unitOf(shape, this.selected.index);
    const explanation = explainUnit(this.layers, this.weights, this.activations, layer, unit);
    const operation = this.layers.find(({ name }) => name === layer);
    const view = VIEWS[/** @type {keyof typeof VIEWS} */ (explanation.operation)];
    return html`<header>
        ${this.trail.length ? html`<button type="button" class="back" @click=${this.back} title=${t("One step back")}>←</button>` : nothing}
        <h2>${unitWords(layer, unit)}<small>${operation ? operationWords(operation) : t("a pixel")}</small></h2>
        <output aria-live="off" class="value">${formatNumber(explanation.value, 4)}</output>
      </header>
      ${this.silenced[layer]?.includes(unit[0]) ? html`<p class="off">${t("This unit is switched off: it gives 0, whatever its inputs say.")}</p>` : view(this, explanation, unit)}`;
  }

  updated() {
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement & {paint?: (canvas: HTMLCanvasElement) => void}>} */ (
      this.renderRoot.querySelectorAll("canvas")
    ))
      canvas.paint?.(canvas);
  }

  /** @param {Term} term */
  walk(term) {
    if (!this.inside(term) || !this.selected) return;
    this.trail = [...this.trail, this.selected].slice(-30);
    const focused = /** @type {ShadowRoot} */ (this.renderRoot).activeElement !== null;
    this.send("unit-pin", term);
    if (focused) this.keepFocus();
  }

  /** What was focused is gone with the unit that it belonged to: the way back takes its place. */
  async keepFocus() {
    await this.updateComplete;
    if (!(/** @type {ShadowRoot} */ (this.renderRoot).activeElement))
      /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("canvas[tabindex], .back"))?.focus();
  }

  back() {
    const last = /** @type {UnitPlace} */ (this.trail[this.trail.length - 1]);
    this.trail = this.trail.slice(0, -1);
    const shape = this.activations?.[last.layer].shape ?? [];
    this.send("unit-pin", { layer: last.layer, unit: unitOf(shape, last.index) });
  }

  /** Whether a term reads a unit, and not the padding around a map. @param {Term} term */
  inside({ layer, unit }) {
    const shape = this.activations?.[layer].shape ?? [];
    return unit.every((at, dimension) => at >= 0 && at < shape[dimension]);
  }

  /** @param {Term | null} term @param {number | null} index */
  touch(term, index) {
    if (index === this.touched) return;
    this.touched = index;
    this.send("unit-touch", term && this.inside(term) ? term : null);
  }

  /** @param {"unit-pin" | "unit-touch"} name @param {{layer: string, unit: number[]} | null} place */
  send(name, place) {
    const detail = place && {
      layer: place.layer,
      unit: place.unit,
      index: unitIndex(this.activations?.[place.layer].shape ?? [], place.unit),
    };
    this.emit(name, detail);
  }
}

customElements.define("lente-explanation", LenteExplanation);
