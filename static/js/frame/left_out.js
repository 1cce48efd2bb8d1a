import { senseless } from "./address.js";
import { onWindow } from "./events.js";
import { t } from "./i18n.js";

const LONGEST = 60;

/**
 * Says beneath the title what of the address makes no sense and is left out: what cannot be read, and what no part of the
 * page takes. Parts may come late.
 *
 * @param {HTMLElement} main
 */
export function tellLeftOut(main) {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.kind = "bad";
  notice.setAttribute("role", "alert");
  /** @type {Map<string, string>} texts by their names */ const left = new Map(senseless());
  /** @type {Set<string>} */ const taken = new Set();
  const tell = () => {
    const said = [...left].filter(([name]) => !taken.has(name)).map(([name, text]) => `${name}=${text}`);
    if (!said.length) return notice.remove();
    const words = t("“{said}” in the address makes no sense here and is left out.", {
      said: said.map((one) => (one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one)).join(", "),
    });
    if (notice.textContent !== words) notice.textContent = words;
    if (notice.isConnected) return;
    const title = main.querySelector(":scope > .page-title");
    if (title) title.after(notice);
    else main.prepend(notice);
  };
  onWindow("addressed", (piece) => {
    if (piece.taken) taken.add(piece.name);
    else left.set(piece.name, piece.text);
    queueMicrotask(tell);
  });
  tell();
}
