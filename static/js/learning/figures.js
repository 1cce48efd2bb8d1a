import { formatNumber } from "../shared/numbers.js";

/** Three figures, whatever the size. @param {number} value */
export const short = (value) => {
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4))
    return formatNumber(Number(value.toPrecision(3)));
  return formatNumber(value).replace("-", "−");
};

/** A loss. @param {number} loss */
export const exact = (loss) => (Math.abs(loss) < 0.001 ? short(loss) : formatNumber(loss, 5));
