import { html, nothing, styleMap } from "vendor/lit";
import { readUrl } from "../../frame/address.js";
import { addressed } from "../../frame/addressed.js";
import { LenteElement, bringIntoSight, notice } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { newest } from "../newest.js";
import {
  capture,
  deletePicture,
  fetchPicture,
  fetchSamples,
  isUploaded,
  thumbnailStyle,
  uploadPicture,
} from "./pictures.js";
import { fitted } from "./smaller.js";
import "./lente-camera.js";
import "./lente-drawing.js";

/**
 * @typedef {object} Picture
 * @property {string | null} id usable wherever the API takes an image; null while the picture moves (a stroke, a camera)
 * @property {string} title
 * @property {import("../safetensors.js").Tensor} tensor (3, H, W), 0..1
 */

const DRAWN_AFTER = 500;
const DRAGGING = /** @type {const} */ (["dragenter", "dragover", "dragleave"]);

/**
 * Where pictures come from: one that comes along, a file (opened, dropped or pasted), the camera, a drawing. Rendered in
 * the page, so that its buttons look like the page's.
 *
 * @fires kept - a file is on the server: detail has its id, before its pixels are here
 * @fires picture - detail is a Picture; again with its id once a drawing or a frame is kept
 */
export class LentePictureSource extends LenteElement {
  static properties = {
    image: { attribute: false },
    size: { type: Number },
    live: { type: Boolean },
    samples: { state: true },
    panel: { state: true },
    fault: { state: true },
    busy: { state: true },
    made: { state: true },
    over: { state: true },
  };

  constructor() {
    super();
    /** Id of the picture that is chosen. @type {string | null} */ this.image = null;
    /** Id of the picture that came last, none of what was drawn or filmed; undefined before. @type {string | null | undefined} */ this.came =
      undefined;
    /** Longest side of the tensors, in pixels. */ this.size = 512;
    /** Whether the camera's frames are sent as they come. */ this.live = false;
    /** @type {import("./pictures.js").PictureInfo[]} */ this.samples = [];
    /** @type {"" | "camera" | "drawing"} */ this.panel = "";
    addressed(
      this,
      {
        panel: {
          name: "panel",
          first: "",
          accepts: (panel) => panel === "drawing" && readUrl().drawing !== undefined,
          quiet: true, // a drawing may be too long for an address
          write: (panel) => (panel === "drawing" ? panel : ""), // a camera is opened by hand alone
        },
      },
      () => this.comeBack(new Map([["panel", ""]])),
    );
    this.fault = "";
    this.busy = false;
    /** What was done to the picture before it was sent. */ this.made = "";
    this.over = false;
    /** How many choices there were: an upload that a newer one has overtaken is kept, and not shown. */ this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    this.load = newest(
      (/** @type {string} */ id) => fetchPicture(id, this.size),
      (tensor, id) => this.loaded(id, tensor),
      (error) => this.missed(error),
    );
    this.onPaste = this.onPaste.bind(this);
    this.onDrag = this.onDrag.bind(this);
    this.onDrop = this.onDrop.bind(this);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("paste", this.onPaste);
    for (const name of DRAGGING) addEventListener(name, this.onDrag);
    addEventListener("drop", this.onDrop);
    fetchSamples().then(
      (samples) => (this.samples = samples),
      (error) => this.failed(error),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    removeEventListener("paste", this.onPaste);
    for (const name of DRAGGING) removeEventListener(name, this.onDrag);
    removeEventListener("drop", this.onDrop);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!this.image || this.panel) return;
    if (changed.has("size") || (changed.has("image") && this.image !== this.came)) this.choose(this.image);
  }

  /** What was drawn before comes back with its paper. @param {Map<string, unknown>} changed */
  async comeBack(changed) {
    if (!changed.has("panel") || this.panel !== "drawing") return;
    const pad = /** @type {import("./lente-drawing.js").LenteDrawing} */ (this.querySelector("lente-drawing"));
    await pad.updateComplete;
    pad.restore();
  }

