import { imageStateFromUrl, imageStateToUrl } from "../lib/image_state.js";
import { hideControls } from "../services/hide.js";
import { readUrl, writeUrl } from "../services/url_state.js";
import "../elements/lente-image.js";

hideControls();
const exhibits = /** @type {import("../elements/lente-image.js").LenteImage} */ (document.querySelector("lente-image"));
exhibits.state = imageStateFromUrl(readUrl());
exhibits.addEventListener("state", (event) => writeUrl(imageStateToUrl(/** @type {CustomEvent} */ (event).detail)));
