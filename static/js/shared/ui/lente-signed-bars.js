import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { repaintOnTheme, theme } from "../../frame/theme.js";
import { colourMap } from "../colours.js";

/**
 * @typedef {object} SignedBar
 * @property {string} key
 * @property {string} name
 * @property {number} value its size and sign are the bar's
 * @property {string} words the value as it is written
 */

const [LESS, MORE] = [48, 208];

/**
 * Values about zero as bars, in the colours that a diverging map gives to less and more. Rendered in the page.
 *
 * @fires bar - the key of the bar that was chosen, where bars can be chosen
 */
export class LenteSignedBars extends LenteElement {
  static properties = { bars: { attribute: false }, selected: { type: String }, choosable: { type: Boolean } };

  constructor() {
    super();
    /** @type {SignedBar[]} */ this.bars = [];
    this.selected = "";
    this.choosable = false;
    repaintOnTheme(this, () => this.requestUpdate());
  }

  render() {
    const most = Math.max(...this.bars.map(({ value }) => Math.abs(value)), 1e-9);
    return this.bars.map((bar) =>
      this.choosable
        ? html`<button
            type="button"
            class="signed-bar"
            data-bar=${bar.key}
            aria-pressed=${bar.key === this.selected}
            @click=${() => this.tell("bar", bar.key)}
          >
            ${this.inside(bar, most)}
          </button>`
        : html`<div class="signed-bar" data-bar=${bar.key}>${this.inside(bar, most)}</div>`,
    );
  }

  /** @param {SignedBar} bar @param {number} most */
  inside({ name, value, words }, most) {
    const share = (50 * Math.abs(value)) / most;
    const pixel = colourMap("diverging", theme())[value < 0 ? LESS : MORE];
    const colour = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
    return html`<span class="signed-name">${name}</span
      ><span class="signed-track"
        >${value ? html`<i style=${styleMap({ left: `${value < 0 ? 50 - share : 50}%`, width: `${share}%`, background: colour })}></i>` : nothing}</span
      ><span class="signed-value">${words}</span>`;
  }
}

customElements.define("lente-signed-bars", LenteSignedBars);
