import { html, styleMap } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";

/**
 * Ten buttons that put the classes on and off.
 *
 * @fires filter - the set of classes that are off
 */
export class LenteClassFilter extends LenteElement {
  static properties = { off: { attribute: false } };

  constructor() {
    super();
    /** @type {Set<number>} */ this.off = new Set();
  }

  render() {
    return html`<div class="class-filter" role="group" aria-label=${t("Digits shown")}>
      ${Array.from(
        { length: 10 },
        (_, digit) =>
          html`<button
            type="button"
            class="chip"
            aria-pressed=${!this.off.has(digit)}
            style=${styleMap({ "--chip": `var(--class-${digit})` })}
            @click=${() => this.toggle(digit)}
          >
            ${digit}
          </button>`,
      )}
      <button type="button" class="quiet" ?hidden=${!this.off.size} @click=${() => this.send(new Set())}>
        ${t("All")}
      </button>
    </div>`;
  }

  /** @param {number} digit */
  toggle(digit) {
    const off = new Set(this.off);
    if (!off.delete(digit)) off.add(digit);
    this.send(off);
  }

  /** @param {Set<number>} off */
  send(off) {
    this.off = off;
    this.emit("filter", off);
  }
}

customElements.define("lente-class-filter", LenteClassFilter);
