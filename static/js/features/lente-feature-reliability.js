import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber, formatPercent, groupedNumber } from "../shared/numbers.js";
import { exactly } from "../shared/ui/exactly.js";
import { binAt, binsOf, calibrationError } from "./reliability.js";

/** @typedef {import("./reliability.js").Bin} Bin */

/** Of fewer photographs a share says little. */
const FEW = 30;

/** How often the network is right when it is so sure, and which group the picture belongs to. Rendered in the page. */
export class LenteFeatureReliability extends LenteElement {
  static properties = {
    reliability: { attribute: false },
    prediction: { attribute: false },
    changed: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {import("./reliability.js").Reliability} */ this.reliability = { count: [], confidence: [], right: [] };
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** Whether the network is no longer the one that was measured. */ this.changed = false;
  }

  render() {
    const bins = binsOf(this.reliability);
    const sure = this.prediction?.confidence ?? null;
    const here = sure === null ? null : binAt(bins, sure);
    const all = bins.reduce((sum, { count }) => sum + count, 0);
    return html`<p>
        ${t("Is it right in 80 of 100 when it says 80 %? Here are its answers to {count} photographs of its ten things from which it did not learn, in groups by how sure it was. The bar is the share that was right, the line how sure it was on average: where they meet, its percentages can be believed.", { count: groupedNumber(all) })}
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
      ${exactly(
        html`<p>
          ${t("That number is the expected calibration error: the gap of each group, weighed by its photographs. It is a little flattered, since how sharp the network's scores are was chosen on the same photographs.")}
        </p>`,
      )}`;
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
      <td>${groupedNumber(count)}</td>
    </tr>`;
  }

  /** @param {Bin} bin @param {number} sure */
  words({ low, high, count, right }, sure) {
    const said = {
      sure: formatNumber(100 * sure, 1),
      low: formatNumber(100 * low, 0),
      high: formatNumber(100 * high, 0),
      count: groupedNumber(count),
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
        ${t("That holds for photographs of its ten things; of a picture of something else it says nothing.")}
      </p>
      ${this.changed ? html`<p class="notice" data-part="changed">${t("The groups were measured with the network as it came. Yours is changed.")}</p>` : nothing}`;
  }
}

customElements.define("lente-feature-reliability", LenteFeatureReliability);
