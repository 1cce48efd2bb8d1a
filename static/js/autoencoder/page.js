import "../elements/lente-bottleneck.js";
import "../elements/lente-bottleneck-ladder.js";
import "../elements/lente-bottleneck-rulers.js";
import "../elements/lente-code-places.js";
import "../elements/lente-guesses.js";
import "../elements/lente-term.js";
import { hideControls } from "../services/hide.js";

const flow = /** @type {import("../elements/lente-bottleneck.js").LenteBottleneck} */ (
  document.querySelector("lente-bottleneck")
);
const ladder = /** @type {import("../elements/lente-bottleneck-ladder.js").LenteBottleneckLadder} */ (
  document.querySelector("lente-bottleneck-ladder")
);
const rulers = /** @type {import("../elements/lente-bottleneck-rulers.js").LenteBottleneckRulers} */ (
  document.querySelector("lente-bottleneck-rulers")
);
const places = /** @type {import("../elements/lente-code-places.js").LenteCodePlaces} */ (
  document.querySelector("lente-code-places")
);

hideControls();
flow.addEventListener("picture", (event) => {
  const { picture, rebuilt } = /** @type {CustomEvent<import("../elements/lente-digit-source.js").GivenPicture>} */ (
    event
  ).detail;
  ladder.picture = places.picture = picture;
  ladder.rebuilt = rebuilt;
});
flow.addEventListener("size", () => {
  ladder.picture = places.picture = flow.picture;
  ladder.size = rulers.size = flow.size;
});
