/**
 * The box of every unit: its value adds to its height, upwards where it is positive, downwards where it is negative.
 *
 * @param {import("../digits/space/layout.js").NetworkLayout} layout
 * @param {(layer: import("../digits/space/layout.js").LayerPlace) => {data: ArrayLike<number>, high: number} | null} valuesOf
 *   a layer's values and the one that stands tallest; null where there are none
 * @param {Float32Array<ArrayBuffer>} [boxes] where to write; a new array if left out
 * @returns {Float32Array<ArrayBuffer>} six numbers for each unit: the smallest x, y, z and the largest x, y, z
 */
export function unitBoxes(layout, valuesOf, boxes = new Float32Array(layout.count * 6)) {
  for (const layer of layout.layers) {
    const values = valuesOf(layer);
    const scale = values && values.high > 0 ? layer.relief / values.high : 0;
    const pitchX = layer.columns * layer.edge + layer.gap;
    const pitchZ = layer.rows * layer.edge + layer.gap;
    const inMap = layer.rows * layer.columns;
    for (let i = 0, to = layer.start * 6; i < layer.count; i++, to += 6) {
      const map = Math.floor(i / inMap);
      const row = Math.floor((i % inMap) / layer.columns);
      const x = (map % layer.mapsInRow) * pitchX + (i % layer.columns) * layer.edge - layer.width / 2;
      const z = Math.floor(map / layer.mapsInRow) * pitchZ + row * layer.edge + layer.z - layer.depth / 2;
      const rise = values ? Math.min(Math.max(values.data[i] * scale, -layer.relief), layer.relief) : 0;
      boxes[to] = x;
      boxes[to + 1] = layer.y + Math.min(rise, 0);
      boxes[to + 2] = z;
      boxes[to + 3] = x + layer.edge;
      boxes[to + 4] = layer.y + layer.thickness + Math.max(rise, 0);
      boxes[to + 5] = z + layer.edge;
    }
  }
  return boxes;
}
