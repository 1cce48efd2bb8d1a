import { html, nothing } from "vendor/lit";
import { readUrl, writeUrl } from "../frame/address.js";
import { addressed } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { centreDigit } from "../digits/centre_digit.js";
import { sampleDigit } from "../digits/samples.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { DIFFERENCES } from "./failures.js";
import { WatchedRun } from "./run.js";
import { takeHome } from "./server.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-class-bars.js";
import { isRunSeed } from "./lente-run-controls.js";
import "./lente-failures.js";
import "./lente-run-curves.js";
import "./lente-run-kernels.js";
import "./lente-run-mistakes.js";

/** @typedef {import("./server.js").Settings} Settings */

const SIDE = 112;
const MOST_STEPS = 20_000;

/**
 * A network that learns to read from random weights, on the server, here and now: what it is told, how it gets on, its
 * kernels and maps; a second one beside it. Rendered in the page.
 */
export class LenteFromNoise extends LenteElement {
  static properties = {
    paths: { attribute: false },
    seed: { state: true },
    fault: { state: true },
    difference: { state: true },
  };

  constructor() {
    super();
    /** Where the pages are, by their nouns. @type {Record<string, string>} */ this.paths = {};
    this.seed = 1;
    this.fault = "";
    this.beginning = false;
    this.difference = DIFFERENCES[0][0];
    this.first = new WatchedRun();
    this.second = new WatchedRun();
    /** The last settings of a run that is gone. @type {Partial<Settings>} */ this.chosen = {};
    for (const run of this.runs)
      run.addEventListener("news", () => {
        if (run.fault) this.fault = run.fault;
        this.requestUpdate();
      });
    addressed(this, { seed: { name: "runseed", first: 1, accepts: isRunSeed } });
    this.near = new Near(this, () => this.open());
    onWindow("returned", () => this.open());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const run of this.runs) run.watch++;
  }

  get runs() {
    return [this.first, this.second];
  }

  /** The runs that are there. */
  get others() {
    return this.runs.filter(({ state }) => state);
  }

  get settings() {
    return this.first.state?.settings ?? this.chosen;
  }

  /** The runs that the address names. */
  async open() {
    const { run, beside } = readUrl();
    for (const [watched, id] of /** @type {[WatchedRun, string | undefined][]} */ ([
      [this.first, run],
      [this.second, beside],
    ])) {
      if (!id || watched.id === id) continue;
      await this.trying(() => watched.open(id));
    }
  }

  /** @param {() => Promise<unknown>} work */
  async trying(work) {
    try {
      this.fault = "";
      await work();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** Begins runs, once however often it is pressed until they have begun. @param {() => Promise<unknown>} work */
  async once(work) {
    if (this.beginning) return;
    this.beginning = true;
    await this.trying(work);
    this.beginning = false;
  }

  /** A new run in place of the one that is there. @param {Partial<Settings>} settings @param {number} until */
  async begin(settings, until) {
    await this.once(async () => {
      await this.endAll();
      await this.first.begin({ seed: this.seed, ...settings });
      this.first.show({ digit: this.drawn ?? null });
      writeUrl({ run: this.first.id, beside: undefined });
      await this.first.tell({ until });
    });
  }

  async endAll() {
    for (const run of this.runs) if (run.id) await run.end();
  }

  /** The same again with one setting different, both from their start. */
  async beside() {
    const difference = DIFFERENCES.find(([name]) => name === this.difference);
    const settings = this.first.state?.settings;
    if (!difference || !settings) return;
    await this.once(async () => {
      await this.endAll();
      await this.first.begin(settings);
      await this.second.begin({ ...settings, ...difference[2](settings) });
      for (const run of this.runs) run.show({ digit: this.drawn ?? null });
      writeUrl({ run: this.first.id, beside: this.second.id });
      for (const run of this.runs) await run.tell({ until: this.first.state?.most_steps });
    });
  }

  /** Both go on, or pause. */
  play() {
    const { state } = this.first;
    if (!state) return this.begin(this.chosen, MOST_STEPS);
    const told = state.playing ? { pause: true } : { until: state.most_steps };
    return this.trying(() => Promise.all(this.others.map((run) => run.tell(told))));
  }

  /** @param {number} steps */
  goOn(steps) {
    return this.trying(() =>
      Promise.all(this.others.map((run) => run.tell({ until: (run.state?.step ?? 0) + steps }))),
    );
  }

  /** @param {Partial<Settings>} settings */
  set(settings) {
    this.chosen = { ...this.settings, ...settings };
    this.requestUpdate();
    if (this.first.state) void this.trying(() => this.first.tell({ settings }));
  }

  /** @param {number | null} at */
  look(at) {
    for (const run of this.others) run.show({ at });
    this.requestUpdate();
  }

  render() {
    const { first, others } = this;
    return html`${notice(this.fault)}
      <div class="noise-columns">
        <section class="noise-pad" aria-label=${t("Your digit")}>
          <lente-drawing @draw=${this.onDraw}></lente-drawing>
          ${others.map((run) => this.reading(run))}
        </section>
        <section class="noise-run" aria-label=${t("The run")}>
          <lente-run-controls
            .state=${first.state}
            .settings=${this.settings}
            .seed=${this.seed}
            .own=${first.own}
            @play=${this.play}
            @go-on=${(/** @type {CustomEvent<number>} */ event) => this.goOn(event.detail)}
            @again=${() => this.begin({ ...this.settings, seed: this.seed }, 0)}
            @seed=${(/** @type {CustomEvent<number>} */ event) => (this.seed = event.detail)}
            @set=${(/** @type {CustomEvent<Partial<Settings>>} */ event) => this.set(event.detail)}
          ></lente-run-controls>
          ${this.stateLine()}
          <lente-run-curves
            .points=${others.map(({ points }) => points)}
            .kept=${first.state?.kept ?? []}
            .at=${first.at}
            @look=${(/** @type {CustomEvent<number | null>} */ event) => this.look(event.detail)}
          ></lente-run-curves>
        </section>
      </div>
      <div class="noise-inside">
        ${others.map(({ tensors }, i) => html`<lente-run-kernels .tensors=${tensors} .number=${others.length > 1 ? i + 1 : null}></lente-run-kernels>`)}
      </div>
      ${first.state ? this.after() : nothing}
      <lente-failures
        @fail=${(/** @type {CustomEvent<import("./failures.js").Failure>} */ event) => this.begin(event.detail.settings, event.detail.until)}
      ></lente-failures>`;
  }

  stateLine() {
    const { state, points } = this.first;
    if (!state)
      return html`<p>
        ${t("Press Play: a network begins with random weights and learns from MNIST, 60 000 handwritten digits.")}
      </p>`;
    const last = points[points.length - 1];
    const words = t("Step {step}, epoch {epoch}", {
      step: formatNumber(state.step),
      epoch: formatNumber(state.step / state.epoch, 1),
    });
    return html`<p>
      <output aria-live="off" data-part="run-state"
        >${words}${last ? `: ${t("test digits read right {share}", { share: formatPercent(last.test_accuracy) })}` : ""}</output
      >
    </p>`;
  }

  /** What a run reads in the digit on the pad. @param {WatchedRun} run */
  reading(run) {
    const shares = /** @type {Float32Array | undefined} */ (run.tensors.probabilities?.data);
    if (!shares) return nothing;
    if (!shares.every(Number.isFinite))
      return html`<p>${t("Its weights have grown beyond all bounds: what it reads is no number any more.")}</p>`;
    /** @type {import("../shared/sureness.js").Reading} */
    const reading = { probabilities: shares, judged: null };
    return html`<lente-class-bars .reading=${reading} label=${t("What the digit network reads:")}></lente-class-bars>`;
  }

  /** What is counted, compared and taken away. */
  after() {
    return html`<div class="noise-after">
      <lente-run-mistakes .run=${this.first.id}></lente-run-mistakes>
      <section class="noise-more">${this.comparison()} ${this.home()}</section>
    </div>`;
  }

  comparison() {
    return html`<h3>${t("Two runs side by side")}</h3>
      <p class="row">
        <select
          aria-label=${t("What differs")}
          data-part="difference"
          @change=${(/** @type {Event} */ event) => (this.difference = /** @type {HTMLSelectElement} */ (event.target).value)}
        >
          ${DIFFERENCES.map(([name, words]) => html`<option value=${name} ?selected=${name === this.difference}>${t(words)}</option>`)}
        </select>
        <button type="button" data-do="beside" ?disabled=${!this.first.own} @click=${this.beside}>
          ${t("Begin both again")}
        </button>
      </p>`;
  }

  home() {
    const { id, state } = this.first;
    const { weights, script } = takeHome(id);
    return html`<h3>${t("Take it with you")}</h3>
      <p class="row">
        ${
          state?.settings.relu
            ? html`<a class="button" data-part="carry" href=${`${this.paths.digits}?run=${id}`}
                >${t("Look into it on the digits page")}</a
              >`
            : nothing
        }
        <a class="button" href=${weights} download>${t("Weights (safetensors)")}</a>
        <a class="button" href=${script} download>${t("PyTorch lines that train it again")}</a>
      </p>
      <p class="small">${t("Whoever has the address of this page watches the run, as long as it lives.")}</p>`;
  }

  async firstUpdated() {
    const pad = /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (
      this.querySelector("lente-drawing")
    );
    await pad.updateComplete;
    if (!pad.restore()) pad.load({ strokes: sampleDigit(3) });
  }

  /** @param {CustomEvent<{values: Float32Array}>} event */
  onDraw({ detail }) {
    const placed = centreDigit(detail.values, SIDE);
    this.drawn = placed ? Float32Array.from(placed.centred) : null;
    for (const run of this.runs) run.show({ digit: this.drawn });
  }
}

customElements.define("lente-from-noise", LenteFromNoise);
