import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import "../shared/ui/lente-map.js";

const KERNELS = 10;
const KERNEL_SIDE = 5;
const MAP_SIDE = 28;

/** The kernels of a network's first layer, and what each makes of a digit. Rendered in the page. */
export class LenteRunKernels extends LenteElement {
  static properties = { tensors: { attribute: false }, number: { attribute: false } };

  constructor() {
    super();
    /** @type {Record<string, import("../shared/safetensors.js").Tensor>} `kernels` (10, 5, 5), `maps` (10, 28, 28) */
    this.tensors = {};
    /** Which run, where there are two. @type {number | null} */ this.number = null;
  }

  render() {
    const { kernels, maps } = this.tensors;
    if (!kernels) return nothing;
    const most = Math.max(valueRange(kernels.data).high, 1e-9);
    const range = { low: -most, high: most };
    const plane = (/** @type {ArrayLike<number>} */ data, /** @type {number} */ side, /** @type {number} */ k) => ({
      shape: [side, side],
      data: /** @type {Float32Array} */ (data).subarray(k * side * side, (k + 1) * side * side),
    });
    return html`<section class="noise-kernels">
      <h3>${this.number ? `${this.number}: ` : ""}${t("The ten kernels of conv1, and your digit under each")}</h3>
      <div class="noise-grid">
        ${Array.from(
          { length: KERNELS },
          (_, k) =>
            html`<lente-map
              still
              map="diverging"
              .tensor=${plane(kernels.data, KERNEL_SIDE, k)}
              .range=${range}
              label=${t("Kernel {number}", { number: k })}
            ></lente-map>`,
        )}
        ${
          maps
            ? Array.from(
                { length: KERNELS },
                (_, k) =>
                  html`<lente-map
                    still
                    .tensor=${plane(maps.data, MAP_SIDE, k)}
                    label=${t("Map {number}", { number: k })}
                  ></lente-map>`,
              )
            : nothing
        }
      </div>
    </section>`;
  }
}

customElements.define("lente-run-kernels", LenteRunKernels);
