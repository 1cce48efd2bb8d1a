import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Fill in. Rendered in the page. */
export class LenteDiffusionFill extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-fill", LenteDiffusionFill);
