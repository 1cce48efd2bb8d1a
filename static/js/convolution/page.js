import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { talkExamples } from "./examples.js";
import { stateFromUrl, stateToUrl } from "./state.js";
import "./lente-convolution.js";

/** @typedef {import("./lente-convolution.js").LenteConvolution} LenteConvolution */

hideControls();
const stage = /** @type {LenteConvolution} */ (document.querySelector("lente-convolution"));
const state = stateFromUrl(readUrl());
stage.state = state;
stage.stop = stopOf(state);
stage.addEventListener("state", (event) => writeUrl(stateToUrl(/** @type {CustomEvent} */ (event).detail)));

/** The example whose input this is. @param {import("./state.js").ConvolutionState} state */
function stopOf({ matrix, channels, image }) {
  if (!matrix) return channels === "cube" ? "colour" : image === "sample-seven" ? "digit" : "photo";
  return talkExamples.find((one) => JSON.stringify(one.matrix) === JSON.stringify(matrix))?.name ?? "";
}
