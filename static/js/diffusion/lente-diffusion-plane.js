import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** In the plane. Rendered in the page. */
export class LenteDiffusionPlane extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-plane", LenteDiffusionPlane);
