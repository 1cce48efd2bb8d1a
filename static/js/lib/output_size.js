/**
 * How many places a window finds along one side: floor((size + padding - dilation (kernel - 1) - 1) / stride) + 1, the
 * formula of PyTorch's Conv2d and MaxPool2d.
 *
 * @param {object} side
 * @param {number} side.size values along the side
 * @param {number} side.kernel
 * @param {number} [side.padding] both ends together
 * @param {number} [side.stride]
 * @param {number} [side.dilation]
 * @returns {number} below 1 where the window does not fit
 */
export function outputSize({ size, kernel, padding = 0, stride = 1, dilation = 1 }) {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
}
