import { readFileSync } from "node:fs";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/**
 * A small network as PyTorch recorded it, for several tests.
 *
 * @returns {{layers: import("../../../static/js/digits/forward.js").Layer[], weights: import("../../../static/js/digits/forward.js").Weights,
 *   recorded: import("../../../static/js/digits/forward.js").Activations, units: any[]}}
 */
export function forwardFixture() {
  const file = readFileSync(new URL("../fixtures/forward.safetensors", import.meta.url));
  const { tensors, facts } = safetensors(new Uint8Array(file).buffer);
  const weighted = facts.layers
    .filter((/** @type {any} */ layer) => layer.parameters)
    .map((/** @type {any} */ layer) => layer.name);
  const weights = Object.fromEntries(
    weighted.map((/** @type {string} */ name) => [
      name,
      { weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] },
    ]),
  );
  const recorded = Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.includes(".")));
  return { layers: facts.layers, weights, recorded, units: facts.units };
}
