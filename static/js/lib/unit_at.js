/**
 * The unit whose cell is at a point.
 *
 * @param {import("../digits/flat/layout.js").NetworkLayout} layout
 * @param {number} x in CSS pixels
 * @param {number} y
 * @returns {{layer: string, index: number} | null} null between cells
 */
export function unitAt({ blocks }, x, y) {
  for (const block of blocks) {
    if (block.hidden || x < block.x || x >= block.x + block.width || y < block.top || y >= block.bottom) continue;
    const index = within(block, x - block.x, y - block.top);
    return index === null ? null : { layer: block.name, index };
  }
  return null;
}

/**
 * @param {import("../digits/flat/layout.js").Block} block
 * @param {number} right of the block's left
 * @param {number} down from its top
 */
function within({ maps, mapsPerRow, rows, columns, cell, gap, units }, right, down) {
  const [wide, tall] = [columns * cell + gap, rows * cell + gap];
  const mapColumn = Math.floor(right / wide);
  const map = Math.floor(down / tall) * mapsPerRow + mapColumn;
  const column = Math.floor((right % wide) / cell);
  const row = Math.floor((down % tall) / cell);
  const index = (map * rows + row) * columns + column;
  return mapColumn < mapsPerRow && map < maps && column < columns && row < rows && index < units ? index : null;
}
