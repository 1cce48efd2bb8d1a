import { readUrl } from "../frame/address.js";

/** Hides what the address asks for: controls that are marked data-hideable="NAME". */
export function hideControls() {
  const names = (readUrl().hide ?? []).filter((name) => /^[\w-]+$/.test(name));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(names.map((name) => `[data-hideable~="${name}"] { display: none !important; }`).join("\n"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
