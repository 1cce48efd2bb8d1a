import { html, nothing } from "vendor/lit";
import { addressed } from "../frame/addressed.js";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { operationWords } from "../shared/layer_words.js";
import { inBlocks } from "./wiring.js";

/** More layers than these are folded by block. */
const MANY = 80;

/** @param {{operation: string}} layer */
const kindOf = ({ operation }) => operationWords({ operation });

/**
 * The layers of a network in the order in which they run. Rendered in the page.
 *
 * @fires layer - name of the layer that was chosen
 */
export class LenteFeatureLayers extends LenteElement {
  static properties = {
    layers: { attribute: false },
    selected: { type: String },
    kind: { state: true },
    open: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./server.js").Layer[]} */ this.layers = [];
    this.selected = "";
    /** An operation of the kind that alone is listed; "" for all. */ this.kind = "";
    /** Blocks that are unfolded by hand. @type {Set<string>} */ this.open = new Set();
    addressed(this, { kind: { name: "layerkind", first: "" } });
  }

  /** Another network has other kinds. @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("layers")) return;
    this.open = new Set();
    if (this.layers.length && !this.layers.some(({ operation }) => operation === this.kind)) this.kind = "";
  }

  /** Whether there are so many that blocks are folded and kinds can be chosen; room is kept for that while they come. */
  get many() {
    return this.layers.length > MANY || !this.layers.length;
  }

  render() {
    const words = this.kind && kindOf({ operation: this.kind });
    const shown = this.kind ? this.layers.filter((layer) => kindOf(layer) === words) : this.layers;
    return html`${this.many ? this.kinds() : nothing}
      <div class="layers" role="group" aria-label=${t("Layers of the network")} @keydown=${this.onKey}>
        ${this.many && !this.kind ? inBlocks(this.layers).map((group) => this.block(group)) : shown.map((layer) => this.layer(layer))}
      </div>`;
  }

  /** Only layers of one kind, wherever they are. */
  kinds() {
    const kinds = new Map(this.layers.toReversed().map((layer) => [kindOf(layer), layer.operation]));
    const chosen = this.kind && kindOf({ operation: this.kind });
    return html`<label class="layer-kind" ?data-waiting=${!this.layers.length}
      ><span class="visually-hidden">${t("Kind")}</span
      ><select
        data-field="kind"
        @change=${(/** @type {Event} */ event) => (this.kind = /** @type {HTMLSelectElement} */ (event.target).value)}
      >
        <option value="">${t("every kind, {count} layers", { count: this.layers.length })}</option>
        ${[...kinds].toReversed().map(([words, operation]) => html`<option value=${operation} ?selected=${words === chosen}>${words}</option>`)}
      </select></label
    >`;
  }

  /** @param {{block: string, members: import("./server.js").Layer[]}} group */
  block({ block, members }) {
    if (!block || members.length < 3) return members.map((layer) => this.layer(layer));
    const open = this.open.has(block) || members.some(({ name }) => name === this.selected);
    const { shape } = members[members.length - 1];
    return html`<button
        type="button"
        class="layer layer-block"
        data-block=${block}
        aria-expanded=${open}
        tabindex="-1"
        @click=${() => this.toggle(block)}
      >
        <span class="layer-name">${open ? "▾" : "▸"} ${block}</span>
        <span class="layer-shape figures">${shape.join("×")}</span>
        <small>${t("{count} layers", { count: members.length })}</small>
      </button>
      ${open ? html`<div class="layer-members">${members.map((layer) => this.layer(layer, block))}</div>` : nothing}`;
  }

  /** @param {string} block */
  toggle(block) {
    const open = new Set(this.open);
    if (!open.delete(block)) open.add(block);
    this.open = open;
  }

  /** @param {import("./server.js").Layer} layer @param {string} [block] in which it is shown */
  layer({ name, operation, options, shape }, block = "") {
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
      <span class="layer-name" title=${name}>${block ? name.slice(block.length + 1) : name}</span>
      <span class="layer-shape figures">${shape.join("×")}</span>
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
