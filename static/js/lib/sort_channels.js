/** @typedef {"number" | "strength" | "sparsity"} ChannelOrder */

/**
 * Numbers of the channels in the order in which to show them: as the network counts, the largest mean size first, or the
 * largest share of zeros (ReLU's silence) first.
 *
 * @param {import("./channel_stack.js").ChannelStack} stack
 * @param {ChannelOrder} order
 * @returns {number[]}
 */
export function sortChannels({ channels, rows, columns, data }, order) {
  const numbers = Array.from({ length: channels }, (_, channel) => channel);
  if (order === "number") return numbers;
  const count = rows * columns;
  const score = numbers.map((channel) => {
    let sum = 0;
    for (let i = channel * count; i < (channel + 1) * count; i++) sum += order === "strength" ? Math.abs(data[i]) : Number(data[i] <= 0);
    return sum;
  });
  return numbers.sort((a, b) => score[b] - score[a] || a - b);
}
