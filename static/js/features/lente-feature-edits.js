import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { readMuted } from "./edits.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("../frame/edit_codec.js").Edit} Edit
 */

/**
 * What was changed in the network, each of which can be taken back. Rendered in the page.
 *
 * @fires choose - part of the page's state
 */
export class LenteFeatureEdits extends LenteElement {
  static properties = { state: { attribute: false } };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
  }

  render() {
    const { edits = [], muted = [] } = this.state ?? {};
    const count = edits.length + muted.length;
    if (!count) return html`<p class="small">${t("Nothing is changed yet.")}</p>`;
    return html`<ol class="edits">
        ${edits.map((edit, i) => this.one(wordsFor(edit), { edits: edits.filter((_, at) => at !== i) }))}
        ${muted.map((name, i) => this.one(mutedWords(name), { muted: muted.filter((_, at) => at !== i) }))}
      </ol>
      <button type="button" data-do="undo-all" @click=${() => this.choose({ edits: [], muted: [] })}>
        ${t("Undo everything ({count})", { count })}
      </button>`;
  }

  /** @param {string} words @param {Partial<FeaturesState>} without */
  one(words, without) {
    return html`<li>
      <span>${words}</span
      ><button
        type="button"
        class="quiet"
        data-do="undo"
        aria-label=${t("Undo: {change}", { change: words })}
        @click=${() => this.choose(without)}
      >
        ×
      </button>
    </li>`;
  }

  /** @param {Partial<FeaturesState>} detail */
  choose(detail) {
    this.emit("choose", detail);
  }
}

/** @param {string} name */
function mutedWords(name) {
  const [{ layer, channels }] = readMuted([name]);
  return t("{layer}: map {map} switched off", { layer, map: channels[0] });
}

/** @param {Edit} edit */
function wordsFor(edit) {
  const { layer } = edit;
  if (edit.edit === "scale")
    return t("{layer}: map {map} times {factor}", { layer, map: edit.channels[0], factor: formatNumber(edit.factor) });
  if (edit.edit === "swap")
    return t("{layer}: maps {one} and {other} have changed places", {
      layer,
      one: edit.channels[0],
      other: edit.channels[1],
    });
  return t("{layer}: another kernel from map {input} to map {output}", {
    layer,
    input: edit.input,
    output: edit.output,
  });
}

customElements.define("lente-feature-edits", LenteFeatureEdits);
