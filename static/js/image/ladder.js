import { fetchPicture } from "../shared/pictures/pictures.js";
import { stackTensors, toGrey } from "../shared/tensors.js";
import { CODES, LETTER } from "../shared/worked.js";
import { panFrames } from "./pan_frames.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/** The slide's vector. */
const VECTOR = [9, 7, 4.5, 1.2, -6, 3, 2.2, 1, 6, 3, 8];
const SIDE = 10;
const FRAMES = 5;
const OTHERS = ["sample-coffee", "sample-astronaut", "sample-rocket", "sample-skyline", "sample-balls"];

/** Matrices that a pupil can write out by hand, (H, W), 0..1. @type {Record<string, Tensor>} */
export const EXAMPLES = {
  letter: { shape: [4, 4], data: Float32Array.from(LETTER.flat()) },
  codes: { shape: [5, 5], data: Float32Array.from(CODES.flat(), (code) => code / 255) },
};

/** Other pictures for the batch and the clips, three of them. @param {string} image @returns {Promise<Tensor[]>} */
export function fetchOthers(image) {
  return Promise.all(
    OTHERS.filter((id) => id !== image)
      .slice(0, 3)
      .map((id) => fetchPicture(id, 96)),
  );
}

/**
 * Tensors of one to five axes, made of a picture and others; null where the others are missing.
 *
 * @param {Tensor} picture (3, H, W), 0..1
 * @param {Tensor[]} others
 * @returns {(Tensor | null)[]}
 */
export function ladder(picture, others) {
  const [cube] = panFrames(picture, 1, SIDE);
  const grey = toGrey(cube);
  const all = [picture, ...others];
  const batch = others.length ? stackTensors(all.map((one) => panFrames(one, 1, SIDE)[0])) : null;
  const clips = others.length ? stackTensors(all.map((one) => stackTensors(panFrames(one, FRAMES, SIDE)))) : null;
  return [
    { shape: [VECTOR.length], data: Float32Array.from(VECTOR) },
    { shape: grey.shape.slice(1), data: grey.data },
    cube,
    batch,
    clips,
  ];
}
