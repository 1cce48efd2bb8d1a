import { css, html, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { formatNumber, formatPercent } from "../numbers.js";
import { LEAST } from "../sureness.js";

/** Ten probabilities as bars in the colours of their classes, the likeliest with its number, and how like a digit it is. */
export class LenteClassBars extends ShadowElement {
  static properties = { reading: { attribute: false }, label: { type: String } };

  static styles = css`
    :host {
      display: block;
      font: var(--size-figure)/1 var(--figures);
    }
    .bars {
      display: grid;
      grid-template-columns: repeat(10, 1fr);
      gap: 3px;
      height: 4.6rem;
      align-items: end;
    }
    .bar {
      position: relative;
      height: 100%;
      display: flex;
      flex-direction: column;
      justify-content: flex-end;
      align-items: center;
      gap: 3px;
      color: var(--ink-soft);
    }
    .track {
      flex: 1;
      width: 100%;
      display: flex;
      align-items: end;
      background: var(--sunken);
      border-radius: 2px;
      overflow: hidden;
    }
    .fill {
      width: 100%;
      height: 100%;
      transform-origin: bottom;
    }
    .first {
      color: var(--ink);
      font-weight: 700;
    }
    output {
      display: block;
      margin-top: 0.45rem;
      color: var(--ink);
      min-height: 1.1em;
    }
    p {
      margin: 0.35rem 0 0;
      min-height: 1.1em;
      color: var(--ink-soft);
    }
    .doubtful {
      color: var(--ink);
      font-weight: 700;
    }
  `;

  constructor() {
    super();
    /** @type {import("../sureness.js").Reading | null} */ this.reading = null;
    this.label = "";
  }

  render() {
    const { reading } = this;
    const shares = Array.from(reading?.probabilities ?? new Float32Array(10));
    const first = reading ? shares.indexOf(Math.max(...shares)) : -1;
    const percent = () => formatNumber(100 * shares[first], 1);
    const said = reading ? t("read as {digit}, {percent} %", { digit: first, percent: percent() }) : "";
    return html`<div class="bars" role="img" aria-label=${`${this.label} ${said}`.trim() || t("Probabilities")}>
        ${shares.map(
          (share, i) =>
            html`<div class="bar ${i === first ? "first" : ""}">
              <div class="track">
                <div
                  class="fill"
                  style=${styleMap({ transform: `scaleY(${share})`, background: `var(--class-${i})` })}
                ></div>
              </div>
              ${i}
            </div>`,
        )}
      </div>
      <output aria-live="off">${said}</output>
      ${this.judgement()}`;
  }

  judgement() {
    const judged = this.reading?.judged ?? null;
    return html`<p class=${judged !== null && judged < LEAST ? "doubtful" : ""}>
      ${judged === null ? "" : t("a digit at all? {percent}", { percent: formatPercent(judged) })}
    </p>`;
  }
}

customElements.define("lente-class-bars", LenteClassBars);
