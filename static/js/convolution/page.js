import { onWindow } from "../frame/events.js";
import { tellAllTaken } from "../frame/addressed.js";
import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { ConvolutionModel } from "./model.js";
import { CONVOLUTION_ACCEPTS, readState } from "./state.js";
import "./lente-convolution.js";

/** @typedef {import("./lente-convolution.js").LenteConvolution} LenteConvolution */

hideControls();
const bench = /** @type {LenteConvolution} */ (document.querySelector("lente-convolution"));
const bounds = JSON.parse(/** @type {string} */ (bench.dataset.bounds));
const url = readUrl();
const { state, refused } = readState(url, bounds);
tellAllTaken(CONVOLUTION_ACCEPTS);
bench.model = new ConvolutionModel(state, bounds, refused, url);
bench.model.addEventListener("state", () => writeUrl(bench.model.toUrl()));
onWindow("returned", () => {
  const now = readUrl();
  const read = readState(now, bounds);
  bench.model.comeBack(read.state, read.refused, now);
});
