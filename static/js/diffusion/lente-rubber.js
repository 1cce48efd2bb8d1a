import { html } from "vendor/lit";
import { t } from "../frame/i18n.js";
import { writeUrl } from "../frame/address.js";
import { LenteDrawing } from "../shared/pictures/lente-drawing.js";
import { rubbedPixels } from "./rubbed.js";

const SIDE = 28;
/** In shares of the pad: four pixels. */
const WIDTH = 0.15;
const SEEN = 0.6;

/**
 * A digit out of which the hand rubs: what is rubbed out bears the colour of what is touched, a pixel of 28 x 28 wholly
 * or not at all.
 *
 * @fires draw - as the pad does
 */
export class LenteRubber extends LenteDrawing {
  constructor() {
    super();
    /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing["kept"]} */ this.kept = "rubbed";
  }

  /** Which pixels of 28 x 28 are rubbed out: 1, else 0. */
  get rubbed() {
    return rubbedPixels(this.strokes, SIDE);
  }

  get nib() {
    return { width: WIDTH, erase: true };
  }

  get words() {
    return t("A digit to rub out of: rub with the mouse, a finger or a pen");
  }

  /** The history entry keeps what the hand did; the digit beneath has a number. */
  keep() {
    writeUrl({ rubbed: { strokes: this.strokes, ground: null } });
  }

  clear() {
    this.strokes = [];
    this.redraw(true);
    this.keep();
  }

  tools() {
    return html`<div class="row pad-tools">
      <button type="button" ?disabled=${!this.strokes.length} @click=${this.undo}>${t("Undo")}</button>
      <button type="button" ?disabled=${!this.strokes.length} @click=${this.clear}>${t("Whole again")}</button>
    </div>`;
  }

  /** @param {CanvasRenderingContext2D} context */
  paintValues(context) {
    super.paintValues(context);
    const scale = this.side / SIDE;
    context.fillStyle = getComputedStyle(this).getPropertyValue("--touch");
    context.globalAlpha = SEEN;
    this.rubbed.forEach((rubbed, i) => {
      if (rubbed) context.fillRect((i % SIDE) * scale, Math.floor(i / SIDE) * scale, scale, scale);
    });
    context.globalAlpha = 1;
  }
}

customElements.define("lente-rubber", LenteRubber);
