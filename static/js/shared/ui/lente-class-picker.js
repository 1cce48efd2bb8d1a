import { html, nothing } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { formatPercent } from "../numbers.js";
import { searched } from "../folded.js";

const MOST = 12;

/**
 * A class out of many: type part of its name, without accents if one likes, and choose. Rendered in the page.
 *
 * @fires class - the index of the class; null for the one that `none` names
 */
export class LenteClassPicker extends LenteElement {
  static properties = {
    classes: { attribute: false },
    partial: { type: Boolean },
    chosen: { attribute: false },
    none: { type: String },
    label: { type: String },
    field: { type: String },
    wanted: { state: true },
    at: { state: true },
  };

  constructor() {
    super();
    /** @type {{index: number, name: string, probability: number}[]} */ this.classes = [];
    /** Whether more of them are to come. */ this.partial = false;
    /** @type {number | null} */ this.chosen = null;
    /** What stands for no class of one's own; "" if there has to be one. */ this.none = "";
    this.label = "";
    /** What the field is for, by which it can be told from others. */ this.field = "class";
    /** What was typed; null while nothing is searched for. @type {string | null} */ this.wanted = null;
    /** Which of the found ones Enter chooses. */ this.at = 0;
    this.list = `classes-${Math.random().toString(36).slice(2)}`;
  }

  /** What can be chosen now. @returns {{index: number | null, name: string, probability?: number}[]} */
  get found() {
    const found = searched(this.classes, this.wanted ?? "").slice(0, MOST);
    return this.none && !this.wanted ? [{ index: null, name: this.none }, ...found] : found;
  }

  render() {
    const name = this.classes.find(({ index }) => index === this.chosen)?.name ?? this.none;
    const open = this.wanted !== null;
    const found = open ? this.found : [];
    return html`<label
        >${this.label}<input
          type="text"
          role="combobox"
          autocomplete="off"
          data-field=${this.field}
          aria-expanded=${open}
          aria-controls=${this.list}
          aria-activedescendant=${open && found.length ? `${this.list}-${this.at}` : nothing}
          .value=${this.wanted ?? name}
          @focus=${this.onFocus}
          @input=${this.onInput}
          @keydown=${this.onKey}
          @blur=${() => (this.wanted = null)}
      /></label>
      <ul class="picker-list" role="listbox" id=${this.list} aria-label=${this.label} ?hidden=${!open}>
        ${found.map((one, i) => this.option(one, i))}
        ${open && !found.length && !this.partial ? html`<li class="small" role="presentation">${t("No class is called so.")}</li>` : nothing}
      </ul>`;
  }

  /** @param {{index: number | null, name: string, probability?: number}} one @param {number} i */
  option({ index, name, probability }, i) {
    return html`<li
      role="option"
      id="${this.list}-${i}"
      data-class=${index ?? ""}
      aria-selected=${i === this.at}
      @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}
      @click=${() => this.choose(index)}
    >
      <span>${name}</span
      >${probability === undefined ? nothing : html` <small class="figures">${formatPercent(probability)}</small>`}
    </li>`;
  }

  /** @param {Event} event */
  onFocus(event) {
    this.wanted = "";
    this.at = 0;
    const input = /** @type {HTMLInputElement} */ (event.target);
    input.placeholder = t("search");
  }

  /** @param {Event} event */
  onInput(event) {
    this.wanted = /** @type {HTMLInputElement} */ (event.target).value;
    this.at = 0;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { found } = this;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length) this.at = (this.at + step + found.length) % found.length;
    else if (event.key === "Enter" && this.wanted !== null && found.length) this.choose(found[this.at].index);
    else if (event.key === "Escape") this.wanted = null;
    else return;
    event.preventDefault();
  }

  /** @param {number | null} index */
  choose(index) {
    this.wanted = null;
    this.emit("class", index);
    /** @type {HTMLElement | null} */ (this.querySelector("input"))?.blur();
  }
}

customElements.define("lente-class-picker", LenteClassPicker);
