import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t, withColon } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { correlation } from "../shared/statistics.js";
import { OnRead } from "./on_read.js";
import { changedPlaces, leftBehind, moveMaps, strongestMap } from "./shift.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("./forward.js").Activations} Activations
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const FAR = 3;
const MAPS = "relu1";
const LIST = "flatten";

/** The digit moved by a few pixels: the maps of a convolution move along, the flattened list does not. Rendered in the page. */
export class LenteShift extends LenteElement {
  static properties = { session: { attribute: false }, right: { state: true }, down: { state: true } };

  constructor() {
    super();
    /** @type {import("./session.js").DigitSession | null} */ this.session = null;
    this.right = FAR;
    this.down = 0;
    const accepts = wholeFrom(-FAR, FAR);
    addressed(this, { right: { name: "right", first: FAR, accepts }, down: { name: "down", first: 0, accepts } });
    new OnRead(this);
  }

  render() {
    const { session, down, right } = this;
    if (!session?.scores || !session.activations)
      return html`<p class="empty">${t("Draw a digit above, and move it here.")}</p>`;
    const before = session.activations;
    const moved = moveMaps({ shape: [1, 28, 28], data: session.input }, down, right);
    const after = session.run(/** @type {Float32Array} */ (moved.data));
    const map = strongestMap(before[MAPS]);
    return html`<div class="row settings">
        ${this.setting("right", t("to the right"), right)} ${this.setting("down", t("down"), down)}
      </div>
      <div class="shift-rows">
        <span></span><span class="small">${t("What the network sees")}</span
        ><span class="small">${t("map {number} of {layer}", { number: map, layer: MAPS })}</span
        ><span class="small">${t("the list of {count} numbers", { count: before[LIST].data.length })}</span>
        ${this.pictures(t("as it is"), before, before, map)} ${this.pictures(t("moved"), after, before, map)}
      </div>
      <lente-legend .low=${0} .high=${this.highest(before, map)} .note=${t("the map")}></lente-legend>
      ${this.words(before, after, map)}`;
  }

  /** @param {"right" | "down"} name @param {string} label @param {number} value */
  setting(name, label, value) {
    const change = (/** @type {Event} */ event) => {
      this[name] = Number(/** @type {HTMLInputElement} */ (event.target).value);
    };
    return html`<label
      >${label}
      <input type="range" min=${-FAR} max=${FAR} step="1" .value=${String(value)} data-shift=${name} @input=${change} />
      <output aria-live="off">${t("{count} px", { count: formatNumber(value, 0) })}</output></label
    >`;
  }

  /** @param {string} name @param {Activations} shown @param {Activations} before whose scale it has @param {number} map */
  pictures(name, shown, before, map) {
    const list = shown[LIST].data;
    return html`<span>${name}</span>
      <lente-map
        still
        map="grey"
        .tensor=${flat(shown.input, 0)}
        .range=${{ low: 0, high: 1 }}
        label=${name}
      ></lente-map>
      <lente-map
        still
        .tensor=${flat(shown[MAPS], map)}
        .range=${{ low: 0, high: this.highest(before, map) }}
        label=${`${withColon(name)} ${MAPS} ${map}`}
      ></lente-map>
      <lente-map
        still
        class="list"
        .tensor=${{ shape: [1, list.length], data: list }}
        .range=${{ low: 0, high: valueRange(before[LIST].data).high }}
        label=${`${withColon(name)} ${LIST}`}
      ></lente-map>`;
  }

  /** @param {Activations} before @param {number} map */
  highest(before, map) {
    return valueRange(flat(before[MAPS], map).data).high;
  }

  /** @param {Activations} before @param {Activations} after @param {number} map */
  words(before, after, map) {
    const { down, right } = this;
    const difference = leftBehind(one(before[MAPS], map), one(after[MAPS], map), down, right);
    const [first, second] = [before[LIST].data, after[LIST].data];
    const alike = correlation(first, second);
    const [here, there] = [answer(before), answer(after)];
    return html`<p data-part="maps">
        ${t("The map moves along: moved back, its numbers differ by {difference} at most.", { difference: formatNumber(difference, 4) })}
      </p>
      <p data-part="list">
        ${t("The list stays where it is, and {changed} of its {count} numbers become others: it is like what it was to {alike}, where 1 is the same.", { changed: changedPlaces(first, second), count: first.length, alike: formatNumber(alike, 2) })}
      </p>
      <p data-part="answer">
        ${t("It reads a {here} ({first} %), and moved a {there} ({second} %): layers that come after the list have to have learnt every place by itself, and that is why its training moved the digits too.", { here: here.digit, first: here.percent, there: there.digit, second: there.percent })}
      </p> `;
  }
}

/** @param {Tensor} maps (C, H, W) @param {number} map @returns {Tensor} (H, W) */
function flat(maps, map) {
  const { shape, data } = one(maps, map);
  return { shape: shape.slice(1), data };
}

/** @param {Tensor} maps (C, H, W) @param {number} map @returns {Tensor} (1, H, W) */
function one({ shape: [, height, width], data }, map) {
  const size = height * width;
  return { shape: [1, height, width], data: data.subarray(map * size, (map + 1) * size) };
}

/** @param {Activations} activations */
function answer({ softmax: { data } }) {
  const digit = data.indexOf(Math.max(...data));
  return { digit, percent: formatNumber(100 * data[digit], 1) };
}

customElements.define("lente-shift", LenteShift);
