import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { runnerUp } from "../shared/statistics.js";
import { occlusion } from "./occlusion.js";
import { OnRead } from "./on_read.js";
import "../shared/ui/lente-legend.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-map.js";
import "./lente-reading.js";

/** @typedef {import("../shared/pictures/lente-drawing.js").LenteDrawing} Pad */

const SIDE = 28;
const SQUARE = 5;
const STRIDE = 2;
/** Milliseconds of a frame that the search may take. */
const SLICE = 8;
const CALM = 350;

/**
 * What separates the network's first guess from its second: where a dark square over the drawing costs the first guess
 * most, beside a pad to rub that out. Computed while it is visible, some squares in each frame. Rendered in the page.
 *
 * @fires redraw - {strokes, ground}, while something is drawn on the pad here
 */
export class LenteConfusion extends LenteElement {
  static properties = {
    session: { attribute: false },
    drawing: { attribute: false },
    falls: { state: true },
    guesses: { state: true },
    cell: { state: true },
    seen: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./session.js").DigitSession | null} */ this.session = null;
    /** What is on the page's pad. @type {Pick<Pad, "strokes" | "ground">} */ this.drawing = {
      strokes: [],
      ground: null,
    };
    this.loading = false;
    /** @type {Float32Array<ArrayBuffer> | null} */ this.falls = null;
    /** @type {[number, number] | null} */ this.guesses = null;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    this.visible = false;
    /** Whether it has been on the screen: its pad is made then. */ this.seen = false;
    this.stale = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    new OnRead(this, () => {
      this.stale = true;
      if (this.visible || (this.seen && !this.falls)) this.later(); // what was begun is not left half way
      if (!this.session?.scores) this.requestUpdate();
    });
    this.watcher = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible && this.stale) this.later();
      this.seen ||= this.visible;
      if (this.visible) this.updateComplete.then(() => this.load());
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("drawing") && this.visible) this.load();
  }

  /** The pad here shows what is on the page's. */
  load() {
    this.loading = true;
    /** @type {Pad | null} */ (this.querySelector("lente-drawing"))?.load(this.drawing);
    this.loading = false;
  }

  /** @param {Event} event */
  onDraw(event) {
    event.stopPropagation();
    const { strokes, ground } = /** @type {Pad} */ (event.currentTarget);
    if (!this.loading) this.emit("redraw", { strokes, ground });
  }

  /** Once the hand rests. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), CALM);
  }

  search() {
    const { session } = this;
    const scores = session?.scores;
    if (!session || !scores) {
      this.falls = this.guesses = null;
      return;
    }
    this.stale = false;
    const [first, second] = runnerUp(scores);
    const lead = (/** @type {Float32Array<ArrayBuffer>} */ picture) => {
      const { data } = session.run(picture).dense2;
      return data[first] - data[second];
    };
    this.go(occlusion(lead, session.input, SIDE, SQUARE, STRIDE), [first, second]);
  }

  /** @param {ReturnType<typeof occlusion>} steps @param {[number, number]} guesses */
  go(steps, guesses) {
    if (this.stale || !this.isConnected) return;
    const end = performance.now() + SLICE;
    while (performance.now() < end) {
      const step = steps.next();
      if (!step.done) continue;
      this.falls = step.value;
      this.guesses = guesses;
      return;
    }
    requestAnimationFrame(() => this.go(steps, guesses));
  }

  render() {
    const { session } = this;
    if (!session || !this.seen) return nothing;
    return html`<div class="confusion">
      <lente-drawing @draw=${this.onDraw}></lente-drawing>
      <lente-reading class="answers" .session=${session}></lente-reading>
      ${session.scores ? this.found(session.scores) : html`<p class="empty">${t("Draw a digit, and its weak points show here.")}</p>`}
    </div>`;
  }

  /** @param {ArrayLike<number>} scores */
  found(scores) {
    const { session, falls, guesses } = this;
    if (!session || !falls || !guesses)
      return html`<p class="empty">${t("Covering the drawing, square by square…")}</p>`;
    const [first, second] = guesses;
    const range = valueRange([...falls, -1e-6]);
    const at = this.cell && this.cell.row * SIDE + this.cell.column;
    return html`<figure class="weak">
        <lente-map
          .tensor=${{ shape: [SIDE, SIDE], data: falls }}
          .range=${range}
          map="diverging"
          .touched=${this.touched}
          label=${t("Where a cover costs the first guess")}
          @cell=${this.onCell}
        ></lente-map>
        <lente-legend .low=${range.low} .high=${range.high} .note=${t("fall of the lead")}></lente-legend>
      </figure>
      <div class="stack weak-says">
        <p>
          ${t("It reads a {first}; the easiest confusion would be with a {second}, which is {lead} points behind.", { first, second, lead: formatNumber(scores[first] - scores[second], 2) })}
        </p>
        <p>
          ${t("Orange: cover this and {first} loses ground to {second}. Blue: cover this and it gains. Rub out the orange on the pad beside it: as a rule the answer changes, but not always, and not always to {second}.", { first, second })}
        </p>
        <output aria-live="off"
          >${at === null ? nothing : t("row {row}, column {column}: {fall}", { row: this.cell?.row ?? 0, column: this.cell?.column ?? 0, fall: formatNumber(falls[at], 3) })}</output
        >
      </div>`;
  }

  get touched() {
    return this.cell
      ? [{ top: this.cell.row, left: this.cell.column, bottom: this.cell.row + 1, right: this.cell.column + 1 }]
      : [];
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell(event) {
    this.cell = event.detail;
  }
}

customElements.define("lente-confusion", LenteConfusion);
