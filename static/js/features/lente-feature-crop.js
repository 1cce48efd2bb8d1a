import { css, html, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { gridStep } from "../shared/ui/grid_keys.js";
import { moveCrop } from "./move_crop.js";
import { pictureAddress } from "./server.js";

/** What a key moves the square by, in pixels of the picture. */
const STEP = 4;

/** @typedef {import("./move_crop.js").Crop} Crop */

/**
 * The whole photograph, and on it the square that the network is given: to be moved and resized with a pointer or the
 * keyboard.
 *
 * @fires crop - the new square
 */
export class LenteFeatureCrop extends ShadowElement {
  static properties = {
    image: { type: String },
    facts: { attribute: false },
    square: { attribute: false },
    held: { state: true },
  };

  static styles = css`
    /* with a finger, a strip to scroll by */
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr) var(--strip);
    }
    :host::after {
      content: "";
      margin-left: 0.3rem;
      background: var(--grip, none);
    }
    .photo {
      position: relative;
      overflow: hidden;
      background: var(--sunken);
      width: 100%;
      margin-inline: auto;
    }
    img {
      display: block;
      width: 100%;
      height: 100%;
    }
    .square {
      position: absolute;
      box-sizing: border-box;
      box-shadow: 0 0 0 100vmax #000a;
      outline: 2px solid #fff;
      touch-action: none;
      cursor: move;
    }
    .square:focus-visible {
      outline: 3px solid var(--touch);
    }
    .square[data-held="true"] {
      outline-color: var(--touch);
    }
    .corner {
      position: absolute;
      inset: auto -2px -2px auto;
      width: 1.5rem;
      height: 1.5rem;
      cursor: nwse-resize;
      background: linear-gradient(135deg, transparent 50%, #fff 50%);
    }
    .square[data-held="true"] .corner {
      background: linear-gradient(135deg, transparent 50%, var(--touch) 50%);
    }
    @media (pointer: coarse) {
      .corner {
        width: 2.75rem;
        height: 2.75rem;
      }
    }
  `;

  constructor() {
    super();
    this.image = "";
    /** What the server says of the network's input. @type {Record<string, any>} */ this.facts = {};
    /** The visitor's own square, which the server may not have answered yet. @type {Crop | null} */ this.square = null;
    /** Where the pointer was, and what it moves. @type {{x: number, y: number, corner: boolean, crop: Crop} | null} */ this.held =
      null;
  }

  /** @returns {Crop} */
  get crop() {
    return this.square ?? this.facts.crop ?? { top: 0, left: 0, size: 1 };
  }

  render() {
    const { width = 3, height = 2 } = this.facts;
    const { top, left, size } = this.crop;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    const place = {
      top: share(top, height),
      left: share(left, width),
      width: share(size, width),
      height: share(size, height),
    };
    const label = t("The square that the network is given; arrow keys move it, plus and minus resize it");
    return html`<div
      class="photo"
      style=${styleMap({ aspectRatio: `${width} / ${height}`, maxWidth: height > width ? `${(26 * width) / height}rem` : "100%" })}
    >
      <img src=${pictureAddress(this.image, 512)} loading="lazy" alt=${t("The whole photograph")} draggable="false" />
      <div
        class="square"
        role="application"
        tabindex="0"
        aria-label=${label}
        aria-roledescription=${t("square")}
        data-held=${this.held !== null}
        style=${styleMap(place)}
        @keydown=${this.onKey}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
      >
        <div class="corner"></div>
      </div>
    </div>`;
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    const square = /** @type {HTMLElement} */ (event.currentTarget);
    square.setPointerCapture(event.pointerId);
    this.held = {
      x: event.clientX,
      y: event.clientY,
      corner: /** @type {HTMLElement} */ (event.target).className === "corner",
      crop: this.crop,
    };
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (!this.held) return;
    const { x, y, corner, crop } = this.held;
    const scale = this.facts.width / /** @type {HTMLElement} */ (this.renderRoot.querySelector(".photo")).clientWidth;
    const [right, down] = [(event.clientX - x) * scale, (event.clientY - y) * scale];
    this.send(
      corner
        ? moveCrop(crop, { grow: Math.max(right, down) }, this.picture, true)
        : moveCrop(crop, { right, down }, this.picture),
    );
  }

  onUp() {
    this.held = null;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    /** @type {Record<string, number>} */
    const grown = { "+": 8, "-": -8, "*": 40, _: -40 };
    const step = gridStep(event, [this.picture.height, this.picture.width]);
    const grow = grown[event.key];
    const by = step ? { down: STEP * step[0], right: STEP * step[1] } : grow && { grow };
    if (!by) return;
    event.preventDefault();
    this.send(moveCrop(this.crop, by, this.picture));
  }

  get picture() {
    return { width: this.facts.width, height: this.facts.height };
  }

  /** @param {Crop} crop */
  send(crop) {
    const { top, left, size } = this.crop;
    if (crop.top === top && crop.left === left && crop.size === size) return;
    this.emit("crop", crop);
  }
}

customElements.define("lente-feature-crop", LenteFeatureCrop);
