import { exactNumber, formatNumber } from "../shared/numbers.js";

/** At most three digits and a point fit into a small cell. @param {number} value */
const short = (value) => (Math.abs(value) >= 100 ? exactNumber(Math.round(value), 7) : exactNumber(value, 3));

/** @param {number} value */
const twoDecimals = (value) => formatNumber(value, 2);

/**
 * How the values of a state are written in a small cell; always the same function for the same state.
 *
 * @param {import("./state.js").ConvolutionState} state
 * @returns {(value: number) => string}
 */
export const numberFormat = ({ scale, matrix }) => (scale === 1 && !matrix ? twoDecimals : short);
