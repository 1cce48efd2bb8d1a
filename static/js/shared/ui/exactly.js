import { html } from "vendor/lit";
import { t } from "../../frame/i18n.js";

/** What is there for whoever wants it more exactly, behind a fold. @param {unknown} content */
export const exactly = (content) =>
  html`<details class="exactly">
    <summary>${t("More exactly")}</summary>
    ${content}
  </details>`;
