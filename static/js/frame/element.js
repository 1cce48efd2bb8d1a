import { LitElement, html, nothing } from "vendor/lit";
import { hideControls } from "./address.js";

/** An element with a shadow root and a style of its own. */
export class ShadowElement extends LitElement {
  createRenderRoot() {
    const root = super.createRenderRoot();
    if (root instanceof ShadowRoot) hideControls(root);
    return root;
  }

  /**
   * Says to those above what happened here: it bubbles, out of the element's own shadow root too.
   *
   * @param {string} name
   * @param {unknown} [detail]
   */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: this.renderRoot !== this }));
  }

  /**
   * Says what happened to those who listen to this very element: it does not bubble.
   *
   * @param {string} name
   * @param {unknown} [detail]
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** An element that is rendered in the page itself, where its style sheets and what hides controls reach it. */
export class LenteElement extends ShadowElement {
  createRenderRoot() {
    return this;
  }
}

/**
 * Lays a notice at the foot of the screen as long as its own place is out of sight: what a hand has done at the top of a
 * page is answered there.
 *
 * @param {Element | null} place of the notice
 */
export function bringIntoSight(place) {
  if (!place) return;
  place.removeAttribute("data-afar");
  const { top, bottom } = place.getBoundingClientRect();
  place.toggleAttribute("data-afar", bottom < 0 || bottom > innerHeight || top < 0);
}

/**
 * Says in an element's place why it is not there.
 *
 * @param {Element} element
 * @param {string} words
 */
export function sayInstead(element, words) {
  const place = document.createElement("p");
  Object.assign(place, { className: "notice", role: "alert", textContent: words });
  place.dataset.kind = "bad";
  element.replaceWith(place);
}

/**
 * What went wrong, said aloud where it did; nothing while nothing has.
 *
 * @param {unknown} words
 */
export function notice(words) {
  return words ? html`<p class="notice" data-kind="bad" role="alert">${words}</p>` : nothing;
}
