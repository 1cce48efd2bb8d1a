import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Noise in. Rendered in the page. */
export class LenteDiffusionIn extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-in", LenteDiffusionIn);
