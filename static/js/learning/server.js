import { fetchJson, fetchTensors } from "../shared/server/api.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {object} Batch pictures with the digits that they are
 * @property {number[][]} pictures 28 x 28 values each, 0..1
 * @property {number[]} labels of the pictures
 * @property {number[]} digits places of MNIST's digits to learn from, whose labels are known
 * @property {string | null} [run] the network that learns there, in place of the digit network
 * @typedef {object} Term
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 * @property {string | null} layer
 * @property {number[]} unit
 * @property {number} [picture]
 * @typedef {object} Sum a gradient as a sum
 * @property {number} value
 * @property {number} total of all terms
 * @property {number} count of the terms
 * @property {Term[]} terms the strongest first
 * @property {Record<string, number>} details
 * @property {string} formula
 * @property {number[]} [by_picture]
 * @typedef {object} Descent what becomes of the loss where one weight moves
 * @property {number} weight
 * @property {number} gradient
 * @property {number} rate
 * @property {number} new
 * @property {number} loss
 * @property {number} loss_after
 * @property {number} nudged
 * @property {{by: number, slope: number, error: number}} slope
 * @property {{count: number, loss: number, loss_after: number}} others
 * @property {{weights: number[], losses: number[]}} slice
 */

const GRADIENTS = "/api/learning/gradients";

/** What came back to every unit, and every weight's gradient. @param {Batch} batch */
export const fetchGradients = (batch) => fetchTensors(GRADIENTS, { json: batch });

/**
 * What came back to one unit.
 *
 * @param {Batch} batch @param {string} layer @param {number[]} unit @param {number} picture @param {number} limit
 * @returns {Promise<Sum>}
 */
export const fetchUnit = (batch, layer, unit, picture, limit) =>
  fetchJson(`${GRADIENTS}/unit?layer=${layer}&unit=${unit.join()}&picture=${picture}&limit=${limit}`, { json: batch });

/**
 * The gradient of one weight.
 *
 * @param {Batch} batch @param {string} parameter @param {number[]} index @param {number} limit
 * @returns {Promise<Sum>}
 */
export const fetchWeight = (batch, parameter, index, limit) =>
  fetchJson(`${GRADIENTS}/weight?parameter=${parameter}&index=${index.join()}&limit=${limit}`, { json: batch });

/**
 * One weight moved, by hand and by a step of descent.
 *
 * @param {Batch} batch @param {string} parameter @param {number[]} index @param {number} rate @param {number} by
 * @returns {Promise<Descent>}
 */
export const fetchDescent = (batch, parameter, index, rate, by) =>
  fetchJson(`${GRADIENTS}/step?parameter=${parameter}&index=${index.join()}&rate=${rate}&by=${by}`, { json: batch });
