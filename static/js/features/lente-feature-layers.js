import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { operationWords } from "../shared/layer_words.js";

/**
 * The layers of a network in the order in which they run. Rendered in the page.
 *
 * @fires layer - name of the layer that was chosen
 */
export class LenteFeatureLayers extends LenteElement {
  static properties = { layers: { attribute: false }, selected: { type: String } };

  constructor() {
    super();
    /** @type {import("./server.js").Layer[]} */ this.layers = [];
    this.selected = "";
  }

  render() {
    return html`<div class="layers" role="group" aria-label=${t("Layers of the network")} @keydown=${this.onKey}>
      ${this.layers.map((layer) => this.layer(layer))}
    </div>`;
  }

  /** @param {import("./server.js").Layer} layer */
  layer({ name, operation, options, shape }) {
    const words = operationWords({ operation, options });
    return html`<button
      type="button"
      class="layer"
      data-layer=${name}
      data-operation=${operation}
      aria-pressed=${name === this.selected}
      tabindex=${name === this.selected ? "0" : "-1"}
      @click=${() => this.choose(name)}
    >
      <span class="layer-name">${name}</span> <span class="layer-shape figures">${shape.join("×")}</span>
      <small>${words}</small>
    </button>`;
  }

  /** Tab stops here once; arrow keys go from layer to layer. @param {KeyboardEvent} event */
  onKey(event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".layer")]);
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
  }

  /** @param {string} name */
  choose(name) {
    this.emit("layer", name);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("selected") && !changed.has("layers")) return;
    const list = /** @type {HTMLElement} */ (this.querySelector(".layers"));
    const button = /** @type {HTMLElement | null} */ (list.querySelector("[aria-pressed='true']"));
    if (!button) return;
    if (
      button.offsetTop < list.scrollTop ||
      button.offsetTop + button.offsetHeight > list.scrollTop + list.clientHeight
    )
      list.scrollTop = button.offsetTop - list.clientHeight / 3;
    if (list.scrollWidth > list.clientWidth) list.scrollLeft = button.offsetLeft - list.clientWidth / 3;
  }
}

customElements.define("lente-feature-layers", LenteFeatureLayers);
