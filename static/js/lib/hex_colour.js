/**
 * A colour as the web writes it.
 *
 * @param {number} red 0..1
 * @param {number} green
 * @param {number} blue
 * @returns {string} such as #7B5439
 */
export function hexColour(red, green, blue) {
  return `#${[red, green, blue]
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0")
        .toUpperCase(),
    )
    .join("")}`;
}
