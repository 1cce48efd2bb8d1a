import { html, nothing, styleMap, svg } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { operationWords } from "../shared/layer_words.js";
import { formatNumber } from "../shared/numbers.js";
import { cubesOf, facesOf } from "./cubes.js";

/** @typedef {import("./cubes.js").Cube} Cube */

/** The longest side of a block in its own units, which the sheet draws in --longest; no network's is taken for less. */
const USUAL = 256;

/**
 * The blocks of numbers that a picture becomes on its way through a network, all in one scale. Rendered in the page.
 *
 * @fires layer - name of the layer that was chosen
 */
export class LenteFeatureCubes extends LenteElement {
  static properties = { layers: { attribute: false }, selected: { type: String } };

  constructor() {
    super();
    /** The picture first. @type {import("./server.js").Layer[]} */ this.layers = [];
    this.selected = "";
  }

  render() {
    const cubes = cubesOf(this.layers);
    if (!cubes.length) return nothing;
    const longest = Math.max(USUAL, ...cubes.flatMap((cube) => [facesOf(cube).front[1][0], cube.rows, cube.columns]));
    return html`<div class="cubes" role="group" aria-label=${t("Thinner and deeper")}>
        ${cubes.map((cube) => this.cube(cube, longest))}
      </div>
      ${this.words(cubes)}`;
  }

  /** @param {Cube} cube @param {number} longest */
  cube(cube, longest) {
    const { name, shape, count } = cube;
    const words = operationWords(cube);
    return html`<button
      type="button"
      class="cube"
      data-cube=${name}
      aria-pressed=${name === this.selected}
      @click=${() => this.emit("layer", name)}
    >
      ${drawn(cube, longest)}
      <span class="cube-name">${name.split(".").map((part, i) => html`${i ? html`.<wbr />` : nothing}${part}`)}</span>
      <span class="figures cube-shape">${shape.join("×")}</span>
      <span class="figures cube-count">${t("{count} numbers", { count: formatNumber(count) })}</span>
      <small>${facesOf(cube).cut ? t("{words}; drawn cut off, it is too long", { words }) : words}</small>
    </button>`;
  }

  /** @param {Cube[]} cubes */
  words(cubes) {
    const maps = cubes.filter(({ rows, columns }) => rows > 1 && columns > 1);
    const [first, last] = [maps[0], maps[maps.length - 1]];
    if (!first || last.rows >= first.rows || last.channels <= first.channels) return nothing;
    const size = (/** @type {Cube} */ { rows, columns }) => `${rows} × ${columns}`;
    return html`<p data-part="cubes">
      ${t("Thinner: {before} places become {after}. Deeper: {few} numbers at each place become {many}. There are fewer places, and more is said about each.", { before: size(first), after: size(last), few: first.channels, many: last.channels })}
    </p>`;
  }
}

/** @param {Cube} cube @param {number} longest */
function drawn(cube, longest) {
  const { width, height, cut, ...faces } = facesOf(cube);
  const edge = longest / 250; // a line's half, of a twentieth of a letter
  const box = `${-edge} ${-edge} ${width + 2 * edge} ${height + 2 * edge}`;
  const drawnAs = (/** @type {number} */ side) => `calc(var(--longest) * ${(side + 2 * edge) / longest})`;
  const size = { width: drawnAs(width), height: drawnAs(height) };
  const face = (/** @type {"front" | "top" | "side"} */ name) =>
    svg`<polygon class=${name} points=${faces[name].join(" ")} vector-effect="non-scaling-stroke"></polygon>`;
  return html`<svg aria-hidden="true" data-cut=${cut} viewBox=${box} style=${styleMap(size)}>
    ${face("top")}${face("front")}${face("side")}
  </svg>`;
}

customElements.define("lente-feature-cubes", LenteFeatureCubes);
