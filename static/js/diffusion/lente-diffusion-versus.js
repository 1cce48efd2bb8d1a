import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Against the VAE. Rendered in the page. */
export class LenteDiffusionVersus extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-versus", LenteDiffusionVersus);
