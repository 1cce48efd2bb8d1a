import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { fitted } from "../shared/pictures/smaller.js";
import { sureness } from "../shared/sureness.js";
import { OnRead } from "./on_read.js";
import { readPaper } from "./server.js";
import "./lente-reading.js";
import "../shared/ui/lente-map.js";

/**
 * A photograph of a digit on paper, and each step on its way to the network. Rendered in the page.
 *
 * @fires digit-found - {data, shape}: the ink that was found, (H, W) in 0..1
 */
export class LentePaper extends LenteElement {
  static properties = {
    session: { attribute: false },
    steps: { state: true },
    fault: { state: true },
    busy: { state: true },
    over: { state: true },
  };

  constructor() {
    super();
    /** The reader of this page's digits, where there is one. @type {import("./session.js").DigitSession | null} */ this.session =
      null;
    /** @type {Record<string, import("../shared/safetensors.js").Tensor> | null} */ this.steps = null;
    new OnRead(this);
    this.fault = "";
    this.busy = false;
    this.over = false;
  }

  /** Whether the network does not know what to make of what was found. */
  get unsure() {
    const reading = this.session?.reading;
    return reading ? sureness(reading) !== "sure" : false;
  }

  render() {
    return html`<div
        class="paper-drop"
        data-over=${this.over}
        @dragover=${this.onOver}
        @dragleave=${() => (this.over = false)}
        @drop=${this.onDrop}
      >
        <label class="button"
          >${t("Photograph or open a digit")}<input
            class="visually-hidden"
            type="file"
            accept="image/*"
            @change=${this.onFile}
        /></label>
        <span class="small">${this.busy ? t("Reading the picture…") : t("or drop a picture here")}</span>
      </div>
      ${notice(this.fault)} ${this.steps ? this.show(this.steps) : nothing}`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.busy && changed.has("busy")) announce(() => t("Reading the picture…"));
  }

  /** @param {Record<string, import("../shared/safetensors.js").Tensor>} steps */
  show({ grey, ink, crop, centred }) {
    const step = (/** @type {import("../shared/safetensors.js").Tensor} */ tensor, /** @type {string} */ words) =>
      html`<figure>
        <lente-map .tensor=${tensor} .range=${{ low: 0, high: 1 }} map="grey" still label=${words}></lente-map>
        <figcaption>${words}</figcaption>
      </figure>`;
    const look = this.unsure
      ? html`<p class="notice" data-unsure>
          ${t("The network is not sure. Look first at the second picture: is all of your digit in it, and nothing else?")}
        </p>`
      : nothing;
    return html`${look}
      <div class="paper-steps" data-read=${this.session !== null}>
        ${step(grey, t("1. in grey"))}${step(ink, t("2. this was taken for ink"))}${step(crop, t("3. cut out"))}${step(centred, t("4. centred, 28 × 28"))}
        ${this.session ? html`<lente-reading .session=${this.session}></lente-reading>` : nothing}
      </div>`;
  }

  /** @param {DragEvent} event */
  onOver(event) {
    event.preventDefault();
    this.over = true;
  }

  /** @param {DragEvent} event */
  onDrop(event) {
    event.preventDefault();
    this.over = false;
    const file = event.dataTransfer?.files[0];
    if (file) this.read(file);
  }

  /** @param {Event} event */
  onFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.files?.[0]) this.read(input.files[0]);
    input.value = "";
  }

  /** @param {File} file */
  async read(file) {
    this.busy = true;
    this.fault = "";
    try {
      this.steps = await readPaper((await fitted(file)).file);
      this.emit("digit-found", this.steps.ink);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
    this.busy = false;
  }
}

customElements.define("lente-paper", LentePaper);
