import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { accepting, listOf, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { asWritten } from "../frame/address_table.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { gatherPictures } from "../latent/between.js";
import { formatNumber, numberList } from "../shared/numbers.js";
import { normals } from "../shared/statistics.js";
import { Arrows, cleanOf, Crowd, distanceToNearest, gridOf, noiseOf, noisePoints } from "./plane.js";
import { planeModel, STRIDE } from "./plane_model.js";
import "../shared/ui/lente-pictures.js";
import "../latent/plane/lente-plane.js";

/**
 * @typedef {import("./plane.js").Pair} Pair
 * @typedef {import("./plane_model.js").PlaneModel} PlaneModel
 * @typedef {"network" | "best"} Whose
 */

const HOME = { x: 0, y: 0, reach: 3.4 };
const FARTHEST = 4;
const SIDE = 15;
const CELL = (2 * HOME.reach) / SIDE;
/** An arrow as long as a cell stands for a noise of 2 or more. */
const LENGTHS = { unit: CELL / 2, most: CELL };
const COUNT = 240;
const DECODED = 12;
/** Milliseconds of a frame in which the crowd goes on. */
const SLICE = 6;
const STEP_MS = 70;
const ARROWS = ["network", "best", "both"];

/** Diffusion in the plane of two-number codes: the network's arrows and the best ones, a crowd on its way, one point followed. */
export class LenteDiffusionPlane extends LenteElement {
  static properties = {
    model: { state: true },
    step: { state: true },
    start: { state: true },
    arrows: { state: true },
    seed: { state: true },
    playing: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {PlaneModel | null} */ this.model = null;
    /** Of the schedule, 1000 to 0. */ this.step = 400;
    /** @type {Pair} */ this.start = [-1.1, -1.5];
    /** Whose arrows are shown. @type {Whose | "both"} */ this.arrows = "both";
    this.seed = 1;
    addressed(
      this,
      {
        step: {
          name: "flowstep",
          first: 400,
          accepts: accepting((step) => step >= 0 && step <= 1000 && step % STRIDE === 0, "steps", {
            most: 1000,
            stride: STRIDE,
          }),
        },
        start: { name: "flowstart", first: [-1.1, -1.5], accepts: listOf(numberFrom(-FARTHEST, FARTHEST), 2) },
        arrows: { name: "arrows", first: "both", accepts: oneOf(ARROWS) },
        seed: { name: "flowseed", first: 1, accepts: wholeFrom(1) },
      },
      () => this.begin(),
    );
    this.playing = false;
    this.fault = "";
    /** @type {Crowd | null} */ this.crowd = null;
    /** @type {Map<string, Arrows>} by whose they are and the step's place */ this.fields = new Map();
    /** @type {Map<Whose, {start: Pair, way: Crowd}>} */ this.ways = new Map();
    /** @type {{at: import("./plane.js").PlanePoints, pictures: Float32Array} | null} */ this.decoded = null;
    this.tails = gridOf(HOME, SIDE);
    this.frame = 0;
    /** When it last went on by playing. */ this.played = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.quiet = onWindow("decoded", () => {
      this.decoded = null;
      this.requestUpdate();
    });
    whenNear(this).then(() => this.load());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.quiet?.();
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  async load() {
    try {
      this.model = await planeModel();
      this.begin();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** The crowd, anew from its noise: it follows the arrows that are shown, the network's where both are. */
  begin() {
    const { model } = this;
    if (!model) return;
    const velocity = this.arrows === "best" ? model.best : model.network;
    this.crowd = new Crowd(noisePoints(COUNT, normals(this.seed)), velocity, model.shares);
    this.goOn();
  }

  goOn() {
    this.frame ||= requestAnimationFrame(() => this.tick());
  }

  /** One frame: what is shown becomes known a little further, then the rest; what plays moves on. */
  tick() {
    this.frame = 0;
    const { crowd, model, index } = this;
    if (!crowd || !model) return;
    /** @type {(Crowd | Arrows)[]} */
    const works = [crowd];
    if (this.arrows !== "network" && this.step) works.unshift(this.field(model, "best", index));
    if (this.arrows !== "network") works.unshift(this.way(model, "best"));
    const known = () => works.map((work) => work.count).join();
    const before = known();
    for (const work of works) {
      const end = performance.now() + SLICE / works.length;
      work.work(() => performance.now() < end);
    }
    if (this.playing) this.playOn(model, crowd);
    if (known() !== before) this.requestUpdate();
    if (this.playing || works.some((work) => !work.whole)) this.goOn();
  }

  /** As many steps on as the time is for, and as are known. @param {PlaneModel} model @param {Crowd} crowd */
  playOn(model, crowd) {
    const now = performance.now();
    const steps = Math.min(Math.floor((now - this.played) / STEP_MS), crowd.known.length - 1 - this.index);
    if (steps < 1) return;
    this.played = now;
    this.step = model.steps[this.index + steps];
    if (this.step === 0) this.playing = false;
  }

  /** The place of the step among those that are visited. */
  get index() {
    return this.model ? this.model.steps.indexOf(this.step) : 0;
  }

  render() {
    const { model } = this;
    return html`<div class="flow-exhibit">
        <div class="stack flow-figure">
          ${this.slider(model)}
          <lente-plane
            .points=${model?.dots ?? null}
            .home=${HOME}
            .at=${model ? { x: this.start[0], y: this.start[1] } : null}
            .shapes=${model ? this.shapes(model) : []}
            label=${t("The plane of the codes: drag or use the arrow keys to move the start of one point")}
            @place=${(/** @type {CustomEvent<{x: number, y: number}>} */ { detail }) => this.moveStart([detail.x, detail.y])}
          ></lente-plane>
          ${this.tools()}
        </div>
        <div class="stack flow-readout">${model ? this.readout(model) : nothing}</div>
      </div>
      ${notice(this.fault)}`;
  }

  /** @param {PlaneModel | null} model */
  slider(model) {
    const shares = model?.shares[this.index];
    return html`<div class="row flow-steps" data-hideable="flow-steps">
      <button type="button" ?disabled=${!model} @click=${this.toggle}>${this.playing ? t("Pause") : t("Play")}</button>
      <input
        type="range"
        min="-1000"
        max="0"
        step=${STRIDE}
        aria-label=${t("Step, from noise to clean")}
        aria-valuetext=${t("step {step}", { step: this.step })}
        .value=${live(String(-this.step))}
        @input=${(/** @type {Event} */ event) => this.scrub(-Number(/** @type {HTMLInputElement} */ (event.target).value))}
      />
      <output aria-live="off" class="figures"
        >${shares ? t("step {step}: a = {a}, s = {s}", { step: this.step, a: formatNumber(shares.a, 2), s: formatNumber(shares.s, 2) }) : ""}</output
      >
    </div>`;
  }

  tools() {
    return html`<div class="row flow-tools" data-hideable="flow-arrows">
      <span class="segments" role="group" aria-label=${t("Whose arrows")}>
        ${this.segment("network", t("The network’s"))}${this.segment("best", t("The exact ones"))}${this.segment("both", t("Both kinds"))}
      </span>
      <button type="button" @click=${this.reseed}>${t("Other noise")}</button>
    </div>`;
  }

  /** @param {Whose | "both"} whose @param {string} title */
  segment(whose, title) {
    return html`<button type="button" aria-pressed=${this.arrows === whose} @click=${() => this.choose(whose)}>
      ${title}
    </button>`;
  }

  /** What is drawn over the codes. @param {PlaneModel} model @returns {import("../latent/plane/painting.js").Shape[]} */
  shapes(model) {
    const { index, crowd } = this;
    const whose = this.arrows === "both" ? /** @type {Whose[]} */ (["best", "network"]) : [this.arrows];
    const ways = whose.map((one) => this.way(model, one));
    const { x, y } = placeOf(ways[ways.length - 1].at(index));
    /** @type {import("../latent/plane/painting.js").Shape[]} */
    const arrows = (this.step ? whose : []).map((one) => {
      const { tails, ways: found } = this.field(model, one, index);
      return { kind: "arrows", tails, ways: found, broad: one === "best" };
    });
    return [
      ...arrows,
      ...(crowd ? [{ kind: /** @type {const} */ ("crowd"), ...crowd.at(index) }] : []),
      ...ways.map((way, i) => ({
        kind: /** @type {const} */ ("path"),
        broad: whose[i] === "best",
        points: way.known.map(placeOf),
      })),
      { kind: "dot", x, y, text: `x = (${numberList([x, y], 2)})` },
    ];
  }

  /** The arrows of a step: the network's at once, the exact ones as far as they are known. @param {PlaneModel} model @param {Whose} whose @param {number} index */
  field(model, whose, index) {
    const key = `${whose} ${index}`;
    const known = this.fields.get(key) ?? new Arrows(this.tails, model[whose], model.shares[index], LENGTHS);
    this.fields.set(key, known);
    if (whose === "network") known.work(() => true);
    return known;
  }

  /**
   * The way of the point that is followed, as far as it is known: the network's is at once.
   *
   * @param {PlaneModel} model
   * @param {Whose} whose
   */
  way(model, whose) {
    const known = this.ways.get(whose);
    if (known?.start === this.start) return known.way;
    const [x, y] = this.start;
    const way = new Crowd({ x: Float64Array.of(x), y: Float64Array.of(y) }, model[whose], model.shares);
    const end = performance.now() + SLICE;
    way.work(() => whose === "network" || performance.now() < end);
    this.ways.set(whose, { start: this.start, way });
    return way;
  }

  /** @param {PlaneModel} model */
  readout(model) {
    const { index } = this;
    const whose = this.arrows === "best" ? "best" : "network";
    const way = this.way(model, whose);
    const [now, end] = [index, model.steps.length - 1].map((at) => pairOf(way.at(at)));
    const shares = model.shares[index];
    const velocity = shares.s ? model[whose](...now, shares) : /** @type {Pair} */ ([0, 0]);
    const [clean, noise] = shares.s ? [cleanOf(now, velocity, shares), noiseOf(now, velocity, shares)] : [now, [0, 0]];
    return html`<div class="flow-pictures">
        ${this.picture(model, now, t("where it is"))}${this.picture(model, clean, t("estimate of the end"))}${this.picture(model, end, t("where it ends"))}
      </div>
      <div class="flow-sums figures">
        <p>x = a · x₀ + s · ε</p>
        <table class="flow-sum">
          ${[0, 1].map(
            (k) =>
              html`<tr>
                <td>${formatNumber(now[k], 3)}</td>
                <td>=</td>
                <td>${formatNumber(shares.a, 3)}</td>
                <td>·</td>
                <td>${bracketed(clean[k])}</td>
                <td>+</td>
                <td>${formatNumber(shares.s, 3)}</td>
                <td>·</td>
                <td>${bracketed(noise[k])}</td>
              </tr>`,
          )}
        </table>
      </div>
      <p class="small flow-end">
        ${t("It ends {distance} from the nearest of the 10 000 codes.", { distance: formatNumber(distanceToNearest(model.points, end), 3) })}
      </p>
      <figure>
        <lente-pictures
          still
          columns="6"
          .pictures=${this.crowdPictures(model)}
          label=${t("Twelve points of the crowd, decoded where they are")}
        ></lente-pictures>
        <figcaption class="small">${t("Twelve points of the crowd, decoded where they are.")}</figcaption>
      </figure>`;
  }

  /** @param {PlaneModel} model @param {Pair} point @param {string} title */
  picture(model, point, title) {
    return html`<figure class="decoded">
      <lente-pictures still .pictures=${model.decode(point)} label=${title}></lente-pictures>
      <figcaption class="small">${title}</figcaption>
    </figure>`;
  }

  /** @param {PlaneModel} model */
  crowdPictures(model) {
    const at = this.crowd?.at(this.index);
    if (!at) return null;
    if (this.decoded?.at !== at)
      this.decoded = {
        at,
        pictures: gatherPictures(Array.from({ length: DECODED }, (_, i) => model.decode([at.x[i], at.y[i]]))),
      };
    return this.decoded.pictures;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (["step", "start", "arrows"].some((name) => changed.has(name))) this.goOn();
    if (this.model && (changed.has("step") || changed.has("start")) && !this.playing)
      announce(() => this.querySelector(".flow-end")?.textContent);
  }

  /** @param {Pair} place */
  moveStart(place) {
    const [x, y] = place.map((value) => Math.min(Math.max(value, -FARTHEST), FARTHEST));
    this.start = /** @type {Pair} */ (asWritten([x, y]));
  }

  /** @param {number} step */
  scrub(step) {
    this.playing = false;
    this.step = step;
  }

  toggle() {
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.step === 0) this.step = 1000;
    this.played = performance.now();
    this.goOn();
  }

  /** @param {Whose | "both"} whose */
  choose(whose) {
    const other = (whose === "best") !== (this.arrows === "best");
    this.arrows = whose;
    if (other) this.begin();
  }

  reseed() {
    this.seed += 1;
    this.begin();
  }
}

/** The only point. @param {import("./plane.js").PlanePoints} points */
const placeOf = ({ x, y }) => ({ x: x[0], y: y[0] });

/** @param {import("./plane.js").PlanePoints} points @returns {Pair} */
const pairOf = ({ x, y }) => [x[0], y[0]];

/** A factor behind a dot: negative ones in brackets. @param {number} value */
const bracketed = (value) => (value < 0 ? `(${formatNumber(value, 3)})` : formatNumber(value, 3));

customElements.define("lente-diffusion-plane", LenteDiffusionPlane);
