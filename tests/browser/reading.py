"""What somebody who looks at a page can read of it."""

from playwright.sync_api import Page

# Every text in sight, of whatever shadow tree, by the element that it stands in; what is typed and what is spoken too.
# Left out: what is written for a machine or to be copied, and the lesson's pictures.
READABLE = """([where, spoken]) => {
  const found = [];
  const VERBATIM = "code, pre, script, style, [readonly], a[href^='http'], .invitation-address";
  const take = (text) => text?.trim() && found.push(text.trim().replace(/\\s+/g, " "));
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const box = node.parentElement;
      if (!box || box.checkVisibility({ visibilityProperty: true })) take(node.data);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(VERBATIM)) return;
      for (const name of spoken) take(node.getAttribute(name));
      if (node.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea")) take(node.value);
    }
    if (node.matches?.("details:not([open])")) return node.querySelectorAll(":scope > summary").forEach(walk);
    for (const child of node.shadowRoot?.childNodes ?? []) walk(child);
    for (const child of node.childNodes) walk(child);
  };
  document.querySelectorAll(where).forEach(walk);
  return found;
}"""


SPOKEN = ("aria-label", "aria-valuetext", "alt")


def readable(page: Page, where: str = "body", tooltips: bool = True) -> list[str]:
    """Every text of `where` that is in sight, typed or spoken, with what a mouse that rests brings up, or without."""
    texts: list[str] = page.evaluate(READABLE, [where, [*SPOKEN, "title"] if tooltips else list(SPOKEN)])
    return texts
