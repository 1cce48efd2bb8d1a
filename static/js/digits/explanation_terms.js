import { html, nothing, styleMap } from "vendor/lit";
import { t } from "../frame/i18n.js";
import { marked } from "../frame/decimal.js";
import { theme } from "../frame/theme.js";
import { colourMap, colourise, valueRange } from "../shared/colours.js";
import { unitWords } from "../shared/layer_words.js";
import { formatNumber } from "../shared/numbers.js";
import { strongest, sumOf } from "../shared/statistics.js";
import { byChannel } from "./explain_unit.js";
import { gridPlace } from "../shared/ui/grid_keys.js";

/**
 * @typedef {import("./lente-explanation.js").LenteExplanation} Host
 * @typedef {import("./explain_unit.js").Explanation} Explanation
 * @typedef {import("./explain_unit.js").Term} Term
 */

const FIRST = 10;

/** @param {number} value */
const exact = (value) => formatNumber(value, 4);

/** The window's inputs, the kernel as it is applied, their products; channel by channel. @param {Host} host @param {Explanation} explanation */
export function convolutionTerms(host, explanation) {
  const channels = byChannel(explanation.terms);
  const shown = channels.find(({ channel }) => channel === host.channel) ?? channels[0];
  const [rows, columns] = host.layers.find(({ name }) => name === host.selected?.layer)?.options.kernel_size ?? [1, 1];
  const ranges = rangesOf(host, explanation);
  const touched = host.touched === null ? null : shown.terms[host.touched];
  const several = channels.length > 1;
  return html` ${several ? html`<p class="say">${t("Map {channel} of {layer}, one of the {count} that it reads:", { channel: shown.channel, layer: shown.terms[0].layer, count: channels.length })}</p>` : nothing}
    <div class="trio">
      ${["input", "weight", "product"].map(
        (name, i) =>
          html`${i ? html`<span>${i === 1 ? "×" : "="}</span>` : nothing}
          ${pane(host, shown.terms, /** @type {"input"} */ (name), rows, columns, ranges)}`,
      )}
      <span class="name">${t("window")}</span><span></span><span class="name">${t("kernel")}</span><span></span
      ><span class="name">${t("products")}</span>
    </div>
    <div class="equation">
      ${touched ? equation(host, touched) : html`<span class="say">${t("Point at a cell; click it to walk on.")}</span>`}
    </div>
    ${totals(explanation, several ? t("sum of the {count} maps", { count: channels.length }) : t("sum of the {count} products", { count: shown.terms.length }))}
    ${several ? channelList(host, channels, shown.channel, rows, columns, ranges) : nothing}`;
}

/** @param {Host} host @param {Explanation} explanation */
function rangesOf(host, { terms }) {
  const input = host.activations?.[terms[0].layer].data ?? [];
  return {
    input: terms[0].layer === "input" ? { low: 0, high: 1, grey: true } : valueRange(input),
    weight: valueRange(terms.map(({ weight }) => weight)),
    product: valueRange([...terms.map(({ product }) => product), -1e-9]),
  };
}

/**
 * @param {Host} host
 * @param {Term[]} terms
 * @param {"input" | "weight" | "product"} name
 * @param {number} rows
 * @param {number} columns
 * @param {ReturnType<typeof rangesOf>} ranges
 */
function pane(host, terms, name, rows, columns, ranges) {
  const at = (/** @type {MouseEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const row = Math.min(Math.floor(((event.clientY - box.top) / box.height) * rows), rows - 1);
    return (
      Math.max(row, 0) * columns +
      Math.min(Math.max(Math.floor(((event.clientX - box.left) / box.width) * columns), 0), columns - 1)
    );
  };
  const touch = (/** @type {MouseEvent} */ event) => host.touch(terms[at(event)], at(event));
  const paint = (/** @type {HTMLCanvasElement} */ canvas) =>
    paintValues(
      canvas,
      terms.map((term) => term[name]),
      columns,
      ranges[name],
    );
  const cell = host.touched;
  const mark =
    cell === null
      ? nothing
      : html`<span
          class="mark"
          style=${styleMap({ left: `${(100 * (cell % columns)) / columns}%`, top: `${(100 * Math.floor(cell / columns)) / rows}%`, width: `${100 / columns}%`, height: `${100 / rows}%` })}
        ></span>`;
  const focusable = name === "input";
  return html`<span class="cell"
    ><canvas
      width=${columns}
      height=${rows}
      data-part=${name}
      .paint=${paint}
      @pointermove=${touch}
      @pointerleave=${() => host.touch(null, null)}
      role=${focusable ? "application" : nothing}
      tabindex=${focusable ? "0" : nothing}
      aria-label=${focusable ? t("The window: arrow keys choose a cell, Enter walks on to it") : nothing}
      @keydown=${(/** @type {KeyboardEvent} */ event) => focusable && onPaneKey(event, host, terms, columns)}
      @click=${(/** @type {MouseEvent} */ event) => host.walk(terms[at(event)])}
    ></canvas
    >${mark}</span
  >`;
}

