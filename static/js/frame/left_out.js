import { senseless } from "./address.js";
import { t } from "./i18n.js";

const LONGEST = 60;

/** Says beneath the title what of the address makes no sense and is left out. @param {HTMLElement} main */
export function tellLeftOut(main) {
  const said = senseless().map(([name, text]) => `${name}=${text}`);
  if (!said.length) return;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.kind = "bad";
  notice.setAttribute("role", "alert");
  notice.textContent = t("“{said}” in the address makes no sense here and is left out.", {
    said: said.map((one) => (one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one)).join(", "),
  });
  const title = main.querySelector(":scope > .page-title");
  if (title) title.after(notice);
  else main.prepend(notice);
}
