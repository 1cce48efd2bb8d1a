import { html, live, nothing } from "vendor/lit";
import { t } from "../frame/i18n.js";
import { unitWords } from "../shared/layer_words.js";
import { formatNumber, formatPercent, groupedNumber } from "../shared/numbers.js";
import { kernelTerms } from "./came_in.js";

/**
 * @typedef {import("./lente-one-step.js").LenteOneStep} Host
 * @typedef {import("./server.js").Sum} Sum
 * @typedef {import("./server.js").Descent} Descent
 * @typedef {import("./server.js").Term} Term
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const ROWS = 8;
const CELLS = 25;

/** Three figures, whatever the size. @param {number} value */
const short = (value) => {
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4))
    return formatNumber(Number(value.toPrecision(3)));
  return formatNumber(value).replace("-", "−");
};

/** A button that walks on. @param {Host} host @param {Term} term */
const walk = (host, term) => {
  const { layer, unit } = term;
  return html`<button type="button" class="quiet step-walk" @click=${() => layer && host.pin({ layer, unit })}>
    ${unitWords(layer ?? "", unit)}
  </button>`;
};

/** What came back to the unit that is looked at, from all that read it. @param {Host} host @param {Sum} sum */
export function unitPanel(host, sum) {
  const many = (host.gradients?.facts.labels.length ?? 1) > 1;
  return html`<h3>${unitWords(host.layer, host.unit)}</h3>
    <p>${t("What came back to it:")} <output aria-live="off" data-part="came-back">${short(sum.value)}</output></p>
    ${sum.formula === "softmax_cross_entropy" ? atTheLoss(sum, many) : fromReaders(host, sum)}`;
}

/** @param {Sum} sum @param {boolean} many */
function atTheLoss({ details, value }, many) {
  const { probability, right, pictures } = details;
  const share = many ? ` / ${pictures}` : "";
  return html`<p>
      ${right ? t("Here the loss begins: this is the right digit, and what comes back is its share, less 1.") : t("Here the loss begins: this digit is not the right one, and what comes back is its share.")}
    </p>
    <p>
      <output aria-live="off" data-part="sum"
        >(${formatNumber(probability, 4)} − ${right})${share} = ${formatNumber(value, 4)}</output
      >
    </p>
    <p>
      ${t("The share of {percent} is what softmax makes of the ten scores.", { percent: formatPercent(probability) })}
    </p>`;
}

/** @param {Host} host @param {Sum} sum */
function fromReaders(host, { terms, count, total }) {
  const shown = terms.slice(0, ROWS);
  const rest = total - shown.reduce((part, { product }) => part + product, 0);
  const lost = count === 1 && shown[0]?.weight === 0;
  return html`<p>${readersWords(host, shown[0]?.layer ?? "", lost)}</p>
    <table class="step-terms">
      <thead>
        <tr>
          <th>${t("unit")}</th>
          <th>${t("came back")}</th>
          <th>${t("slope")}</th>
          <th>${t("product")}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (term) =>
            html`<tr>
              <td>${walk(host, term)}</td>
              <td>${short(term.input)}</td>
              <td>${short(term.weight)}</td>
              <td>${short(term.product)}</td>
            </tr>`,
        )}
        ${
          count > shown.length
            ? html`<tr>
                <td colspan="3">${t("the other {count}", { count: groupedNumber(count - shown.length) })}</td>
                <td>${short(rest)}</td>
              </tr>`
            : nothing
        }
        <tr class="sum">
          <td colspan="3">${t("together")}</td>
          <td data-part="sum">${short(total)}</td>
        </tr>
      </tbody>
    </table>`;
}

/** @param {Host} host @param {string} reader @param {boolean} lost */
function readersWords(host, reader, lost) {
  const operation = host.network?.layers.find(({ name }) => name === reader)?.operation;
  if (operation === "relu")
    return lost
      ? t("ReLU was shut here: the number was negative, nothing went on, and nothing comes back.")
      : t("ReLU was open here: what comes back passes unchanged.");
  if (operation === "max_pool2d")
    return lost
      ? t("It did not win its window: nothing of it went on, and nothing comes back.")
      : t("It won its window: what comes back to the window is all its own.");
  if (operation === "flatten") return t("Flatten only moved it: what comes back moves back.");
  return t("Every unit that reads it passes on what came back to it, times the weight between them:");
}

