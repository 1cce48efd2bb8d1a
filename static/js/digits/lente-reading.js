import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { OnRead } from "./on_read.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-map.js";

/** What the network is given and how it reads it, small, beside whatever changes either. Rendered in the page. */
export class LenteReading extends LenteElement {
  static properties = { session: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./session.js").DigitSession | null} */ this.session = null;
    new OnRead(this);
  }

  render() {
    const { session } = this;
    if (!session) return nothing;
    return html`<lente-map
        still
        map="grey"
        .tensor=${{ shape: [28, 28], data: session.input }}
        .range=${{ low: 0, high: 1 }}
        label=${t("What the network sees")}
      ></lente-map>
      <lente-class-bars .reading=${session.reading} label=${t("What the digit network reads:")}></lente-class-bars>`;
  }
}

customElements.define("lente-reading", LenteReading);