/** @param {KeyboardEvent} event @param {Host} host @param {Term[]} terms @param {number} columns */
function onPaneKey(event, host, terms, columns) {
  const next = gridPlace(event, host.touched ?? 0, columns, terms.length);
  if (event.key === "Enter" && host.touched !== null) host.walk(terms[host.touched]);
  else if (event.key === "Escape") host.touch(null, null);
  else if (next === null) return;
  else if (host.touched === null && event.key.startsWith("Arrow")) host.touch(terms[0], 0);
  else host.touch(terms[next], next);
  event.preventDefault();
}

/** @param {HTMLCanvasElement} canvas @param {number[]} values @param {number} columns @param {{low: number, high: number, grey?: boolean}} range @param {number} [left] */
function paintValues(canvas, values, columns, { low, high, grey }, left = 0) {
  const map = colourMap(grey ? "grey" : low < 0 ? "diverging" : "sequential", theme());
  const pixels = new Uint8ClampedArray(/** @type {ArrayBuffer} */ (colourise(values, map, low, high).buffer));
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, columns), left, 0);
}

/** @param {Host} host @param {Term} term */
function equation(host, term) {
  const outside = host.inside(term) ? nothing : html` <span class="say">${t("(padding)")}</span>`;
  return html`${exact(term.input)} × ${exact(term.weight)} = ${exact(term.product)}${outside}`;
}

/**
 * @param {Host} host
 * @param {import("./explain_unit.js").ChannelTerms[]} channels
 * @param {number} shown
 * @param {number} rows
 * @param {number} columns
 * @param {ReturnType<typeof rangesOf>} ranges
 */
function channelList(host, channels, shown, rows, columns, ranges) {
  return html`<div class="channels">
    ${channels.map(({ channel, terms, sum }) => {
      const paint = (/** @type {HTMLCanvasElement} */ canvas) => {
        for (const [i, name] of /** @type {const} */ (["input", "weight", "product"]).entries())
          paintValues(
            canvas,
            terms.map((term) => term[name]),
            columns,
            ranges[name],
            i * (columns + 1),
          );
      };
      return html`<button type="button" aria-pressed=${channel === shown} @click=${() => (host.channel = channel)}>
        <span>${t("map {channel}", { channel })}</span
        ><canvas width=${3 * columns + 2} height=${rows} .paint=${paint}></canvas><span>${exact(sum)}</span>
      </button>`;
    })}
  </div>`;
}

/** The last lines of every sum. @param {Explanation} explanation @param {string} words */
function totals({ terms, bias, value }, words) {
  const sum = sumOf(terms);
  return html`<table>
    <tr class="sum">
      <td>${words}</td>
      <td data-part="sum">${exact(sum)}</td>
    </tr>
    <tr>
      <td>${t("bias")}</td>
      <td data-part="bias">${exact(bias ?? 0)}</td>
    </tr>
    <tr class="sum total">
      <td>${t("together")}</td>
      <td title=${marked(String(value))} data-part="together">${exact(sum + (bias ?? 0))}</td>
    </tr>
  </table>`;
}

/** @param {Host} host @param {Explanation} explanation */
export function denseTerms(host, explanation) {
  const { first, others, rest } = strongest(explanation.terms, host.whole ? explanation.terms.length : FIRST);
  const most = Math.abs(first[0].product) || 1;
  return html`<p class="say">
      ${t("Every unit of {layer} times its weight, the strongest first:", { layer: first[0].layer })}
    </p>
    <table>
      <thead>
        <tr>
          <th>${first[0].layer}</th>
          <th>${t("input")}</th>
          <th>${t("weight")}</th>
          <th>${t("product")}</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${first.map(
          (term) =>
            html`<tr
              @pointerenter=${() => host.touch(term, term.unit[0])}
              @pointerleave=${() => host.touch(null, null)}
            >
              <td><button type="button" @click=${() => host.walk(term)}>${term.unit[0]}</button></td>
              <td>${formatNumber(term.input, 3)}</td>
              <td>${formatNumber(term.weight, 3)}</td>
              <td>${exact(term.product)}</td>
              <td>${bar(term.product / most)}</td>
            </tr>`,
        )}
        ${
          others
            ? html`<tr>
                <td colspan="3">
                  <button type="button" class="more" @click=${() => (host.whole = true)}>
                    ${t("the other {count}", { count: others })}
                  </button>
                </td>
                <td>${exact(rest)}</td>
                <td></td>
              </tr>`
            : nothing
        }
      </tbody>
    </table>
    ${totals(explanation, t("sum of the {count} products", { count: explanation.terms.length }))}`;
}

