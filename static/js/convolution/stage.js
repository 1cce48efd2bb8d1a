import { onThemeChange, theme } from "../frame/theme.js";
import { LenteElement } from "../frame/element.js";
import { colourMap } from "../shared/colours.js";
import { exactNumber } from "../shared/numbers.js";
import { planeOf } from "../shared/tensors.js";
import { displayMode, paintPlanes } from "./painting.js";
import { StageRunner } from "./run.js";

/**
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./lente-kernel.js").Weight} Weight
 */

/** What the convolution page computes and keeps: the state, the run, the painted pixels. */
export class ConvolutionStage extends LenteElement {
  static properties = {
    state: { attribute: false },
    picture: { attribute: false },
    stop: { attribute: false },
    weight: { state: true },
    slice: { state: true },
    shown: { state: true },
    fault: { state: true },
    asking: { state: true },
  };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {Tensor | null} (3, H, W), 0..1 */ this.picture = null;
    /** The stop of the page whose words are shown. */ this.stop = "photo";
    /** The weight or term under the cursor. @type {Weight | null} */ this.weight = null;
    /** The input channel whose numbers are shown. */ this.slice = 0;
    /** Output values that are shown; the others wait. */ this.shown = Infinity;
    this.fault = "";
    this.asking = false;
    /** @type {[number, number]} */ this.lastSize = [1, 1];
    this.runner = new StageRunner();
    /** @type {Run | null} */ this.done = null;
    this.inputPixels = new Uint8ClampedArray(4);
    this.outputPixels = new Uint8ClampedArray(4);
    /** The padded input that inputPixels shows. @type {Tensor | null} */ this.painted = null;
    /** @type {import("./painting.js").DisplayMode} */ this.mode = {
      low: 0,
      high: 255,
      absolute: false,
      coloured: false,
    };
    /** @type {() => void} */ this.endTheme = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.endTheme = onThemeChange(() => {
      this.painted = null;
      this.paint();
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endTheme();
  }

  /** Computes what a change of the state or the picture needs, and no more. @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has("state") && !changed.has("picture")) return;
    const before = changed.get("state") ?? this.state;
    const pointed = !changed.has("picture") && this.done && onlyUnit(before, this.state);
    if (!pointed) this.done = this.runner.run(this.state, this.picture);
    this.bound();
    if (!pointed || before.unit[0] !== this.state.unit[0]) this.paint();
  }

  /** Keeps the unit inside the output. */
  bound() {
    if (!this.done) return;
    const { shape } = this.done.output;
    const unit = this.state.unit.map((at, i) => Math.min(Math.max(at, 0), shape[i] - 1));
    if (unit.some((at, i) => at !== this.state.unit[i]))
      this.state = { ...this.state, unit: /** @type {[number, number, number]} */ (unit) };
  }

  paint() {
    if (!this.done) return;
    const { padded, output, full } = this.done;
    const { matrix, display, channels, unit } = this.state;
    if (this.painted !== padded) {
      const before = displayMode(matrix ? "signed" : "clamp", padded.data, full);
      this.inputPixels = paintPlanes(padded, before, this.colours(before));
      this.painted = padded;
    }
    const together =
      output.shape[0] === 3 && (channels === "each" || this.state.operation !== "convolution") && display !== "signed";
    const planes = together ? output : planeOf(output, unit[0]);
    this.mode = displayMode(display, planes.data, full);
    this.outputPixels = paintPlanes(planes, this.mode, this.colours(this.mode));
  }

  /** @param {import("./painting.js").DisplayMode} mode */
  colours({ low }) {
    return colourMap(low < 0 ? "diverging" : "sequential", theme());
  }

  /** @returns {[number, number]} the same array while it is the same size */
  get inputSize() {
    const { matrix } = this.state;
    const [height, width] = matrix ? [matrix.length, matrix[0].length] : (this.picture?.shape.slice(1) ?? [1, 1]);
    if (this.lastSize[0] !== height || this.lastSize[1] !== width) this.lastSize = [height, width];
    return this.lastSize;
  }

  /** Whether the sum needs the whole width. */
  get wide() {
    const kernel = this.state.kernels[0];
    return this.state.operation === "convolution" && (kernel.length > 1 || kernel[0][0].length > 5);
  }

  /** Pooling and convolution make a picture smaller each in its way. */
  get compared() {
    const { operation, stride } = this.state;
    return operation === "max" || operation === "average" || (operation === "convolution" && stride > 1);
  }

  get inputChannel() {
    const { channels, operation, unit, matrix } = this.state;
    if (matrix || channels === "grey") return 0;
    return channels === "each" || operation !== "convolution" ? unit[0] : this.slice;
  }

  get format() {
    return this.state.scale === 1 && !this.state.matrix ? twoDecimals : short;
  }

  /** @param {Partial<ConvolutionState>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    this.tell("state", this.state);
  }

  /** The cursor moves. @param {{unit: [number, number, number]}} change */
  point(change) {
    if (change.unit.some((at, i) => at !== this.state.unit[i])) this.set(change);
  }
}

/** @param {Record<string, any>} before @param {Record<string, any>} now */
function onlyUnit(before, now) {
  return Object.keys(now).every((name) => name === "unit" || before[name] === now[name]);
}

/** At most three digits and a point fit into a small cell. @param {number} value */
const short = (value) => (Math.abs(value) >= 100 ? exactNumber(Math.round(value), 7) : exactNumber(value, 3));

/** @param {number} value */
const twoDecimals = (value) => value.toFixed(2).replace("-", "−");
