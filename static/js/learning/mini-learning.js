import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare, shrink, toGrey } from "../shared/tensors.js";
import { applied, look, randomKernel, somePlaces, standardised, stepped } from "./one_kernel.js";
import "../shared/ui/lente-map.js";

const SOBEL = [1, 0, -1, 2, 0, -2, 1, 0, -1];
const PIXELS = 34;
const PLACES = 32;
const RATE = 0.05;
const STEPS = 20;

/** What a kernel makes of a photograph and what it should make: each press is twenty steps of learning. */
export class MiniLearning extends Miniature {
  static properties = { ...Miniature.properties, seen: { state: true } };

  constructor() {
    super();
    /** @type {import("./one_kernel.js").Look | null} */ this.seen = null;
    /** @type {import("./one_kernel.js").Task | null} */ this.task = null;
    this.kernel = randomKernel(1);
  }

  async load() {
    const picture = standardised(
      shrink(toGrey(centreSquare(await fetchPicture("sample-cat", 3 * PIXELS))), PIXELS, PIXELS),
    );
    const all = somePlaces(PLACES * PLACES, PLACES * PLACES, 1);
    this.task = { picture, target: applied(picture, SOBEL), places: all };
    this.seen = look(this.task, this.kernel);
  }

  exhibit() {
    const square = (/** @type {Float64Array | undefined} */ data) =>
      data ? { shape: [PLACES, PLACES], data: Float32Array.from(data) } : null;
    const range = { low: -16, high: 16 };
    return html`<div class="mini-pair">
        <lente-map
          class="mini-square"
          still
          .tensor=${square(this.seen?.prediction)}
          .range=${range}
          label=${t("What it makes")}
        ></lente-map>
        <lente-map
          class="mini-square"
          still
          .tensor=${square(this.task?.target)}
          .range=${range}
          label=${t("What is wanted")}
        ></lente-map>
      </div>
      <div class="mini-again">
        <small
          >${t("what nine weights make, and what is wanted: loss {loss}", { loss: this.seen ? formatNumber(this.seen.loss) : "…" })}</small
        >
        <button type="button" @click=${this.learn}>${t("Learn")}</button>
      </div>`;
  }

  learn() {
    for (let step = 0; step < STEPS && this.task && this.seen; step++) {
      this.kernel = stepped(this.kernel, this.seen.gradient, RATE);
      this.seen = look(this.task, this.kernel);
    }
  }
}

customElements.define("mini-learning", MiniLearning);
