import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { digitNetwork } from "../digits/server.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom, oneOf } from "../frame/accepted.js";
import { addressed, tellStray } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { whenNear } from "../frame/when_near.js";
import { moveAbove, project } from "./geometry.js";
import { LARGEST, sliderRows } from "../shared/ui/slider_rows.js";
import { latentSpace, modelTitle } from "./space.js";
import { exactly } from "../shared/ui/exactly.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";
import "../shared/ui/lente-sliders.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */

const MODELS = [
  "vae_10d",
  "autoencoder_4d",
  "autoencoder_8d",
  "autoencoder_10d",
  "autoencoder_16d",
  "autoencoder_32d",
  "pca",
];
const STOPS = 7;
const SECONDS = 3;

/** A slider for each number of a longer code, with what it does to the picture, beside a flat map of the codes. */
export class LenteLatentNumbers extends LenteElement {
  static properties = {
    space: { state: true },
    network: { state: true },
    chosen: { state: true },
    span: { state: true },
    playing: { state: true },
    strips: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {LatentSpace | null} */ this.space = null;
    this.network = MODELS[0];
    /** @type {number[] | null} the code that was set; null for the middle */ this.chosen = null;
    /** @type {"prior" | "data" | null} where the sliders end; null for what suits the network */ this.span = null;
    addressed(
      this,
      {
        network: { name: "network", first: MODELS[0], accepts: oneOf(MODELS) },
        chosen: { name: "code", first: null, accepts: listOf(numberFrom(-LARGEST, LARGEST)) },
        span: { name: "span", first: null, accepts: oneOf(["prior", "data"]) },
      },
      () => this.load(),
    );
    /** @type {number | null} the number that is being swept */ this.playing = null;
    /** @type {Map<number, Float32Array>} */ this.strips = new Map();
    this.fault = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.later = undefined;
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    /** @type {import("./plane/painting.js").Points | null} */ this.points = null;
    this.home = { x: 0, y: 0, reach: 4 };
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.playing = null;
  }

  /** The code that is shown. @returns {number[]} */
  get code() {
    if (!this.space) return [];
    return this.chosen?.length === this.space.z ? this.chosen : middle(this.space);
  }

  get range() {
    return this.span ?? (this.space?.kind === "vae" ? "prior" : "data");
  }

  /** @param {string} network */
  choose(network) {
    Object.assign(this, { network, chosen: null, span: null });
    return this.load();
  }

  async load() {
    const { network } = this;
    try {
      const [space, read] = await Promise.all([latentSpace(network), digitNetwork()]);
      if (network !== this.network) return; // another was chosen meanwhile
      Object.assign(this, { space, read, fault: "", playing: null, ...flatMap(space) });
      if (this.chosen && this.chosen.length !== space.z)
        tellStray("code", listOf(numberFrom(-LARGEST, LARGEST), space.z));
      this.drawSoon();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
      if (this.space) this.network = this.space.name; // that which is shown is the choice again
    }
  }

  render() {
    const { space } = this;
    return html`<div class="numbers-exhibit">
      ${space ? this.whole(space) : html`<div class="waiting"></div>`} ${notice(this.fault)}
    </div>`;
  }

  /** @param {LatentSpace} space */
  whole(space) {
    const picture = space.decode(this.code);
    const [x, y] = project(this.code, space);
    return html`<div class="stack">
        <figure class="decoded-long">
          <lente-pictures still .pictures=${picture} label=${t("The decoded digit")}></lente-pictures>
        </figure>
        <lente-class-bars
          .reading=${this.read?.(picture) ?? null}
          label=${t("What the digit network reads:")}
        ></lente-class-bars>
        <figure>
          <lente-plane
            class="flat"
            .points=${this.points}
            .home=${this.home}
            .at=${{ x, y }}
            @place=${this.onPlace}
            label=${t("Flat map of the codes: arrow keys move the place")}
          ></lente-plane>
          <figcaption>
            ${t("The {count} numbers seen along the two directions in which they vary most. Moving here moves all sliders at once.", { count: space.z })}
          </figcaption>
        </figure>
      </div>
      <div class="stack">
        <div class="row" data-hideable="numbers-controls">
          <select
            aria-label=${t("Network")}
            .value=${live(this.network)}
            @change=${(/** @type {Event} */ event) => this.choose(/** @type {HTMLSelectElement} */ (event.target).value)}
          >
            ${MODELS.map((name) => html`<option value=${name} ?selected=${name === this.network}>${modelTitle(name)}</option>`)}
          </select>
          ${space.kind === "vae" ? this.rangeChoice() : nothing}
          <button type="button" @click=${() => this.set(null)}>${t("Reset")}</button>
          <button type="button" @click=${() => this.set(this.randomCode(space))}>${t("A test digit at random")}</button>
          <button type="button" @click=${this.toggle}>${this.playing === null ? t("Animate") : t("Stop")}</button>
        </div>
        ${this.legend(space)}
        <lente-sliders
          class="long"
          .rows=${sliderRows(space, this.range)}
          .values=${this.code}
          .strips=${this.strips}
          .touched=${this.playing}
          @slide=${this.onSlide}
        ></lente-sliders>
      </div>`;
  }

