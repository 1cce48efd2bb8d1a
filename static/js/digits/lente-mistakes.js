import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchMistakes } from "./server.js";
import "../shared/ui/lente-map.js";

/**
 * The test digits that the network gets wrong. Rendered in the page.
 *
 * @fires digit-pick - Float32Array of the picture that was chosen, 28 x 28
 */
export class LenteMistakes extends LenteElement {
  static properties = {
    run: { attribute: false },
    found: { state: true },
    fault: { state: true },
    whole: { state: true },
  };

  constructor() {
    super();
    /** A run of the learning page, whose network is asked; the digit network if empty. */ this.run = "";
    /** @type {import("../shared/safetensors.js").SafetensorsFile | null} */ this.found = null;
    this.fault = "";
    this.whole = false;
    this.watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && this.fetch());
  }

  connectedCallback() {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  async fetch() {
    this.watcher.disconnect();
    try {
      this.found = await fetchMistakes(this.run);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    if (this.fault) return notice(this.fault);
    if (!this.found) return html`<p class="empty">${t("Reading the 10 000 test digits…")}</p>`;
    const { images, labels, answers } = this.found.tensors;
    const { total, wrong, step } = this.found.facts;
    const count = images.shape[0];
    const shown = Math.min(count, this.whole ? count : 24);
    return html`<p>
        ${this.run ? t("At step {step}, {count} of {total} test digits are read wrong by the network of your run. Choose one to take it apart above.", { step: formatNumber(step), count: formatNumber(wrong), total: formatNumber(total) }) : t("{count} of {total} test digits are read wrong. Choose one to take it apart above.", { count, total })}
      </p>
      <div class="gallery">
        ${Array.from({ length: shown }, (_, i) => this.one(i, images, labels.data[i], answers.data[i]))}
      </div>
      ${shown < count ? html`<button type="button" @click=${() => (this.whole = true)}>${this.run && wrong > count ? t("Show the surest {count}", { count }) : t("Show all {count}", { count })}</button>` : ""}`;
  }

  /** @param {number} i @param {import("../shared/safetensors.js").Tensor} images @param {number} label @param {number} answer */
  one(i, images, label, answer) {
    const data = /** @type {Float32Array} */ (images.data).subarray(784 * i, 784 * (i + 1));
    const words = t("{label}, read as {answer}", { label, answer });
    return html`<button type="button" class="mistake" title=${words} @click=${() => this.emit("digit-pick", data)}>
      <lente-map
        .tensor=${{ shape: [28, 28], data }}
        .range=${{ low: 0, high: 1 }}
        map="grey"
        still
        label=${words}
      ></lente-map
      ><span class="figures">${label} → ${answer}</span>
    </button>`;
  }
}

customElements.define("lente-mistakes", LenteMistakes);
