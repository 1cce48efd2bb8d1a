import { html } from "vendor/lit";
import { t } from "../../frame/i18n.js";
import { numberList } from "../numbers.js";

/** A decoder and the code that it is given, as it is called; where it is narrow a line ends before the code. @param {ArrayLike<number>} code */
export function decoderCall(code) {
  const [name, ...given] = t("decoder({code})", { code: numberList(code, 2) }).split("(");
  return html`${name}<wbr />(${given.join("(")}`;
}
