import { html, nothing } from "vendor/lit";
import { t } from "./i18n.js";

/** @typedef {{addresses: string[], picture: string, commands: string[]}} Reach where the others find a page; QR code as SVG */

/**
 * Asks the server under which address the others find a page: here it may be localhost.
 *
 * @param {string} path with its query
 * @returns {Promise<Reach | null>} null where it does not say
 */
export async function askReach(path) {
  const response = await fetch(`/share?path=${encodeURIComponent(path)}`).catch(() => null);
  return response?.ok ? response.json() : null;
}

/** The part of an address before its path, as the others write it. @param {Reach | null} reached */
export const originFor = (reached) =>
  reached?.addresses.length ? new URL(reached.addresses[0]).origin : location.origin;

/** How the others come in: the square for a camera, or what has to be done before. @param {Reach | null} reached */
export function wayIn(reached) {
  if (!reached) return nothing;
  const { addresses, picture, commands } = reached;
  if (!addresses.length)
    return html`<p class="notice">
      ${t("Only this computer can open this address. To let the room in, end the server with Ctrl+C and start it again with:")}
      ${commands.map((command, i) => html`${i ? ` ${t("or")} ` : " "}<code class="command">${command}</code>`)}
    </p>`;
  return html`<p class="share-way">
    ${
      picture
        ? html`<img
            src=${`data:image/svg+xml,${encodeURIComponent(picture)}`}
            alt=${t("QR code of {address}", { address: addresses[0] })}
            width="160"
            height="160"
          />`
        : nothing
    }
    <span class="small">${t("In the network of this room: point a camera at the square, or open the address.")}</span>
  </p>`;
}
