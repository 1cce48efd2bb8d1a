import { onWindow } from "../frame/events.js";
import { hideControls } from "../frame/address.js";
import "./lente-latent-walk.js";
import "./lente-latent-landing.js";
import "./lente-latent-film.js";
import "./lente-latent-blend.js";
import "./lente-latent-betas.js";
import "./lente-latent-aim.js";
import "./lente-latent-bells.js";
import "./lente-latent-cloud.js";
import "./lente-latent-map.js";
import "./lente-latent-numbers.js";
import "../frame/lente-term.js";

hideControls();
onWindow("decoded", () => {
  for (const exhibit of document.querySelectorAll("main .exhibit"))
    /** @type {import("vendor/lit").LitElement} */ (exhibit).requestUpdate();
});
