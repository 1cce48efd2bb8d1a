import { Color, OrbitControls, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "vendor/three";
import { fitView } from "./camera.js";

const FIELD = 16;
const AZIMUTH = 0.09;
const ELEVATION = (40 * Math.PI) / 180;
const GLIDE = 220;
/** Milliseconds without a change after which a slow view is drawn finely. */
const REST = 350;

/**
 * @typedef {import("./camera.js").Point} Point
 * @typedef {{left: number, right: number, top: number, bottom: number}} Margins in CSS pixels
 */

/**
 * A scene seen through a camera that mouse, finger and keys move. It draws when it is asked to and at no other time.
 */
export class NetworkView {
  /**
   * @param {HTMLElement} surface gets the canvas; mouse and finger move over it
   * @param {() => void} moved called when the camera has moved
   * @returns {NetworkView | null} null where there is no WebGL
   */
  static on(surface, moved) {
    const slow = isSoftware();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2", { alpha: false, antialias: !slow });
    if (!context) return null;
    surface.prepend(canvas);
    return new NetworkView(new WebGLRenderer({ canvas, context }), surface, moved, slow);
  }

  /**
   * @param {WebGLRenderer} renderer
   * @param {HTMLElement} surface
   * @param {() => void} moved
   * @param {boolean} slow without a graphics card: coarse while something changes, fine once it rests
   */
  constructor(renderer, surface, moved, slow) {
    this.renderer = renderer;
    this.slow = slow;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.resting = undefined;
    this.moved = moved;
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(FIELD, 1, 1, 5000);
    this.controls = new OrbitControls(this.camera, surface);
    this.controls.enableDamping = false;
    this.controls.zoomToCursor = true;
    this.controls.maxPolarAngle = Math.PI * 0.495;
    this.controls.addEventListener("change", () => this.follow());
    this.controls.addEventListener("start", () => this.take());
    renderer.domElement.addEventListener("webglcontextrestored", moved);
    surface.addEventListener("wheel", (event) => this.yield(event), { capture: true });
    this.width = this.height = 1;
    /** From the camera to the target at home. */ this.distance = 1;
    /** Whether somebody has moved the camera since it was last at home. */
    this.taken = false;
    this.glide = 0;
  }

  /** @param {number} width in CSS pixels @param {number} height */
  resize(width, height) {
    [this.width, this.height] = [width, height];
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  /**
   * The nearest camera that sees everything from the first direction and leaves the margins free.
   *
   * @param {Point[]} corners
   * @param {Margins} margins
   */
  fit(corners, { left, right, top, bottom }) {
    const tangent = Math.tan((FIELD * Math.PI) / 360);
    const share = (/** @type {number} */ pixels) => Math.max((2 * tangent * pixels) / this.height, 0.01);
    const [across, along] = [this.width / 2, this.height / 2];
    return fitView(corners, AZIMUTH, ELEVATION, {
      left: share(across - left),
      right: share(across - right),
      top: share(along - top),
      bottom: share(along - bottom),
    });
  }

  /**
   * To the first position.
   *
   * @param {Point[]} corners
   * @param {Margins} margins
   * @param {boolean} gently glide there instead of jumping
   */
  home(corners, margins, gently) {
    const { position, target, distance } = this.fit(corners, margins);
    this.distance = distance;
    this.controls.minDistance = distance / 40;
    this.controls.maxDistance = distance * 2;
    this.taken = false;
    this.move(new Vector3(...position), new Vector3(...target), gently);
  }

  /** @param {Vector3} position @param {Vector3} target @param {boolean} gently */
  move(position, target, gently) {
    cancelAnimationFrame(this.glide);
    const from = {
      position: this.camera.position.clone(),
      target: this.controls.target.clone(),
      time: performance.now(),
    };
    const step = () => {
      const done = gently ? Math.min((performance.now() - from.time) / GLIDE, 1) : 1;
      const eased = done * done * (3 - 2 * done);
      this.camera.position.lerpVectors(from.position, position, eased);
      this.controls.target.lerpVectors(from.target, target, eased);
      this.controls.update();
      if (done < 1) this.glide = requestAnimationFrame(step);
    };
    step();
  }

  /** Nearer than at home: only then wheel and finger belong to the view alone, else they also scroll the page. */
  get near() {
    return this.controls.getDistance() < 0.98 * this.distance;
  }

  follow() {
    const surface = /** @type {HTMLElement} */ (this.controls.domElement);
    surface.style.touchAction = this.near ? "none" : "pan-y";
    this.moved();
  }

  /** Leaves a wheel that is meant for the page to the page. @param {WheelEvent} event */
  yield(event) {
    if (!event.ctrlKey && !event.metaKey && !this.near) event.stopImmediatePropagation();
  }

  take() {
    cancelAnimationFrame(this.glide);
    this.taken = true;
  }

  /** Turns around the target. @param {number} left in radians @param {number} up */
  turn(left, up) {
    this.take();
    this.controls.rotateLeft(left);
    this.controls.rotateUp(up);
  }

  /** @param {number} factor over 1 comes nearer */
  zoom(factor) {
    this.take();
    this.controls.dollyIn(1 / factor);
  }

  /** @param {string} background a CSS colour */
  draw(background) {
    // Near and far follow the camera, so that depth stays fine enough where it looks.
    const distance = this.controls.getDistance();
    [this.camera.near, this.camera.far] = [distance / 30, distance + 3 * this.controls.maxDistance];
    this.camera.updateProjectionMatrix();
    this.renderer.setClearColor(new Color(background), 1);
    clearTimeout(this.resting);
    if (this.slow) this.resting = setTimeout(() => this.render(2), REST);
    this.render(this.slow ? 1 : Math.min(devicePixelRatio, 2));
  }

  /** @param {number} ratio pixels drawn for each CSS pixel */
  render(ratio) {
    if (this.renderer.getPixelRatio() !== ratio) this.renderer.setPixelRatio(ratio);
    this.renderer.render(this.scene, this.camera);
  }

  /**
   * Where points in space are seen.
   *
   * @returns {(x: number, y: number, z: number) => [number, number]} CSS pixels; no numbers for a point behind the camera
   */
  projection() {
    this.camera.updateMatrixWorld();
    const { elements: m } = this.camera.projectionMatrix.clone().multiply(this.camera.matrixWorldInverse);
    const [width, height] = [this.width, this.height];
    return (x, y, z) => {
      const w = m[3] * x + m[7] * y + m[11] * z + m[15];
      if (w <= 0) return [NaN, NaN];
      return [
        ((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) * (width / 2),
        (1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) * (height / 2),
      ];
    };
  }

  /** The ray through a place of the view, in CSS pixels. @param {number} x @param {number} y */
  ray(x, y) {
    const through = new Vector3((2 * x) / this.width - 1, 1 - (2 * y) / this.height, 0.5).unproject(this.camera);
    return { origin: this.camera.position.toArray(), direction: through.sub(this.camera.position).toArray() };
  }

  /** Gives everything back to the graphics card. */
  dispose() {
    clearTimeout(this.resting);
    cancelAnimationFrame(this.glide);
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }
}

/** Whether WebGL is computed by the processor, where smoothing every frame would halve their number. */
function isSoftware() {
  const context = document.createElement("canvas").getContext("webgl2");
  const named = context?.getExtension("WEBGL_debug_renderer_info");
  const name = context && named ? String(context.getParameter(named.UNMASKED_RENDERER_WEBGL)) : "";
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
