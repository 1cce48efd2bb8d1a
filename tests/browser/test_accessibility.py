"""Nobody is left out: what axe-core says of every page and of its states, in both languages and both themes.

The other tests of the pages look at axe-core too, at their end (open_page does it).
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from lente.app.pages.routes import HOME, LESSON, PAGES
from tests.browser.axe import ALL_BUT_CONTRAST, violations, violations_light_and_dark
from tests.browser.conftest import PATIENCE_MS, until
from tests.browser.sweeps import in_turn

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}
TWICE: ViewportSize = {"width": 640, "height": 400}
LANGUAGES = ("en", "es")
NOUNS = {page.noun: page for page in [HOME, *PAGES, LESSON]}

# To the end and back, so that what waits to come into sight is there.
SEE_ALL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  }
  scrollTo(0, 0);
}"""
SETTLED = """() => {
  const roots = [document];
  for (const root of roots) {
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) roots.push(each.shadowRoot);
  }
  return roots.every((root) => !root.querySelector(":not(:defined), [aria-busy=true], .waiting"));
}"""

# What a screen reader says by itself; faults apart, which are said at once.
LIVE = """() => {
  const roots = [document];
  const found = [];
  for (const root of roots) {
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) roots.push(each.shadowRoot);
      const live = each.matches("output, [role=status], [role=log], [aria-live]");
      if (live && each.getAttribute("aria-live") !== "off") found.push(each.id || each.outerHTML.slice(0, 90));
    }
  }
  return found.sort();
}"""

Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def visit(browser: Browser, server: str) -> Iterator[Visit]:
    """Opens a path, in one context for all; all of the page is loaded."""
    context = browser.new_context(color_scheme="light", viewport=LAPTOP)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)

    def to(path: str) -> Page:
        page.set_viewport_size(LAPTOP)
        page.goto(server + path)
        expect(page.locator("[data-coming]")).to_have_count(0)
        page.evaluate(SEE_ALL)
        until(page, SETTLED)
        return page

    yield to
    context.close()


@pytest.mark.parametrize(("noun", "language"), in_turn(NOUNS, LANGUAGES))
def test_a_page_as_it_opens(visit: Visit, noun: str, language: str) -> None:
    page = visit(NOUNS[noun].path(language))
    assert violations_light_and_dark(page) == []
    assert page.evaluate(LIVE) == ["connection", "said"]
    page.set_viewport_size(PHONE)
    assert violations(page, ALL_BUT_CONTRAST) == []
    page.set_viewport_size(TWICE)
    assert page.evaluate("document.documentElement.scrollWidth") <= TWICE["width"]


def test_axe_sees_into_shadow_trees_and_both_themes(visit: Visit) -> None:
    page = visit("/en/")
    page.evaluate("""() => {
      const host = document.querySelector("main").appendChild(document.createElement("div"));
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("p { color: #555; }");
      host.attachShadow({ mode: "open" }).innerHTML = "<button></button><p>Hard to read where it is dark</p>";
      host.shadowRoot.adoptedStyleSheets = [sheet];
    }""")
    found = [each.split(" | ")[0] for each in violations_light_and_dark(page)]
    assert found == ["button-name", "color-contrast"]


def test_the_page_that_says_there_is_nothing(visit: Visit) -> None:
    assert violations_light_and_dark(visit("/es/nada")) == []


def test_every_example_of_the_convolution(visit: Visit) -> None:
    page = visit("/en/convolution")
    for stop in page.get_by_role("group", name="Worked examples, one after the other").get_by_role("button").all():
        stop.click()
        expect(stop).to_have_attribute("aria-pressed", "true")
        assert violations_light_and_dark(page) == [], stop.inner_text()


def test_every_rung_of_the_tensor_ladder(visit: Visit) -> None:
    page = visit("/en/image")
    for rung in page.get_by_role("group", name="Axes of the tensor").get_by_role("button").all():
        rung.click()
        assert violations_light_and_dark(page) == [], rung.inner_text()


@pytest.mark.parametrize(("layer", "unit"), [("conv2", "0,5,5"), ("pool1", "0,2,2"), ("dense1", "5"), ("softmax", "3")])
def test_the_arithmetic_of_a_unit(visit: Visit, layer: str, unit: str) -> None:
    page = visit(f"/en/digits?layer={layer}&unit={unit}")
    expect(page.locator("lente-explanation .value")).to_be_visible()
    assert violations_light_and_dark(page) == []


def test_the_network_in_space(visit: Visit) -> None:
    page = visit("/en/digits")
    page.locator('[data-view="3d"]').click()
    expect(page.locator("lente-network-3d .class").last).to_be_visible()
    assert violations_light_and_dark(page) == []


def test_the_views_of_the_latent_map(visit: Visit) -> None:
    page = visit("/es/latente")
    for view in page.locator("lente-latent-map .segments button").all():
        view.click()
        expect(view).to_have_attribute("aria-pressed", "true")
        assert violations_light_and_dark(page) == [], view.inner_text()


@pytest.mark.parametrize(
    ("path", "field", "typed", "fault"),
    [
        (
            "/en/latent",
            "lente-latent-map lente-sliders .exact",
            "1e9",
            "lente-latent-map [role=alert]",
        ),
        (
            "/en/autoencoder",
            "lente-bottleneck lente-sliders .exact",
            "1e9",
            "lente-bottleneck [role=alert]",
        ),
        ("/en/convolution", "lente-kernel input", "seven", "lente-convolution [role=alert]"),
    ],
)
def test_what_is_said_of_mistakes(visit: Visit, path: str, field: str, typed: str, fault: str) -> None:
    page = visit(path)
    page.locator(field).first.fill(typed)
    page.locator(field).first.press("Enter")
    expect(page.locator(fault).first).to_be_visible()
    assert violations_light_and_dark(page) == []


def test_a_word_that_is_explained(visit: Visit) -> None:
    page = visit("/es/autoencoder")
    term = page.locator("lente-term").first
    term.get_by_role("button").focus()
    expect(term.locator("[role=tooltip]")).to_be_visible()
    assert violations_light_and_dark(page) == []
    page.keyboard.press("Escape")
    expect(term.locator("[role=tooltip]")).to_be_hidden()
