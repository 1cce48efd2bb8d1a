import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";

/**
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./server.js").Explanation} Explanation
 */

const DIGITS = 4;

/** @param {number | undefined} value */
const figure = (value) => formatNumber(value ?? NaN, DIGITS);

/** What makes a sum. @param {Explanation} explanation */
export function sumWords({ operation, count, details }) {
  switch (operation) {
    case "batch_norm":
      return t(
        "Batch normalisation: the value less the mean and divided by the spread, both measured in training; then times gamma plus beta, both learnt.",
      );
    case "var":
      return t(
        "Variance: how far each value is from their mean {mean}, squared, times the weight {weight}; all of it added.",
        { mean: figure(details.mean), weight: figure(details.weight) },
      );
    case "normalize":
      return t("The value over the length {length} of its whole line.", { length: figure(details.norm) });
    case "local_response_norm":
      return t("The value, the smaller the stronger the channels beside it: the mean of their squares is {mean}.", {
        mean: figure(details.mean_square),
      });
    default:
      return t("{count} inputs times their weights, the strongest first.", { count });
  }
}

/** What becomes of terms that are not merely added. @param {Explanation} explanation */
export function combineWords(explanation) {
  const { operation, combine, details } = explanation;
  if (operation === "relu6")
    return t("ReLU with a ceiling: negative values become 0, those above 6 become 6, the others stay as they are.");
  if (operation === "relu") return t("ReLU: negative values become 0, the others stay as they are.");
  if (operation === "glu") return t("A gate: the first value times the sigmoid of the second.");
  if (combine === "copy") return copyWords(explanation);
  /** @type {Record<string, string>} */
  const words = {
    max: t("The largest of the values in the window; the others are dropped."),
    min: t("The smallest of these values; the others are dropped."),
    topk: t("The values in order of size: the one in this place of the order is kept."),
    softmax: t("e to the power of each value (less the largest), divided by the sum {sum} of all of them.", {
      sum: figure(details.sum ?? 1),
    }),
    logsumexp: t("e to the power of each value less the largest, {largest}; the logarithm of their sum, plus that.", {
      largest: figure(details.largest),
    }),
    root: t("The spread: how far each value is from their mean {mean}, squared, times {weight}; the root of the sum.", {
      mean: figure(details.mean),
      weight: figure(details.weight),
    }),
    product: t("The product of these values."),
    quotient: t("The first of these values divided by the second."),
  };
  return words[combine] ?? t("The function {name} of this value.", { name: operation });
}

/** Where a number that was only moved came from. @param {Explanation} explanation */
function copyWords({ operation, terms: [term], details }) {
  if (!term) return t("Padding: nothing was here, and this number stands for it.");
  if (operation === "where")
    return details.condition
      ? t("A choice: the condition holds here, and the first value is taken.")
      : t("A choice: the condition does not hold here, and the second value is taken.");
  if (term.kind === "weight")
    return t("A number that the network has learnt, put here as it is: it comes from no pixel.");
  if (term.kind === "constant")
    return t("A constant of the network's code, put here as it is: it comes from no pixel.");
  return t("The same value, in another place.");
}

/** What heads the column of products, where they are no mere inputs. @param {Explanation} explanation */
export function productColumn({ operation, combine }) {
  if (combine === "softmax" || combine === "logsumexp") return t("e to the power");
  if (combine === "root") return t("squared distance");
  return operation === "glu" ? t("factor") : "";
}

/** What a term is that was read from no layer. @param {Term} term */
export function kindWords({ kind, name }) {
  if (kind === "weight") return t("learnt: {name}", { name: name ?? "" });
  return kind === "constant" ? t("constant") : t("padding");
}
