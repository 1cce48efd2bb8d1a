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
 * @property {import("./sight.js").Target[]} controls that the task names, in its order
 * @property {import("./sight.js").Target[]} asked what the question is about, as far as the panel does not show it
 * @property {import("./sight.js").Target} outcome where one sees what the task did
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

const OUTPUT = '.stage-side[data-side="output"]';
const NETWORK = "lente-network-2d";

/** The talk as a path over the pages: one step for each of its ideas, in its order. @type {LessonStep[]} */
export const lessonSteps = [
  {
    name: "pixels",
    page: "image",
    state: { image: "sample-cat" },
    exhibit: ".image-exhibits > .exhibit",
    controls: ['.source-sample[data-sample="sample-balls"]'],
    asked: [],
    outcome: ".loupe-picture",
    tables: [],
    answer: 2,
    done: ({ image }) => image === "sample-balls",
  },
  {
    name: "tensors",
    page: "image",
    state: { image: "sample-cat", rank: 3 },
    exhibit: "lente-tensor-ladder",
    controls: ['button[data-rank="4"]'],
    asked: [],
    outcome: "lente-tensor-ladder",
    tables: [],
    answer: 4,
    done: ({ rank }) => rank === 4,
  },
  {
    name: "scale",
    page: "image",
    state: { image: "sample-cat", unit: [166, 273] },
    exhibit: ".image-exhibits > .exhibit",
    controls: ['button[data-notation="1"]'],
    asked: ["[data-pixel]"],
    outcome: "[data-pixel]",
    tables: [],
    answer: 0.8,
    done: ({ notation }) => notation === "1",
  },
  {
    name: "colour",
    page: "image",
    state: { image: "sample-balls", unit: [160, 60] },
    exhibit: "lente-channels",
    controls: ['lente-channels input[data-channel="r"]'],
    asked: ["lente-channels .together"],
    outcome: "lente-channels .together",
    tables: [],
    answer: 0,
    done: ({ channels }) => channels === "gb",
  },
  {
    name: "kernel",
    page: "convolution",
    state: {},
    exhibit: ".stage",
    controls: ['button[data-stop="what"]'],
    asked: [],
    outcome: OUTPUT,
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
    controls: ['button[data-stop="smaller"]'],
    asked: [],
    outcome: OUTPUT,
    tables: [],
    answer: 3,
    done: (now) => shows(now, "smaller") && !now.padding,
  },
  {
    name: "padding",
    page: "convolution",
    state: opened("padding"),
    exhibit: ".stage",
    controls: ['[data-control="padding"]'],
    asked: [],
    outcome: OUTPUT,
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
    controls: ['button[data-stop="colour"]'],
    asked: [],
    outcome: OUTPUT,
    tables: [],
    answer: 1,
    done: ({ channels }) => channels === "cube",
  },
  {
    name: "pooling",
    page: "convolution",
    state: { matrix: example("pooling").matrix, operation: "average", display: "signed" },
    exhibit: ".stage",
    controls: ['button[data-operation="max"]'],
    asked: [],
    outcome: OUTPUT,
    tables: [example("pooling").matrix],
    answer: 6,
    done: ({ operation }) => operation === "max",
  },
  {
    name: "stride",
    page: "convolution",
    state: opened("stride"),
    exhibit: ".stage",
    controls: ['[data-control="stride"]'],
    asked: [],
    outcome: OUTPUT,
    tables: [],
    answer: 3,
    done: (now) => shows(now, "stride") && now.stride === 2,
  },
  {
    name: "flatten",
    page: "convolution",
    state: { matrix: example("flatten").matrix, preset: "custom", kernel: [[1]], display: "signed" },
    exhibit: ".stage",
    controls: ['button[data-operation="flatten"]', ".flat-list > :nth-child(4)"],
    asked: [],
    outcome: OUTPUT,
    answer: 3,
    tables: [example("flatten").matrix],
    done: ({ operation, unit }) => operation === "flatten" && unit?.[2] === 3,
  },
  {
    name: "decide",
    page: "digits",
    state: { digit: 3, layer: "conv1", unit: [3, 12, 14], hide: ["weights"] },
    exhibit: ".reader",
    controls: [{ of: NETWORK, unit: ["dense2", 3] }],
    asked: [{ of: NETWORK, unit: ["dense1"] }],
    outcome: "lente-explanation",
    tables: [],
    answer: 100,
    done: ({ layer }) => layer === "dense2",
  },
  {
    name: "network",
    page: "digits",
    state: { digit: 3, layer: "dense2", unit: [3], hide: ["weights"] },
    exhibit: ".reader",
    controls: [{ of: NETWORK, unit: ["conv2"] }],
    asked: [{ of: NETWORK, unit: ["pool1"] }],
    outcome: "lente-explanation",
    tables: [],
    answer: 250,
    done: ({ layer }) => layer === "conv2",
  },
  {
    name: "learn",
    page: "learning",
    state: { rate: 0.12 },
    exhibit: "lente-one-kernel",
    controls: ["lente-one-kernel [data-do=fast]", "lente-one-kernel [data-do=other]"],
    asked: [],
    outcome: "lente-one-kernel [data-part=state]",
    tables: [],
    answer: 0.1,
    done: ({ seed = 1 }) => seed !== 1,
  },
  {
    name: "blame",
    page: "learning",
    state: { layer: "conv2", unit: [3, 4, 5], steprate: 3 },
    exhibit: "lente-one-step",
    controls: [{ of: NETWORK, unit: ["dense2", 5] }],
    asked: [".step-loss"],
    outcome: "lente-step-unit",
    tables: [],
    answer: -0.234,
    done: ({ layer, unit }) => layer === "dense2" && unit?.[0] === 5,
  },
  {
    name: "layer",
    page: "features",
    state: { network: "photo_cnn", image: "sample-cat", layer: "pool1" },
    exhibit: ".features",
    controls: ['lente-feature-layers [data-layer="conv1"]'],
    asked: [],
    outcome: ".layers",
    tables: [],
    answer: 147,
    done: ({ layer }) => layer === "conv1",
  },
  {
    name: "bottleneck",
    page: "autoencoder",
    state: { model: "autoencoder_32d" },
    exhibit: "lente-bottleneck",
    controls: ['lente-bottleneck [data-size="2"]'],
    asked: [],
    outcome: "lente-bottleneck .flow-copy",
    tables: [],
    answer: 392,
    done: ({ model }) => model === "autoencoder_2d",
  },
  {
    name: "places",
    page: "autoencoder",
    state: { model: "autoencoder_2d" },
    exhibit: "lente-code-places",
    controls: ["lente-code-places lente-plane"],
    asked: [],
    outcome: "lente-code-places lente-class-bars",
    tables: [],
    answer: 2,
    done: ({ code }) => within(code, [-37, -18], [-17, -5]),
  },
  {
    name: "latent",
    page: "latent",
    state: { z: [-2, 2] },
    exhibit: "lente-latent-map",
    controls: ["lente-latent-map lente-plane", "lente-latent-map lente-sliders"],
    asked: ["lente-latent-map lente-plane"],
    outcome: "lente-latent-map lente-class-bars",
    tables: [],
    answer: 1,
    done: ({ z }) => within(z, [-0.4, -3], [0.4, -2.1]),
  },
  {
    name: "cloud",
    page: "latent",
    state: { scale: 1, seed: 1 },
    exhibit: "lente-latent-cloud",
    controls: ["lente-latent-cloud .scale"],
    asked: [],
    outcome: "lente-latent-cloud lente-pictures[columns='4']",
    tables: [],
    answer: 1,
    done: ({ scale }) => scale === 0,
  },
  {
    name: "noise",
    page: "diffusion",
    state: { noised: 300 },
    exhibit: "lente-diffusion-in",
    controls: ["lente-diffusion-in .noise-step"],
    asked: [],
    outcome: "lente-diffusion-in .noise-panels",
    tables: [],
    answer: 0.5,
    done: ({ noised }) => noised === 1000,
  },
  {
    name: "flow",
    page: "diffusion",
    state: { flowstep: 1000 },
    exhibit: "lente-diffusion-plane",
    controls: ["lente-diffusion-plane .flow-steps"],
    asked: [],
    outcome: "lente-diffusion-plane lente-plane",
    tables: [],
    answer: 1,
    done: ({ flowstep }) => flowstep === 0,
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
