import { html, nothing, styleMap } from "vendor/lit";
import { notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";

/**
 * How far an answer is, with a button that ends it; or that it was ended, with one that asks again.
 *
 * @param {import("../shared/server/long_answer.js").LongAnswer<any, any>} answer
 * @param {() => void} again
 */
export function progressOf(answer, again) {
  const {
    state,
    step: { done, total },
    fault,
  } = answer;
  const restart = html`<button type="button" data-do="again" @click=${again}>${t("Start again")}</button>`;
  if (state === "failed")
    return html`<div class="long" data-state="failed">
      ${notice(fault)}
      <div>${restart}</div>
    </div>`;
  if (state === "stopped")
    return html`<div class="long row" data-state="stopped">
      <output>${total ? t("Stopped after {done} of {total} passes.", { done, total }) : t("Stopped.")}</output
      >${restart}
    </div>`;
  if (state !== "busy") return nothing;
  const words = total ? t("{done} of {total} passes through the network", { done, total }) : t("Waiting for its turn…");
  return html`<div class="long" data-state="busy">
    <div
      class="long-track"
      role="progressbar"
      aria-label=${t("Progress")}
      aria-valuemin="0"
      aria-valuemax=${total || 1}
      aria-valuenow=${done}
    >
      <i style=${styleMap({ width: `${(100 * done) / (total || 1)}%` })}></i>
    </div>
    <div class="row">
      <output aria-live="off">${words}</output
      ><button type="button" data-do="stop" @click=${() => answer.stop()}>${t("Stop")}</button>
    </div>
  </div>`;
}