/** The kernel, or row of weights, coloured by their gradients, and the sum of the one that is chosen. @param {Host} host @param {Sum} sum */
export function weightPanel(host, sum) {
  const layer = host.weighted;
  const gradient = host.gradients?.tensors[host.parameter];
  if (!layer || !gradient) return nothing;
  const convolution = gradient.shape.length === 4;
  return html`<section class="step-weight" data-hideable="weight">
    <h3>${t("The gradient of one weight of {layer}", { layer: layer.name })}</h3>
    ${convolution ? kernelGrid(host, gradient) : rowGrid(host, gradient)} ${sumWords(host, sum)}
    ${convolution ? kernelMaps(host) : denseTerms(host, sum)} ${pictureSums(host, sum)}
  </section>`;
}

/** @param {Host} host @param {Tensor} gradient (O, C, height, width) */
function kernelGrid(host, gradient) {
  const [outputs, channels, tall, wide] = gradient.shape;
  const [output, channel, row, column] = host.index;
  const start = (output * channels + channel) * tall * wide;
  const choose = (/** @type {number} */ o, /** @type {number} */ c) => host.choose([o, c, row, column]);
  return html`<div class="row step-which">
      ${stepper(t("Kernel"), output, outputs, (next) => choose(next, channel))}
      ${channels > 1 ? stepper(t("Map that it reads"), channel, channels, (next) => choose(output, next)) : nothing}
    </div>
    <lente-matrix
      class="step-kernel"
      data-part="kernel"
      .values=${gradient.data.subarray(start, start + tall * wide)}
      .columns=${wide}
      .format=${short}
      .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
      label=${t("Gradients of the kernel's weights")}
      @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => host.choose([output, channel, event.detail.row, event.detail.column])}
      @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, host, tall, wide)}
    ></lente-matrix>`;
}

/** @param {KeyboardEvent} event @param {Host} host @param {number} tall @param {number} wide */
function onKey(event, host, tall, wide) {
  const [output, channel, row, column] = host.index;
  const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!way) return;
  event.preventDefault();
  host.choose([output, channel, (row + way[0] + tall) % tall, (column + way[1] + wide) % wide]);
}

/** @param {string} words @param {number} now @param {number} count @param {(next: number) => void} choose */
function stepper(words, now, count, choose) {
  return html`<label
    >${words}
    <input
      type="number"
      min="0"
      max=${count - 1}
      .value=${live(String(now))}
      @change=${(/** @type {Event} */ event) => {
        const next = Math.round(Number(/** @type {HTMLInputElement} */ (event.target).value));
        choose(Math.min(Math.max(next || 0, 0), count - 1));
      }}
    />
    ${t("of {count}", { count })}</label
  >`;
}

/** The strongest of a row. @param {Host} host @param {Tensor} gradient (O, I) */
function rowGrid(host, gradient) {
  const [outputs, inputs] = gradient.shape;
  const [output, input] = host.index;
  const row = Array.from(gradient.data.subarray(output * inputs, (output + 1) * inputs), (value, i) => ({ value, i }));
  const strongest = row.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, CELLS);
  return html`<div class="row step-which">
      ${stepper(t("Row of unit"), output, outputs, (next) => host.choose([next, input]))}
      ${stepper(t("Weight"), input, inputs, (next) => host.choose([output, next]))}
    </div>
    <p>${t("The weights of this row with the largest gradients:")}</p>
    <div class="step-strongest">
      ${strongest.map(
        ({ value, i }) =>
          html`<button type="button" class="quiet" aria-pressed=${i === input} @click=${() => host.choose([output, i])}>
            ${i}: ${short(value)}
          </button>`,
      )}
    </div>`;
}

/** @param {Host} host @param {Sum} sum */
function sumWords(host, sum) {
  return html`<p>
    ${t("Gradient = sum over {count} places of what came in × what came back:", { count: groupedNumber(sum.count) })}
    <output aria-live="off" data-part="weight-gradient">${short(sum.total)}</output>
    <span class="small">${t("PyTorch's own way back says {value}.", { value: short(sum.value) })}</span>
  </p>`;
}

/** @param {Host} host */
function kernelMaps(host) {
  const { activations, cameBack, network, weighted } = host;
  const layers = network?.layers ?? [];
  const at = layers.findIndex(({ name }) => name === weighted?.name);
  const input = activations?.[at > 0 ? layers[at - 1].name : "input"];
  const back = cameBack?.[weighted?.name ?? ""];
  if (!input || !back) return nothing;
  const { cameIn, cameBack: returned, products, sum } = kernelTerms(input, back, host.index, layers[at].options);
  const figure = (/** @type {string} */ title, /** @type {Tensor} */ tensor, /** @type {string} */ part) =>
    html`<figure>
      <lente-map still data-part=${part} .tensor=${tensor} label=${title}></lente-map>
      <figcaption>${title}</figcaption>
    </figure>`;
  return html`<div class="step-maps">
      ${figure(t("what came in under the weight"), cameIn, "came-in")}<span>×</span>
      ${figure(t("what came back to its map"), returned, "came-back-map")}<span>=</span>
      ${figure(t("the terms, place by place"), products, "products")}
    </div>
    <p>${t("This picture's terms add up to {sum}.", { sum: short(sum) })}</p>`;
}

