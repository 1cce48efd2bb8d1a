import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare } from "../shared/tensors.js";
import { fetchSmallMaps } from "./server.js";
import "../shared/ui/lente-map.js";

const MAPS = 7;
const SIDE = 64;

/** A photograph and what the first layer of the photo network finds in it: one scale for all maps. */
export class MiniFeatures extends Miniature {
  static properties = {
    ...Miniature.properties,
    picture: { state: true },
    maps: { state: true },
    touched: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.picture = null;
    /** @type {import("../shared/safetensors.js").Tensor[]} */ this.maps = [];
    this.range = { low: -1, high: 1 };
    /** In a map. @type {import("../shared/ui/lente-map.js").Cell | null} */ this.touched = null;
  }

  async load() {
    const view = { network: "photo_cnn", image: "sample-cat", muted: [] };
    const [picture, { shape, data }] = await Promise.all([
      fetchPicture("sample-cat", 102),
      fetchSmallMaps(view, "relu1", MAPS, SIDE),
    ]);
    const [channels, rows, columns] = shape;
    this.maps = Array.from({ length: channels }, (_, i) => ({
      shape: [rows, columns],
      data: data.subarray(i * rows * columns, (i + 1) * rows * columns),
    }));
    const high = Math.max(...this.maps.flatMap((map) => Array.from(map.data)));
    this.range = { low: 0, high };
    this.picture = centreSquare(picture); // of which the network is given no more
  }

  /** Boxes around the place that is touched, where there are `side` places. @param {number} side */
  boxes(side) {
    if (!this.touched) return [];
    const [row, column] = [this.touched.row, this.touched.column].map((at) => Math.floor(((at + 0.5) * side) / SIDE));
    return [{ top: row - 2, left: column - 2, bottom: row + 3, right: column + 3 }];
  }

  exhibit() {
    return html`<div class="mini-maps" @cell=${this.onCell}>
      <lente-map
        .tensor=${this.picture}
        .touched=${this.boxes(this.picture?.shape[1] ?? SIDE)}
        still
        label=${t("The photograph")}
      ></lente-map>
      ${this.maps.map((map, i) => html`<lente-map .tensor=${map} .range=${this.range} .touched=${this.boxes(SIDE)} label=${t("Map {number} of the first layer", { number: i + 1 })}></lente-map>`)}
    </div>`;
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onCell({ detail }) {
    this.touched = detail;
  }
}

customElements.define("mini-features", MiniFeatures);
