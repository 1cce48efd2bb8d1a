import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";

export * from "lit";
export { classMap } from "lit/directives/class-map.js";
export { repeat } from "lit/directives/repeat.js";
export { live } from "lit/directives/live.js";
export { ref, createRef } from "lit/directives/ref.js";

/**
 * Lit's own styleMap writes a style attribute when it first renders, which the Content-Security-Policy forbids. This one
 * only ever sets properties.
 *
 * @typedef {Record<string, string | number | null | undefined>} Styles
 */
class StyleMap extends Directive {
  /** @type {Set<string>} */ known = new Set();

  /** @param {Styles} _styles */
  render(_styles) {
    return /** @type {any} */ (noChange);
  }

  /** @param {any} part @param {[Styles]} styles */
  update({ element: { style } }, [styles]) {
    for (const name of this.known) if (!(name in styles)) set(style, name, "");
    for (const [name, value] of Object.entries(styles)) set(style, name, String(value ?? ""));
    this.known = new Set(Object.keys(styles));
    return noChange;
  }
}

/** @param {CSSStyleDeclaration} style @param {string} name @param {string} value */
function set(style, name, value) {
  if (name.includes("-")) style.setProperty(name, value);
  else /** @type {any} */ (style)[name] = value;
}

export const styleMap = directive(StyleMap);