  /** The camera and the paper open beneath their buttons: at a projector, below the screen. @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("fault") && this.fault) bringIntoSight(this.querySelector(":scope > .notice"));
    this.comeBack(changed);
    if (changed.has("panel") && this.panel && changed.get("panel") !== undefined)
      requestAnimationFrame(() =>
        this.querySelector("lente-camera, lente-drawing")?.scrollIntoView({ block: "nearest" }),
      );
  }

  render() {
    return html` <div class="source-samples" role="group" aria-label=${t("Pictures that come along")}>
        ${this.samples.map((sample, i) => this.thumbnail(sample, i))}
      </div>
      <div class="row source-ways" data-over=${this.over}>
        <label class="button"
          >${t("Open a photo")}<input class="visually-hidden" type="file" accept="image/*" @change=${this.onFile}
        /></label>
        ${this.way("camera", t("Camera"))}${this.way("drawing", t("Draw"))}
        ${isUploaded(this.image) ? html`<button type="button" class="source-delete" @click=${this.delete}>${t("Delete this picture")}</button>` : nothing}
        <span class="small"
          >${this.busy ? t("Sending the picture…") : html`<span class="for-mouse">${t("or drop or paste one anywhere on this page")}</span>`}
          ${this.made}</span
        >
      </div>
      ${notice(this.fault)}
      ${this.panel === "camera" ? html`<lente-camera .live=${this.live} .size=${this.size} @frame=${this.onFrame} @still=${this.onStill} @fault=${this.onFault}></lente-camera>` : nothing}
      ${this.panel === "drawing" ? html`<lente-drawing class="source-drawing" @draw=${this.onDraw}></lente-drawing>` : nothing}`;
  }

  /** @param {import("./pictures.js").PictureInfo} sample @param {number} place */
  thumbnail({ id, title = "" }, place) {
    return html`<button
      type="button"
      class="source-sample"
      data-sample=${id}
      aria-label=${title}
      aria-pressed=${id === this.image && !this.panel}
      title=${title}
      @click=${() => this.pick(id)}
    >
      <span class="sample-picture" style=${styleMap(thumbnailStyle(place, this.samples.length))}></span>
    </button>`;
  }

  /** @param {"camera" | "drawing"} panel @param {string} name */
  way(panel, name) {
    const open = this.panel === panel;
    return html`<button
      type="button"
      aria-pressed=${open}
      data-way=${panel}
      @click=${() => (open ? this.leave() : this.open(panel))}
    >
      ${name}
    </button>`;
  }

  /** @param {"" | "camera" | "drawing"} panel */
  open(panel) {
    this.turn++;
    this.fault = "";
    this.made = "";
    this.busy = false;
    this.panel = panel;
    clearTimeout(this.timer);
  }

  /** Back from the camera or the paper to the picture that was chosen. */
  leave() {
    this.open("");
    if (this.image) this.choose(this.image);
  }

  /** A picture was chosen by hand. @param {string} id */
  pick(id) {
    this.open("");
    this.image === id ? this.choose(id) : (this.image = id);
  }

  /** Fetches a picture and sends it. @param {string} id */
  choose(id) {
    this.load(id);
  }

  /** @param {string} id @param {import("../safetensors.js").Tensor} tensor */
  loaded(id, tensor) {
    if (id !== this.image || this.panel) return;
    this.send({ id, title: this.samples.find((sample) => sample.id === id)?.title ?? t("Your picture"), tensor });
  }

  /** @param {Error} error */
  failed(error) {
    this.busy = false;
    this.fault = error.message;
    this.emit("nopicture", error);
  }

  /** The picture that was chosen does not come: that which is shown is the choice again. @param {Error} error */
  missed(error) {
    if (this.came !== undefined) this.image = this.came;
    this.failed(error);
  }

  /** @param {Picture} detail */
  send(detail) {
    this.came = detail.id;
    this.emit("picture", detail);
  }

