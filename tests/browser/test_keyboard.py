"""Every page without a mouse, and what is said to those who hear it."""

import pytest
from playwright.sync_api import Page, expect

from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import HOME, LESSON, PAGES
from tests.browser.conftest import OpenPage, until

# Whether the element with the focus, in whatever shadow tree, shows it: by itself, or by its label where it is hidden.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  if (!(globalThis.seen ??= new Set()).has(at)) seen.add(at);
  else return { again: true };
  const shows = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && element.getBoundingClientRect().width > 8;
  };
  const label = at.closest("label");
  return { ring: shows(at) || Boolean(label && shows(label)), name: at.outerHTML.slice(0, 90) };
}"""

# Whether the element with the focus is wholly between the edges of the window, and whether something lies on it, once
# the page has scrolled to it.
SHOWN = """async () => {
  const inner = (at) => (at?.shadowRoot?.activeElement ? inner(at.shadowRoot.activeElement) : at);
  const at = inner(document.activeElement);
  if (!at || at === document.body) return null;
  const shown = (at.matches(".visually-hidden") && at.closest("label")) || at;
  const holds = (outer, one) => Boolean(one) && (one === outer || holds(outer, one.parentNode ?? one.host));
  const look = () => {
    const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
    const [x, y] = [left + width / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    const deepest = (root) => {
      const found = root.elementFromPoint(x, y);
      return found?.shadowRoot && found.shadowRoot !== root ? (deepest(found.shadowRoot) ?? found) : found;
    };
    const over = deepest(document);
    return !width || !height ? "it has no size"
      : left < -1 || right > innerWidth + 1 ? `it reaches from ${left} to ${right}`
      : holds(shown, over) || holds(over, shown) || at.closest("label")?.contains(over) ? ""
      : `at ${Math.round(x)}, ${Math.round(y)}, beneath ${over?.outerHTML.slice(0, 60)}`;
  };
  let fault = "not looked at";
  for (let frame = 0; frame < 120 && fault; frame++) {
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    fault = look();
  }
  return { fault, name: at.outerHTML.slice(0, 90) };
}"""

COUNT_NEWS = """() => {
  globalThis.news = 0;
  new MutationObserver(() => news++).observe(document.querySelector("#said"), { childList: true });
}"""


def said(page: Page) -> str:
    return page.locator("#said").inner_text()


@pytest.mark.without_axe
@pytest.mark.parametrize("page_of", [HOME, *PAGES, LESSON], ids=lambda page: page.noun)
def test_the_tab_key_goes_everywhere_and_shows_where_it_is(open_page: OpenPage, page_of: Noun) -> None:
    """On a narrow screen, where the focus is most easily out of sight."""
    dark = len(page_of.noun) % 2
    page = open_page(
        page_of.path("es"), viewport={"width": 390, "height": 844}, color_scheme="dark" if dark else "light"
    )
    until(page, "!document.querySelector(':not(:defined)')")
    page.wait_for_load_state("networkidle")
    stops, focused = [], None
    for _ in range(600):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or "again" in focused:
            break
        stops.append({**focused, **page.evaluate(SHOWN)})
    assert [stop["name"] for stop in stops if not stop["ring"]] == []
    assert [(stop["fault"], stop["name"]) for stop in stops if stop["fault"]] == []
    last = page.locator("a, button, input, select, summary, [tabindex='0']").last
    assert len(stops) > 10
    reached = page.evaluate("last => seen.has(last)", last.element_handle())
    assert reached, f"the focus was caught after {len(stops)} stops, at {stops[-1]['name']}: then {focused}"


def test_a_digit_is_drawn_with_keys(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    until(page, "document.querySelector('lente-answer')?.scores != null")
    page.get_by_role("application", name="Drawing pad").focus()
    page.keyboard.press("Delete")
    expect(page.locator("lente-answer .digit")).to_have_text("?")
    for key in ["Shift+ArrowUp", "Shift+ArrowUp", "Space", *["ArrowDown"] * 20, "Space"]:
        page.keyboard.press(key)
    expect(page.locator("lente-answer .digit")).to_have_text("1")
    expect(page.locator("#said")).to_contain_text("I read a 1.")


def test_the_walk_to_the_pixels_with_keys(open_page: OpenPage) -> None:
    page = open_page("/en/digits?layer=conv2&unit=7,5,5")
    panel = page.locator("lente-explanation")
    window = panel.get_by_role("application")
    window.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowDown"]:
        page.keyboard.press(key)
    expect(panel.locator(".equation")).to_contain_text("=")
    page.keyboard.press("Enter")
    expect(panel.locator("h2")).to_contain_text("pool1")
    until(page, "document.activeElement?.localName === 'lente-explanation'")
    panel.locator(".window [data-winner]").press("Enter")
    expect(panel.locator("h2")).to_contain_text("relu1")


def test_the_window_steps_with_keys(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    page.locator("[data-stop=smaller]").press("Enter")
    step = page.get_by_role("button", name="One step on")
    step.press("Enter")
    expect(page.locator(".stepper-count")).to_have_text("2/9")
    step.press("Space")
    expect(page.locator(".stepper-count")).to_have_text("3/9")
    page.get_by_label("Position").press("End")
    expect(page.locator(".stepper-count")).to_have_text("9/9")


def test_layers_are_one_stop_and_arrows_go_through_them(open_page: OpenPage) -> None:
    page = open_page("/en/features?network=photo_cnn&layer=relu1")
    chosen = page.locator(".layer[aria-pressed=true]")
    expect(chosen).to_have_attribute("data-layer", "relu1")
    expect(page.locator(".layer[tabindex='0']")).to_have_count(1)
    chosen.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("data-layer", "pool1")
    terms = page.locator("lente-feature-terms")
    expect(terms).to_contain_text("The largest of the values")
    terms.locator("button.walk").first.press("Enter")
    expect(chosen).to_have_attribute("data-layer", "relu1")


def test_many_steps_are_said_once(open_page: OpenPage) -> None:
    page = open_page("/en/latent")
    until(page, "document.querySelector('lente-latent-map')?.read != null")
    page.evaluate(COUNT_NEWS)
    page.locator("lente-latent-map lente-plane").get_by_role("application").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#said")).to_contain_text("read as")
    assert page.evaluate("news") <= 3
    assert page.locator("lente-latent-map lente-class-bars output").inner_text().replace("\u00a0", " ") in said(page)


def test_in_the_visitors_own_colours_what_is_chosen_stands_out(open_page: OpenPage) -> None:
    page = open_page("/en/convolution", forced_colors="active")
    ground = "(element) => getComputedStyle(element).backgroundColor"
    chosen = page.locator("[data-stop=photo][aria-pressed=true]")
    expect(chosen).to_be_visible()
    assert chosen.evaluate(ground) != page.locator("[data-stop=padding]").evaluate(ground)
