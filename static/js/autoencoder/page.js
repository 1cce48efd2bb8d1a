import { bringBelow } from "../frame/calm.js";
import { hideControls } from "../frame/address.js";
import { onWindow } from "../frame/events.js";
import "./lente-bottleneck.js";
import "../frame/lente-term.js";

const flow = /** @type {import("./lente-bottleneck.js").LenteBottleneck} */ (
  document.querySelector("lente-bottleneck")
);
const ladder = /** @type {import("./lente-bottleneck-ladder.js").LenteBottleneckLadder} */ (
  document.querySelector("lente-bottleneck-ladder")
);
const rulers = /** @type {import("./lente-bottleneck-rulers.js").LenteBottleneckRulers} */ (
  document.querySelector("lente-bottleneck-rulers")
);
const places = /** @type {import("./lente-code-places.js").LenteCodePlaces} */ (
  document.querySelector("lente-code-places")
);
const turned = /** @type {import("./lente-turned.js").LenteTurned} */ (document.querySelector("lente-turned"));

hideControls();
onWindow("decoded", () => {
  for (const exhibit of [flow, places, turned]) exhibit.requestUpdate?.(); // where it is there already
});
flow.addEventListener("picture", (event) => {
  ladder.picture =
    places.picture =
    turned.picture =
      /** @type {CustomEvent<Float32Array<ArrayBuffer>>} */ (event).detail;
});
flow.addEventListener("size", () => {
  ladder.picture = places.picture = turned.picture = flow.picture;
  ladder.size = rulers.size = flow.size;
});
bringBelow([
  () => import("./lente-turned.js"),
  () => import("./lente-guesses.js"),
  () => import("./lente-bottleneck-ladder.js"),
  () => import("./lente-code-places.js"),
  () => import("./lente-bottleneck-rulers.js"),
]);