  /** @param {Blob} file */
  async keep(file) {
    const turn = ++this.turn;
    const isNewest = () => turn === this.turn;
    this.busy = true;
    this.fault = "";
    try {
      const { file: sent, from, to } = await fitted(file);
      if (!isNewest()) return;
      const { id } = await uploadPicture(sent);
      if (!isNewest()) return;
      this.emit("kept", { id });
      this.pick(id);
      if (from && to) this.made = smallerWords(from, to);
    } catch (error) {
      if (isNewest()) this.failed(/** @type {Error} */ (error));
    }
  }

  /** Deletes the visitor's own picture, here and on the server, and shows one that comes along instead. */
  async delete() {
    const id = /** @type {string} */ (this.image);
    try {
      await deletePicture(id);
    } catch (error) {
      this.failed(/** @type {Error} */ (error));
      return;
    }
    if (this.image === id && this.samples.length) this.pick(this.samples[0].id);
  }

  /** @param {Event} event */
  onFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (file) this.keep(file);
    input.value = "";
  }

  /** @param {ClipboardEvent} event */
  onPaste(event) {
    const [field] = event.composedPath();
    const typing = field instanceof Element && field.matches("input, textarea");
    if (typing && event.clipboardData?.types.includes("text/plain")) return; // it is the field's
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.keep(file);
  }

  /** @param {DragEvent} event */
  onDrag(event) {
    if (!isFromElsewhere(event)) return;
    event.preventDefault();
    this.over = event.type !== "dragleave" || event.relatedTarget !== null;
  }

  /** @param {DragEvent} event */
  onDrop(event) {
    const file = event.dataTransfer?.files[0];
    this.over = false;
    if (!isFromElsewhere(event)) return;
    event.preventDefault();
    if (file) this.keep(file);
    else
      this.fault = t(
        "That was the address of a picture, not the picture. Save it, or copy it with the right button, and drop or paste it here.",
      );
  }

  /** @param {CustomEvent<import("../safetensors.js").Tensor>} event */
  onFrame({ detail: tensor }) {
    this.send({ id: null, title: t("Camera"), tensor });
  }

  /** @param {CustomEvent<Blob>} event */
  onStill({ detail: blob }) {
    this.keep(blob);
  }

  /** @param {CustomEvent<string>} event */
  onFault({ detail }) {
    this.leave();
    this.fault = detail;
  }

  /** @param {CustomEvent<{values: Float32Array}>} event */
  onDraw(event) {
    event.stopPropagation();
    const { values } = event.detail;
    const side = Math.sqrt(values.length);
    const bytes = new Uint8ClampedArray(values.length * 4);
    values.forEach((value, i) => bytes.set([value * 255, value * 255, value * 255, 255], 4 * i));
    const drawn = new OffscreenCanvas(side, side);
    drawn.getContext("2d")?.putImageData(new ImageData(bytes, side, side), 0, 0);
    const { canvas, tensor } = capture(drawn, side, side);
    this.send({ id: null, title: t("Your drawing"), tensor });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepDrawing(canvas, tensor), DRAWN_AFTER);
  }

  /** @param {OffscreenCanvas} canvas @param {import("../safetensors.js").Tensor} tensor */
  async keepDrawing(canvas, tensor) {
    try {
      const { id } = await uploadPicture(await canvas.convertToBlob({ type: "image/png" }));
      if (this.panel !== "drawing") return;
      this.image = id;
      this.send({ id, title: t("Your drawing"), tensor });
    } catch (error) {
      this.failed(/** @type {Error} */ (error));
    }
  }
}

/** Whether a picture, or its address, is dragged onto the page. @param {DragEvent} event */
function isFromElsewhere({ dataTransfer, target }) {
  const types = dataTransfer?.types ?? [];
  const intoField = target instanceof Element && target.matches("input, textarea");
  return types.includes("Files") || (types.includes("text/uri-list") && !intoField);
}

/** @param {import("./smaller.js").Size} from @param {import("./smaller.js").Size} to */
const smallerWords = (from, to) =>
  t("Made smaller before it was sent: {from}, now {to}.", {
    from: `${from.width} × ${from.height}`,
    to: `${to.width} × ${to.height}`,
  });

customElements.define("lente-picture-source", LentePictureSource);
