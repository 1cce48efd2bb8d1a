import { N_ } from "../frame/i18n.js";

/**
 * A run that is set to fail, or does not: first the question, then what one sees.
 *
 * @typedef {object} Failure
 * @property {string} name
 * @property {string} title
 * @property {string} question
 * @property {string[]} options
 * @property {number} right place of the right option
 * @property {string} reveal
 * @property {Partial<import("./server.js").Settings>} settings
 * @property {number} until
 */

/** @type {Failure[]} */
export const FAILURES = [
  {
    name: "rate",
    title: N_("Too large a rate"),
    question: N_("Plain gradient descent with a learning rate of 5. What will the loss do?"),
    options: [N_("Fall faster"), N_("Jump about, and end no lower than it began"), N_("Stay where it was")],
    right: 1,
    reveal: N_("Each step leaps over the valley: the loss jumps about, and nothing is learnt."),
    settings: { optimiser: "sgd", rate: 5 },
    until: 200,
  },
  {
    name: "zeros",
    title: N_("Zeros to begin with"),
    question: N_("All weights begin at 0 instead of random numbers. What can it learn?"),
    options: [N_("Everything, only later"), N_("How often each digit comes, and no more")],
    right: 1,
    reveal: N_(
      "Each gradient is a product, and a factor is 0 everywhere but at the last biases: nothing else ever moves.",
    ),
    settings: { zeros: true, rate: 0.01 },
    until: 300,
  },
  {
    name: "few",
    title: N_("100 digits only"),
    question: N_("It sees the same hundred digits again and again. What will it read well?"),
    options: [N_("Its hundred and all others"), N_("Its hundred better than others"), N_("None")],
    right: 1,
    reveal: N_("It learns its hundred by heart: in training no mistake is left, on other digits many are."),
    settings: { digits: 100, batch: 50, rate: 0.002 },
    until: 400,
  },
  {
    name: "wrong",
    title: N_("All labels wrong"),
    question: N_("Every one of a hundred labels is wrong. Can it learn them?"),
    options: [N_("No, there is nothing to learn"), N_("Yes, by heart")],
    right: 1,
    reveal: N_("It learns even those by heart. What it was told is wrong, and so is what it reads in other digits."),
    settings: { digits: 100, batch: 50, rate: 0.002, noise: 1 },
    until: 600,
  },
  {
    name: "relu",
    title: N_("No ReLU"),
    question: N_("ReLU is taken out everywhere. Will it still learn to read?"),
    options: [N_("No: without ReLU all is one straight sum"), N_("Yes, nearly as well")],
    right: 1,
    reveal: N_(
      "It learns to read all the same: max pooling is not straight either, it keeps the largest and drops the rest.",
    ),
    settings: { relu: false },
    until: 600,
  },
];

/** One setting that differs, for a run beside another. @type {[string, string, (settings: import("./server.js").Settings) => Partial<import("./server.js").Settings>][]} */
export const DIFFERENCES = [
  ["rate", N_("ten times the learning rate"), ({ rate }) => ({ rate: Math.min(100, 10 * rate) })],
  ["slow", N_("a tenth of the learning rate"), ({ rate }) => ({ rate: rate / 10 })],
  ["few", N_("1000 digits only"), () => ({ digits: 1000 })],
  ["augmented", N_("augmentation the other way"), ({ augmented }) => ({ augmented: !augmented })],
  ["noise", N_("a third of the labels wrong"), () => ({ noise: 0.33 })],
  ["relu", N_("no ReLU"), () => ({ relu: false })],
];
