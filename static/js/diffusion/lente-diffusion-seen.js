import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";

/** What the network sees. Rendered in the page. */
export class LenteDiffusionSeen extends LenteElement {
  render() {
    return html`<div class="waiting"></div>`;
  }
}

customElements.define("lente-diffusion-seen", LenteDiffusionSeen);
