import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { ConvolutionModel } from "./model.js";
import { readState, stateToUrl } from "./state.js";
import "./lente-convolution.js";

/** @typedef {import("./lente-convolution.js").LenteConvolution} LenteConvolution */

hideControls();
const bench = /** @type {LenteConvolution} */ (document.querySelector("lente-convolution"));
const bounds = JSON.parse(/** @type {string} */ (bench.dataset.bounds));
const { state, refused } = readState(readUrl(), bounds);
bench.model = new ConvolutionModel(state, bounds, refused);
bench.model.addEventListener("state", () => writeUrl(stateToUrl(bench.model.state)));
