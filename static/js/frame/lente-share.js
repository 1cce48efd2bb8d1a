import { html, nothing } from "vendor/lit";
import { sharedQuery } from "./address.js";
import { LenteElement } from "./element.js";
import { embedCode } from "./embed_code.js";
import { copyText } from "./files.js";
import { language, t } from "./i18n.js";
import { askReach, originFor, wayIn } from "./reach.js";
import { HIDEABLE } from "./share_words.js";

/** @typedef {{name: string, noun: string, title: string, selector: string}} Exhibit */

const NOT_SHARED = ["lesson", "steps", "hide", "theme"];
const FOOT = 40;

/** A dialog with the page's address and the code that puts one of its exhibits into a slide or an article. */
export class LenteShare extends LenteElement {
  static properties = {
    exhibits: { attribute: false },
    chosen: { state: true },
    hiding: { state: true },
    theme: { state: true },
    follow: { state: true },
    copied: { state: true },
    reached: { state: true },
  };

  static open() {
    const share = /** @type {LenteShare} */ (
      document.querySelector("lente-share") ?? document.body.appendChild(document.createElement("lente-share"))
    );
    const button = /** @type {HTMLElement} */ (document.querySelector("#share"));
    share.exhibits = JSON.parse(button.dataset.exhibits ?? "[]");
    share.start();
  }

  constructor() {
    super();
    /** @type {Exhibit[]} */ this.exhibits = [];
    /** Name of the exhibit. */ this.chosen = "";
    /** Names of what is hidden. @type {string[]} */ this.hiding = [];
    this.theme = "";
    this.follow = false;
    /** Where the others find this page; null until the server has said. @type {import("./reach.js").Reach | null} */ this.reached =
      null;
    /** What was copied last. @type {"" | "page" | "code" | "failed"} */ this.copied = "";
  }