  rangeChoice() {
    return html`<span class="segments" role="group" aria-label=${t("Range of the sliders")}>
      <button type="button" aria-pressed=${this.range === "prior"} @click=${() => this.chooseRange("prior")}>
        ${t("Bell curve")}
      </button>
      <button type="button" aria-pressed=${this.range === "data"} @click=${() => this.chooseRange("data")}>
        ${t("Codes")}
      </button></span
    >`;
  }

  /** @param {LatentSpace} space */
  legend({ kl }) {
    if (!kl) return nothing;
    const unused = kl.filter((nats) => nats < 0.05).length;
    return html`<p class="small">
        ${t("Sorted by how much each number can tell about the picture, the most telling first.")}
        ${unused ? t("Numbers that carry next to nothing: {unused}. Moving them changes next to nothing.", { unused }) : nothing}
      </p>
      ${exactly(
        t(
          "Sorted by the KL divergence, {sum} nats in all: no number tells more than its own on average, though it may tell less.",
          {
            sum: formatNumber(
              kl.reduce((a, b) => a + b, 0),
              1,
            ),
          },
        ),
      )}`;
  }

  /** @param {"prior" | "data"} range */
  chooseRange(range) {
    this.span = range;
    this.drawStrips();
  }

  /** @param {LatentSpace} space @returns {number[]} */
  randomCode({ mu, count, z }) {
    const index = Math.floor(Math.random() * count);
    return Array.from(mu.subarray(index * z, (index + 1) * z));
  }

  /** @param {CustomEvent<import("./plane/view.js").Point>} event */
  onPlace({ detail: { x, y } }) {
    if (this.space) this.set(moveAbove(this.code, [x, y], this.space));
  }

  /** @param {CustomEvent<{index: number, value: number}>} event */
  onSlide({ detail: { index, value } }) {
    this.playing = null;
    this.set(this.code.with(index, value));
  }

  /** @param {number[] | null} code null for the middle */
  set(code) {
    this.chosen = code && asWritten(code);
    if (this.playing === null) this.drawSoon();
  }

  drawSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.drawStrips(), 120);
  }

  /** What each number alone does to the picture, from one end of its slider to the other. */
  drawStrips() {
    const { space } = this;
    if (!space) return;
    this.strips = new Map(
      sliderRows(space, this.range).map(({ index, low, high }) => [index, this.strip(space, index, low, high)]),
    );
  }

  /** @param {LatentSpace} space @param {number} index @param {number} low @param {number} high */
  strip(space, index, low, high) {
    const pictures = new Float32Array(STOPS * 784);
    for (let i = 0; i < STOPS; i++)
      pictures.set(space.decode(this.code.with(index, low + ((high - low) * i) / (STOPS - 1))), 784 * i);
    return pictures;
  }

  toggle() {
    if (this.playing !== null) this.playing = null;
    else this.play();
  }

  /** Sweeps one number after another through its range and back to where it was. */
  play() {
    const { space } = this;
    if (!space) return;
    const rows = sliderRows(space, this.range).filter(({ unused }) => !unused);
    const rest = [...this.code];
    const began = performance.now();
    this.playing = rows[0].index;
    const frame = (/** @type {number} */ now) => {
      if (this.playing === null || this.space !== space) return this.set(this.code);
      const turns = (now - began) / 1000 / SECONDS;
      const row = rows[Math.floor(Math.max(turns, 0)) % rows.length];
      this.playing = row.index;
      this.set(rest.with(row.index, swing(rest[row.index], row.low, row.high, Math.max(turns, 0) % 1)));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}

/** From where it is up, down and back. @param {number} from @param {number} low @param {number} high @param {number} share */
function swing(from, low, high, share) {
  const wave = Math.sin(2 * Math.PI * share);
  return from + (wave > 0 ? wave * (high - from) : -wave * (low - from));
}

/** @param {LatentSpace} space @returns {number[]} */
function middle({ kind, mean, z }) {
  return kind === "autoencoder" ? [...mean] : Array.from({ length: z }, () => 0);
}

/** @param {LatentSpace} space */
function flatMap(space) {
  const { mu, count, z, labels } = space;
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) [x[i], y[i]] = project(mu.subarray(i * z, (i + 1) * z), space);
  const reach =
    1.05 * Math.max(...[x, y].map((values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  return { points: { x, y, labels }, home: { x: 0, y: 0, reach } };
}

customElements.define("lente-latent-numbers", LenteLatentNumbers);
