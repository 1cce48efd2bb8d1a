import { CODES, LETTER } from "../shared/worked.js";

/**
 * The worked examples of the talk, in its order, with its numbers. What is left out stays at the plain setting: no
 * padding, stride 1, dilation 1.
 *
 * @typedef {{name: string, matrix: number[][], operation: import("./run.js").Operation, kernel?: number[][], padding?: number,
 *   stride?: number}} TalkExample
 */

/** @type {TalkExample[]} */
export const talkExamples = [
  {
    name: "what",
    operation: "convolution",
    matrix: LETTER,
    kernel: [
      [1, 0, -1],
      [2, 0, -2],
      [1, 0, -1],
    ],
    padding: 1,
  },
  {
    name: "smaller",
    operation: "convolution",
    matrix: [
      [3, 3, 2, 1, 0],
      [0, 0, 1, 3, 1],
      [3, 1, 2, 2, 3],
      [2, 0, 0, 2, 2],
      [2, 0, 0, 0, 1],
    ],
    kernel: [
      [0, 1, 2],
      [2, 2, 0],
      [0, 1, 2],
    ],
  },
  {
    name: "padding",
    operation: "convolution",
    matrix: CODES,
    kernel: [
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ],
    padding: 1,
  },
  {
    name: "pooling",
    operation: "max",
    matrix: [
      [7, 3, 5, 2],
      [8, 7, 1, 6],
      [4, 9, 3, 9],
      [0, 8, 4, 5],
    ],
  },
  {
    name: "stride",
    operation: "convolution",
    matrix: [
      [2, 3, 7, 4, 6, 2, 9],
      [6, 6, 9, 8, 7, 4, 3],
      [3, 4, 8, 3, 8, 9, 7],
      [7, 8, 3, 6, 6, 3, 4],
      [4, 2, 1, 8, 3, 4, 6],
      [3, 2, 4, 1, 9, 8, 3],
      [0, 1, 3, 9, 2, 1, 4],
    ],
    kernel: [
      [3, 4, 4],
      [1, 0, 2],
      [-1, 0, 3],
    ],
    stride: 2,
  },
  {
    name: "flatten",
    operation: "flatten",
    matrix: [
      [1, 1, 0],
      [4, 2, 1],
      [0, 2, 1],
    ],
  },
];
