/**
 * A kernel turned by half a turn: cross-correlation with it is convolution as mathematics defines it.
 *
 * @param {number[][]} slice
 * @returns {number[][]}
 */
export function flipKernel(slice) {
  return slice.map((weights) => weights.toReversed()).toReversed();
}
