import { css, html } from "vendor/lit";
import { ShadowElement } from "./element.js";

/**
 * A word of the talk, explained in place on hover, tap or focus: <lente-term meaning="...">kernel</lente-term>.
 */
export class LenteTerm extends ShadowElement {
  static properties = { meaning: { type: String } };

  static styles = css`
    :host {
      position: relative;
      display: inline;
    }
    /* no button, which is a box of its own: a line could break between a bracket and the word in it */
    [role="button"] {
      cursor: help;
      text-decoration: underline dotted;
      text-underline-offset: 0.2em;
      text-decoration-thickness: 1.5px;
    }
    [role="button"]:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    [popover] {
      position: fixed;
      inset: auto;
      margin: 0;
      max-width: min(22rem, calc(100vw - 2rem));
      padding: 0.6rem 0.8rem;
      border: 1px solid var(--line-strong);
      border-radius: var(--round);
      background: var(--surface);
      color: var(--ink);
      box-shadow: var(--shadow);
      font: 400 var(--size-small)/1.45 var(--prose);
    }
  `;

  constructor() {
    super();
    this.meaning = "";
  }

  render() {
    return html`<span
        role="button"
        tabindex="0"
        aria-describedby="meaning"
        @pointerenter=${this.open}
        @pointerleave=${this.close}
        @focus=${this.open}
        @blur=${this.close}
        @click=${this.onClick}
        @keydown=${this.onKey}
        ><slot></slot></span
      ><span id="meaning" popover="manual" role="tooltip">${this.meaning}</span>`;
  }

  get bubble() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector("[popover]"));
  }

  open() {
    const { bubble } = this;
    if (bubble.matches(":popover-open")) return;
    bubble.showPopover();
    const word = this.getBoundingClientRect();
    const left = Math.min(Math.max(word.left, 16), innerWidth - bubble.offsetWidth - 16);
    const below = word.bottom + 6 + bubble.offsetHeight < innerHeight;
    bubble.style.left = `${left}px`;
    bubble.style.top = `${below ? word.bottom + 6 : word.top - bubble.offsetHeight - 6}px`;
  }

  /** Within a label, the word tells what it means and presses nothing. @param {Event} event */
  onClick(event) {
    event.preventDefault();
    this.open();
  }

  close() {
    if (this.bubble.matches(":popover-open")) this.bubble.hidePopover();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") this.close();
  }
}

customElements.define("lente-term", LenteTerm);
