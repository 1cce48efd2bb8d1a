import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { exactly } from "../shared/ui/exactly.js";
import { binAt, binsOf, calibrationError } from "./reliability.js";

/** @typedef {import("./reliability.js").Bin} Bin */

const KINDS = /** @type {const} */ ([
  ["photographs", N_("photographs of its things")],
  ["right", N_("photographs that it names rightly")],
  ["wrong", N_("photographs that it names wrongly")],
  ["noise", N_("noise")],
  ["clouds", N_("blurred noise")],
  ["drawings", N_("scribbles")],
  ["digits", N_("handwritten digits")],
  ["shapes", N_("plain shapes")],
  ["text", N_("pages of letters")],
  ["faces", N_("drawn faces")],
]);

/** Of fewer photographs a share says little. */
const FEW = 30;

/** How often the network is right when it is so sure, and which group the picture belongs to. Rendered in the page. */
export class LenteFeatureReliability extends LenteElement {
  static properties = {
    reliability: { attribute: false },
    prediction: { attribute: false },
    changed: { type: Boolean },
    network: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./reliability.js").Reliability} */ this.reliability = { count: [], confidence: [], right: [] };
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** @type {import("./server.js").Network | null} */ this.network = null;
    /** Whether the network is no longer the one that was measured. */ this.changed = false;
  }

  render() {
    const bins = binsOf(this.reliability);
    const sure = this.prediction?.confidence ?? null;
    const here = sure === null ? null : binAt(bins, sure);
    const all = bins.reduce((sum, { count }) => sum + count, 0);
    return html`<p>
        ${
          this.ten
            ? t(
                "Is it right in 80 of 100 when it says 80 %? Here are its answers to {count} photographs of its ten things from which it did not learn, in groups by how sure it was. The bar is the share that was right, the line how sure it was on average: where they meet, its percentages can be believed.",
                { count: formatNumber(all) },
              )
            : t(
                "Is it right in 80 of 100 when it says 80 %? Here are its answers to {count} photographs of ten of its thousand things from which it did not learn, in groups by how sure it was. The bar is the share that was right, the line how sure it was on average: where they meet, its percentages can be believed.",
                { count: formatNumber(all) },
              )
        }
      </p>
      <table class="reliability">
        <thead>
          <tr>
            <th scope="col">${t("how sure")}</th>
            <td></td>
            <th scope="col">${t("right")}</th>
            <th scope="col">${t("photos")}</th>
          </tr>
        </thead>
        <tbody>
          ${bins.map((bin) => this.row(bin, bin === here ? sure : null))}
        </tbody>
      </table>
      ${here && sure !== null ? this.words(here, sure) : nothing}
      <p data-part="error">
        ${t("On average, how sure it is and how often it is right lie {error} points apart.", { error: formatNumber(100 * calibrationError(bins), 1) })}
      </p>
      ${this.flagged()}
      ${exactly(
        html`<p>
          ${
            this.ten
              ? t(
                  "That number is the expected calibration error: the gap of each group, weighed by its photographs. It is a little flattered, since how sharp the network's scores are was chosen on the same photographs.",
                )
              : t(
                  "That number is the expected calibration error: the gap of each group, weighed by its photographs. The limit below which an answer is called unsure flags a tenth of the right answers to half of the photographs; the table was measured on the other half.",
                )
          }
        </p>`,
      )}${this.origin()}`;
  }

  /** Whether it knows ten things only, those of the photographs. */
  get ten() {
    return (this.network?.classes ?? 10) <= 10;
  }

  /** Of which pictures it is called unsure, as measured. */
  flagged() {
    const figures = this.network?.figures ?? {};
    const rows = KINDS.filter(([kind]) => `unsure_percent_${kind}` in figures);
    if (!rows.length) return nothing;
    return html`<table class="flags" data-part="flagged">
      <caption>
        ${t("Of how many in a hundred it is called unsure")}
      </caption>
      <tbody>
        ${rows.map(([kind, words]) => {
          const percent = figures[`unsure_percent_${kind}`];
          return html`<tr data-kind=${kind}>
            <th scope="row">${t(words)}</th>
            <td class="reliability-track">
              <div><i style=${styleMap({ width: `${percent}%` })}></i></div>
            </td>
            <td>${formatNumber(percent, 0)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  /** Where weights come from that others trained. */
  origin() {
    const source = this.network?.source ?? {};
    if (!source.package) return nothing;
    return html`<p class="small" data-part="source">
      ${t("The weights were trained by others: package {package} {version}, licence {licence}.", source)}
      <span lang="en">${source.notice}</span>
    </p>`;
  }

  /** @param {Bin} bin @param {number | null} sure of this picture, where it belongs here */
  row({ low, high, count, confidence, right }, sure) {
    const at = (/** @type {number} */ share) => `${100 * share}%`;
    return html`<tr data-here=${sure !== null}>
      <th scope="row">${formatNumber(100 * low, 0)}–${formatPercent(high, 0)}</th>
      <td class="reliability-track">
        <div>
          ${count ? html`<i style=${styleMap({ width: at(right) })}></i><b style=${styleMap({ left: at(confidence) })}></b>` : nothing}
          ${sure === null ? nothing : html`<span class="reliability-here" style=${styleMap({ left: at(sure) })}>▼</span>`}
        </div>
      </td>
      <td>${count ? formatPercent(right) : "–"}</td>
      <td>${formatNumber(count)}</td>
    </tr>`;
  }

  /** @param {Bin} bin @param {number} sure */
  words({ low, high, count, right }, sure) {
    const said = {
      sure: formatNumber(100 * sure, 1),
      low: formatNumber(100 * low, 0),
      high: formatNumber(100 * high, 0),
      count: formatNumber(count),
      right: formatNumber(100 * right, 1),
    };
    return html`<p data-part="here">
        ${
          count
            ? t(
                "▼ This picture: {sure} % sure. Of the {count} photographs of which it was {low} to {high} % sure, {right} % were right.",
                said,
              )
            : t("▼ This picture: {sure} % sure. Of no photograph was it {low} to {high} % sure.", said)
        }
        ${count && count < FEW ? t("They are so few that the share says little.") : nothing}
        ${
          this.ten
            ? t("That holds for photographs of its ten things; of a picture of something else it says nothing.")
            : t("That holds for photographs of those ten things; of a picture of something else it says little.")
        }
      </p>
      ${this.changed ? html`<p class="notice" data-part="changed">${t("The groups were measured with the network as it came. Yours is changed.")}</p>` : nothing}`;
  }
}

customElements.define("lente-feature-reliability", LenteFeatureReliability);
