import { theme } from "../frame/theme.js";
import { colourMap } from "../shared/colours.js";
import { planeOf } from "../shared/tensors.js";
import { displayMode, paintPlanes } from "./painting.js";

/** @typedef {import("./painting.js").DisplayMode} DisplayMode */

/** The pixels of a model's input and output, painted anew where something of them changed. */
export class StagePainter {
  constructor() {
    this.inputPixels = new Uint8ClampedArray(4);
    this.outputPixels = new Uint8ClampedArray(4);
    /** How the output is painted. @type {DisplayMode} */ this.mode = {
      low: 0,
      high: 255,
      absolute: false,
      coloured: false,
    };
    /** What the pixels are made of. @type {unknown[]} */ this.input = [];
    /** @type {unknown[]} */ this.output = [];
  }

  /** @param {import("./model.js").ConvolutionModel} model */
  paint({ run, state }) {
    if (!run) return;
    const { padded, output, full } = run;
    const { matrix, display, channels, operation, unit } = state;
    const input = [padded, theme()];
    if (differ(input, this.input)) {
      const mode = displayMode(matrix ? "signed" : "clamp", padded.data, full);
      this.inputPixels = paintPlanes(padded, mode, coloursOf(mode));
      this.input = input;
    }
    const made = [output, full, display, channels, operation, unit[0], theme()];
    if (!differ(made, this.output)) return;
    const together =
      output.shape[0] === 3 && (channels === "each" || operation !== "convolution") && display !== "signed";
    const planes = together ? output : planeOf(output, unit[0]);
    this.mode = displayMode(display, planes.data, full);
    this.outputPixels = paintPlanes(planes, this.mode, coloursOf(this.mode));
    this.output = made;
  }
}

/** @param {unknown[]} one @param {unknown[]} other */
const differ = (one, other) => one.some((part, i) => part !== other[i]);

/** @param {DisplayMode} mode */
const coloursOf = ({ low }) => colourMap(low < 0 ? "diverging" : "sequential", theme());
