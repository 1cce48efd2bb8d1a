"""No number is ever clipped: on every page, in several states, at five widths (one enlarged), in three languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lente.app.i18n import languages
from lente.app.pages.routes import HOME, PAGES
from tests.browser.conftest import TWO_FRAMES, WHOLE, OpenPage, until
from tests.browser.sweeps import in_turn

WIDTHS = [(390, 844), (683, 384), (820, 1180), (1366, 768), (1920, 1080)]
NOUNS = {page.noun: page for page in [HOME, *PAGES]}

# Each text with a figure in it, against what clips it; where a part scrolls, what lies outside can be reached.
CLIPPED = r"""() => {
  const found = [];
  const roots = [document.body];
  const outer = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const slack = 1.5;
  const clips = (text, from) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const inked = range.getBoundingClientRect();
    if (!inked.width) return false;
    let [across, along] = [true, true];
    for (let at = from; at && (across || along); at = outer(at)) {
      const style = getComputedStyle(at);
      if (style.visibility === "hidden" || style.opacity === "0" || at.matches(".visually-hidden")) return false;
      if (style.display === "inline" || style.display === "contents") continue;
      const box = at.getBoundingClientRect();
      const hides = (overflow) => overflow === "hidden" || overflow === "clip";
      const beside = inked.right > box.right + slack || inked.left < box.left - slack;
      const above = inked.bottom > box.bottom + slack + 3 || inked.top < box.top - slack - 3;
      if ((across && beside && hides(style.overflowX)) || (along && above && hides(style.overflowY))) return true;
      if (style.overflowX === "auto" || style.overflowX === "scroll") across = false;
      if (style.overflowY === "auto" || style.overflowY === "scroll") along = false;
      if (style.position === "fixed") break;
    }
    return across && inked.right > innerWidth + slack;
  };
  const homeOf = (element) => element.getRootNode().host?.localName ?? "page";
  const where = (element) => `${element.localName}.${element.className} in ${homeOf(element)}`;
  let count = 0;
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.shadowRoot) roots.push(node.shadowRoot);
        const field = node.matches("input[type=number], input[type=text], input:not([type])");
        if (!field || !node.clientWidth) continue;
        count++;
        if (node.scrollWidth > node.clientWidth + 1) found.push([where(node), node.value]);
      } else if (/\d/.test(node.data)) {
        const holder = node.parentElement ?? root.host;
        if (holder.matches("script, style")) continue;
        count++;
        if (clips(node, holder)) found.push([where(holder), node.data.trim()]);
      }
    }
  }
  return { count, found };
}"""

State = Callable[[Page], None]


def press(*selectors: str) -> State:
    def reach(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()

    return reach


def choose(selector: str, value: str) -> State:
    return lambda page: (page.locator(selector).first.select_option(value), None)[1]


def stop(name: str) -> State:
    def reach(page: Page) -> None:
        page.locator(f"[data-stop={name}]").click()
        expect(page.locator(f"[data-stop={name}]")).to_have_attribute("aria-pressed", "true")

    return reach


def point(selector: str, across: float = 0.1, down: float = 0.1) -> State:
    """At a place in what is pointed at, by its shares of width and height."""

    def reach(page: Page) -> None:
        part = page.locator(selector).first
        box = part.bounding_box()
        assert box is not None
        part.hover(position={"x": across * box["width"], "y": down * box["height"]})

    return reach


def evaluate(script: str) -> State:
    return lambda page: (page.evaluate(script), None)[1]


STATES: dict[str, list[State]] = {
    "home": [],
    "image": [
        press("[data-notation='1']"),
        press("[data-notation=hex]"),
        press("[data-rank='2']"),
        press("[data-rank='5']"),
    ],
    "convolution": [
        press(".side-options .segments button:nth-child(2)"),
        evaluate("document.querySelectorAll('.side-options[data-side=input] .segments')[1].lastElementChild.click()"),
        choose("[data-field=preset]", "gaussian-5"),
        choose("[data-field=channels]", "cube"),
        *[stop(name) for name in ("what", "padding", "colour", "digit", "pooling", "stride", "flatten")],
    ],
    "digits": [
        press("lente-weights .segments button:nth-child(3)"),
        press("lente-network-2d .label:nth-of-type(2)"),
    ],
    "learning": [
        press("lente-one-kernel [data-do=step]"),
        press("lente-one-kernel [data-do=show]"),
    ],
    "features": [press("[data-layer='stem.conv']"), press("[data-do=mute]")],
    "autoencoder": [
        press(".bottleneck-tools .segments button:last-child"),
        press(".bottleneck-tools .segments button:first-child"),
        press("lente-guess button"),
    ],
    "latent": [
        evaluate("document.querySelector('lente-latent-map').set([-3.14, -2.72])"),
        press("lente-latent-map .segments button:last-child"),
    ],
    "diffusion": [
        press("lente-diffusion-out [data-kind=ancestral]"),
        press("lente-diffusion-seen [data-label='3']"),
        evaluate("document.querySelector('lente-diffusion-plane').moveStart([-3.14, -2.72])"),
    ],
}  # fmt: skip


@pytest.mark.without_axe
@pytest.mark.parametrize(("noun", "language"), in_turn(["digits"], languages()))
def test_no_number_of_the_unit_under_the_pointer_is_clipped(open_page: OpenPage, noun: str, language: str) -> None:
    """Another width would take the unit away from under the pointer: it is pointed at anew."""
    page = open_page(NOUNS[noun].path(language))
    until(page, "document.fonts.status === 'loaded' && document.querySelector('lente-network-2d')?.activations != null")
    clipped, told = [], set()
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for down in range(2, 98, 8):
            point("lente-network-2d", 0.25, down / 100)(page)
            until(page, TWO_FRAMES)
            if words := page.locator("#readout").inner_text():
                told.add(words.split(",")[0])
                clipped += [(width, *one) for one in page.evaluate(CLIPPED)["found"]]
    assert len(told) > 2, "units of several layers were under it"
    assert not clipped, clipped[:10]


@pytest.mark.without_axe
@pytest.mark.parametrize(("noun", "language"), in_turn(STATES, languages()))
def test_no_number_is_clipped(open_page: OpenPage, noun: str, language: str) -> None:
    page = open_page(NOUNS[noun].path(language))
    page.evaluate(WHOLE)
    until(page, "document.fonts.status === 'loaded'")
    until(page, f"() => ({CLIPPED})().count > 20")  # the numbers have come, however slow the machine
    clipped = []
    for number, reach in enumerate([lambda _: None, *STATES[noun]]):
        reach(page)
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            until(page, TWO_FRAMES)
            told = page.evaluate(CLIPPED)
            assert told["count"] > 20
            clipped += [(number, width, *one) for one in told["found"]]
        page.set_viewport_size({"width": 1366, "height": 768})
    assert not clipped, "\n".join(" ".join(map(str, one)) for one in clipped[:40])


CUT = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  const texts = (one) => [...one.childNodes].filter((node) => node.nodeType === 3);
  const own = (one) => texts(one).map(({ data }) => data).join("").trim();
  return deep(document).filter((one) => own(one) && one.checkVisibility())
    .filter((one) => {
      const style = getComputedStyle(one);
      const hides = style.overflowX === "hidden" || style.overflowX === "clip" || style.textOverflow === "ellipsis";
      const cut = hides && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1;
      return cut || (one instanceof SVGElement && own(one).includes("…"));
    })
    .map((one) => `${one.tagName} ${own(one).slice(0, 60)}`)
    .concat([...document.querySelectorAll("input[type=text]")]
      .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
      .map((one) => `INPUT ${one.value}`));
}"""


@pytest.mark.parametrize(("width", "language"), in_turn([390, 768, 1366], ["fr", "es"]))
def test_no_word_and_no_layers_name_is_cut(open_page: OpenPage, language: str, width: int) -> None:
    address = NOUNS["features"].path(language) + "?network=photo_cnn"
    page = open_page(address, viewport={"width": width, "height": 844})
    page.locator("lente-feature-graph").scroll_into_view_if_needed()
    expect(page.locator("lente-feature-graph [data-do=unfold]")).to_be_enabled()
    page.locator("lente-feature-graph [data-do=unfold]").click()
    expect(page.locator("lente-feature-graph text.name", has_text="shortcut").first).to_be_attached()
    page.locator("lente-feature-blame").scroll_into_view_if_needed()
    expect(page.locator("lente-feature-blame input[type=text]")).to_have_value(re.compile(r"\w{4}"))
    assert page.evaluate(CUT) == []
