import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t, withColon } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { progressOf } from "./progress.js";
import { fetchFields } from "./server.js";

/** @typedef {import("./server.js").Network} Network */

const MOST = 6;

/**
 * What one should know of a network that somebody brought: where it broke, what is to be said of it, what it costs, and its
 * receptive fields, which are found when they are asked for. Rendered in the page.
 *
 * @fires fields - of every layer its receptive field and obstacle
 */
export class LenteFeatureOpened extends LenteElement {
  static properties = { network: { attribute: false } };

  constructor() {
    super();
    /** @type {Network | null} */ this.network = null;
    /** @type {LongAnswer<Record<string, any>>} */ this.fields = new LongAnswer(this);
  }

  render() {
    const { network } = this;
    if (!network?.opened) return nothing;
    const { fault, notes = [], fields } = network;
    return html`<section class="opened stack" data-hideable="opened">
      ${fault ? this.fault(fault) : nothing}${notes.map((note) => html`<p class="notice small" data-note>${note}</p>`)}
      <div class="row">
        ${this.totals(network)}${fields || this.fields.state === "busy" ? nothing : html`<button type="button" data-do="fields" @click=${() => this.ask(network.name)}>${t("Work out the receptive fields")}</button>`}
      </div>
      ${progressOf(this.fields, () => this.ask(network.name))}
      <span data-result tabindex="-1"></span>
    </section>`;
  }

  /** @param {NonNullable<Network["fault"]>} fault */
  fault({ kind, message, module, module_type, call, inputs, advice, line }) {
    const where = module ? `${module} (${module_type})` : module_type;
    return html`<div class="notice" data-kind="bad" role="alert" data-fault=${module}>
      <p><strong>${t("It breaks in {where}: what ran before is below.", { where })}</strong></p>
      ${advice ? html`<p data-advice>${advice}.</p>` : nothing}
      ${call ? html`<p class="figures">${call}${inputs.length ? ` ← ${inputs.join(", ")}` : ""}</p>` : nothing}
      <p class="small figures">${kind}: ${message}</p>
      ${line ? html`<p class="small figures" data-line=${line.number}>${withColon(t("{file}, line {number}", { file: line.file, number: line.number }))} ${line.text}</p>` : nothing}
    </div>`;
  }

  /** @param {Network} network */
  totals({ totals }) {
    if (!totals) return nothing;
    const { parameters, frozen, macs, unknown, parameter_bytes, activation_bytes } = totals;
    const megabytes = (/** @type {number} */ bytes) => `${formatNumber(bytes / 1e6, 2)} MB`;
    const rows = [
      [t("parameters"), formatNumber(parameters)],
      [t("trainable"), formatNumber(parameters - frozen)],
      [t("frozen"), formatNumber(frozen)],
      [t("multiplications (MACs)"), formatNumber(macs)],
      [t("memory of its weights"), megabytes(parameter_bytes)],
      [t("memory of its outputs"), megabytes(activation_bytes)],
    ];
    const some = [...unknown.slice(0, MOST), ...(unknown.length > MOST ? ["…"] : [])].join(", ");
    return html`<dl class="totals">
        ${rows.map(
          ([name, value]) =>
            html`<div data-total=${name}>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${unknown.length ? html`<p class="small" data-unknown=${unknown.length}>${t("Not counted, for their multiplications are not known: {names}.", { names: some })}</p>` : nothing}`;
  }

  /** @param {string} name */
  async ask(name) {
    await this.fields.ask(name, (onStep, signal) => fetchFields(name, onStep, signal));
    if (this.fields.state === "done" && this.fields.result && name === this.network?.name)
      this.emit("fields", this.fields.result);
  }
}

customElements.define("lente-feature-opened", LenteFeatureOpened);
