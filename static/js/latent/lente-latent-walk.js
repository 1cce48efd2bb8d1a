import { html, live } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { saveFile } from "../frame/files.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { normals } from "../shared/statistics.js";
import { planeHome, pointsOf } from "./plane/points.js";
import { codesAddress, fetchAnimation, fetchSheetFile } from "./server.js";
import { latentSpace } from "./space.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */

const MODEL = "vae_2d";
const STEPS = 64;
const PULL = 0.02;
const FRAME_MS = 90;

/** A random walk through the latent space, to watch and to take away. */
export class LenteLatentWalk extends LenteElement {
  static properties = {
    space: { state: true },
    seed: { state: true },
    step: { state: true },
    playing: { state: true },
    said: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {LatentSpace | null} */ this.space = null;
    this.seed = 1;
    this.step = 0;
    addressed(this, {
      seed: { name: "walk", first: 1, accepts: wholeFrom(0) },
      step: { name: "walked", first: 0, accepts: wholeFrom(0, STEPS - 1) },
    });
    /** @type {number[][]} */ this.path = [];
    this.playing = false;
    this.said = "";
    this.fault = "";
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(async () => {
      try {
        this.space = await latentSpace(MODEL);
      } catch (error) {
        this.fault = /** @type {Error} */ (error).message;
      }
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.playing = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("seed") || !this.path.length) this.path = walk(this.seed);
  }

  render() {
    return html`<div class="walk-exhibit">
      ${this.space ? this.whole(this.space) : html`<div class="waiting"></div>`} ${notice(this.fault)}
    </div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.said && changed.has("said")) announce(() => this.said);
  }

  /** @param {LatentSpace} space */
  whole(space) {
    const [x, y] = this.path[this.step];
    const points = this.path.map(([a, b]) => ({ x: a, y: b }));
    return html`<lente-plane
        still
        prior
        .points=${pointsOf(space)}
        .home=${planeHome(space)}
        .shapes=${[{ kind: /** @type {const} */ ("path"), points }]}
        .at=${{ x, y }}
        label=${t("The walk on the map")}
      ></lente-plane>
      <div class="stack">
        <lente-pictures
          still
          class="walker"
          .pictures=${space.decode(this.path[this.step])}
          label=${t("The decoded digit")}
        ></lente-pictures>
        <input
          type="range"
          min="0"
          max=${STEPS - 1}
          step="1"
          aria-label=${t("Step of the walk")}
          .value=${live(String(this.step))}
          @input=${this.onScrub}
        />
        <div class="row">
          <button type="button" class="primary" @click=${this.toggle}>${this.playing ? t("Pause") : t("Play")}</button>
          <button type="button" @click=${() => this.newWalk()}>${t("Another walk")}</button>
        </div>
        <h3 data-hideable="export">${t("Take it with you")}</h3>
        <div class="row" data-hideable="export">
          <button type="button" @click=${() => this.save("gif")}>${t("Walk as GIF")}</button>
          <button type="button" @click=${() => this.save("webp")}>${t("Walk as WebP")}</button>
          <button type="button" @click=${this.saveSheet}>${t("Decoded sheet as PNG")}</button>
          <a class="button" href=${codesAddress(MODEL)} download>${t("Codes as NPZ")}</a>
          <button type="button" @click=${this.share}>${t("Copy the link to this page as it is")}</button>
        </div>
        <output aria-live="off">${this.said}</output>
      </div>`;
  }

  newWalk() {
    this.seed = Math.floor(Math.random() * 1e6);
    this.step = 0;
  }

  /** @param {Event} event */
  onScrub(event) {
    this.playing = false;
    this.step = Number(/** @type {HTMLInputElement} */ (event.target).value);
  }

  toggle() {
    this.playing = !this.playing;
    const next = () => {
      if (!this.playing) return;
      this.step = (this.step + 1) % STEPS;
      setTimeout(next, FRAME_MS);
    };
    next();
  }

  /** @param {"gif" | "webp"} format */
  save(format) {
    return this.keep(fetchAnimation(MODEL, { z: this.path, format, milliseconds: FRAME_MS }), `lente.${format}`);
  }

  saveSheet() {
    return this.keep(fetchSheetFile(MODEL), "lente.png");
  }

  /** @param {Promise<Blob>} file @param {string} name */
  async keep(file, name) {
    try {
      saveFile(await file, name);
      this.said = t("Saved {name}", { name });
      this.fault = "";
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  async share() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.said = t("Link copied");
    } catch {
      this.said = location.href; // no clipboard without https: the address to copy by hand
    }
  }
}

/** Small steps at random, softly pulled to the middle. @param {number} seed @returns {number[][]} */
function walk(seed) {
  const random = normals(seed);
  const path = [[random(), random()]];
  while (path.length < STEPS) path.push(path[path.length - 1].map((value) => value * (1 - PULL) + 0.2 * random()));
  return path;
}

customElements.define("lente-latent-walk", LenteLatentWalk);
