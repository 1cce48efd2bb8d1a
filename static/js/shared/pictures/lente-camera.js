import { html } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { openCamera } from "./camera.js";
import { capture } from "./pictures.js";

/**
 * The camera while the element is on the page: it opens when it is put there and closes when it is taken away.
 *
 * @fires frame - a tensor (3, H, W), 0..1, for every frame while `live`
 * @fires still - a PNG of the frame that was taken
 * @fires fault - a sentence that says why there is no camera
 */
export class LenteCamera extends LenteElement {
  static properties = { live: { type: Boolean }, size: { type: Number }, ready: { state: true } };

  constructor() {
    super();
    this.live = false;
    /** Longest side of a frame, in pixels. */ this.size = 512;
    this.ready = false;
    /** @type {MediaStream | null} */ this.stream = null;
  }

  render() {
    return html`<div class="row">
      <video class="camera-view" muted playsinline autoplay aria-label=${t("What the camera sees")}></video>
      <button type="button" class="primary" ?disabled=${!this.ready} @click=${this.take}>
        ${t("Take this picture")}
      </button>
      <span class="small"
        >${this.ready ? t("The pictures stay in your browser until you take one.") : t("Waiting for the camera…")}</span
      >
    </div>`;
  }

  async firstUpdated() {
    try {
      this.stream = await openCamera();
      if (!this.isConnected) return this.end();
      this.video.srcObject = this.stream;
      await this.video.play();
      this.ready = true;
      this.watch();
    } catch (error) {
      if (this.isConnected) this.send("fault", /** @type {Error} */ (error).message);
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  end() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  get video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector("video"));
  }

  /** Calls itself again with the next frame, so that a slow page sees fewer frames and none late. */
  watch() {
    const next = () => {
      if (!this.stream) return;
      if (this.live) this.send("frame", this.shot(this.size).tensor);
      this.watch();
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  }

  /** @param {number} longest */
  shot(longest) {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
    return capture(this.video, Math.round(videoWidth * scale), Math.round(videoHeight * scale));
  }

  async take() {
    this.send("still", await this.shot(Infinity).canvas.convertToBlob({ type: "image/png" }));
  }

  /** @param {"frame" | "still" | "fault"} name @param {unknown} detail */
  send(name, detail) {
    this.tell(name, detail);
  }
}

customElements.define("lente-camera", LenteCamera);
