import { talkExamples } from "../convolution/examples.js";
import { presetOf } from "../convolution/state.js";

/**
 * A step of the lesson. Its words are in words.js, under the same name.
 *
 * @typedef {object} LessonStep
 * @property {string} name
 * @property {string} page noun of the page that it drives
 * @property {Record<string, any>} state in which the page opens
 * @property {string} exhibit selector of what the step is about
 * @property {string} [head] selector of what the task needs above the exhibit
 * @property {string} [foot] selector of what must be seen to its end, where the exhibit may be higher than the screen
 * @property {number} answer to its question: a number, or the place of the right option where there are options
 * @property {number[][][]} tables numbers that the question quotes
 * @property {(now: Record<string, any>) => boolean} done whether the task was done, by the state in the page's address
 */

const example = (/** @type {string} */ name) =>
  /** @type {import("../convolution/examples.js").TalkExample} */ (talkExamples.find((one) => one.name === name));
const shows = (/** @type {Record<string, any>} */ now, /** @type {string} */ name) =>
  JSON.stringify(now.matrix) === JSON.stringify(example(name).matrix);
const kernelOf = (/** @type {string} */ name) => /** @type {number[][]} */ (example(name).kernel);
const opened = (/** @type {string} */ name) => ({
  matrix: example(name).matrix,
  preset: presetOf(kernelOf(name)),
  kernel: kernelOf(name),
  display: "signed",
});
const within = (/** @type {number[] | undefined} */ place, /** @type {number[]} */ low, /** @type {number[]} */ high) =>
  place?.length === low.length && place.every((value, i) => value >= low[i] && value <= high[i]);

/** The talk as a path over the pages: one step for each of its ideas, in its order. @type {LessonStep[]} */
export const lessonSteps = [
  {
    name: "pixels",
    page: "image",
    state: { image: "sample-cat" },
    exhibit: ".image-exhibits > .exhibit",
    tables: [],
    answer: 2,
    done: ({ image }) => image === "sample-balls",
  },
  {
    name: "tensors",
    page: "image",
    state: { image: "sample-cat", rank: 3 },
    exhibit: "lente-tensor-ladder",
    tables: [],
    answer: 4,
    done: ({ rank }) => rank === 4,
  },
  {
    name: "scale",
    page: "image",
    state: { image: "sample-cat", unit: [166, 273] },
    exhibit: ".image-exhibits > .exhibit",
    tables: [],
    answer: 0.8,
    done: ({ notation }) => notation === "1",
  },
  {
    name: "colour",
    page: "image",
    state: { image: "sample-balls", unit: [160, 60] },
    exhibit: "lente-channels",
    tables: [],
    answer: 0,
    done: ({ channels }) => channels === "gb",
  },
  {
    name: "kernel",
    page: "convolution",
    state: {},
    exhibit: ".stage",
    head: ".stops-bar",
    answer: -1.2,
    tables: [
      [
        [0, 0, 0],
        [0, 0, 0.6],
        [0, 0.6, 0],
      ],
      kernelOf("what"),
    ],
    done: (now) => shows(now, "what"),
  },
  {
    name: "smaller",
    page: "convolution",
    state: { ...opened("what"), padding: "1" },
    exhibit: ".stage",
    head: ".stops-bar",
    tables: [],
    answer: 3,
    done: (now) => shows(now, "smaller") && !now.padding,
  },
  {
    name: "padding",
    page: "convolution",
    state: opened("padding"),
    exhibit: ".stage",
    answer: 114,
    tables: [
      [
        [0, 0, 0],
        [0, 60, 113],
        [0, 73, 121],
      ],
      kernelOf("padding"),
    ],
    done: (now) => shows(now, "padding") && ["1", "same"].includes(now.padding),
  },
  {
    name: "cube",
    page: "convolution",
    state: { image: "sample-balls" },
    exhibit: ".stage",
    head: ".stops-bar",
    tables: [],
    answer: 1,
    done: ({ channels }) => channels === "cube",
  },
  {
    name: "pooling",
    page: "convolution",
    state: { matrix: example("pooling").matrix, operation: "average", display: "signed" },
    exhibit: ".stage",
    tables: [example("pooling").matrix],
    answer: 6,
    done: ({ operation }) => operation === "max",
  },
  {
    name: "stride",
    page: "convolution",
    state: opened("stride"),
    exhibit: ".stage",
    tables: [],
    answer: 3,
    done: (now) => shows(now, "stride") && now.stride === 2,
  },
  {
    name: "flatten",
    page: "convolution",
    state: { matrix: example("flatten").matrix, preset: "custom", kernel: [[1]], display: "signed" },
    exhibit: ".stage",
    answer: 3,
    tables: [example("flatten").matrix],
    done: ({ operation, unit }) => operation === "flatten" && unit?.[2] === 3,
  },
  {
    name: "decide",
    page: "digits",
    state: { digit: 3, layer: "conv1", unit: [3, 12, 14], hide: ["weights"] },
    exhibit: ".reader",
    foot: ".under-net",
    tables: [],
    answer: 100,
    done: ({ layer }) => layer === "dense2",
  },
  {
    name: "network",
    page: "digits",
    state: { digit: 3, layer: "dense2", unit: [3], hide: ["weights"] },
    exhibit: ".reader",
    head: ".net",
    tables: [],
    answer: 250,
    done: ({ layer }) => layer === "conv2",
  },
  {
    name: "layer",
    page: "features",
    state: { image: "sample-cat", layer: "pool1" },
    exhibit: ".features",
    tables: [],
    answer: 147,
    done: ({ layer }) => layer === "conv1",
  },
  {
    name: "bottleneck",
    page: "autoencoder",
    state: { model: "autoencoder_32d" },
    exhibit: "lente-bottleneck",
    tables: [],
    answer: 392,
    done: ({ model }) => model === "autoencoder_2d",
  },
  {
    name: "places",
    page: "autoencoder",
    state: { model: "autoencoder_2d" },
    exhibit: "lente-code-places",
    foot: "lente-code-places lente-plane",
    tables: [],
    answer: 2,
    done: ({ code }) => within(code, [10.5, -8.5], [16, -4.5]),
  },
  {
    name: "latent",
    page: "latent",
    state: { z: [-2, 2] },
    exhibit: "lente-latent-map",
    tables: [],
    answer: 1,
    done: ({ z }) => within(z, [-0.4, -3], [0.4, -2.1]),
  },
  {
    name: "cloud",
    page: "latent",
    state: { scale: 1, seed: 1 },
    exhibit: "lente-latent-cloud",
    tables: [],
    answer: 1,
    done: ({ scale }) => scale === 0,
  },
];

/**
 * Whether what was predicted is the answer: to a hundredth, as a pupil with a pencil rounds.
 *
 * @param {number} predicted
 * @param {number} answer
 * @returns {boolean}
 */
export function answersRight(predicted, answer) {
  return Math.abs(predicted - answer) <= 0.0101;
}