/** @param {number} share -1 to 1 */
function bar(share) {
  const colour = colourMap("diverging", theme())[share < 0 ? 40 : 215];
  const width = `${50 * Math.abs(share)}%`;
  const background = `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
  return html`<span class="bar"
    ><i style=${styleMap({ width, background, left: share < 0 ? `${50 - 50 * Math.abs(share)}%` : "50%" })}></i
  ></span>`;
}

/** @param {Host} host @param {Explanation} explanation */
export function poolTerms(host, explanation) {
  const columns = host.layers.find(({ name }) => name === host.selected?.layer)?.options.kernel_size?.[1] ?? 2;
  return html`<p class="say">${t("The largest of the window is kept, the others are forgotten:")}</p>
    <div class="window" style=${styleMap({ gridTemplateColumns: `repeat(${columns}, auto)` })}>
      ${explanation.terms.map(
        (term, i) =>
          html`<button
            type="button"
            ?data-winner=${term.weight === 1}
            @click=${() => host.walk(term)}
            @pointerenter=${() => host.touch(term, i)}
            @pointerleave=${() => host.touch(null, null)}
          >
            ${exact(term.input)}
          </button>`,
      )}
    </div>`;
}

/** @param {Host} host @param {Explanation} explanation */
export function reluTerms(host, { terms: [term], value }) {
  return html`<p class="say">${t("What is negative becomes 0, the rest stays:")}</p>
    <p>
      max(0, <button type="button" class="more" @click=${() => host.walk(term)}>${exact(term.input)}</button>) =
      ${exact(value)}
    </p>`;
}

/** @param {Host} host @param {Explanation} explanation */
export function flattenTerms(host, { terms: [term] }) {
  return html`<p class="say">
    ${t("Nothing is computed: map after map and row after row, all numbers are put into one line. This one comes from")}
    <button type="button" class="more" @click=${() => host.walk(term)}>${unitWords(term.layer, term.unit)}</button>.
  </p>`;
}

/** @param {Host} host @param {Explanation} explanation @param {number[]} unit */
export function softmaxTerms(host, { terms, value }, [own]) {
  const sum = sumOf(terms);
  const largest = Math.max(...terms.map(({ input }) => input));
  return html`<p class="say">
      ${t("e to the power of each score (less the largest, {largest}), as a share of the sum:", { largest: exact(largest) })}
    </p>
    <table>
      <thead>
        <tr>
          <th>${terms[0].layer}</th>
          <th>${t("score")}</th>
          <th>e<sup>x</sup></th>
          <th>${t("share")}</th>
        </tr>
      </thead>
      <tbody>
        ${terms.map(
          (term, i) =>
            html`<tr
              class=${i === own ? "own" : ""}
              @pointerenter=${() => host.touch(term, i)}
              @pointerleave=${() => host.touch(null, null)}
            >
              <td><button type="button" @click=${() => host.walk(term)}>${i}</button></td>
              <td>${exact(term.input)}</td>
              <td>${power(term.product)}</td>
              <td>${exact(term.product / sum)}</td>
            </tr>`,
        )}
        <tr class="sum">
          <td colspan="2">${t("sum")}</td>
          <td data-part="sum">${power(sum)}</td>
          <td></td>
        </tr>
      </tbody>
    </table>
    <p>${power(terms[own].product)} / ${power(sum)} = <b data-part="together">${exact(value)}</b></p>`;
}

/** @param {number} value */
const power = (value) =>
  value >= 1e-3 || value === 0 ? formatNumber(value, 4) : marked(value.toExponential(2).replace("-", "−"));

/** @param {Host} host @param {Explanation} explanation */
export function inputTerms(host, { value }) {
  return html`<p class="say">${t("A pixel of what the network sees: 0 is paper, 1 is ink. Here the walk ends.")}</p>
    <p class="say">${t("{value} of 255", { value: formatNumber(255 * value, 1) })}</p>`;
}
