import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { exactly } from "../shared/ui/exactly.js";
import { entropy, runnerUp, softmax } from "../shared/statistics.js";
import { sureness } from "../shared/sureness.js";

/**
 * What the network answers: ten probabilities as bars with the scores that they are made of, the digit it names, or that
 * it is not sure, or that its judge sees no digit.
 *
 * @fires digit-touch - the digit whose row the cursor is on, or null
 */
export class LenteAnswer extends ShadowElement {
  static properties = {
    scores: { attribute: false },
    judged: { attribute: false },
    waiting: { type: Boolean },
    temperature: { type: Number },
    touched: { attribute: false },
  };

  static styles = css`
    :host {
      display: block;
    }
    .verdict {
      display: flex;
      align-items: center;
      gap: 0.7rem;
      min-height: max(2.9rem, calc(2.5 * var(--size-small) + 24px)); /* two lines and what unfolds */
      margin-bottom: 0.2rem;
    }
    .verdict .digit {
      font: 700 2.7rem/1 var(--figures);
      min-width: 1.8rem;
    }
    .verdict .words {
      font-size: var(--size-small);
      color: var(--ink-soft);
      line-height: 1.25;
    }
    @media print {
      details:not([open]) {
        display: none;
      }
    }
    summary {
      cursor: pointer;
      min-height: 24px;
    }
    summary:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    .verdict strong {
      color: var(--ink);
    }
    .rows {
      display: grid;
      grid-template-columns: 1.1rem 1fr auto auto;
      gap: 0 0.55rem;
      font: var(--size-figure)/1.22 var(--figures);
      font-variant-numeric: tabular-nums;
    }
    .row {
      display: contents;
    }
    .row > * {
      padding-block: 1px;
    }
    .head {
      font: max(12.5px, calc(var(--size) * 0.7))/1.2 var(--prose);
      color: var(--ink-soft);
      text-align: right;
    }
    .track {
      position: relative;
      background: var(--sunken);
      align-self: stretch;
      margin-block: 2px;
    }
    .bar {
      position: absolute;
      inset: 0 auto 0 0;
      background: var(--ink-faint);
    }
    .row.first .bar {
      background: var(--ink);
    }
    .row.first > b,
    .row.first .share {
      font-weight: 700;
    }
    .row.touched > b {
      color: var(--touch);
    }
    .number {
      text-align: right;
    }
    .score {
      color: var(--ink-soft);
      min-width: 3.4rem;
    }
    b {
      font-weight: 500;
    }
  `;

  constructor() {
    super();
    /** Before softmax, one for each digit; null while nothing is drawn. @type {ArrayLike<number> | null} */ this.scores =
      null;
    /** How like a digit the drawing is, 0..1. @type {number | null} */ this.judged = null;
    /** Whether the network is not here yet, so that nothing can be said of what is drawn. */ this.waiting = true;
    this.temperature = 1;
    /** @type {number | null} */ this.touched = null;
  }

  render() {
    const shares = this.scores ? softmax(this.scores, this.temperature) : new Float32Array(10);
    const first = this.scores ? shares.indexOf(Math.max(...shares)) : -1;
    return html`${this.verdict(shares, first)}
      <div class="rows" role="table" aria-label=${t("Probabilities")}>
        <div class="row" role="row">
          <span></span><span></span><span class="head" role="columnheader">${t("probability")}</span
          ><span class="head" role="columnheader">${t("score")}</span>
        </div>
        ${Array.from(shares, (share, digit) => this.row(digit, share, digit === first))}
      </div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("scores")) announce(() => this.renderRoot.querySelector(".words")?.textContent);
  }

  /** @param {Float32Array} shares @param {number} first */
  verdict(shares, first) {
    if (first < 0)
      return html`<div class="verdict">
        <span class="digit">${this.waiting ? "…" : "?"}</span
        ><span class="words"
          >${this.waiting ? t("The network is on its way…") : t("Nothing is drawn yet. Draw a digit.")}</span
        >
      </div>`;
    const bits = entropy(shares);
    const sure = sureness({ probabilities: shares, judged: this.judged });
    return html`<div class="verdict">
      <span class="digit">${sure === "sure" ? first : "?"}</span
      ><span class="words"
        >${this.words(sure, shares)}
        ${
          this.judged === null
            ? nothing
            : html`<br />${t("A digit at all? {percent}", { percent: formatPercent(this.judged) })}`
        }
        ${exactly([entropyOf(bits), ...(this.judged === null ? [] : [aboutJudge()])].join(" "))}</span
      >
    </div>`;
  }

  /** @param {"sure" | "between" | "none"} sure @param {Float32Array} shares */
  words(sure, shares) {
    const [first, second] = runnerUp(shares);
    if (sure === "none") return html`<strong>${t("I see no digit.")}</strong>`;
    if (sure === "between") return html`<strong>${t("Not sure: {first} or {second}?", { first, second })}</strong>`;
    return html`<strong>${t("I read a {digit}.", { digit: first })}</strong>
      ${t("The second choice is {second}.", { second })}`;
  }

  /** @param {number} digit @param {number} share @param {boolean} first */
  row(digit, share, first) {
    const names = `row${first ? " first" : ""}${digit === this.touched ? " touched" : ""}`;
    const score = this.scores ? formatNumber(this.scores[digit], 2) : nothing;
    return html`<div
      class=${names}
      role="row"
      @pointerenter=${() => this.send(digit)}
      @pointerleave=${() => this.send(null)}
    >
      <b role="rowheader">${digit}</b
      ><span class="track"><span class="bar" style=${styleMap({ width: `${100 * share}%` })}></span></span>
      <span class="number share" role="cell" data-digit=${digit}>${this.scores ? formatPercent(share) : nothing}</span
      ><span class="number score" role="cell">${score}</span>
    </div>`;
  }

  /** @param {number | null} digit */
  send(digit) {
    this.emit("digit-touch", digit);
  }
}

/** @param {number} bits */
const entropyOf = (bits) =>
  t("Entropy {bits} of 3.32 bits: 0 if one digit is certain, 3.32 if all ten are alike.", {
    bits: formatNumber(bits, 2),
  });

const aboutJudge = () =>
  t(
    "A small network of its own looks at the same 500 numbers as dense1. It learnt from digits and from pictures of nothing (noise, letters, scribbles, digits upside down); below 50 % it sees no digit. The ten shares cannot say that: they always add up to 100 %.",
  );

customElements.define("lente-answer", LenteAnswer);
