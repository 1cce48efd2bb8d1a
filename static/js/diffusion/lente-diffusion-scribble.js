import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** From a scribble. Rendered in the page. */
export class LenteDiffusionScribble extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-scribble", LenteDiffusionScribble);
