import { html } from "vendor/lit";
import { t } from "../frame/i18n.js";
import { flatPlace } from "./flatten.js";
import { turnedWeight, windowValues } from "./pointing.js";
import { laidKernels } from "./run.js";
import { windowTerms } from "./window.js";
import { CHANNEL_NAMES, paintedWords } from "./words.js";
import "./lente-inspector.js";
import "./lente-pool-inspector.js";

/**
 * The arithmetic of the value under the cursor.
 *
 * @param {import("./lente-convolution.js").LenteConvolution} stage
 * @param {import("./run.js").Run} run
 */
export function sumOf({ model, painter }, run) {
  const { secret, value, weight } = model;
  const { unit } = model.state;
  const { state } = run; // what is asked for now may be impossible, and the last good run stay
  const { operation, divisor, bias, matrix } = state;
  if (operation === "flatten") return flatPlace({ ...state, unit }, run);
  if (operation !== "convolution")
    return html`<lente-pool-inspector
      .kind=${operation}
      .values=${windowValues({ unit }, run)}
      .secret=${secret}
    ></lente-pool-inspector>`;
  const [channel, row, column] = unit;
  const laid = laidKernels(state);
  const { parts } = windowTerms(
    run.padded,
    laid[Math.min(channel, laid.length - 1)],
    { row, column, channel: Math.min(channel, run.padded.shape[0] - 1) },
    run.window,
  );
  return html`<lente-inspector
    .parts=${parts}
    .names=${CHANNEL_NAMES.map((name) => t(name))}
    .divisor=${divisor}
    .bias=${bias}
    .value=${value}
    .painted=${paintedWords(value, painter.mode, run.full, matrix !== null)}
    .secret=${secret}
    .touched=${weight && turnedWeight(state, weight)}
    @term=${(/** @type {CustomEvent<import("./model.js").Weight | null>} */ { detail }) => model.pointTerm(detail)}
  ></lente-inspector>`;
}
