import { onWindow } from "../frame/events.js";
import { tellAllTaken } from "../frame/addressed.js";
import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { IMAGE_ACCEPTS, imageStateFromUrl, imageStateToUrl } from "./state.js";
import "./lente-image.js";

hideControls();
const exhibits = /** @type {import("./lente-image.js").LenteImage} */ (document.querySelector("lente-image"));
exhibits.state = imageStateFromUrl(readUrl());
tellAllTaken(IMAGE_ACCEPTS);
onWindow("returned", () => (exhibits.state = imageStateFromUrl(readUrl())));
exhibits.addEventListener("state", (event) => writeUrl(imageStateToUrl(/** @type {CustomEvent} */ (event).detail)));
