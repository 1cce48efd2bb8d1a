import { wholeFrom } from "../frame/accepted.js";
import { html, live } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import "../shared/ui/lente-number.js";

/** @typedef {import("./server.js").Settings} Settings */

const BATCHES = [16, 64, 256];
const DIGITS = [100, 1000, 10_000, 60_000];
const NOISES = [0, 0.1, 0.33, 1];
const RATES = [-5, 1];
const MOST_SEED = 9999;
/** Whether a run can be begun with it. @param {number} seed */
export const isRunSeed = wholeFrom(0, MOST_SEED);
/** @type {[Settings["optimiser"], string][]} */
const OPTIMISERS = [
  ["sgd", N_("plain")],
  ["momentum", N_("momentum")],
  ["adam", N_("Adam")],
];

/**
 * What a run is told. Rendered in the page.
 *
 * @fires play - it is to go on, or to pause
 * @fires go-on - {number} by so many steps
 * @fires again - from the start
 * @fires seed - {number}
 * @fires set - {Partial<Settings>}
 */
export class LenteRunControls extends LenteElement {
  static properties = {
    state: { attribute: false },
    settings: { attribute: false },
    seed: { attribute: false },
    own: { attribute: false },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./server.js").RunState | null} */ this.state = null;
    /** @type {Partial<Settings>} */ this.settings = {};
    this.seed = 1;
    /** Whether this browser began it. */ this.own = false;
    /** What was typed and is no seed. */ this.fault = "";
  }

  render() {
    const { state } = this;
    const mine = !state || this.own;
    return html`<div class="row noise-controls">
        <button type="button" class="primary" data-do="play" ?disabled=${!mine} @click=${() => this.emit("play")}>
          ${state?.playing ? t("Pause") : t("Play")}
        </button>
        <button type="button" data-do="step" ?disabled=${!mine || !state} @click=${() => this.emit("go-on", 1)}>
          ${t("One step")}
        </button>
        <button
          type="button"
          data-do="epoch"
          ?disabled=${!mine || !state}
          title=${t("All its digits once")}
          @click=${() => this.emit("go-on", state?.epoch ?? 1)}
        >
          ${t("One epoch")}
        </button>
        <button type="button" data-do="again" @click=${() => this.emit("again")}>${t("Start again")}</button>
        <label
          >${term(t("Seed"), t("The number from which all chance is drawn: with the same one a run goes the same way."))}
          <lente-number
            late
            whole
            label=${t("Seed")}
            .min=${0}
            .max=${MOST_SEED}
            .value=${this.seed}
            @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.emit("seed", detail)}
            @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
          ></lente-number
        ></label>
      </div>
      ${notice(this.fault)}
      ${mine ? this.settingsRow() : html`<p>${t("This run was begun in another browser: here you watch it.")}</p>`}`;
  }

  settingsRow() {
    const {
      rate = 0.001,
      batch = 64,
      optimiser = "adam",
      digits = 60_000,
      augmented = false,
      noise = 0,
    } = this.settings;
    const optimisers = OPTIMISERS.map(([name]) => name);
    const named = (/** @type {string} */ name) => t(OPTIMISERS.find(([one]) => one === name)?.[1] ?? name);
    return html`<div class="row noise-settings" data-hideable="run-settings">
      ${this.rateSlider(rate)}
      ${this.select(term(t("Optimiser"), t("The rule that makes a step of the gradient. Plain goes straight against it; momentum goes on a little in the direction of the last steps; Adam has for every weight a step of its own size.")), "optimiser", optimisers, optimiser, named)}
      ${this.select(term(t("Batch"), t("How many digits are looked at for one step: the gradient is the mean of theirs.")), "batch", BATCHES, batch, String)}
      ${this.select(t("Digits"), "digits", DIGITS, digits, formatNumber)}
      ${this.select(t("Wrong labels"), "noise", NOISES, noise, (share) => formatPercent(share, 0))}
      <label
        ><input
          type="checkbox"
          data-setting="augmented"
          .checked=${live(augmented)}
          @change=${(/** @type {Event} */ event) => this.emit("set", { augmented: /** @type {HTMLInputElement} */ (event.target).checked })}
        />
        ${term(t("Augmentation"), t("Each digit is turned, moved and bent a little before it is looked at, each time in another way: so the network sees more digits than there are."))}</label
      >
    </div>`;
  }

  /** @param {number} rate */
  rateSlider(rate) {
    return html`<label class="noise-rate"
      >${t("Learning rate")}
      <input
        type="range"
        min=${RATES[0]}
        max=${RATES[1]}
        step="0.05"
        data-setting="rate"
        aria-valuetext=${formatNumber(rate)}
        .value=${live(String(Math.log10(rate)))}
        @change=${(/** @type {Event} */ event) => this.emit("set", { rate: Number((10 ** Number(said(event))).toPrecision(2)) })}
      />
      <output aria-live="off">${formatNumber(rate)}</output></label
    >`;
  }

  /**
   * @param {unknown} words
   * @param {keyof Settings} name
   * @param {readonly (number | string)[]} values
   * @param {number | string} now
   * @param {(value: any) => string} written
   */
  select(words, name, values, now, written) {
    const read = (/** @type {string} */ value) => (Number.isNaN(Number(value)) ? value : Number(value));
    return html`<label
      >${words}
      <select
        data-setting=${name}
        @change=${(/** @type {Event} */ event) => this.emit("set", { [name]: read(said(event)) })}
      >
        ${[...new Set([...values, now])].map((value) => html`<option value=${value} ?selected=${value === now}>${written(value)}</option>`)}
      </select></label
    >`;
  }
}

/** @param {string} word @param {string} meaning */
const term = (word, meaning) => html`<lente-term meaning=${meaning}>${word}</lente-term>`;

/** @param {Event} event @returns {string} */
const said = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

customElements.define("lente-run-controls", LenteRunControls);
