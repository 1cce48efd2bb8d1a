import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { tellAllTaken } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { FEATURES_ACCEPTS, featuresStateFromUrl, featuresStateToUrl } from "./state.js";
import "./lente-features.js";

hideControls();
tellAllTaken(FEATURES_ACCEPTS);
const stage = /** @type {import("./lente-features.js").LenteFeatures} */ (document.querySelector("lente-features"));
stage.addEventListener("state", (event) =>
  writeUrl(featuresStateToUrl(/** @type {CustomEvent} */ (event).detail), ["crop"]),
);
onWindow("returned", () => stage.model.change(featuresStateFromUrl(readUrl())));
stage.open(featuresStateFromUrl(readUrl()));
