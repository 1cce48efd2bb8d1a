import { html, live, nothing } from "vendor/lit";
import { readUrl, writeUrl } from "../frame/address.js";
import { addressed } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { LenteElement, notice } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { centreDigit } from "../digits/centre_digit.js";
import { sampleDigit } from "../digits/samples.js";
import { formatNumber, formatPercent, groupedNumber } from "../shared/numbers.js";
import { DIFFERENCES, FAILURES } from "./failures.js";
import { WatchedRun } from "./run.js";
import { fetchCell, fetchConfusion, takeHome } from "./server.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-chart.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix.js";

/**
 * @typedef {import("./server.js").Settings} Settings
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const SIDE = 112;
const KERNELS = 10;
const LAYERS = ["conv1", "conv2", "dense1", "dense2"];
const BATCHES = [16, 64, 256];
const DIGITS = [100, 1000, 10_000, 60_000];
const NOISES = [0, 0.1, 0.33, 1];
const RATES = [-5, 1];
/** @type {[Settings["optimiser"], string][]} */
const OPTIMISERS = [
  ["sgd", N_("plain")],
  ["momentum", N_("momentum")],
  ["adam", N_("Adam")],
];

/**
 * A network that learns to read from random weights, on the server, here and now: what it is told, how it gets on, its
 * kernels and maps; a second one beside it. Rendered in the page.
 */
export class LenteFromNoise extends LenteElement {
  static properties = {
    paths: { attribute: false },
    seed: { state: true },
    question: { state: true },
    said: { state: true },
    confusion: { state: true },
    cell: { state: true },
    fault: { state: true },
    difference: { state: true },
  };

