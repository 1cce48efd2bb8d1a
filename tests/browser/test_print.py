"""On paper: colours stay, and the numbers that stand on them with them, even where a browser leaves grounds out."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, until

# Numbers that stand on a colour, by page, and where that colour is set.
COLOURED = {
    "image": ".loupe lente-matrix >>> .cell",
    "convolution?matrix=1,2,3;4,5,6;7,8,9": ".kernel-weight input",
}
GROUNDS = """(path) => {
  const [outer, inner] = path.split(" >>> ");
  const parts = [...document.querySelectorAll(outer)]
    .flatMap((one) => (inner ? [...one.shadowRoot.querySelectorAll(inner)] : [one]));
  return parts.map((one) => getComputedStyle(one).backgroundColor);
}"""
# What is painted and would lose its ground.
LOSES = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  return deep(document.querySelector("main"))
    .filter((one) => one.checkVisibility() && getComputedStyle(one).printColorAdjust !== "exact")
    .map((one) => one.outerHTML.slice(0, 80));
}"""


def filled(pdf: bytes) -> set[tuple[int, int, int]]:
    """The colours that a file fills areas and letters with, 0 to 255."""
    colours = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        for found in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b", text):
            red, green, blue = (round(255 * float(part)) for part in found)
            colours.add((red, green, blue))
    return colours


@pytest.mark.parametrize("path", COLOURED)
def test_numbers_on_colours_are_printed_on_them_where_grounds_are_left_out(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/en/{path}")
    until(page, f"() => ({GROUNDS})('{COLOURED[path]}').length > 3")
    wanted = {
        tuple(int(part) for part in re.findall(r"\d+", ground)[:3]) for ground in page.evaluate(GROUNDS, COLOURED[path])
    }
    assert len(wanted) > 1
    printed = filled(page.pdf(print_background=False))
    assert all(
        any(max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 1 for other in printed) for one in wanted
    )


@pytest.mark.parametrize(
    "path", ["", "image", "convolution", "digits", "learning", "features", "autoencoder", "latent", "diffusion"]
)
def test_nothing_of_a_page_loses_its_colour_on_paper(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/en/{path}")
    page.emulate_media(media="print")
    assert page.evaluate(LOSES) == []
    page.emulate_media(media="screen")


# What is on its way, and maps on which nothing was painted: neither may be on paper.
MISSING = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  const parts = document.querySelectorAll(".idea, main > .exhibit, main > .reader");
  const blank = (canvas) => {
    const { width, height } = canvas;
    return !width || !canvas.getContext("2d")?.getImageData(0, 0, width, height).data.some((value) => value);
  };
  return [...parts].filter((part) => {
    const painted = deep(part)
      .filter((one) => one.matches("canvas:not(.overlay, .figures, .touch)") && one.checkVisibility());
    return painted.length > 0 && painted.every(blank);
  }).map((part) => part.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("path", ["digitos", "latente", "autoencoder", "caracteristicas", "difusion"])
def test_what_was_never_near_the_screen_comes_before_it_is_printed(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/es/{path}")
    page.evaluate("() => { window.print = () => (window.printed = true); }")
    page.keyboard.press("Control+p")
    until(page, "window.printed === true")
    assert page.evaluate(MISSING) == []
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".not-come")).to_have_count(0)
    assert page.evaluate("scrollY") == 0


def test_who_prints_by_the_menu_is_told_what_had_not_come(open_page: OpenPage) -> None:
    page = open_page("/es/latente", viewport={"width": 1366, "height": 500})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    last = page.locator(".not-come").last
    expect(last.locator("h2")).to_be_visible()
    expect(last.locator(".not-come-words")).to_contain_text("imprime con Ctrl+P")
    assert last.evaluate("one => [...one.children].filter((part) => part.checkVisibility()).length") == 2
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".not-come, .not-come-words")).to_have_count(0)
    page.emulate_media(media="screen")
