import { N_ } from "../frame/i18n.js";

export const CHANNELS = [N_("Red"), N_("Green"), N_("Blue")];

/** @type {[name: "255" | "1" | "hex", title: string][]} */
export const NOTATIONS = [
  ["255", N_("0 to 255")],
  ["1", N_("0 to 1")],
  ["hex", N_("Colour code")],
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
