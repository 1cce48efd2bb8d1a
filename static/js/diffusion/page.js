import { bringBelow } from "../frame/calm.js";
import { hideControls } from "../frame/address.js";
import "./lente-diffusion-in.js";
import "../frame/lente-term.js";

hideControls();

const into = /** @type {import("./lente-diffusion-in.js").LenteDiffusionIn} */ (
  document.querySelector("lente-diffusion-in")
);
const seen = /** @type {import("./lente-diffusion-seen.js").LenteDiffusionSeen} */ (
  document.querySelector("lente-diffusion-seen")
);
seen.paths = JSON.parse(seen.dataset.paths ?? "{}");
into.addEventListener("noised", (event) => {
  const noised = /** @type {CustomEvent<import("./lente-diffusion-in.js").Noised>} */ (event).detail;
  Object.assign(seen, { noised, schedule: into.schedule });
});
seen.addEventListener("step", (event) => (into.step = /** @type {CustomEvent<number>} */ (event).detail));
bringBelow([
  () => import("./lente-diffusion-seen.js"),
  () => import("./lente-diffusion-out.js"),
  () => import("./lente-diffusion-told.js"),
  () => import("./lente-diffusion-scribble.js"),
  () => import("./lente-diffusion-fill.js"),
  () => import("./lente-diffusion-plane.js"),
  () => import("./lente-diffusion-versus.js"),
  () => import("./lente-diffusion-between.js"),
]);
