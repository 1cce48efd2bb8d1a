import { semicolon, t, withColon } from "../frame/i18n.js";
import { fetchSpace } from "../latent/server.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { SIZES, modelOf } from "./bottlenecks.js";
import { pcaMatch } from "./pca.js";

/**
 * @typedef {import("../shared/ui/lente-guess.js").Guess} Guess
 * @typedef {import("../latent/space.js").LatentDecoder} LatentDecoder
 */

const ERROR = "squared_error_per_pixel";
const RANKS = ["4", "8", "16", "32", "64"];
const SPREADS = [0.5, 1, 2, 5, 10];

/** The questions, with answers from the networks' own figures. @returns {Promise<Guess[]>} */
export async function fetchGuesses() {
  const [pca, ...networks] = await Promise.all(["pca", ...SIZES.map(modelOf)].map(fetchSpace));
  return [
    half(pca, networks),
    ...rival(pca, networks[SIZES.indexOf(4)]),
    spread(networks[SIZES.indexOf(2)]),
    doubling(networks),
  ];
}

/** @param {LatentDecoder} pca @param {LatentDecoder[]} networks @returns {Guess} */
function half({ figures }, networks) {
  const mean = figures[`${ERROR}_mean`];
  const first = networks.find((network) => network.figures[ERROR] <= mean / 2) ?? networks[networks.length - 1];
  return {
    question: t(
      "Answering every digit with the mean picture makes a squared error of {mean} per pixel. How many numbers does an autoencoder need to halve it?",
      { mean: formatNumber(mean, 4) },
    ),
    options: SIZES.map(String),
    answer: String(first.z),
    figures: t("Half of {mean} is {half}. Test errors: {list}.", {
      mean: formatNumber(mean, 4),
      half: formatNumber(mean / 2, 4),
      list: listOf(networks),
    }),
  };
}

/** @param {LatentDecoder} pca @param {LatentDecoder} network @returns {Guess[]} none where PCA of no size gets there */
function rival({ figures }, { figures: { [ERROR]: error } }) {
  const { beaten, met } = pcaMatch(figures, error);
  if (beaten === null || met === null || !RANKS.includes(String(met))) return [];
  const values = {
    error: formatNumber(error, 4),
    beaten,
    met,
    worse: formatNumber(figures[`${ERROR}_${beaten}`], 4),
    better: formatNumber(figures[`${ERROR}_${met}`], 4),
  };
  return [
    {
      question: t(
        "PCA may only add fixed pictures up. Which of these lengths is the first that copies the test digits at least as well as the autoencoder's 4 numbers?",
      ),
      options: RANKS,
      answer: String(met),
      figures: t("The autoencoder with 4: {error}. PCA with {beaten}: {worse}; with {met}: {better}.", values),
    },
  ];
}

/** @param {LatentDecoder} network @returns {Guess} */
function spread({ std, low, high }) {
  const wide = std.indexOf(Math.max(...std));
  const nearest = SPREADS.toSorted((a, b) => Math.abs(a - std[wide]) - Math.abs(b - std[wide]))[0];
  return {
    question: t(
      "Nothing in the training says where codes should lie. In a code of 2 numbers, near which value is the spread (standard deviation) of the one that varies most?",
    ),
    options: SPREADS.map((value) => formatNumber(value)),
    answer: formatNumber(nearest),
    figures: t("It is {std}; that number goes from {low} to {high}.", {
      std: formatNumber(std[wide], 2),
      low: formatNumber(low[wide], 1),
      high: formatNumber(high[wide], 1),
    }),
  };
}

/** @param {LatentDecoder[]} networks @returns {Guess} */
function doubling(networks) {
  const ratios = networks.slice(1).map((network, i) => network.figures[ERROR] / networks[i].figures[ERROR]);
  const best = ratios.indexOf(Math.min(...ratios));
  const names = ratios.map((_, i) => `${SIZES[i]} → ${SIZES[i + 1]}`);
  return {
    question: t(
      "From 1 number to 32, every step doubles the code. Which step takes the largest share of the error away?",
    ),
    options: names,
    answer: names[best],
    figures: t("The error falls by: {list}.", {
      list: ratios.map((ratio, i) => `${withColon(names[i])} ${formatPercent(1 - ratio, 0)}`).join(semicolon()),
    }),
  };
}

/** @param {LatentDecoder[]} networks */
function listOf(networks) {
  return networks
    .map(({ z, figures }) => `${withColon(String(z))} ${formatNumber(figures[ERROR], 4)}`)
    .join(semicolon());
}
