import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Told what to draw. Rendered in the page. */
export class LenteDiffusionTold extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-told", LenteDiffusionTold);