/** @param {Host} host @param {Sum} sum */
function denseTerms(host, sum) {
  return html`<table class="step-terms">
    <thead>
      <tr>
        <th>${t("picture")}</th>
        <th>${t("came in")}</th>
        <th>${t("came back")}</th>
        <th>${t("product")}</th>
      </tr>
    </thead>
    <tbody>
      ${sum.terms.slice(0, ROWS).map(
        (term) =>
          html`<tr>
            <td>${(term.picture ?? 0) + 1}</td>
            <td>${short(term.input)}</td>
            <td>${short(term.weight)}</td>
            <td>${short(term.product)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {Host} host @param {Sum} sum */
function pictureSums(host, { by_picture: sums = [], total }) {
  if (sums.length < 2) return nothing;
  return html`<p>${t("By picture, together {total}:", { total: short(total) })}</p>
    <div class="step-strongest">
      ${sums.map(
        (sum, i) =>
          html`<button type="button" class="quiet" aria-pressed=${i === host.picture} @click=${() => host.lookAt(i)}>
            ${i + 1}: ${short(sum)}
          </button>`,
      )}
    </div>`;
}

/** The weight moved by hand, one step of descent, and the loss along the weight. @param {Host} host @param {Descent} descent */
export function descentPanel(host, descent) {
  const { weight, gradient, slope, others, slice } = descent;
  const slider = (
    /** @type {string} */ words,
    /** @type {"rate" | "nudge"} */ name,
    /** @type {[number, number]} */ [low, high],
  ) =>
    html`<label class="step-slider"
      >${words}
      <input
        type="range"
        min=${low}
        max=${high}
        step="0.05"
        data-part=${name}
        aria-valuetext=${formatNumber(host[name])}
        .value=${live(String(Math.log10(host[name])))}
        @input=${(/** @type {Event} */ event) => host.move({ [name]: Number((10 ** Number(/** @type {HTMLInputElement} */ (event.target).value)).toPrecision(2)) })}
      />
      <output aria-live="off">${formatNumber(host[name])}</output></label
    >`;
  return html`<section class="step-descent" data-hideable="descent">
    <h3>${t("Move this weight")}</h3>
    ${slider(t("Nudge it by"), "nudge", [-4, 0])}
    <p>
      ${t("Loss {before} becomes {after}.", { before: exact(descent.loss), after: exact(descent.nudged) })}
      ${t("Measured slope: {slope}, give or take {error}. Gradient: {gradient}.", { slope: short(slope.slope), error: short(slope.error), gradient: short(gradient) })}
    </p>
    ${slider(t("Learning rate"), "rate", [-3, 2])}
    <p>
      <output aria-live="off" data-part="descent"
        >${formatNumber(weight, 4)} − ${formatNumber(descent.rate)} ×
        ${gradient < 0 ? `(${short(gradient)})` : short(gradient)} = ${formatNumber(descent.new, 4)}</output
      >
    </p>
    <table class="step-terms">
      <thead>
        <tr>
          <th>${t("loss")}</th>
          <th>${t("before the step")}</th>
          <th>${t("after it")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>${t("here")}</td>
          <td>${exact(descent.loss)}</td>
          <td data-part="after">${exact(descent.loss_after)}</td>
        </tr>
        <tr>
          <td>${t("{count} other digits", { count: groupedNumber(others.count) })}</td>
          <td>${exact(others.loss)}</td>
          <td>${exact(others.loss_after)}</td>
        </tr>
      </tbody>
    </table>
    <figure>
      <lente-chart
        .x=${slice.weights}
        .series=${[{ name: t("loss along this weight"), colour: "--ink", values: slice.losses, told: "" }]}
        .at=${descent.new}
        label=${t("The loss along this weight; the line marks where the step leads")}
      ></lente-chart>
      <figcaption>${t("The line marks where the step leads; the middle is where the weight is now.")}</figcaption>
    </figure>
  </section>`;
}

/** @param {number} loss */
const exact = (loss) => (Math.abs(loss) < 0.001 ? short(loss) : formatNumber(loss, 5));
