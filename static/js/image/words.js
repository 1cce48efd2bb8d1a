import { N_ } from "../frame/i18n.js";

export const CHANNELS = [N_("Red"), N_("Green"), N_("Blue")];

/** @type {[name: "255" | "1" | "hex", title: string][]} */
export const NOTATIONS = [
  ["255", N_("0 to 255")],
  ["1", N_("0 to 1")],
  ["hex", N_("Colour code")],
];

/**
 * What is shown by a press: a rung, and what its matrix is of.
 *
 * @type {{rank: number, example: import("./state.js").ImageState["example"], title: string, text: string}[]}
 */
export const WORKED = [
  {
    rank: 2,
    example: "letter",
    title: N_("A letter of 16 numbers"),
    text: N_("The letter A, small enough to be written by hand: 0 is black, 1 would be white."),
  },
  {
    rank: 2,
    example: "codes",
    title: N_("Codes from 0 to 255"),
    text: N_("Five rows of five pixels as a file keeps them: one whole number each, from 0 to 255."),
  },
  {
    rank: 3,
    example: "picture",
    title: N_("The three tables of a colour"),
    text: N_("The same place in all three tables is one pixel: its red, its green and its blue."),
  },
];

/** The rungs of the ladder: what a tensor of each rank is, and what its axes mean. */
export const RUNGS = [
  { title: N_("Vector"), axes: [N_("place")], text: N_("Numbers in a row. One index picks a number.") },
  {
    title: N_("Matrix"),
    axes: [N_("row"), N_("column")],
    text: N_("Rows of numbers: a picture in grey. Two indices pick a number."),
  },
  {
    title: N_("Cube"),
    axes: [N_("channel"), N_("row"), N_("column")],
    text: N_("Three matrices, one for each of red, green and blue: a picture in colour."),
  },
  {
    title: N_("Vector of cubes"),
    axes: [N_("picture"), N_("channel"), N_("row"), N_("column")],
    text: N_("Pictures in a row: a batch, which is what a network is given at once."),
  },
  {
    title: N_("Matrix of cubes"),
    axes: [N_("clip"), N_("frame"), N_("channel"), N_("row"), N_("column")],
    text: N_("Clips of several frames each: here a camera pans over four photographs."),
  },
];
