import { spreadLabels } from "./layout.js";

/**
 * @typedef {[number, number]} Spot
 * @typedef {(x: number, y: number, z: number) => Spot} Projection
 * @typedef {import("./layout.js").LayerPlace} LayerPlace
 * @typedef {{x: number, y: number} | null} Cursor
 */

/** A label gives way to a cursor that comes this near, in pixels. */
const NEAR = 10;

/**
 * Puts each layer's label in the left margin, level with its middle, and none over another.
 *
 * @param {HTMLElement[]} labels one for each layer
 * @param {LayerPlace[]} layers
 * @param {Projection} project
 * @param {{width: number, height: number}} view
 * @param {Cursor} cursor
 * @returns {{from: Spot, to: Spot}[]} leaders from the labels to their layers, where there is room for one
 */
export function placeLabels(labels, layers, project, view, cursor) {
  const outlined = layers.map((layer, i) => ({ label: labels[i], ...outline(layer, project) }));
  for (const { label, seen } of outlined) label.hidden = !seen(view);
  const visible = outlined.filter(({ label }) => !label.hidden);
  const height = Math.max(0, ...visible.map(({ label }) => label.offsetHeight));
  const places = spreadLabels(
    visible.map(({ middle }) => middle),
    height + 1,
    0,
    view.height,
  );
  /** @type {{from: Spot, to: Spot}[]} */
  const leaders = [];
  visible.forEach(({ label, corner }, i) => {
    const width = label.offsetWidth;
    move(label, 0, places[i] - height / 2, width, height, cursor);
    if (corner[0] > width + 18) leaders.push({ from: [width + 5, places[i]], to: corner });
  });
  return leaders;
}

/** @param {LayerPlace} layer @param {Projection} project */
function outline({ width, depth, y, z, thickness }, project) {
  const sides = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ];
  const corners = sides.map(([right, front]) =>
    project((right * width) / 2, y + thickness / 2, z + (front * depth) / 2),
  );
  const corner = corners.reduce((a, b) => (b[0] < a[0] ? b : a));
  const [across, along] = [corners.map(([x]) => x), corners.map((spot) => spot[1])];
  /** @param {{width: number, height: number}} view */
  const seen = (view) =>
    Math.max(...across) > 0 && corner[0] < view.width && Math.max(...along) > 0 && Math.min(...along) < view.height;
  return { corner, middle: along.reduce((a, b) => a + b) / along.length, seen };
}

/**
 * Puts the names of the last layer's units in front of them, where they are large enough.
 *
 * @param {HTMLElement[]} names
 * @param {import("./layout.js").NetworkLayout} layout
 * @param {Float32Array} boxes
 * @param {Projection} project
 * @param {Cursor} cursor
 */
export function placeClasses(names, { layers }, boxes, project, cursor) {
  const last = layers[layers.length - 1];
  names.forEach((name, i) => {
    const [x0, , , x1, , z1] = boxes.subarray((last.start + i) * 6, (last.start + i) * 6 + 6);
    const [left, y] = project(x0, last.y, z1);
    const [right] = project(x1, last.y, z1);
    name.hidden = !(i < last.count && Math.abs(right - left) > 8);
    if (!name.hidden)
      move(name, (left + right - name.offsetWidth) / 2, y + 3, name.offsetWidth, name.offsetHeight, cursor);
  });
}

/**
 * @param {HTMLElement} element
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {Cursor} cursor
 */
function move(element, x, y, width, height, cursor) {
  element.style.transform = `translate(${x.toFixed(1)}px, ${Math.round(y)}px)`;
  const under =
    cursor &&
    Math.abs(cursor.x - x - width / 2) < width / 2 + NEAR &&
    Math.abs(cursor.y - y - height / 2) < height / 2 + NEAR;
  element.toggleAttribute("data-under", Boolean(under));
}