  constructor() {
    super();
    /** Where the pages are, by their nouns. @type {Record<string, string>} */ this.paths = {};
    this.seed = 1;
    /** @type {import("./failures.js").Failure | null} */ this.question = null;
    /** Which option was chosen. @type {number | null} */ this.said = null;
    /** @type {{counts: Tensor, step: number, right: number} | null} */ this.confusion = null;
    /** @type {{label: number, answer: number, images: Tensor, total: number} | null} */ this.cell = null;
    this.fault = "";
    this.difference = DIFFERENCES[0][0];
    this.first = new WatchedRun();
    this.second = new WatchedRun();
    /** The last settings of a run that is gone. @type {Partial<Settings>} */ this.chosen = {};
    for (const run of this.runs)
      run.addEventListener("news", () => {
        if (run.fault) this.fault = run.fault;
        this.requestUpdate();
      });
    addressed(this, { seed: { name: "runseed", first: 1, accepts: (seed) => Number.isInteger(seed) && seed >= 0 } });
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

  get settings() {
    return this.first.state?.settings ?? this.chosen;
  }

  /** A new run in place of the one that is there. @param {Partial<Settings>} settings @param {number} until */
  async begin(settings, until) {
    await this.trying(async () => {
      await this.endAll();
      await this.first.begin({ seed: this.seed, ...settings });
      this.first.show({ digit: this.drawn ?? null });
      writeUrl({ run: this.first.id, beside: undefined });
      await this.first.tell({ until });
    });
  }

  async endAll() {
    Object.assign(this, { confusion: null, cell: null });
    for (const run of this.runs) if (run.id) await run.end();
  }

  /** The same again with one setting different, both from their start. */
  async beside() {
    const difference = DIFFERENCES.find(([name]) => name === this.difference);
    const settings = this.first.state?.settings;
    if (!difference || !settings) return;
    this.question = null;
    await this.trying(async () => {
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
    if (!state) return this.begin(this.chosen, 20_000);
    const told = state.playing ? { pause: true } : { until: state.most_steps };
    return this.trying(() => Promise.all(this.others.map((run) => run.tell(told))));
  }

  /** @param {number} steps */
  goOn(steps) {
    return this.trying(() =>
      Promise.all(this.others.map((run) => run.tell({ until: (run.state?.step ?? 0) + steps }))),
    );
  }

  /** The runs that are there. */
  get others() {
    return this.runs.filter(({ state }) => state);
  }

  /** @param {Partial<Settings>} settings */
  set(settings) {
    this.chosen = { ...this.settings, ...settings };
    this.requestUpdate();
    if (this.first.state) void this.trying(() => this.first.tell({ settings }));
  }

  render() {
    return html`${notice(this.fault)}
      <div class="noise-columns">
        <section class="noise-pad" aria-label=${t("Your digit")}>
          <lente-drawing @draw=${this.onDraw}></lente-drawing>
          ${this.others.map((run) => this.reading(run))}
        </section>
        <section class="noise-run" aria-label=${t("The run")}>
          ${this.controls()} ${this.stateLine()} ${this.charts()}
        </section>
      </div>
      <div class="noise-inside">${this.others.map((run, i) => this.inside(run, i))}</div>
      ${this.first.state ? this.after() : nothing} ${this.failures()}`;
  }

  controls() {
    const { state } = this.first;
    const mine = !state || this.first.own;
    return html`<div class="row noise-controls">
        <button type="button" class="primary" data-do="play" ?disabled=${!mine} @click=${this.play}>
          ${state?.playing ? t("Pause") : t("Play")}
        </button>
        <button type="button" data-do="step" ?disabled=${!mine || !state} @click=${() => this.goOn(1)}>
          ${t("One step")}
        </button>
        <button
          type="button"
          data-do="epoch"
          ?disabled=${!mine || !state}
          title=${t("All its digits once")}
          @click=${() => this.goOn(state?.epoch ?? 1)}
        >
          ${t("One epoch")}
        </button>
        <button type="button" data-do="again" @click=${() => this.begin({ ...this.settings, seed: this.seed }, 0)}>
          ${t("Start again")}
        </button>
        <label
          >${t("Seed")}
          <input
            type="number"
            min="0"
            max="9999"
            .value=${live(String(this.seed))}
            @change=${(/** @type {Event} */ event) => (this.seed = Math.min(Math.max(Math.round(Number(/** @type {HTMLInputElement} */ (event.target).value)) || 0, 0), 9999))}
        /></label>
      </div>
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
    const select = (
      /** @type {string} */ words,
      /** @type {string} */ name,
      /** @type {readonly (number | string)[]} */ values,
      /** @type {number | string} */ now,
      /** @type {(value: any) => string} */ said,
    ) =>
      html`<label
        >${words}
        <select
          data-setting=${name}
          @change=${(/** @type {Event} */ event) => this.set({ [name]: read(/** @type {HTMLSelectElement} */ (event.target).value) })}
        >
          ${[...new Set([...values, now])].map((value) => html`<option value=${value} ?selected=${value === now}>${said(value)}</option>`)}
        </select></label
      >`;
    const read = (/** @type {string} */ value) => (Number.isNaN(Number(value)) ? value : Number(value));
    return html`<div class="row noise-settings" data-hideable="run-settings">
      <label class="noise-rate"
        >${t("Learning rate")}
        <input
          type="range"
          min=${RATES[0]}
          max=${RATES[1]}
          step="0.05"
          data-setting="rate"
          aria-valuetext=${formatNumber(rate)}
          .value=${live(String(Math.log10(rate)))}
          @change=${(/** @type {Event} */ event) => this.set({ rate: Number((10 ** Number(/** @type {HTMLInputElement} */ (event.target).value)).toPrecision(2)) })}
        />
        <output aria-live="off">${formatNumber(rate)}</output></label
      >
      ${select(
        t("Optimiser"),
        "optimiser",
        OPTIMISERS.map(([name]) => name),
        optimiser,
        (name) => t(OPTIMISERS.find(([one]) => one === name)?.[1] ?? name),
      )}
      ${select(t("Batch"), "batch", BATCHES, batch, String)}
      ${select(t("Digits"), "digits", DIGITS, digits, groupedNumber)}
      ${select(t("Wrong labels"), "noise", NOISES, noise, (share) => formatPercent(share, 0))}
      <label
        ><input
          type="checkbox"
          data-setting="augmented"
          .checked=${live(augmented)}
          @change=${(/** @type {Event} */ event) => this.set({ augmented: /** @type {HTMLInputElement} */ (event.target).checked })}
        />
        ${t("Augmentation")}</label
      >
    </div>`;
  }

  stateLine() {
    const { state, points } = this.first;
    if (!state)
      return html`<p>${t("Press Play: a network begins with random weights and learns from MNIST's digits.")}</p>`;
    const last = points[points.length - 1];
    const words = t("Step {step}, epoch {epoch}", {
      step: groupedNumber(state.step),
      epoch: formatNumber(state.step / state.epoch, 1),
    });
    return html`<p>
      <output aria-live="off" data-part="run-state"
        >${words}${last ? `: ${t("test digits read right {share}", { share: formatPercent(last.test_accuracy) })}` : ""}</output
      >
    </p>`;
  }

  charts() {
    const runs = this.others;
    if (!runs.length) return nothing;
    const steps = [...new Set(runs.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
    const series = (
      /** @type {(point: import("./server.js").Point) => number | null} */ value,
      /** @type {string} */ name,
      /** @type {boolean} */ dashed,
    ) =>
      runs.map(({ points }, i) => {
        const by = new Map(points.map((point) => [point.step, value(point)]));
        const values = steps.map((step) => by.get(step) ?? null);
        return {
          name: runs.length > 1 ? `${i + 1}: ${name}` : name,
          colour: i ? "--class-1" : "--class-0",
          dashed,
          values,
        };
      });
    const at = this.first.at;
    return html`<div
      class="noise-charts"
      @chart-pick=${(/** @type {CustomEvent<number>} */ event) => this.look(event.detail)}
    >
      <figure>
        <h3>${t("Loss")}</h3>
        <lente-chart
          .x=${steps}
          .series=${[...series(({ loss }) => loss, t("training"), true), ...series((point) => point.test_loss, t("test"), false)]}
          .at=${at}
          label=${t("Loss over the steps, training and test")}
        ></lente-chart>
      </figure>
      <figure>
        <h3>${t("Read right")}</h3>
        <lente-chart
          .x=${steps}
          .series=${[...series(({ accuracy }) => accuracy, t("training"), true), ...series((point) => point.test_accuracy, t("test"), false)]}
          .range=${[0, 1]}
          .at=${at}
          label=${t("Share of digits read right over the steps, training and test")}
        ></lente-chart>
      </figure>
      <figure>
        <h3>${t("Size of the gradients, layer by layer")}</h3>
        <lente-chart
          logarithmic
          .x=${this.first.points.slice(1).map(({ step }) => step)}
          .series=${LAYERS.map((name, i) => ({ name, colour: `--class-${[0, 1, 4, 5][i]}`, values: this.first.points.slice(1).map(({ sizes }) => sizes[i]) }))}
          .at=${at}
          label=${t("Length of each layer's gradient over the steps")}
        ></lente-chart>
      </figure>
      ${this.scrubber()}
    </div>`;
  }

  scrubber() {
    const { state, at } = this.first;
    const kept = state?.kept ?? [];
    if (kept.length < 2) return nothing;
    const place = at === null ? kept.length : kept.findLastIndex((step) => step <= at);
    return html`<label class="noise-scrub" data-hideable="scrub"
      >${t("Look back")}
      <input
        type="range"
        min="0"
        max=${kept.length}
        data-part="scrub"
        .value=${live(String(place))}
        aria-valuetext=${at === null ? t("now") : t("step {step}", { step: at })}
        @input=${(/** @type {Event} */ event) => {
          const chosen = Number(/** @type {HTMLInputElement} */ (event.target).value);
          this.look(chosen >= kept.length ? null : kept[chosen]);
        }}
      />
      <output aria-live="off" data-part="looked"
        >${at === null ? t("now") : t("step {step}", { step: groupedNumber(at) })}</output
      ></label
    >`;
  }

  /** @param {number | null} at */
  look(at) {
    for (const run of this.others) run.show({ at });
    this.requestUpdate();
  }

  /** What a run reads in the digit on the pad. @param {WatchedRun} run */
  reading(run) {
    const shares = run.tensors.probabilities?.data;
    if (!shares) return nothing;
    return html`<lente-class-bars
      .probabilities=${shares}
      label=${t("What the digit network reads:")}
    ></lente-class-bars>`;
  }

  /** Kernels and maps. @param {WatchedRun} run @param {number} i */
  inside(run, i) {
    const { kernels, maps } = run.tensors;
    if (!kernels) return nothing;
    const size = 25;
    const most = Array.from(kernels.data).reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9);
    return html`<section class="noise-kernels" data-run=${i}>
      <h3>${this.others.length > 1 ? `${i + 1}: ` : ""}${t("The ten kernels of conv1, and your digit under each")}</h3>
      <div class="noise-grid">
        ${Array.from({ length: KERNELS }, (_, k) => {
          const kernel = { shape: [5, 5], data: kernels.data.subarray(k * size, (k + 1) * size) };
          return html`<lente-map
            still
            map="diverging"
            .tensor=${kernel}
            .range=${{ low: -most, high: most }}
            label=${t("Kernel {number}", { number: k })}
          ></lente-map>`;
        })}
        ${
          maps
            ? Array.from({ length: KERNELS }, (_, k) => {
                const map = { shape: [28, 28], data: maps.data.subarray(k * 784, (k + 1) * 784) };
                return html`<lente-map still .tensor=${map} label=${t("Map {number}", { number: k })}></lente-map>`;
              })
            : nothing
        }
      </div>
    </section>`;
  }

  /** What is counted, compared and taken away. */
  after() {
    const { id, state } = this.first;
    const home = takeHome(id);
    return html`<div class="noise-after">
      <section data-hideable="confusion">
        <h3>${t("Which digit is taken for which")}</h3>
        <button type="button" data-do="count" @click=${this.count}>${t("Count all 10,000 test digits")}</button>
        ${this.confusion ? this.matrix(this.confusion) : nothing}
      </section>
      <section class="noise-more">
        <h3>${t("Two runs side by side")}</h3>
        <p>
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
        </p>
        <h3>${t("Take it with you")}</h3>
        <p>
          ${
            state?.settings.relu
              ? html`<a class="button" data-part="carry" href=${`${this.paths.digits}?run=${id}`}
                  >${t("Look into it on the digits page")}</a
                >`
              : nothing
          }
          <a class="button" href=${home.weights} download>${t("Weights (safetensors)")}</a>
          <a class="button" href=${home.script} download>${t("PyTorch lines that train it again")}</a>
        </p>
        <p class="small">${t("Whoever has the address of this page watches the run, as long as it lives.")}</p>
      </section>
    </div>`;
  }

  count() {
    const { id } = this.first;
    this.cell = null;
    return this.trying(async () => {
      const { tensors, facts } = await fetchConfusion(id);
      this.confusion = { counts: tensors.counts, step: facts.step, right: facts.right };
    });
  }

  /** @param {NonNullable<LenteFromNoise["confusion"]>} confusion */
  matrix({ counts, step, right }) {
    const wrong = Float32Array.from(counts.data, (value, i) => (i % 11 ? value : 0));
    const most = wrong.reduce((top, value) => Math.max(top, value), 1);
    return html`<p>
        ${t("At step {step}: {right} of 10,000 read right. Rows are labels, columns what was read; the colours are the mistakes'. Click a cell to see its digits.", { step: groupedNumber(step), right: groupedNumber(right) })}
      </p>
      <lente-matrix
        class="noise-confusion"
        data-part="confusion"
        .values=${counts.data}
        .columns=${10}
        .range=${{ low: 0, high: most }}
        .format=${String}
        label=${t("Which digit is taken for which")}
        @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => this.openCell(event.detail.row, event.detail.column)}
      ></lente-matrix>
      ${this.cell ? this.digitsOf(this.cell) : nothing}`;
  }

  /** @param {number} label @param {number} answer */
  openCell(label, answer) {
    return this.trying(async () => {
      const { tensors, facts } = await fetchCell(this.first.id, label, answer);
      this.cell = { label, answer, images: tensors.images, total: facts.total };
    });
  }

  /** @param {NonNullable<LenteFromNoise["cell"]>} cell */
  digitsOf({ label, answer, images, total }) {
    const count = images.shape[0];
    return html`<p>
        ${t("{count} digits with the label {label}, read as {answer}:", { count: groupedNumber(total), label, answer })}
      </p>
      <div class="noise-digits">
        ${Array.from({ length: count }, (_, i) => {
          const data = images.data.subarray(i * 784, (i + 1) * 784);
          return html`<lente-map
            still
            map="grey"
            .tensor=${{ shape: [28, 28], data }}
            .range=${{ low: 0, high: 1 }}
          ></lente-map>`;
        })}
      </div>`;
  }

  failures() {
    return html`<section class="noise-failures" data-hideable="failures">
      <h3>${t("Set to fail: what do you expect?")}</h3>
      <div class="row">
        ${FAILURES.map(
          (failure) =>
            html`<button
              type="button"
              data-failure=${failure.name}
              aria-pressed=${this.question === failure}
              @click=${() => Object.assign(this, { question: failure, said: null })}
            >
              ${t(failure.title)}
            </button>`,
        )}
      </div>
      ${this.question ? this.asked(this.question) : nothing}
    </section>`;
  }

  /** @param {import("./failures.js").Failure} failure */
  asked(failure) {
    const { question, options, right, reveal } = failure;
    return html`<p>${t(question)}</p>
      <div class="row">
        ${options.map(
          (option, i) =>
            html`<button
              type="button"
              data-option=${i}
              aria-pressed=${this.said === i}
              @click=${() => this.answer(failure, i)}
            >
              ${t(option)}
            </button>`,
        )}
      </div>
      ${this.said === null ? nothing : html`<p data-part="reveal">${this.said === right ? t("So it is; watch it above.") : t("Watch it above.")} ${t(reveal)}</p>`}`;
  }

  /** @param {import("./failures.js").Failure} failure @param {number} option */
  answer(failure, option) {
    const first = this.said === null;
    this.said = option;
    if (first) void this.begin(failure.settings, failure.until);
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
