import { t } from "../frame/i18n.js";
import { fetchTensors } from "../shared/server/api.js";

/**
 * @typedef {object} LearntKernel
 * @property {string} name for the address: network, layer and channel
 * @property {string} title of its group
 * @property {string} label
 * @property {number[][][]} kernel (C, height, width)
 */

const LAYERS = [
  { network: "digit_cnn", layer: "conv1" },
  { network: "photo_cnn", layer: "conv1" },
];

/**
 * The kernels that the networks in the box have learnt in their first layers. A network that is not there has none.
 *
 * @returns {Promise<LearntKernel[]>}
 */
export async function fetchLearntKernels() {
  const found = await Promise.all(LAYERS.map(({ network, layer }) => kernelsOf(network, layer).catch(noneWhere404)));
  return found.flat();
}

/** @param {Error & {status?: number}} error @returns {LearntKernel[]} */
function noneWhere404(error) {
  if (error.status === 404) return [];
  throw error;
}

/** @param {string} network @param {string} layer @returns {Promise<LearntKernel[]>} */
async function kernelsOf(network, layer) {
  const { tensors } = await fetchTensors(`/api/networks/${network}/kernels/${layer}`);
  const {
    shape: [count, slices, height, width],
    data,
  } = tensors.weight;
  return Array.from({ length: count }, (_, o) => ({
    name: `${network}-${layer}-${o}`,
    title: t("Learnt by {network}, layer {layer}", { network, layer }),
    label: t("Channel {channel}", { channel: o }),
    kernel: Array.from({ length: slices }, (__, c) =>
      Array.from({ length: height }, (___, row) => {
        const from = ((o * slices + c) * height + row) * width;
        return Array.from(data.slice(from, from + width), (value) => Number(value.toPrecision(4)));
      }),
    ),
  }));
}
