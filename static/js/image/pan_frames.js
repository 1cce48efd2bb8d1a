import { crop, enlarge, shrink } from "../shared/tensors.js";

/**
 * Square frames of a camera that pans over a picture from one end of its longer side to the other.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @param {number} count of frames; one lies in the middle
 * @param {number} side of a frame in pixels
 * @returns {import("../shared/safetensors.js").Tensor[]} each (C, side, side)
 */
export function panFrames(tensor, count, side) {
  const [, height, width] = tensor.shape;
  const square = Math.min(height, width, Math.max(side, Math.floor(Math.min(height, width) * (count > 1 ? 0.8 : 1))));
  return Array.from({ length: count }, (_, i) => {
    const share = count > 1 ? i / (count - 1) : 0.5;
    const [top, left] = [height - square, width - square].map((room) => Math.round(room * share));
    const frame = crop(tensor, { top, left, height: square, width: square });
    return square < side ? enlarge(frame, side, side) : shrink(frame, side, side);
  });
}
