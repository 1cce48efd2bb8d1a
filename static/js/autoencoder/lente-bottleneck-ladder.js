import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { encodePicture } from "../latent/server.js";
import { latentDecoder } from "../latent/space.js";
import { squaredError } from "../shared/losses.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { SIZES, modelOf } from "./bottlenecks.js";
import { firstNumbers, pcaMatch } from "./pca.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("../latent/space.js").LatentDecoder} LatentDecoder
 * @typedef {{size: number, copy: Float32Array, figure: number, rival: Float32Array, rivalFigure: number, match: ReturnType<typeof pcaMatch>}} Rung
 */

/** The same digit through codes of 1 to 32 numbers, autoencoders above and PCA below. Rendered in the page. */
export class LenteBottleneckLadder extends LenteElement {
  static properties = {
    picture: { attribute: false },
    size: { type: Number },
    rungs: { state: true },
    errors: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Float32Array<ArrayBuffer> | null} what goes in */ this.picture = null;
    /** the one that the exhibit above shows */ this.size = 0;
    /** @type {{picture: Float32Array, rungs: Rung[]} | null} */ this.rungs = null;
    /** whether errors are shown instead of copies */ this.errors = false;
    addressed(this, { errors: { name: "errors", first: false } });
    this.fault = "";
    const near = whenNear(this);
    this.ask = newest(
      (/** @type {Float32Array<ArrayBuffer>} */ picture) => near.then(() => climb(picture)),
      (rungs, picture) => Object.assign(this, { rungs: { picture, rungs }, fault: "" }),
      (error) => (this.fault = error.message),
    );
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("picture") && this.picture) this.ask(this.picture);
  }

  render() {
    return html`<div class="row" data-hideable="errors">
        <span class="segments" role="group" aria-label=${t("What the ladder shows")}>
          <button type="button" aria-pressed=${!this.errors} @click=${() => (this.errors = false)}>
            ${t("Copies")}
          </button>
          <button type="button" aria-pressed=${this.errors} @click=${() => (this.errors = true)}>
            ${t("Errors")}
          </button></span
        >
        ${this.errors ? html`<lente-legend low="-1" high="1" map="diverging"></lente-legend><span class="small">${t("copy − original")}</span>` : nothing}
      </div>
      <div class="ladder">${this.rungs ? this.table(this.rungs.picture, this.rungs.rungs) : nothing}</div>
      ${notice(this.fault)}`;
  }

  /** @param {Float32Array} picture @param {Rung[]} rungs */
  table(picture, rungs) {
    return html`<table aria-label=${t("The digit through codes of 1 to 32 numbers")}>
        <thead>
          <tr>
            <th scope="col">${t("numbers in the code")}</th>
            ${rungs.map(({ size }) => html`<th scope="col" class=${size === this.size ? "chosen" : ""}>${size}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.pictures(t("autoencoder"), picture, rungs, "copy")}
          ${numbers(t("its error on this digit"), rungs, ({ copy }) => formatNumber(squaredError(picture, copy), 4))}
          ${numbers(t("… on 10 000 test digits"), rungs, ({ figure }) => formatNumber(figure, 4), "card")}
          ${this.pictures(t("PCA"), picture, rungs, "rival")}
          ${numbers(t("its error on this digit"), rungs, ({ rival }) => formatNumber(squaredError(picture, rival), 4))}
          ${numbers(t("… on 10 000 test digits"), rungs, ({ rivalFigure }) => formatNumber(rivalFigure, 4), "card")}
          ${numbers(t("on test digits, the autoencoder copies better than PCA with"), rungs, ({ match }) => beatenWords(match), "match")}
        </tbody>
      </table>
      <p class="small">
        ${t("PCA's copies stray outside 0 to 1: the pictures clip them, the errors count them as they are.")}
      </p>`;
  }

  /** @param {string} title @param {Float32Array} picture @param {Rung[]} rungs @param {"copy" | "rival"} whose */
  pictures(title, picture, rungs, whose) {
    return html`<tr class="pictures">
      <th scope="row">${title}</th>
      ${rungs.map((rung) => html`<td>${this.map(rung[whose], picture, `${title}, ${rung.size}`)}</td>`)}
    </tr>`;
  }

  /** @param {Float32Array} copy @param {Float32Array} picture @param {string} label */
  map(copy, picture, label) {
    const data = this.errors ? copy.map((value, i) => value - picture[i]) : copy;
    return html`<lente-map
      still
      map=${this.errors ? "diverging" : "grey"}
      .tensor=${{ shape: [28, 28], data }}
      .range=${{ low: this.errors ? -1 : 0, high: 1 }}
      label=${label}
    ></lente-map>`;
  }
}

/** With how many numbers PCA is still worse: of the sizes that its card has figures for. @param {Rung["match"]} match */
const beatenWords = ({ beaten, met }) =>
  beaten === null ? "–" : met === null ? t("more than {count}", { count: beaten }) : String(beaten);

/** @param {string} title @param {Rung[]} rungs @param {(rung: Rung) => string} say @param {string} [kind] */
function numbers(title, rungs, say, kind = "own") {
  return html`<tr class=${kind}>
    <th scope="row">${title}</th>
    ${rungs.map((rung) => html`<td>${say(rung)}</td>`)}
  </tr>`;
}

/** @param {Float32Array<ArrayBuffer>} picture @returns {Promise<Rung[]>} */
async function climb(picture) {
  const [pca, { mu: components }] = await Promise.all([latentDecoder("pca"), encodePicture("pca", picture)]);
  return Promise.all(
    SIZES.map(async (size) => {
      const model = modelOf(size);
      const [space, { mu: code }] = await Promise.all([latentDecoder(model), encodePicture(model, picture)]);
      const figure = space.figures.squared_error_per_pixel;
      const rivalFigure = pca.figures[`squared_error_per_pixel_${size}`];
      return {
        size,
        copy: space.decode(code),
        figure,
        rival: pca.decode(firstNumbers(components, size)),
        rivalFigure,
        match: pcaMatch(pca.figures, figure),
      };
    }),
  );
}

customElements.define("lente-bottleneck-ladder", LenteBottleneckLadder);
