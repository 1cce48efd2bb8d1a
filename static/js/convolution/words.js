import { N_, t } from "../frame/i18n.js";
import { exactNumber } from "../shared/numbers.js";

/** The stops of the page: the talk's worked examples in its order, and what each one shows. */
export const STOPS = [
  {
    name: "photo",
    title: N_("A photograph"),
    text: N_(
      "The kernel is a small table of weights. It slides over the picture; at each place every weight is multiplied by the value beneath it, and the sum is one pixel of the answer. Move over either picture to see the sum.",
    ),
  },
  {
    name: "what",
    title: N_("What does it do?"),
    text: N_(
      "This kernel adds what is on the left and takes away what is on the right: where both are the same nothing is left, at an edge a lot is. The first value is {first}.",
    ),
  },
  {
    name: "smaller",
    title: N_("Does it shrink?"),
    text: N_(
      "A 3 × 3 window has only three places along a side of five, so the answer is 3 × 3. Each further convolution of this kind eats another ring.",
    ),
  },
  {
    name: "padding",
    title: N_("Padding"),
    text: N_(
      "A ring of zeros around the picture gives the window a place for every pixel: 5 × 5 in, 5 × 5 out. The first value is {first}.",
    ),
  },
  {
    name: "colour",
    title: N_("Colour"),
    text: N_(
      "A colour picture has three channels, so the kernel is a cube of three slices. Each slice gives a partial picture; their sum is one single map. This one adds red and takes half of green and half of blue away, so that any grey gives 0: it finds what is red.",
    ),
  },
  {
    name: "digit",
    title: N_("A digit"),
    text: N_(
      "A digit of 28 × 28 goes in, four maps of 26 × 26 come out, one for each kernel. Each kernel looks for edges on one side of the stroke: top, left, bottom, right; orange is where it finds one, blue where the opposite edge lies. Choose a map with the numbers beneath the output.",
    ),
  },
  {
    name: "pooling",
    title: N_("Max pooling"),
    text: N_(
      "No weights here: of every 2 × 2 window only the largest value goes on. A quarter of the numbers is left, and the strongest of what was found is still there, roughly where it was.",
    ),
  },
  {
    name: "stride",
    title: N_("Strided convolution"),
    text: N_(
      "With stride 2 the window takes steps of two: it skips every other place, and the answer is about half as high and half as wide. The first value is {first}.",
    ),
  },
  {
    name: "flatten",
    title: N_("Flatten"),
    text: N_(
      "Row after row, the table becomes one long list of numbers: that is what the deciding layers of a network are given. Point at a cell to see its place in the list.",
    ),
  },
];

/** @type {Record<string, string>} */
export const KERNEL_NAMES = {
  custom: N_("Other weights"),
  identity: N_("Identity"),
  sharpen: N_("Sharpen"),
  emboss: N_("Emboss"),
  blur: N_("Blur (Gaussian 3 × 3)"),
  "gaussian-5": N_("Gaussian 5 × 5"),
  "gaussian-7": N_("Gaussian 7 × 7"),
  "box-3": N_("Box blur 3 × 3"),
  "box-5": N_("Box blur 5 × 5"),
  "box-7": N_("Box blur 7 × 7"),
  "motion-5": N_("Motion blur, diagonal"),
  "motion-7": N_("Motion blur, sideways"),
  outline: N_("Outline"),
  laplacian: N_("Laplacian"),
  "left-sobel": N_("Sobel, left"),
  "right-sobel": N_("Sobel, right"),
  "top-sobel": N_("Sobel, top"),
  "bottom-sobel": N_("Sobel, bottom"),
  "prewitt-vertical": N_("Prewitt, vertical edges"),
  "prewitt-horizontal": N_("Prewitt, horizontal edges"),
  "scharr-vertical": N_("Scharr, vertical edges"),
  "scharr-horizontal": N_("Scharr, horizontal edges"),
  "top-edge": N_("Top edge"),
  "bottom-edge": N_("Bottom edge"),
  "left-edge": N_("Left edge"),
  "right-edge": N_("Right edge"),
};

/** @type {Record<string, string>} */
export const KERNEL_GROUPS = { sharpness: N_("Sharper"), blur: N_("Blurrier"), edges: N_("Edges") };