  async start() {
    this.copied = "";
    this.reach();
    if (!this.exhibits.some(({ name }) => name === this.chosen)) this.chosen = this.inSight.name;
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.querySelector("dialog")).showModal();
  }

  async reach() {
    this.reached = await askReach(this.page.slice(this.origin.length));
  }

  get origin() {
    return originFor(this.reached);
  }

  /** The exhibit that the visitor sees most of. @returns {Exhibit} */
  get inSight() {
    const seen = this.exhibits.map(({ selector }) => {
      const { top, bottom } = document.querySelector(selector)?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
      return Math.min(bottom, innerHeight) - Math.max(top, 0);
    });
    return this.exhibits[Math.max(seen.indexOf(Math.max(...seen)), 0)];
  }

  get exhibit() {
    return /** @type {Exhibit} */ (this.exhibits.find(({ name }) => name === this.chosen));
  }

  /** @returns {Element[]} */
  get parts() {
    return [...document.querySelectorAll(this.exhibit.selector)];
  }

  /** What can be hidden in the exhibit. @returns {string[]} */
  get hideable() {
    const found = this.parts.flatMap((part) =>
      [part, ...part.querySelectorAll("[data-hideable]")].map(
        (element) => /** @type {HTMLElement} */ (element).dataset.hideable ?? "",
      ),
    );
    return [...new Set(found)].filter((name) => name in HIDEABLE);
  }

  /** The page as it is now, for a link. */
  get page() {
    return withQuery(this.origin, location.pathname, () => {});
  }

  get address() {
    const hidden = this.hiding.filter((name) => this.hideable.includes(name));
    return withQuery(this.origin, `/${language}/embed/${this.chosen}`, (query) => {
      if (hidden.length) query.set("hide", hidden.join(","));
      if (this.theme) query.set("theme", this.theme);
    });
  }

  /** As high as the exhibit is here. */
  get height() {
    const boxes = this.parts.map((part) => part.getBoundingClientRect()).filter(({ height }) => height);
    const top = Math.min(...boxes.map((box) => box.top));
    return Math.round(Math.max(...boxes.map((box) => box.bottom), 320 + top) - top) + FOOT;
  }

  render() {
    if (!this.chosen) return nothing;
    const code = embedCode({
      address: this.address,
      title: `Lente: ${t(this.exhibit.title)}`,
      height: this.height,
      follow: this.follow,
    });
    return html`<dialog class="share" aria-labelledby="share-title" @click=${this.onBackdrop}>
      <form method="dialog" class="share-head">
        <h2 id="share-title">${t("Share")}</h2>
        <button class="quiet" aria-label=${t("Close")}>✕</button>
      </form>
      <label class="above"
        >${t("This page, as it is now")}<span class="share-copy"
          ><input type="text" readonly .value=${this.page} data-field="page" />
          <button type="button" data-copy="page" @click=${() => this.copy("page")}>${t("Copy")}</button></span
        ></label
      >
      ${wayIn(this.reached)}
      <h3>${t("An exhibit in a slide or an article")}</h3>
      <label class="above"
        >${t("Exhibit")}<select data-field="exhibit" @change=${this.onExhibit}>
          ${this.exhibits.map(
            ({ name, title }) => html` <option value=${name} ?selected=${name === this.chosen}>${t(title)}</option>`,
          )}
        </select></label
      >
      ${this.choices()}
      <label class="above"
        >${t("Code")}<textarea
          readonly
          rows=${this.follow ? 7 : 3}
          .value=${code}
          data-field="code"
          spellcheck="false"
        ></textarea>
      </label>
      <div class="row">
        <button type="button" class="primary" data-copy="code" @click=${() => this.copy("code")}>
          ${t("Copy the code")}
        </button>
        <a class="button" href=${this.address} target="_blank" rel="noopener" data-do="preview">${t("Look at it")} ↗</a
        ><span role="status" class="small">${this.said()}</span>
      </div>
    </dialog>`;
  }

  choices() {
    const { hideable } = this;
    return html`${
        hideable.length
          ? html`<fieldset>
              <legend>${t("Hide")}</legend>
              <div class="share-hide">
                ${hideable.map(
                  (name) =>
                    html` <label
                      ><input
                        type="checkbox"
                        data-hide=${name}
                        .checked=${this.hiding.includes(name)}
                        @change=${() => this.toggle(name)}
                      />${t(HIDEABLE[name])}</label
                    >`,
                )}
              </div>
            </fieldset>`
          : nothing
      }
      <div class="row">
        <label
          >${t("Colours")}<select
            data-field="theme"
            @change=${(/** @type {Event} */ event) => (this.theme = /** @type {HTMLSelectElement} */ (event.target).value)}
          >
            ${[
              ["", t("as the reader's system")],
              ["light", t("light")],
              ["dark", t("dark")],
            ].map(([value, words]) => html`<option value=${value} ?selected=${value === this.theme}>${words}</option>`)}
          </select></label
        >
        <label
          ><input
            type="checkbox"
            data-field="follow"
            .checked=${this.follow}
            @change=${() => (this.follow = !this.follow)}
          />${t("with a script that fits the height")}</label
        >
      </div>`;
  }

  said() {
    return {
      "": "",
      page: t("The address is copied."),
      code: t("The code is copied."),
      failed: t("The browser does not let us copy. Mark the text and press Ctrl+C."),
    }[this.copied];
  }

  /** @param {Event} event */
  onExhibit(event) {
    this.chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    this.copied = "";
  }

  /** @param {string} name */
  toggle(name) {
    this.hiding = this.hiding.includes(name) ? this.hiding.filter((one) => one !== name) : [...this.hiding, name];
    this.copied = "";
  }

  /** @param {"page" | "code"} what */
  async copy(what) {
    const field = /** @type {HTMLTextAreaElement} */ (this.querySelector(`[data-field="${what}"]`));
    this.copied = (await copyText(field)) ? what : "failed";
  }

  /** @param {MouseEvent} event */
  onBackdrop({ target }) {
    if (target instanceof HTMLDialogElement) target.close();
  }
}

/** @param {string} origin @param {string} path @param {(query: URLSearchParams) => void} change */
function withQuery(origin, path, change) {
  const query = sharedQuery(NOT_SHARED);
  change(query);
  const search = query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  return `${origin}${path}${search && `?${search}`}`;
}

customElements.define("lente-share", LenteShare);
