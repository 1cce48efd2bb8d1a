import { convolve } from "../convolution/arithmetic.js";
import { planeOf } from "./plane_of.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * What each slice of a kernel cube makes of its own channel, and the sum of those that are switched on.
 *
 * @param {Tensor} padded (C, H, W)
 * @param {number[][][]} kernel (C, height, width), as it is laid
 * @param {{stride: number, dilation: number}} window
 * @param {boolean[]} on
 * @returns {{parts: Tensor[], sum: Tensor}} each (1, H', W'); before divisor and bias
 */
export function partialPlanes(padded, kernel, { stride, dilation }, on) {
  const parts = kernel.map((slice, channel) => convolve(planeOf(padded, channel), [[slice]], { stride, dilation }));
  const data = new Float32Array(parts[0].data.length);
  parts.forEach((part, channel) => {
    if (on[channel]) for (let i = 0; i < data.length; i++) data[i] += part.data[i];
  });
  return { parts, sum: { shape: parts[0].shape, data } };
}