/** @type {Record<string, string>} */
const PROBLEMS = {
  out_of_reach: N_("{label}: {value} is out of reach, accepted are {min} to {max}."),
  too_many: N_("{found} numbers are too many to type: at most {most}."),
  divisor_small: N_("The divisor {value} is too close to 0: accepted are sizes from {least} on."),
  divisor_zero: N_("The divisor is 0, and nothing can be divided by 0. Any other number will do."),
  same_with_stride: N_(
    "“Same” padding keeps the size, and a stride of {stride} does not: with it, write the padding as a number.",
  ),
  reflect_too_wide: N_("Reflection cannot show {padding} values beyond the edge: the input has only {most} to mirror."),
  circular_too_wide: N_("The input cannot be continued by {padding} values: it has only {most}."),
  window_too_large: N_(
    "The window is {window} wide and the padded input only {room}: it fits nowhere. A smaller kernel or dilation, or more padding, will do.",
  ),
};

/** What the fields of a problem are called. @type {Record<string, string>} */
const FIELDS = {
  stride: N_("Stride"),
  dilation: N_("Dilation"),
  padding: N_("Padding"),
  pool: N_("Window"),
  poolStride: N_("Stride"),
  kernel: N_("Kernel"),
  weight: N_("Kernel"),
  bias: N_("Bias"),
  divisor: N_("Divisor"),
  matrix: N_("Input"),
};

/** Why a setting is impossible, and what is accepted. @param {import("./run.js").Problem} problem */
export function problemWords({ field, code, values }) {
  return t(PROBLEMS[code], { label: FIELDS[field] ? t(FIELDS[field]) : "", ...values });
}

/** @type {Record<string, string>} */
export const DISPLAYS = {
  clamp: N_("Clamped between black and white"),
  absolute: N_("Absolute value"),
  middle: N_("Mid-grey is zero"),
  signed: N_("Signed colours"),
  rescaled: N_("Rescaled, darkest to lightest"),
};

/** @type {Record<string, string>} */
export const OPERATIONS = {
  convolution: N_("Convolution"),
  max: N_("Max pooling"),
  average: N_("Average pooling"),
  flatten: N_("Flatten"),
};

/** @type {Record<string, string>} */
export const CHANNELS = {
  grey: N_("In grey"),
  each: N_("One kernel, each channel by itself"),
  cube: N_("A kernel cube, channels added up"),
};

/** @type {Record<string, string>} */
export const PADDING_MODES = {
  zeros: N_("Zeros"),
  reflect: N_("Reflected"),
  replicate: N_("Edge repeated"),
  circular: N_("Wrapped around"),
};

export const CHANNEL_NAMES = [N_("Red"), N_("Green"), N_("Blue")];

/** The words of the talk that this page uses, each explained once. */
export const TERMS = [
  { word: N_("kernel"), meaning: N_("A small table of weights that slides over the input.") },
  { word: N_("bias"), meaning: N_("A number that is added to every sum, wherever the window lies.") },
  {
    word: N_("padding"),
    meaning: N_("Values put around the input, so that the window finds a place at the edge too."),
  },
  { word: N_("stride"), meaning: N_("How many values the window moves at each step.") },
  {
    word: N_("dilation"),
    meaning: N_("The distance between neighbouring weights on the input: with 2 every other value is skipped."),
  },
  { word: N_("max pooling"), meaning: N_("Keeps only the largest value of each window.") },
  { word: N_("flatten"), meaning: N_("Writes all values of a table one after the other, into one list.") },
];

/**
 * How a value is painted, in words; says so where it lies outside what can be painted.
 *
 * @param {number} value
 * @param {import("./painting.js").DisplayMode} mode
 * @param {number} full the value of white in the input
 * @param {boolean} colouredInput
 * @returns {string}
 */
export function paintedWords(value, { low, high, absolute, coloured }, full, colouredInput) {
  const seen = absolute ? Math.abs(value) : value;
  const bounded = Math.min(Math.max(seen, low), high);
  const exact = exactNumber(value);
  if (coloured) return colouredInput ? "" : t("Painted in the colour of {value}.", { value: exact });
  const grey = Math.round((255 * (bounded - low)) / (high - low));
  if (bounded !== seen)
    return t("Clamped: {value} lies outside {low} to {high} and is painted as {bounded}.", {
      value: exact,
      low: exactNumber(low),
      high: exactNumber(high),
      bounded: exactNumber(bounded),
    });
  if (grey === value && full === 255) return t("Painted as it is.");
  return t("Painted with brightness {grey} of 255.", { grey });
}
