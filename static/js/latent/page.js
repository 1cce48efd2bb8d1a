import { bringBelow } from "../frame/calm.js";
import { onWindow } from "../frame/events.js";
import { hideControls } from "../frame/address.js";
import "./lente-latent-map.js";
import "../frame/lente-term.js";

hideControls();
onWindow("decoded", () => {
  for (const exhibit of document.querySelectorAll("main .exhibit:defined"))
    /** @type {import("vendor/lit").LitElement} */ (exhibit).requestUpdate();
});
bringBelow([
  () => import("./lente-latent-numbers.js"),
  () => import("./lente-latent-cloud.js"),
  () => import("./lente-latent-bells.js"),
  () => import("./lente-latent-aim.js"),
  () => import("./lente-latent-blend.js"),
  () => import("./lente-latent-betas.js"),
  () => import("./lente-latent-landing.js"),
  () => import("./lente-latent-film.js"),
  () => import("./lente-latent-walk.js"),
]);
