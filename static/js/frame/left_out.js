import { urlTable } from "./address_table.js";
import { senseless } from "./address.js";
import { onWindow } from "./events.js";
import { N_, t } from "./i18n.js";

/** @typedef {import("./accepted.js").Wanted} Wanted */

const LONGEST = 60;
/** What is accepted is said of so many pieces. */
const MOST = 3;

/** What is accepted, by its code. @type {Record<string, string>} */
const WORDS = {
  whole: N_("a whole number from {least} to {most}"),
  whole_least: N_("a whole number, {least} or more"),
  odd: N_("an odd number, {least} or more"),
  number: N_("a number from {least} to {most}"),
  near: N_("a number from {least} to {most}, with either sign"),
  steps: N_("a number from 0 to {most}, in steps of {stride}"),
  any_number: N_("a number"),
  numbers: N_("numbers with commas between them"),
  list: N_("numbers with commas between them, each {each}"),
  list_of: N_("{count} numbers with commas between them, each {each}"),
  index: N_("up to {most} whole numbers with commas between them"),
  one_of: N_("one of these: {list}"),
  matrix: N_("rows of as many numbers each, such as 0,1;1,0"),
  square: N_("{side} rows of {side} numbers from −{most} to {most}, such as 0,0,0;0,1,0;0,0,0"),
  kernels: N_("up to {most} kernels, each of as many rows and columns as the others, such as 0,1;1,0"),
  padding: N_("a whole number or “same”"),
  rgb: N_("letters of “rgb”, in this order"),
  mean_and_std: N_("as many means as standard deviations above 0, with commas between them"),
  three_switches: N_("three figures, each 0 or 1"),
  own: N_("only what this page itself has written"),
};

/**
 * Says beneath the title what of the address makes no sense and is left out, and what is accepted there: what cannot be read,
 * and what no part of the page takes. Parts may come late.
 *
 * @param {HTMLElement} main
 */
export function tellLeftOut(main) {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.kind = "bad";
  notice.setAttribute("role", "alert");
  /** Texts and what is wanted by their names. @type {Map<string, {text: string, wanted?: Wanted}>} */
  const left = new Map(senseless().map(([name, text]) => [name, { text, wanted: wantedOf(name) }]));
  /** @type {Set<string>} */ const taken = new Set();
  const tell = () => {
    const found = [...left].filter(([name]) => !taken.has(name));
    if (!found.length) return notice.remove();
    const pieces = found.map(([name, { text, wanted }]) => ({ said: shortened(`${name}=${text}`), wanted }));
    const words = [...pieces.slice(0, MOST).map(sentence), ...also(pieces.slice(MOST))].join(" ");
    if (notice.textContent !== words) notice.textContent = words;
    if (notice.isConnected) return;
    const title = main.querySelector(":scope > .page-title");
    if (title) title.after(notice);
    else main.prepend(notice);
  };
  onWindow("addressed", ({ name, text, wanted, ...piece }) => {
    if (piece.stray) taken.delete(name);
    if (piece.taken) taken.add(name);
    else left.set(name, { text, wanted: wanted ?? wantedOf(name) });
    queueMicrotask(tell);
  });
  tell();
}

/** @param {string} name */
const wantedOf = (name) =>
  /** @type {import("./address_table.js").Codec<any>} */ (urlTable[/** @type {"image"} */ (name)]).wanted;

/** @param {string} piece of the address */
const shortened = (piece) => (piece.length > LONGEST ? `${piece.slice(0, LONGEST)}…` : piece);

/** @typedef {{said: string, wanted?: Wanted}} Piece */

/** @param {Piece} piece */
function sentence({ said, wanted }) {
  return wanted
    ? t("“{said}” in the address makes no sense here and is left out; accepted is {accepted}.", {
        said,
        accepted: acceptedWords(wanted),
      })
    : t("“{said}” in the address makes no sense here and is left out.", { said });
}

/** More than anybody would read of what is accepted is quoted alone. @param {Piece[]} pieces */
const also = (pieces) =>
  pieces.length
    ? [
        t("“{said}” in the address makes no sense here and is left out.", {
          said: pieces.map(({ said }) => said).join(", "),
        }),
      ]
    : [];

/** @param {Wanted} wanted @returns {string} */
function acceptedWords({ code, values = {} }) {
  const { list, each, ...plain } = values;
  return t(WORDS[code], {
    ...plain,
    ...(list && { list: list.join(", ") }),
    ...(each && { each: acceptedWords(each) }),
  });
}
