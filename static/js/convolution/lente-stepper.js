import { html, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { placeIn } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";

const SPEEDS = [1, 2, 5, 20, 100, 1000, 10000];

/**
 * Play, pause, step and scrub through `count` positions. Rendered in the page.
 *
 * @fires step - the position that is shown now
 */
export class LenteStepper extends LenteElement {
  static properties = {
    count: { type: Number },
    position: { type: Number },
    speed: { state: true },
    playing: { state: true },
  };

  constructor() {
    super();
    this.count = 1;
    this.position = 0;
    /** Positions in a second, as an index of SPEEDS. */ this.speed = 1;
    addressed(this, { speed: { name: "speed", first: 1, accepts: placeIn(SPEEDS) } });
    this.playing = false;
    this.started = 0;
    this.from = 0;
    this.tick = this.tick.bind(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.playing = false;
  }

  render() {
    const count = formatNumber(this.count);
    const last = this.count - 1;
    const pace = t("{speed} a second", { speed: SPEEDS[this.speed] });
    return html` <button
        type="button"
        data-do="play"
        aria-label=${this.playing ? t("Pause") : t("Play")}
        title=${this.playing ? t("Pause") : t("Play")}
        @click=${this.toggle}
      >
        ${icon(this.playing ? "M7 5h4v14H7zM13 5h4v14h-4z" : "M7 4l13 8-13 8z")}
      </button>
      <button
        type="button"
        data-do="back"
        aria-label=${t("One step back")}
        title=${t("One step back")}
        ?disabled=${this.position <= 0}
        @click=${() => this.go(this.position - 1)}
      >
        ${icon("M17 5v14L8 12zM5 5h3v14H5z")}
      </button>
      <button
        type="button"
        data-do="step"
        aria-label=${t("One step on")}
        title=${t("One step on")}
        ?disabled=${this.position >= last}
        @click=${() => this.go(this.position + 1)}
      >
        ${icon("M7 5v14l9-7zM16 5h3v14h-3z")}
      </button>
      <input
        type="range"
        class="stepper-scrub"
        min="0"
        max=${last}
        .value=${String(this.position)}
        aria-label=${t("Position")}
        @input=${this.onScrub}
      />
      <output aria-live="off" class="stepper-count" style=${styleMap({ minWidth: `${2 * count.length + 1}ch` })}
        >${formatNumber(this.position + 1)}/${count}</output
      >
      <label class="stepper-speed"
        >${t("Speed")}<input
          type="range"
          min="0"
          max=${SPEEDS.length - 1}
          .value=${String(this.speed)}
          aria-valuetext=${pace}
          @input=${this.onSpeed}
        /><output aria-live="off">${SPEEDS[this.speed]}/s</output></label
      >`;
  }

  toggle() {
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.position >= this.count - 1) this.go(0);
    this.restart();
    requestAnimationFrame(this.tick);
  }

  restart() {
    this.started = performance.now();
    this.from = this.position;
  }

  /** @param {number} now */
  tick(now) {
    if (!this.playing) return;
    const position = Math.min(
      this.from + Math.floor(((now - this.started) * SPEEDS[this.speed]) / 1000),
      this.count - 1,
    );
    if (position > this.position) this.send(position);
    if (position === this.count - 1) this.playing = false;
    else requestAnimationFrame(this.tick);
  }

  /** @param {number} position */
  go(position) {
    this.send(Math.min(Math.max(position, 0), this.count - 1));
    this.restart();
  }

  /** @param {number} position */
  send(position) {
    this.position = position;
    this.tell("step", position);
  }

  /** @param {Event} event */
  onScrub(event) {
    this.playing = false;
    this.go(Number(/** @type {HTMLInputElement} */ (event.target).value));
  }

  /** @param {Event} event */
  onSpeed(event) {
    this.speed = Number(/** @type {HTMLInputElement} */ (event.target).value);
    this.restart();
  }
}

/** @param {string} path */
const icon = (path) =>
  html`<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
    <path d=${path} fill="currentColor"></path>
  </svg>`;

customElements.define("lente-stepper", LenteStepper);
