import { html, nothing } from "vendor/lit";
import { t } from "../frame/i18n.js";

/** @typedef {import("./server.js").Layer} Layer */

const MOST = 3;

/** What of a network cannot be written out, and whose doing it is. @param {Layer[]} layers */
export function unexplained(layers) {
  const found = layers.filter(({ explained }) => explained === false);
  if (!found.length) return nothing;
  const names = found
    .slice(0, MOST)
    .map(({ name, operation }) => `${name} (${operation})`)
    .join(", ");
  const [count, more] = [found.length, found.length - MOST];
  const words =
    more > 0
      ? t(
          "Lente does not know the arithmetic of {count} layers: {names} and {more} more. Their values are there, their sums are not.",
          { count, names, more },
        )
      : t("Lente does not know the arithmetic of: {names}. The values are there, the sums are not.", { names });
  return html`<p class="notice small" data-unexplained=${found.length}>${words}</p>`;
}

/** Why no box lies on the picture. @param {Layer[]} layers @param {Layer} [layer] */
export function fieldless(layers, layer) {
  if (!layer?.obstacle) return nothing;
  const blamed = layers.find(({ name }) => name === layer.obstacle);
  const words = t("Which pixels it reads is not known: Lente cannot follow {obstacle} ({operation}).", {
    obstacle: layer.obstacle,
    operation: blamed?.operation ?? "",
  });
  return html`<p class="small" data-obstacle=${layer.obstacle}>${words}</p>`;
}
