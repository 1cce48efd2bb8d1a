import { css, html, nothing, styleMap, svg } from "vendor/lit";
import { addressed } from "../frame/addressed.js";
import { ShadowElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { operationWords } from "../shared/layer_words.js";
import { formatNumber } from "../shared/numbers.js";
import { foldLayers, graphLayout, nodeBox, openBlocks } from "./wiring.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("./wiring.js").GraphNode} GraphNode
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

const MOST_ENLARGED = 1.5;
const PITCH = 94;
const LANE = 131;
const TALLEST = 64;
/** A name of more letters is set narrower, so that none is cut. */
const LONGEST_NAME = 13;
const WIRE = 11;
const FRAME = 22;
const GLANCE = 15;
/** Columns of a row on paper, which nobody scrolls: as many as are legible across a sheet. */
const ROW = 7;

/**
 * The network as it is wired: a box for each layer, as high as its maps and as wide as there are many; blocks fold.
 *
 * @fires layer - name of the layer that was chosen
 */
export class LenteFeatureGraph extends ShadowElement {
  static properties = {
    layers: { attribute: false },
    selected: { type: String },
    open: { state: true },
    touched: { state: true },
    colour: { state: true },
    sought: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .view {
      overflow-x: auto;
      scrollbar-width: thin;
    }
    svg {
      display: block;
      height: auto;
      font-family: var(--prose);
    }
    .row {
      display: none;
      break-inside: avoid;
    }
    text {
      fill: var(--ink);
      font-size: 13px;
      text-anchor: middle;
    }
    .small {
      fill: var(--ink-soft);
      font-size: 12px;
    }
    .figures {
      font-family: var(--figures);
    }
    .wire {
      fill: none;
      stroke: var(--line-strong);
      stroke-width: 1.25;
      stroke-linejoin: round;
    }
    .wire[data-near="true"] {
      stroke: var(--ink);
      stroke-width: 2.25;
    }
    .node {
      cursor: pointer;
    }
    .node rect {
      fill: var(--surface);
      stroke: var(--ink-soft);
      stroke-width: 1.25;
    }
    .node .ground {
      fill: transparent;
      stroke: none;
    }
    .node .under {
      fill: var(--sunken);
    }
    .node[data-learnt="true"] .box {
      fill: var(--line);
    }
    .node[data-share] .box {
      fill: color-mix(in oklab, var(--action) calc(100% * var(--share)), var(--surface));
    }
    .node[data-found="true"] .name {
      font-weight: 700;
      text-decoration: underline;
    }
    .node[data-found="false"] .box {
      opacity: 0.35;
    }
    .node[data-now="true"] .box {
      fill: var(--action);
      stroke: var(--action);
    }
    .node[data-now="true"] .name {
      font-weight: 700;
    }
    .node:hover .ground {
      fill: var(--sunken);
    }
    .node:focus-visible,
    .frame:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 1px;
    }
    .frame {
      cursor: pointer;
    }
    .frame rect {
      fill: var(--ink);
      fill-opacity: 0.035;
      stroke: var(--line-strong);
      stroke-dasharray: 2 3;
    }
    .frame text {
      text-anchor: start;
    }
    .frame:hover text,
    .frame:focus-visible text {
      text-decoration: underline;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      gap: 0.4rem 1.2rem;
      align-items: baseline;
      min-height: 3.4rem;
      margin-top: 0.6rem;
    }
    .head strong {
      font-size: 1em;
    }
    dl {
      display: contents;
    }
    dl div {
      display: flex;
      gap: 0.45rem;
      align-items: baseline;
    }
    dt {
      color: var(--ink-soft);
      font-size: var(--size-small);
    }
    dd {
      margin: 0;
      font-family: var(--figures);
      font-size: var(--size-figure);
    }
    .folds {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.4rem;
      margin-bottom: 0.5rem;
    }
    label {
      display: inline-flex;
      align-items: center;
      gap: 0.4rem;
      font-size: var(--size-small);
    }
    button,
    select,
    input {
      font: inherit;
      font-size: var(--size-small);
      color: var(--ink);
      background: var(--surface);
      border: 1px solid var(--line-strong);
      border-radius: var(--round);
      padding: 0.25rem 0.7rem;
      min-height: 2.2rem;
    }
    :is(button, select) {
      cursor: pointer;
    }
    button:hover {
      background: var(--sunken);
    }
    button:focus-visible,
    select:focus-visible,
    input:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    @media (pointer: coarse) {
      :is(button, select, input) {
        min-height: 2.75rem;
      }
    }
    @media print {
      .folds,
      .view > .whole {
        display: none;
      }
      .row {
        display: block;
      }
    }
  `;

  constructor() {
    super();
    /** @type {Layer[]} */ this.layers = [];
    this.selected = "";
    /** Blocks that are not folded. @type {Set<string>} */ this.open = new Set();
    /** The node under the cursor or with the focus. */ this.touched = "";
    /** What the boxes are coloured by. @type {"" | "parameters" | "macs" | "seconds"} */ this.colour = "";
    /** Part of a name that is looked for. */ this.sought = "";
    const accepts = (/** @type {string} */ word) => ["", "parameters", "macs", "seconds"].includes(word);
    addressed(this, { colour: { name: "graphcolour", first: "", accepts } });
    /** @type {Map<string, Layer>} */ this.byName = new Map();
    /** @type {import("./wiring.js").Graph} */ this.graph = { nodes: [], edges: [] };
    /** @type {import("./wiring.js").GraphLayout} */ this.plan = {
      spots: [],
      wires: [],
      columns: 0,
      above: 0,
      below: 0,
    };
    this.top = 0;
    /** Whether another network has come. */ this.fresh = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const others =
      changed.has("layers") && this.layers.map(({ name }) => name).join() !== [...this.byName.keys()].join();
    if (changed.has("layers")) this.byName = new Map(this.layers.map((layer) => [layer.name, layer]));
    this.fresh = others;
    if (others) this.open = openBlocks(this.layers, GLANCE);
    if (!others && !changed.has("open")) return;
    this.graph = foldLayers(this.layers, this.open);
    this.plan = graphLayout(this.graph.nodes.length, this.graph.edges);
    this.top = this.plan.above * WIRE + FRAME * Math.max(0, ...this.graph.nodes.map(({ within }) => within.length)) + 8;
  }

  render() {
    const { nodes } = this.graph;
    if (!nodes.length) return html`<div class="view"></div>`;
    const [width, height] = [this.plan.columns * PITCH, this.top + LANE * (this.plan.below + 1)];
    return html`<div class="folds">${this.folds()}</div>
      <div class="view">
        <svg
          class="whole"
          viewBox="0 0 ${width} ${height}"
          style=${styleMap({ width: `max(${width}px, min(100%, ${MOST_ENLARGED * width}px))` })}
          role="group"
          aria-label=${t("The network: layers and what reads what; arrow keys go from one to the next")}
          @keydown=${this.onKey}
        >
          <g id="drawn">
            ${this.frames()}${this.plan.wires.map((wire) => this.wire(wire))}${nodes.map((node, i) => this.node(node, i))}
          </g>
        </svg>
        ${this.rows(height)}
      </div>
      <div class="head">${this.facts()}</div>`;
  }

  /** The same in rows that a sheet of paper is wide enough for. @param {number} height */
  rows(height) {
    const across = ROW * PITCH;
    return Array.from(
      { length: Math.ceil(this.plan.columns / ROW) },
      (_, row) =>
        html`<svg class="row" aria-hidden="true" width=${across} viewBox="${row * across} 0 ${across} ${height}">
          <use href="#drawn"></use>
        </svg>`,
    );
  }

  folds() {
    const blocks = this.graph.nodes.some(({ folded }) => folded);
    return html`<button
        type="button"
        data-do="unfold"
        ?disabled=${!blocks}
        @click=${() => (this.open = openBlocks(this.layers, Infinity))}
      >
        ${t("Unfold everything")}
      </button>
      <button type="button" data-do="fold" @click=${() => (this.open = openBlocks(this.layers, GLANCE))}>
        ${t("At a glance")}
      </button>
      <label
        >${t("Colour")}
        <select
          data-field="colour"
          @change=${(/** @type {Event} */ event) => (this.colour = /** @type {any} */ (event.target).value)}
        >
          ${this.colours.map(([value, words]) => html`<option value=${value} ?selected=${value === this.colour}>${words}</option>`)}
        </select></label
      >
      <label
        >${t("Find a layer")}
        <input
          type="search"
          data-field="sought"
          .value=${this.sought}
          @input=${(/** @type {Event} */ event) => (this.sought = /** @type {HTMLInputElement} */ (event.target).value.trim().toLowerCase())}
          @keydown=${this.onSeek}
      /></label>
      ${this.sought ? html`<output data-count=${this.hits.length}>${t("{count} layers", { count: this.hits.length })}</output>` : nothing}`;
  }

  /** @returns {[string, string][]} */
  get colours() {
    const timed = this.layers.some(({ seconds }) => seconds !== undefined);
    return [
      ["", t("by what is learnt")],
      ["parameters", t("by parameters")],
      ["macs", t("by multiplications")],
      ...(timed ? [/** @type {[string, string]} */ (["seconds", t("by time")])] : []),
    ];
  }

  /** Layers whose name or operation has what is looked for. */
  get hits() {
    return this.sought ? this.layers.filter((layer) => this.sounds(layer)) : [];
  }

  /** @param {Layer} layer */
  sounds({ name, operation }) {
    return name.toLowerCase().includes(this.sought) || operation.includes(this.sought);
  }

  /** Enter goes to the next layer that was found. @param {KeyboardEvent} event */
  onSeek(event) {
    event.stopPropagation();
    const { hits } = this;
    if (event.key !== "Enter" || !hits.length) return;
    const at = hits.findIndex(({ name }) => name === this.selected);
    this.emit("layer", hits[(at + 1) % hits.length].name);
  }

  /** What a node has of what is coloured by, of what the node with most has; null where nothing is coloured. @param {GraphNode} node */
  share(node) {
    if (!this.colour) return null;
    const most = Math.max(...this.graph.nodes.map((each) => this.sum(each, /** @type {any} */ (this.colour))));
    return most ? this.sum(node, /** @type {any} */ (this.colour)) / most : 0;
  }

  /** @param {number} i @returns {Box} */
  boxOf(i) {
    const last = this.lastOf(this.graph.nodes[i]);
    const { column, lane } = this.plan.spots[i];
    const { width, height } = nodeBox(last.shape, last.layout);
    return {
      width,
      height,
      x: column * PITCH + PITCH / 2 - width / 2,
      y: this.top + lane * LANE + TALLEST / 2 - height / 2,
    };
  }

  /** The layer whose output leaves the node. @param {GraphNode} node @returns {Layer} */
  lastOf({ members }) {
    return /** @type {Layer} */ (this.byName.get(members[members.length - 1]));
  }

  /** @param {GraphNode} node @param {number} i */
  node(node, i) {
    const { x, y, width, height } = this.boxOf(i);
    const last = this.lastOf(node);
    const now = node.members.includes(this.selected);
    const [middle, foot] = [x + width / 2, this.top + this.plan.spots[i].lane * LANE + TALLEST];
    const words = node.folded ? t("{count} layers", { count: node.members.length }) : operationWords(last);
    const share = this.share(node);
    const found = this.sought
      ? node.members.some((name) => this.sounds(/** @type {Layer} */ (this.byName.get(name))))
      : nothing;
    return svg`<g class="node" role="button" data-node=${node.name} data-share=${share ?? nothing} data-found=${found} style=${styleMap(share === null ? {} : { "--share": String(share) })} data-now=${now} data-learnt=${this.sum(node, "parameters") > 0} tabindex=${now || (i === 0 && !this.selected) ? 0 : -1}
        aria-pressed=${node.folded ? nothing : now} aria-expanded=${node.folded ? "false" : nothing} @click=${() => this.choose(node)}
        @pointerenter=${() => (this.touched = node.name)} @pointerleave=${() => (this.touched = "")} @focus=${() => (this.touched = node.name)} @blur=${() => (this.touched = "")}>
      <rect class="ground" x=${middle - PITCH / 2 + 2} y=${foot - TALLEST - 2} width=${PITCH - 4} height=${LANE - 4} rx="4"></rect>
      ${node.folded ? svg`<rect class="under" x=${x + 4} y=${y - 4} width=${width} height=${height} rx="2"></rect>` : nothing}
      <rect class="box" x=${x} y=${y} width=${width} height=${height} rx="2"></rect>
      <text class="name" x=${middle} y=${foot + 15} textLength=${short(node).length > LONGEST_NAME ? PITCH - 6 : nothing} lengthAdjust="spacingAndGlyphs">${short(node)}</text> ${inLines(words, 15).map((line, at) => svg`<text class="small" x=${middle} y=${foot + 30 + 13 * at}>${line}</text> `)}
      <text class="small figures" x=${middle} y=${foot + 58}>${last.shape.join("×")}</text></g>`;
  }

  /** @param {import("./wiring.js").Wire} wire */
  wire({ from, to, lane }) {
    const [start, end] = [this.boxOf(from), this.boxOf(to)];
    const [y1, y2] = [start.y + start.height / 2, end.y + end.height / 2];
    const between = lane < 0 ? this.top + lane * WIRE : this.top + lane * LANE + TALLEST / 2;
    const [a, b] = [(this.plan.spots[from].column + 1) * PITCH - 8, this.plan.spots[to].column * PITCH + 8];
    const { nodes } = this.graph;
    const near = [nodes[from].name, nodes[to].name].includes(this.touched);
    return svg`<path class="wire" data-wire=${`${nodes[from].name} ${nodes[to].name}`} data-near=${near} d="M${start.x + start.width} ${y1}H${a}V${between}H${b}V${y2}H${end.x}"></path>`;
  }

  /** Open blocks, each around what it is made of; a click folds it. */
  frames() {
    /** @type {Map<string, {first: number, last: number, depth: number}>} */
    const found = new Map();
    this.graph.nodes.forEach(({ within }, i) =>
      within.forEach((path, depth) => {
        const { column } = this.plan.spots[i];
        const { first, last } = found.get(path) ?? { first: column, last: column };
        found.set(path, { first: Math.min(first, column), last: Math.max(last, column), depth });
      }),
    );
    const height = this.top + LANE * (this.plan.below + 1);
    return [...found].map(([path, { first, last, depth }]) => {
      const words = `− ${path
        .split(".")
        .slice(depth ? -1 : 0)
        .join(".")}`;
      const width = (last - first + 1) * PITCH - 2 - 2 * depth;
      const narrow = words.length > (last - first + 1) * LONGEST_NAME;
      return svg`<g class="frame" role="button" tabindex="0" data-frame=${path} aria-expanded="true" @click=${() => this.fold(path)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.fold(path)}>
      <rect x=${first * PITCH + 1 + depth} y=${1 + depth * FRAME} width=${width} height=${height - 2 - depth * (FRAME + 3)} rx="5"></rect>
      <text class="small" x=${first * PITCH + 8 + depth} y=${16 + depth * FRAME} textLength=${narrow ? width - 14 : nothing} lengthAdjust="spacingAndGlyphs">${words}</text></g>`;
    });
  }

  facts() {
    const name = this.touched || this.selected;
    const node =
      this.graph.nodes.find((each) => each.name === name) ??
      (this.byName.has(name) ? { name, members: [name], folded: false, within: [] } : null);
    if (!node) return nothing;
    const last = this.lastOf(node);
    const field = last.receptive_field;
    const reads = node.folded ? "" : last.inputs.join(", ");
    const rows = [
      [t("output"), last.shape.join(" × ")],
      [t("parameters"), formatNumber(this.sum(node, "parameters"))],
      [t("multiplications (MACs)"), this.counted(node)],
      [t("receptive field (what it sees)"), fieldWords(last, field)],
      ...(reads ? [[t("reads"), reads]] : []),
    ];
    const words = node.folded
      ? t("a block of {count} layers; click to unfold it", { count: node.members.length })
      : operationWords(last);
    return html`<span><strong data-graph-node>${name}</strong> · ${words}</span>
      <dl>
        ${rows.map(
          ([term, value]) =>
            html`<div>
              <dt>${term}</dt>
              <dd data-fact=${term}>${value}</dd>
            </div>`,
        )}
      </dl>`;
  }

  /** @param {GraphNode} node @param {"parameters" | "macs" | "seconds"} what */
  sum({ members }, what) {
    return members.reduce((sum, name) => sum + (this.byName.get(name)?.[what] ?? 0), 0);
  }

  /** @param {GraphNode} node */
  counted(node) {
    const unknown = node.members.some((name) => this.byName.get(name)?.macs_known === false);
    const sum = formatNumber(this.sum(node, "macs"));
    return unknown ? t("{sum} and what is not known", { sum }) : sum;
  }

  /** @param {GraphNode} node */
  choose(node) {
    if (node.folded) this.unfold(node);
    else this.emit("layer", node.name);
  }

  /** @param {GraphNode} node */
  async unfold({ name, members }) {
    this.open = new Set([...this.open, name]);
    await this.updateComplete;
    this.focusOn(this.graph.nodes.findIndex((node) => node.members.includes(members[0])));
  }

  /** @param {string} path */
  async fold(path) {
    this.open = new Set([...this.open].filter((each) => each !== path && !each.startsWith(`${path}.`)));
    await this.updateComplete;
    this.focusOn(this.graph.nodes.findIndex(({ name }) => name === path));
  }

  /** @param {number} i */
  focusOn(i) {
    /** @type {SVGElement | undefined} */ (this.renderRoot.querySelectorAll(".node")[i])?.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const name = /** @type {SVGElement} */ (event.target).dataset.node;
    const i = this.graph.nodes.findIndex((node) => node.name === name);
    if (i < 0) return;
    if (event.key === "Enter" || event.key === " ") this.choose(this.graph.nodes[i]);
    else if (event.key === "ArrowLeft") this.focusOn(i - 1);
    else if (event.key === "ArrowRight") this.focusOn(i + 1);
    else if (event.key === "Home") this.focusOn(0);
    else if (event.key === "End") this.focusOn(this.graph.nodes.length - 1);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown")
      this.focusOn(this.beside(i, event.key === "ArrowUp" ? -1 : 1));
    else return;
    event.preventDefault();
  }

  /** The nearest node a lane up or down. @param {number} i @param {number} by */
  beside(i, by) {
    const { spots } = this.plan;
    const there = spots.map((_, k) => k).filter((k) => spots[k].lane === spots[i].lane + by);
    return (
      there.sort(
        (a, b) => Math.abs(spots[a].column - spots[i].column) - Math.abs(spots[b].column - spots[i].column),
      )[0] ?? i
    );
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("touched")) announce(() => this.renderRoot.querySelector(".head")?.textContent);
    if (!changed.has("selected") && !this.fresh) return;
    const view = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".view"));
    const at = this.graph.nodes.findIndex(({ members }) => members.includes(this.selected));
    if (at < 0) return;
    const { x } = this.boxOf(at);
    if (x < view.scrollLeft || x + PITCH > view.scrollLeft + view.clientWidth)
      view.scrollLeft = x - view.clientWidth / 3;
  }
}

/** @param {Layer} layer @param {import("./maps.js").ReceptiveField | null | undefined} field */
function fieldWords({ obstacle }, field) {
  if (!field) return obstacle === null ? t("not worked out yet") : t("not known");
  return field.whole ? t("the whole picture") : field.size.join(" × ");
}

/** The part of the name that its frames don't say. @param {GraphNode} node */
function short({ name, within }) {
  const [frame = ""] = within.slice(-1);
  return frame ? name.slice(frame.length + 1) : name;
}

/** Words in one line or two. @param {string} words @param {number} most characters in the first */
function inLines(words, most) {
  const at = words.length > most ? Math.max(words.lastIndexOf(" ", most), 0) || words.indexOf(" ") : -1;
  return at > 0 ? [words.slice(0, at), words.slice(at + 1)] : [words];
}

customElements.define("lente-feature-graph", LenteFeatureGraph);
