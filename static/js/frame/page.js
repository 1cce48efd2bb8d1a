import { chooseDecimal, decimalMark, polishPage } from "./decimal.js";
import { onWindow, tellWindow } from "./events.js";
import { fetchLate } from "./fetch_late.js";
import { goToPart } from "./go_to_part.js";
import { t } from "./i18n.js";
import { tellLeftOut } from "./left_out.js";
import { followReading } from "./page_index.js";
import { offerPrinting } from "./printing.js";
import { toggleTheme } from "./theme.js";
import { uncover } from "./uncover.js";
import { offerWholeScreen } from "./whole_screen.js";
import "./lente-term.js";

polishPage(document.body);
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-decimal-mark]"))) {
  const name = /** @type {"point" | "comma"} */ (button.dataset.decimalMark);
  button.setAttribute("aria-pressed", String((decimalMark() === ",") === (name === "comma")));
  button.addEventListener("click", () => chooseDecimal(name));
}

// The dialog is fetched when it is asked for.
document.querySelector("#share")?.addEventListener("click", async () => {
  const late = await fetchLate(() => import("./lente-share.js"));
  late?.LenteShare.open();
});
document.querySelector("#theme")?.addEventListener("click", toggleTheme);

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
uncover(main);

// The same page in another language keeps what the visitor has set.
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.language"))) {
  link.addEventListener("click", () => (link.search = location.search));
}
const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".languages"));
addEventListener(
  "click",
  ({ target }) => menu?.contains(/** @type {Node} */ (target)) || menu?.removeAttribute("open"),
);
menu?.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});
const here = document.querySelector(".stops [aria-current]");
requestAnimationFrame(() => here?.scrollIntoView({ block: "nearest", inline: "center" })); // when all is laid out anyway

const index = /** @type {HTMLElement | null} */ (main.querySelector(":scope > .index"));
addEventListener("focusin", bringWhole);
if (index) followReading(index);
tellLeftOut(main);
goToPart();
offerWholeScreen();
offerPrinting();

/** In a line that scrolls sideways a browser is content with a part of what has the focus. @param {FocusEvent} event */
function bringWhole(event) {
  const focused = /** @type {HTMLElement} */ (event.composedPath()[0]);
  if (!focused.matches(":focus-visible")) return;
  const { left, right } = focused.getBoundingClientRect();
  if (left < 0 || right > innerWidth) focused.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Milliseconds without news after which the last one is said. */
const QUIET = 600;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let quiet;
const said = /** @type {HTMLElement} */ (document.querySelector("#said"));
onWindow("announce", (words) => {
  if (!navigator.userActivation.hasBeenActive) return; // what a page shows at first is no news
  clearTimeout(quiet);
  quiet = setTimeout(() => (said.textContent = words()?.replace(/\s+/g, " ").trim() ?? ""), QUIET);
});

const words = { ready: "", busy: t("The server is busy, trying again…"), offline: t("The server does not answer.") };
onWindow("connection", (state) => {
  const status = /** @type {HTMLElement} */ (document.querySelector("#connection"));
  if (status.textContent !== words[state]) status.textContent = words[state];
});
addEventListener("online", () => tellWindow("connection", "ready")); // until somebody asks and learns otherwise
