import { html, svg } from "vendor/lit";
import { semicolon, t, withColon } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";

/** @typedef {{beta: number, rate: number, distortion: number}} Weighed what a network of that beta pays, nats a digit */

const [WIDTH, HEIGHT] = [340, 210];
const ROOM = { left: 44, right: 22, top: 16, bottom: 36 };

/**
 * Rate against distortion (Alemi et al., "Fixing a broken ELBO", 2018): what the codes carry, and what the copies lose.
 *
 * @param {Weighed[]} networks in the order of beta
 * @param {number} chosen beta
 */
export function rateDistortion(networks, chosen) {
  const x = scale(
    networks.map(({ rate }) => rate),
    ROOM.left,
    WIDTH - ROOM.right,
  );
  const y = scale(
    networks.map(({ distortion }) => distortion),
    HEIGHT - ROOM.bottom,
    ROOM.top,
  );
  const line = networks.map(({ rate, distortion }) => `${x.at(rate)},${y.at(distortion)}`).join(" ");
  return html`<figure class="rate-distortion">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${described(networks)}>
      ${y.ticks.map(
        (
          value,
        ) => svg`<line class="grid" x1=${ROOM.left} x2=${WIDTH - ROOM.right} y1=${y.at(value)} y2=${y.at(value)}></line>
        <text x=${ROOM.left - 6} y=${y.at(value) + 4} text-anchor="end">${formatNumber(value, 0)}</text>`,
      )}
      ${x.ticks.map((value) => svg`<text x=${x.at(value)} y=${HEIGHT - ROOM.bottom + 16} text-anchor="middle">${formatNumber(value, 0)}</text>`)}
      <polyline points=${line}></polyline>
      ${networks.map(
        ({ beta, rate, distortion }) => svg`<g class=${beta === chosen ? "chosen" : ""} data-beta=${beta}>
        <circle cx=${x.at(rate)} cy=${y.at(distortion)} r=${beta === chosen ? 6 : 4}></circle>
        <text x=${x.at(rate) + 7} y=${y.at(distortion) - 7}>β ${formatNumber(beta)}</text>
      </g>`,
      )}
      <text class="axis" x=${WIDTH - ROOM.right} y=${HEIGHT - 3} text-anchor="end">
        ${t("KL: what the code carries")}
      </text>
      <text class="axis" x="2" y="10">${t("BCE: what the copy loses")}</text>
    </svg>
    <figcaption>
      ${t("The six networks, each trained in the same way for its own beta. Whoever lets the code carry more loses less in copying; none has both.")}
    </figcaption>
  </figure>`;
}

/** @param {Weighed[]} networks */
function described(networks) {
  return networks
    .map(
      ({ beta, rate, distortion }) =>
        `${withColon(`β ${formatNumber(beta)}`)} KL ${formatNumber(rate, 1)}, BCE ${formatNumber(distortion, 1)}`,
    )
    .join(semicolon());
}

/** From values, a tenth more at each end, to pixels. @param {number[]} values @param {number} from @param {number} to */
function scale(values, from, to) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const spare = (most - least) / 10 || 1;
  const [low, high] = [least - spare, most + spare];
  const step = [1, 2, 5, 10, 20, 50].find((one) => (high - low) / one <= 5) ?? 100;
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  return { ticks, at: (/** @type {number} */ value) => from + ((to - from) * (value - low)) / (high - low) };
}
