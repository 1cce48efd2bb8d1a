import {
  BufferAttribute,
  Color,
  DataTexture,
  DoubleSide,
  FloatType,
  GLSL3,
  InstancedBufferGeometry,
  LinearSRGBColorSpace,
  Mesh,
  RGFormat,
  RawShaderMaterial,
} from "vendor/three";
import { colourMap, colourise } from "../../shared/colours.js";
import { exposedSides, networkLayout3d, unitBoxes } from "./layout.js";

/**
 * @typedef {import("../../shared/safetensors.js").Tensor} Tensor
 * @typedef {{low: number, high: number}} Range
 */

/** Boxes in an instance and in a row of the textures. Renderers without a graphics card pay for each instance. */
const BLOCK = 512;

/** The top, the right and the front of a box from 0 to 1, four corners each. */
const CORNERS = [
  [0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0],
  [1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1],
  [0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1],
];

const VERTEX = `
precision highp float;
uniform mat4 projectionMatrix, modelViewMatrix;
uniform vec3 cameraPosition, ink;
uniform highp sampler2D boxes, colours;
in vec3 position;
in vec2 place; // number of the box in its block; 0 for its top, 1 for its right side, 2 for its front
out vec2 inFace;
out vec3 shaded;
void main() {
  int box = int(place.x);
  vec2 a = texelFetch(boxes, ivec2(3 * box, gl_InstanceID), 0).xy;
  vec2 b = texelFetch(boxes, ivec2(3 * box + 1, gl_InstanceID), 0).xy;
  vec2 c = texelFetch(boxes, ivec2(3 * box + 2, gl_InstanceID), 0).xy;
  vec3 smallest = vec3(a, b.x), largest = vec3(b.y, c);
  // A box shows three faces at most: each corner moves to the side where the camera is.
  vec3 corner = mix(1.0 - position, position, step((smallest + largest) / 2.0, cameraPosition));
  vec4 colour = texelFetch(colours, ivec2(box, gl_InstanceID), 0);
  inFace = place.y == 0.0 ? position.xz : place.y == 1.0 ? position.yz : position.xy;
  shaded = mix(colour.rgb, ink, place.y == 0.0 ? 0.0 : place.y == 1.0 ? 0.26 : 0.15);
  gl_Position = projectionMatrix * (modelViewMatrix * vec4(mix(smallest, largest, corner), 1.0));
  // The colour's fourth number says which sides are exposed; the others go out of view.
  int side = place.y == 1.0 ? (corner.x > 0.5 ? 2 : 1) : corner.z > 0.5 ? 8 : 4;
  if (place.y > 0.0 && (int(colour.a * 255.0 + 0.5) & side) == 0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

const FRAGMENT = `
precision highp float;
uniform vec3 ink;
in vec2 inFace;
in vec3 shaded;
out vec4 painted;
void main() {
  // A hairline around each face, of one pixel at every distance, that fades where the units are too small for it.
  vec2 pixel = fwidth(inFace);
  vec2 away = min(inFace, 1.0 - inFace) / pixel;
  float line = (1.0 - smoothstep(0.3, 1.1, min(away.x, away.y))) * smoothstep(5.0, 14.0, 1.0 / max(pixel.x, pixel.y));
  painted = vec4(mix(shaded, ink, 0.3 * line), 1.0);
}`;

/** Every unit of a network as a box, drawn at once; what differs between them lies in two small textures. */
export class NetworkBoxes {
  constructor() {
    this.layout = networkLayout3d([]);
    this.uniforms = { ink: { value: new Color() }, boxes: { value: numbers(0) }, colours: { value: pixels(0) } };
    // Neighbours share their sides: an offset that grows with the slope leaves the seam to the tops.
    this.materials = [material(this.uniforms, 0), material(this.uniforms, 2)];
    this.mesh = new Mesh(blockOfBoxes(), this.materials);
    this.mesh.frustumCulled = false;
  }

  /**
   * @param {{name: string, shape: number[]}[]} layers
   * @param {number} width
   */
  arrange(layers, width) {
    this.layout = networkLayout3d(layers, width);
    const blocks = Math.ceil(this.layout.count / BLOCK);
    this.disposeTextures();
    this.uniforms.boxes.value = numbers(blocks);
    this.uniforms.colours.value = pixels(blocks);
    this.mesh.geometry.instanceCount = blocks;
    unitBoxes(this.layout, () => null, this.extents);
  }

  /** Six numbers for each unit: the smallest x, y, z and the largest. */
  get extents() {
    return /** @type {Float32Array<ArrayBuffer>} */ (this.uniforms.boxes.value.image.data);
  }

  /**
   * Heights and colours by value; sides are shaded towards the colour of the ink.
   *
   * @param {string} ink
   * @param {Record<string, Tensor>} activations
   * @param {(name: string, tensor: Tensor) => Range} rangeOf
   * @param {(name: string, range: Range) => import("../../shared/colours.js").MapName} mapOf
   * @param {import("../../frame/theme.js").Theme} theme
   */
  paint(ink, activations, rangeOf, mapOf, theme) {
    const { boxes, colours } = this.uniforms;
    const painted = new Uint32Array(/** @type {Uint8Array} */ (colours.value.image.data).buffer);
    this.uniforms.ink.value.setStyle(ink, LinearSRGBColorSpace); // as it is: these shaders convert no colours
    unitBoxes(
      this.layout,
      ({ name }) => activations[name] && { data: activations[name].data, ...rangeOf(name, activations[name]) },
      this.extents,
    );
    for (const { name, start, count } of this.layout.layers) {
      const tensor = activations[name];
      const { low, high } = tensor ? rangeOf(name, tensor) : { low: 0, high: 0 };
      const values = tensor ? tensor.data : new Float32Array(count);
      colourise(
        values,
        colourMap(mapOf(name, { low, high }), theme),
        low,
        high,
        painted.subarray(start, start + count),
      );
    }
    exposedSides(this.layout, this.extents, new Uint8Array(painted.buffer), 4, 3);
    boxes.value.needsUpdate = colours.value.needsUpdate = true;
  }

  disposeTextures() {
    this.uniforms.boxes.value.dispose();
    this.uniforms.colours.value.dispose();
  }

  dispose() {
    this.disposeTextures();
    this.mesh.geometry.dispose();
    for (const each of this.materials) each.dispose();
  }
}

/** @param {number} blocks */
function numbers(blocks) {
  return new DataTexture(new Float32Array(blocks * BLOCK * 6), 3 * BLOCK, blocks, RGFormat, FloatType);
}

/** @param {number} blocks */
function pixels(blocks) {
  return new DataTexture(new Uint8Array(blocks * BLOCK * 4), BLOCK, blocks);
}

/** @param {NetworkBoxes["uniforms"]} uniforms @param {number} offset */
function material(uniforms, offset) {
  return new RawShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    glslVersion: GLSL3,
    uniforms,
    side: DoubleSide,
    polygonOffset: offset > 0,
    polygonOffsetFactor: offset,
    polygonOffsetUnits: offset,
  });
}

/** The corners of a block of boxes: first all tops, then all sides. */
function blockOfBoxes() {
  const made = new InstancedBufferGeometry();
  const boxes = Array.from({ length: BLOCK }, (_, box) => box);
  const quads = [0, 1, 2].flatMap((face) => boxes.map((box) => ({ face, box })));
  made.setAttribute("position", new BufferAttribute(new Float32Array(quads.flatMap(({ face }) => CORNERS[face])), 3));
  made.setAttribute(
    "place",
    new BufferAttribute(new Float32Array(quads.flatMap(({ face, box }) => Array(4).fill([box, face]).flat())), 2),
  );
  made.setIndex(quads.flatMap((_, quad) => [0, 1, 2, 0, 2, 3].map((corner) => 4 * quad + corner)));
  made.addGroup(0, 6 * BLOCK, 0);
  made.addGroup(6 * BLOCK, 12 * BLOCK, 1);
  return made;
}
