import { bringBelow } from "../frame/calm.js";
import { hideControls } from "../frame/address.js";
import "../frame/lente-term.js";
import "./lente-one-kernel.js";

hideControls();

const step = /** @type {HTMLElement} */ (document.querySelector("lente-one-step"));
const noise = /** @type {import("./lente-from-noise.js").LenteFromNoise} */ (
  document.querySelector("lente-from-noise")
);
noise.paths = JSON.parse(noise.dataset.paths ?? "{}");

/** Whether a pad has just been given what was drawn on the other one. */
let following = false;
/** What is drawn on one pad is on the other too. @param {HTMLElement} from @param {HTMLElement} to */
function follow(from, to) {
  from.addEventListener("draw", (event) => {
    const [own, other] = [from, to].map(
      (host) =>
        /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing | null} */ (
          host.querySelector("lente-drawing")
        ),
    );
    if (following || !own || !other || !(/** @type {CustomEvent} */ (event).detail.own)) return;
    following = true;
    other.load({ strokes: own.strokes, ground: own.ground });
    following = false;
  });
}
follow(step, noise);
follow(noise, step);
bringBelow([() => import("./lente-one-step.js"), () => import("./lente-from-noise.js")]);
