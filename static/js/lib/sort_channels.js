/** @typedef {"number" | "strength" | "sparsity" | "effect"} ChannelOrder */

/**
 * Numbers of the channels in the order in which to show them: as the network counts, the largest mean size first, or the
 * largest share of zeros (ReLU's silence) first, or what the class loses most by first.
 *
 * @param {import("../features/maps.js").ChannelStack} stack
 * @param {ChannelOrder} order
 * @param {ArrayLike<number> | null} [effects] what the class loses without each channel; the network's own order while null
 * @returns {number[]}
 */
export function sortChannels({ channels, rows, columns, data }, order, effects = null) {
  const numbers = Array.from({ length: channels }, (_, channel) => channel);
  if (order === "number" || (order === "effect" && !effects)) return numbers;
  if (order === "effect" && effects) return numbers.sort((a, b) => effects[b] - effects[a] || a - b);
  const count = rows * columns;
  const score = numbers.map((channel) => {
    let sum = 0;
    for (let i = channel * count; i < (channel + 1) * count; i++)
      sum += order === "strength" ? Math.abs(data[i]) : Number(data[i] <= 0);
    return sum;
  });
  return numbers.sort((a, b) => score[b] - score[a] || a - b);
}
