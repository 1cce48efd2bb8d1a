import "../elements/lente-latent-walk.js";
import "../elements/lente-latent-landing.js";
import "../elements/lente-latent-film.js";
import "../elements/lente-latent-blend.js";
import "../elements/lente-latent-betas.js";
import "../elements/lente-latent-aim.js";
import "../elements/lente-latent-cloud.js";
import "../elements/lente-latent-map.js";
import "../elements/lente-latent-numbers.js";
import "../elements/lente-term.js";
import { hideControls } from "../services/hide.js";

hideControls();
addEventListener("decoded", () => {
  for (const exhibit of document.querySelectorAll("main .exhibit"))
    /** @type {import("vendor/lit").LitElement} */ (exhibit).requestUpdate();
});
