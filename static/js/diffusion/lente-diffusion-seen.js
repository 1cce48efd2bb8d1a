import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { queryOf } from "../frame/address_table.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { picturePng } from "../latent/picture_png.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { uploadPicture } from "../shared/pictures/pictures.js";
import { stepSlider } from "./lente-diffusion-in.js";
import { cellField, labelButtons, panel, placeOf, squaredError } from "./panels.js";
import { hatted } from "./hatted.js";
import { pictureOf } from "./schedule.js";
import { fetchErrors, look } from "./server.js";
import { writtenSum } from "./sums.js";
import "../shared/ui/lente-chart.js";

/**
 * @typedef {import("./lente-diffusion-in.js").Noised} Noised
 * @typedef {import("./schedule.js").Schedule} Schedule
 * @typedef {{noised: Noised, velocity: Float32Array, noise: Float32Array, estimate: Float32Array}} Found
 */

const ANY = 10;
/** What the features page shows first. */
const LAYER = "down1.silu2";

/**
 * What the network finds in a noisy picture, beside the truth; and how far it is off at every step. Rendered in the page.
 *
 * @fires step - the step that was chosen here
 */
export class LenteDiffusionSeen extends LenteElement {
  static properties = {
    noised: { attribute: false },
    schedule: { attribute: false },
    paths: { attribute: false },
    opening: { state: true },
    label: { state: true },
    cell: { state: true },
    found: { state: true },
    errors: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Noised | null} */ this.noised = null;
    /** @type {Schedule | null} */ this.schedule = null;
    /** Where the pages are, by their nouns. @type {Record<string, string>} */ this.paths = {};
    /** Whether the features page is on its way. */ this.opening = false;
    this.label = ANY;
    this.cell = { row: 14, column: 14 };
    /** @type {Found | null} */ this.found = null;
    this.fault = "";
    /** What was asked last. @type {{noised: Noised, label: number} | null} */ this.asked = null;
    addressed(this, { label: { name: "seenlabel", first: ANY, accepts: wholeFrom(0, ANY) }, cell: cellField("index") });
    /** @type {import("./server.js").Errors | null} */ this.errors = null;
    this.look = newest(
      seen,
      (/** @type {Found} */ found) => Object.assign(this, { found, fault: "" }),
      (error) => (this.fault = error.message),
    );
    this.near = new Near(this, () => this.measure());
  }

  async measure() {
    try {
      this.errors = await fetchErrors();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const { noised, near, label } = this;
    if (near.here && noised && (noised !== this.asked?.noised || label !== this.asked.label)) {
      this.asked = { noised, label };
      this.look(noised, label);
    }
    if (changed.has("found")) announce(() => this.querySelector("[data-part=error]")?.textContent);
  }

  render() {
    const { found, schedule } = this;
    return html`<div class="noise-tools row" data-hideable="noise-label">
        <span>${t("The network is told that it is:")}</span>
        ${labelButtons(this.label, (label) => (this.label = label), t("Which digit the network is told"), t("any digit"))}
      </div>
      <div class="noise-whole">${found && schedule ? this.whole(found, schedule) : nothing}</div>
      ${notice(this.fault)}`;
  }

  /** @param {Found} found @param {Schedule} schedule */
  whole(found, schedule) {
    const { cell } = this;
    const { noised, noise, estimate } = found;
    const onCell = (/** @type {import("./panels.js").Cell} */ one) => (this.cell = one);
    return html`<div class="noise-panels four">
        ${panel({ title: t("what it is given, x"), label: t("The noisy picture"), part: "x", data: noised.x, kind: "picture" }, cell, onCell)}
        ${panel({ title: t("the noise that it finds, ε̂"), label: t("The noise that the network finds"), part: "noise", data: noise, kind: "noise" }, cell, onCell)}
        ${panel({ title: t("the picture that is left, x̂₀"), label: t("The picture that follows"), part: "estimate", data: estimate, kind: "picture" }, cell, onCell)}
        ${panel({ title: t("the truth, x₀"), label: t("The picture before the noise"), part: "clean", data: noised.clean, kind: "picture" }, cell, onCell)}
      </div>
      ${stepSlider(noised.step, (step) => this.tell("step", step))}
      <div class="noise-below">${this.sums(found, schedule)} ${this.curve(noised)}</div>`;
  }

  /** @param {Found} found @param {Schedule} schedule */
  sums({ noised, velocity, noise, estimate }, { a, s }) {
    const { cell } = this;
    const [place, at] = [placeOf(cell), noised.step];
    const [x, v] = [noised.x[place], velocity[place]];
    const whole = a[at] * x - s[at] * v;
    const cut =
      Math.abs(whole) > 1 ? html`<span>${t("cut to {value}", { value: formatNumber(estimate[place]) })}</span>` : "";
    return html`<div class="stack">
      <p class="small">
        ${hatted(t("Pixel in row {row}, column {column}: the network answers v = {v}, which is a · ε̂ − s · x̂₀; both follow from it.", { row: cell.row, column: cell.column, v: formatNumber(v) }))}
      </p>
      ${writtenSum("noise", "ε̂", noise[place], [
        { name: "s", factor: s[at], of: "x", value: x },
        { name: "a", factor: a[at], of: "v", value: v },
      ])}
      ${writtenSum(
        "estimate",
        "x̂₀",
        whole,
        [
          { name: "a", factor: a[at], of: "x", value: x },
          { name: "s", factor: s[at], of: "v", value: v, minus: true },
        ],
        cut,
      )}
      <div class="row" data-hideable="units">
        <button type="button" data-do="units" ?disabled=${this.opening} @click=${this.openUnits}>
          ${t("Open its units: every number of it as a sum")}
        </button>
      </div>
      <p data-part="error">
        ${t("Squared error per pixel: {picture} for the picture, {noise} for the noise.", { picture: formatNumber(squaredError(estimate, noised.clean)), noise: formatNumber(squaredError(noise, noised.noise)) })}
      </p>
    </div>`;
  }

  /** The features page with this very network, step, noise and picture. */
  async openUnits() {
    const { noised, label, paths } = this;
    if (!noised) return;
    this.opening = true;
    try {
      const { id } = await uploadPicture(await picturePng(pictureOf(noised.clean)));
      const network = `diffusion.${noised.step}.${label}.${noised.seed}`;
      location.assign(`${paths.features}?${queryOf({ network, image: id, layer: LAYER })}`);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    } finally {
      this.opening = false;
    }
  }

  /** @param {Noised} noised */
  curve({ step }) {
    const { errors } = this;
    const count = errors?.count ?? 0;
    return html`<div class="noise-curve">
      ${
        errors
          ? html`<lente-chart
              height="150"
              .x=${errors.steps}
              .at=${step}
              .series=${[{ name: t("squared error per pixel of the picture that is left, {count} test digits", { count }), colour: "--class-0", values: errors.errors, told: "" }]}
              label=${t("How far the network is off at each step")}
              @chart-pick=${(/** @type {CustomEvent<number>} */ { detail }) => this.tell("step", detail)}
            ></lente-chart>`
          : html`<p class="empty" role="status">${t("Measuring…")}</p>`
      }
    </div>`;
  }
}

/** @param {Noised} noised @param {number} label @returns {Promise<Found>} */
async function seen(noised, label) {
  const found = await look(noised.x, { step: noised.step, labels: label, guidance: 1 }, "diffusion, seen");
  const [velocity, noise, estimate] = [found.velocity, found.noise, found.estimate].map(({ data }) =>
    Float32Array.from(data),
  );
  return { noised, velocity, noise, estimate };
}

customElements.define("lente-diffusion-seen", LenteDiffusionSeen);
