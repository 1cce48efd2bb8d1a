import { t } from "../services/i18n.js";
import { toggleTheme } from "../services/theme.js";
import "../elements/lente-term.js";

// The dialog is fetched when it is asked for.
document.querySelector("#share")?.addEventListener("click", async () => {
  const { LenteShare } = await import("../elements/lente-share.js");
  LenteShare.open();
});
document.querySelector("#theme")?.addEventListener("click", toggleTheme);

// The same page in another language keeps what the visitor has set.
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.language"))) {
  link.addEventListener("click", () => (link.search = location.search));
}
document.querySelector(".stops [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const words = { ready: "", busy: t("The server is busy, trying again…"), offline: t("The server does not answer.") };
addEventListener("connection", (event) => {
  const state = /** @type {CustomEvent<keyof typeof words>} */ (event).detail;
  const status = /** @type {HTMLElement} */ (document.querySelector("#connection"));
  if (status.textContent !== words[state]) status.textContent = words[state];
});
