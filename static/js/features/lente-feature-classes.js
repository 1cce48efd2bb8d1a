import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";

/** @param {import("./server.js").Prediction} prediction */
function verdict({ classes: [{ name }], thing, unsure, strange, confidence, limits }) {
  const words = { name, percent: formatNumber(100 * confidence, 1) };
  if (strange)
    return t(
      "Unsure: of what it knows {name} comes nearest ({percent} %), but the picture is like none of those it learnt from.",
      words,
    );
  if (unsure && limits.some(({ figure, crossed }) => figure === "score" && crossed))
    return t("Unsure: {name} has the best score of all, and still a low one.", words);
  if (unsure) return t("Unsure: none of the classes it knows convinces it ({percent} % at most).", words);
  if (thing)
    return t("It says: {name}, {percent} %.", { name: thing.name, percent: formatNumber(100 * thing.probability, 1) });
  return t("It says: {name}, {percent} %.", words);
}

const FIGURES = {
  probability: N_("likeliest class"),
  score: N_("best score"),
  entropy: N_("entropy, bits"),
  distance: N_("distance from what it learnt"),
};

/** What the network says the picture is, and whether it is sure. Rendered in the page. */
export class LenteFeatureClasses extends LenteElement {
  static properties = { prediction: { attribute: false }, fault: { attribute: false }, known: { type: Number } };

  constructor() {
    super();
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** Why nothing is predicted. */ this.fault = "";
    /** How many classes the network knows. */ this.known = 0;
  }

  render() {
    if (!this.prediction && this.fault) return notice(this.fault);
    if (!this.prediction) return html`<div class="classes" aria-busy="true"></div>`;
    const { classes, unsure, thing, shows, kind } = this.prediction;
    if (kind && kind !== "classes") return this.of(kind, classes);
    const said = verdict(this.prediction);
    const few = t("It knows {count} things only: whatever it sees, its shares are divided among them.", {
      count: this.known,
    });
    return html`<p class="verdict" data-unsure=${unsure} data-thing=${thing !== null}>${said}</p>
      <div class="classes">${classes.map((one) => this.share(one))}</div>
      ${shows ? html`<p class="small" data-part="shows">${shows}</p>` : nothing} ${this.limits()}
      ${this.known && this.known <= 10 ? html`<p class="small">${few}</p>` : nothing}`;
  }

  /** How near to being called unsure the answer lies. */
  limits() {
    const { limits } = /** @type {import("./server.js").Prediction} */ (this.prediction);
    return html`<dl class="limits small" data-part="limits">
      ${limits.map(({ figure, value, least, most, crossed }) => {
        const write = (/** @type {number} */ number) =>
          figure === "probability" ? formatPercent(number) : formatNumber(number, 2);
        const says =
          least === null
            ? t("{value}; unsure above {limit}", { value: write(value), limit: write(most ?? 0) })
            : t("{value}; unsure below {limit}", { value: write(value), limit: write(least) });
        return html`<dt>${t(FIGURES[figure])}</dt>
          <dd data-figure=${figure} data-crossed=${crossed}>${says}</dd>`;
      })}
    </dl>`;
  }

  /** An answer that is no distribution over classes. @param {string} kind @param {import("./server.js").ClassShare[]} classes */
  of(kind, classes) {
    if (kind === "boxes")
      return html`<p class="verdict">${t("It answers with numbers:")}</p>
        <table class="terms">
          <tbody>
            ${classes.map(
              ({ index, name, logit }) =>
                html`<tr data-class=${index}>
                  <th>${name}</th>
                  <td>${formatNumber(logit, 4)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;
    const words = kind === "mask" ? t("Of all pixels it gives to each:") : t("Each label is true or not, by itself:");
    return html`<p class="verdict">${words}</p>
      <div class="classes">${classes.map((one) => this.share(one))}</div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("prediction") && this.prediction) announce(() => this.querySelector(".verdict")?.textContent);
  }

  /** @param {import("./server.js").ClassShare} share */
  share({ index, name, probability, original, difference }) {
    const changed = difference !== undefined && original !== undefined;
    const points = changed ? formatNumber(100 * difference, 1) : "";
    return html`<div class="class" data-class=${index}>
      <span class="class-name">${name}</span>
      <span class="class-track"
        ><i style=${styleMap({ width: `${100 * probability}%` })}></i
        >${changed ? html`<b style=${styleMap({ left: `${100 * original}%` })}></b>` : nothing}</span
      >
      <output aria-live="off">${formatPercent(probability)}</output
      >${changed ? html`<output aria-live="off" class="class-change">${difference > 0 ? "+" : ""}${points}</output>` : nothing}
    </div>`;
  }
}

customElements.define("lente-feature-classes", LenteFeatureClasses);
