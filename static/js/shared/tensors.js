/** @typedef {import("./safetensors.js").Tensor} Tensor */

/**
 * What an index of fewer axes than the tensor has picks: x[i], x[i][j], ..., without a copy.
 *
 * @param {Tensor} tensor
 * @param {number[]} index
 * @returns {Tensor}
 */
export function subTensor({ shape, data }, index) {
  const rest = shape.slice(index.length);
  const size = rest.reduce((product, side) => product * side, 1);
  const at = index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  return { shape: rest, data: data.subarray(at * size, (at + 1) * size) };
}

/**
 * The largest square in the middle of a picture.
 *
 * @param {Tensor} tensor (C, H, W)
 * @returns {Tensor} (C, S, S) with S the shorter side
 */
export function centreSquare({ shape: [channels, height, width], data }) {
  const side = Math.min(height, width);
  const top = Math.floor((height - side) / 2);
  const left = Math.floor((width - side) / 2);
  const square = new Float32Array(channels * side * side);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < side; row++) {
      const from = (channel * height + top + row) * width + left;
      square.set(data.subarray(from, from + side), (channel * side + row) * side);
    }
  }
  return { shape: [channels, side, side], data: square };
}

/**
 * A piece of a picture.
 *
 * @param {Tensor} tensor (C, H, W)
 * @param {{top: number, left: number, height: number, width: number}} box inside the picture
 * @returns {Tensor} (C, height, width)
 */
export function crop({ shape: [channels, tall, wide], data }, { top, left, height, width }) {
  const piece = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      const from = (channel * tall + top + row) * wide + left;
      piece.set(data.subarray(from, from + width), (channel * height + row) * width);
    }
  }
  return { shape: [channels, height, width], data: piece };
}

/**
 * Brightness of a colour picture: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded to whole 255ths as Pillow does.
 *
 * @param {Tensor} tensor (3, H, W), 0..1
 * @returns {Tensor} (1, H, W), 0..1
 */
export function toGrey({ shape: [, height, width], data }) {
  const count = height * width;
  const grey = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    grey[i] = Math.round(255 * (0.299 * data[i] + 0.587 * data[count + i] + 0.114 * data[2 * count + i])) / 255;
  }
  return { shape: [1, height, width], data: grey };
}

/**
 * Tensors of the same shape as one tensor with an axis more in front.
 *
 * @param {Tensor[]} tensors
 * @returns {Tensor}
 */
export function stackTensors(tensors) {
  const [{ shape, data: first }] = tensors;
  const data = new Float32Array(tensors.length * first.length);
  tensors.forEach((tensor, i) => data.set(tensor.data, i * first.length));
  return { shape: [tensors.length, ...shape], data };
}

/**
 * Pixels of a canvas as a tensor.
 *
 * @param {ArrayLike<number>} rgba four bytes for each pixel; transparency is left out
 * @param {number} width
 * @param {number} height
 * @returns {Tensor & {data: Float32Array<ArrayBuffer>}} (3, H, W), 0..1
 */
export function pixelsToTensor(rgba, width, height) {
  const count = width * height;
  const data = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    data[i] = rgba[4 * i] / 255;
    data[count + i] = rgba[4 * i + 1] / 255;
    data[2 * count + i] = rgba[4 * i + 2] / 255;
  }
  return { shape: [3, height, width], data };
}

/**
 * A picture with fewer pixels: each is the mean of those that it covers, in part or wholly (PyTorch's
 * adaptive_avg_pool2d). Never enlarged.
 *
 * @param {Tensor} tensor (C, H, W)
 * @param {number} height
 * @param {number} width
 * @returns {Tensor} (C, height, width)
 */
export function shrink({ shape: [channels, tall, wide], data }, height, width) {
  const rows = spans(tall, Math.min(height, tall));
  const columns = spans(wide, Math.min(width, wide));
  const small = new Float32Array(channels * rows.length * columns.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const [top, bottom] of rows) {
      for (const [left, right] of columns) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          const start = (channel * tall + row) * wide;
          for (let column = left; column < right; column++) sum += data[start + column];
        }
        small[at++] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return { shape: [channels, rows.length, columns.length], data: small };
}

/** @param {number} size @param {number} count @returns {[number, number][]} */
const spans = (size, count) =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)]);

/**
 * A picture with more pixels, each the copy of the nearest one.
 *
 * @param {Tensor} tensor (C, H, W)
 * @param {number} height
 * @param {number} width
 * @returns {Tensor} (C, height, width)
 */
export function enlarge({ shape: [channels, tall, wide], data }, height, width) {
  const large = new Float32Array(channels * height * width);
  for (let i = 0; i < large.length; i++) {
    const [channel, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    large[i] = data[(channel * tall + Math.floor((row * tall) / height)) * wide + Math.floor((column * wide) / width)];
  }
  return { shape: [channels, height, width], data: large };
}

/**
 * One channel of a tensor, without a copy.
 *
 * @param {Tensor} tensor (C, H, W)
 * @param {number} channel the last one where there are fewer
 * @returns {Tensor} (1, H, W)
 */
export function planeOf({ shape: [count, rows, columns], data }, channel) {
  const at = Math.min(channel, count - 1) * rows * columns;
  return { shape: [1, rows, columns], data: data.subarray(at, at + rows * columns) };
}
