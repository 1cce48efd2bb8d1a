import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Noise out. Rendered in the page. */
export class LenteDiffusionOut extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-out", LenteDiffusionOut);
