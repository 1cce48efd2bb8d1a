import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** Between two digits. Rendered in the page. */
export class LenteDiffusionBetween extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-between", LenteDiffusionBetween);
