"""Small things that were set wrongly once: subscripts of two figures, words that stayed English, numbers too long."""

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import TWO_FRAMES, WHOLE, OpenPage, until

Pixels = np.ndarray[Any, np.dtype[Any]]

LATENT = {"es": ("latente", "decodificador("), "fr": ("latent", "décodeur("), "en": ("latent", "decoder(")}
# Subscripts, and whether each lies in one line, right behind its letter.
SUBSCRIPTS = """() => [...document.querySelectorAll("#numbers lente-sliders sub")].map((sub) => {
  const range = document.createRange();
  range.selectNodeContents(sub);
  const [letter] = [document.createRange()];
  letter.selectNode(sub.previousSibling);
  const [behind, before] = [range.getBoundingClientRect(), letter.getBoundingClientRect()];
  return [sub.textContent, range.getClientRects().length, Math.abs(behind.left - before.right) < 3];
})"""


@pytest.mark.parametrize("language", LATENT)
def test_a_z_with_two_figures_is_one_name_and_what_is_decoded_is_said_in_the_language(
    open_page: OpenPage, language: str
) -> None:
    slug, decoder = LATENT[language]
    page = open_page(f"/{language}/{slug}", viewport={"width": 390, "height": 844})
    expect(page.locator("#map .decoded figcaption")).to_contain_text(decoder)
    page.locator("#numbers").scroll_into_view_if_needed()
    expect(page.locator("#numbers lente-sliders sub")).to_have_count(10)
    subscripts = page.evaluate(SUBSCRIPTS)
    assert sorted((text for text, _, _ in subscripts), key=int) == [str(number) for number in range(1, 11)]
    assert all(lines == 1 and close for _, lines, close in subscripts), subscripts


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_number_in_a_sentence_has_more_decimals_than_can_be_read(open_page: OpenPage, language: str) -> None:
    slug = {"es": "imagen", "en": "image"}[language]
    page = open_page(f"/{language}/{slug}?notation=1&rank=3&unit=40,60")
    expect(page.locator("[data-pixel]")).to_be_visible()
    page.locator("lente-tensor-ladder").scroll_into_view_if_needed()
    said = page.locator("main").inner_text()
    assert re.findall(r"\d+[.,]\d{5,}", said) == []


# Between 0 and 1 every product, sum, quotient, largest value and mean has more figures than are of use.
SUMS = [
    "preset=custom&kernel=1,1,1;1,1,1;1,1,1&divisor=9", "preset=custom&kernel=1,2,1;2,4,2;1,2,1&bias=0.123",
    "channels=cube&preset=sharpen", "preset=gaussian-5", "operation=average", "operation=average&pool=5",
    "operation=max",
]  # fmt: skip


@pytest.mark.parametrize("query", SUMS)
def test_no_number_of_a_sum_has_more_figures_than_can_be_read(open_page: OpenPage, query: str) -> None:
    page = open_page(f"/en/convolution?scale=1&{query}")
    inspector = page.locator("lente-inspector, lente-pool-inspector")
    expect(inspector.locator("[data-result]")).to_be_visible()
    written = inspector.locator(".tile, .sum").all_inner_texts()
    numbers = re.findall(r"\d+\.\d+", " ".join(written))
    assert len(numbers) > 1
    assert [number for number in numbers if len(number.replace(".", "").lstrip("0")) > 5] == []


# What is written in the network of the digits page: its names, and the figures below its last layers.
WRITTEN = """() => {
  const net = document.querySelector("lente-network-2d");
  const { left, top } = net.getBoundingClientRect();
  const names = [...net.renderRoot.querySelectorAll(".label")].map((label) => {
    const range = document.createRange();
    range.selectNodeContents(label);
    const box = range.getBoundingClientRect();
    return [box.left - left, box.top - top, box.right - left, box.bottom - top];
  });
  const figured = net.layout.blocks.filter(({ units }) => units <= 10);
  return [...names, ...figured.map(({ x, width, bottom }) => [x, bottom - 13, x + width, bottom])];
}"""
TOUCH = """([layer, index]) => {
  const net = document.querySelector("lente-network-2d");
  net.touched = { layer, index };
  return net.updateComplete;
}"""
LINES = """(shown) => {
  const net = document.querySelector("lente-network-2d");
  net.renderRoot.querySelector(".overlay").style.visibility = shown ? "" : "hidden";
}"""


def seen(page: Page) -> Pixels:
    shot = page.locator("lente-network-2d").screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


@pytest.mark.without_axe
@pytest.mark.parametrize("width", [390, 820, 1366, 1920])
def test_no_line_is_drawn_over_a_name_or_a_number_of_the_network(open_page: OpenPage, width: int) -> None:
    page = open_page("/es/digitos", viewport={"width": width, "height": 900})
    expect(page.locator("lente-network-2d .label").first).to_be_visible()
    until(page, "document.fonts.status === 'loaded' && !!document.querySelector('lente-network-2d').activations")
    page.locator("lente-network-2d").scroll_into_view_if_needed()
    for unit in (["conv2", 345], ["softmax", 3]):
        page.evaluate(TOUCH, unit)
        page.evaluate(LINES, False)
        without = seen(page)
        page.evaluate(LINES, True)
        drawn = (seen(page) != without).any(axis=2)
        assert drawn.sum() > 100, "there are lines"
        for left, top, right, bottom in page.evaluate(WRITTEN):
            place = np.s_[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)]
            ground = np.median(without[place].reshape(-1, 3), axis=0)
            letters = np.abs(without[place] - ground).max(axis=2) > 40
            assert letters.sum() > 10
            assert not (drawn[place] & letters).any(), (unit, left, top)


@pytest.mark.parametrize(("path", "width"), [("digits", 1366), ("autoencoder", 390)])
def test_an_index_below_the_first_exhibit_leads_to_each_idea(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(f"/en/{path}", viewport={"width": width, "height": 844})
    index = page.get_by_role("navigation", name="On this page")
    names = index.get_by_role("link").all_inner_texts()
    assert names == page.locator("nav.index ~ .idea > h2, nav.index ~ .further .idea > h2").all_inner_texts()
    for name in (names[-1], names[0]):
        index.get_by_role("link", name=name, exact=True).click()
        heading = page.get_by_role("heading", name=name, exact=True)
        expect(heading).to_be_in_viewport()
        expect(index.locator("[aria-current=true]")).to_have_text(name)
        strip, box = index.bounding_box(), heading.bounding_box()
        assert strip
        assert box
        assert box["y"] >= strip["y"] + strip["height"] - 1, "the strip lies over no heading"


# Words that a button for the whole screen lies on, and exhibits that have two of them.
COVERED = """() => {
  const buttons = [...document.querySelectorAll(".whole-screen button")].filter((one) => one.checkVisibility());
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const found = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim()) continue;
    range.selectNodeContents(walker.currentNode);
    for (const line of range.getClientRects())
      for (const button of buttons) {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const over = line.left < right - 4 && line.right > left + 4 && line.top < bottom - 4 && line.bottom > top + 4;
        if (over) found.push(walker.currentNode.data.trim().slice(0, 60));
      }
  }
  const places = buttons.map((one) => one.getBoundingClientRect()).map(({ top }) => top + scrollY);
  const close = places.filter((top, i) => i > 0 && Math.abs(top - places[i - 1]) < 60);
  return { count: buttons.length, found, close };
}"""


@pytest.mark.without_axe
@pytest.mark.parametrize(
    "slug", ["imagen", "convolucion", "digitos", "aprendizaje", "caracteristicas", "autoencoder", "latente", "difusion"]
)
def test_each_exhibit_has_one_button_for_the_whole_screen_that_covers_no_words(open_page: OpenPage, slug: str) -> None:
    page = open_page(f"/es/{slug}", viewport={"width": 390, "height": 844})
    page.evaluate(WHOLE)
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(TWO_FRAMES)
        expect(page.locator(".whole-screen button").first).to_be_visible()
        told = page.evaluate(COVERED)
        assert told["count"] > 0
        assert (told["found"], told["close"]) == ([], []), width


def test_on_a_phone_the_settings_of_both_sides_say_whose_they_are(open_page: OpenPage) -> None:
    page = open_page("/es/convolucion", viewport={"width": 390, "height": 844})
    settings = page.locator(".side-options")
    expect(settings).to_have_count(2)
    for settings_of, name in zip(settings.all(), ["Entrada", "Salida"], strict=True):
        expect(settings_of.get_by_text(name, exact=True)).to_be_visible()
        expect(page.get_by_role("group", name=name, exact=True)).to_be_attached()


# The first three blocks stand on one line, one beside the other.
ROW = """() => {
  const cubes = [...document.querySelectorAll("lente-feature-cubes .cube")];
  const boxes = cubes.slice(0, 3).map((one) => one.getBoundingClientRect());
  const beside = boxes.every(({ left }, i) => i === 0 || left >= boxes[i - 1].right);
  return boxes.length === 3 && beside && boxes.every(({ bottom }) => Math.abs(bottom - boxes[0].bottom) <= 1);
}"""


def test_on_a_phone_the_blocks_of_a_network_lie_in_rows(open_page: OpenPage) -> None:
    page = open_page("/es/caracteristicas?network=photo_cnn", viewport={"width": 390, "height": 844})
    page.locator("lente-feature-cubes").scroll_into_view_if_needed()
    cubes = page.locator("lente-feature-cubes .cube")
    expect(cubes.nth(3)).to_be_visible()
    until(page, ROW)


@pytest.mark.without_axe
@pytest.mark.parametrize(
    ("path", "row", "lines"),
    [
        ("/es/aprendizaje", ".learn-panels", {360: 1, 1366: 1}),
        ("/fr/diffusion", ".noise-flow .noise-panels", {360: 1, 1366: 1}),
        ("/es/difusion", ".told-pictures", {360: 2, 1366: 1}),
    ],
)
def test_the_pictures_of_a_row_stand_on_one_line_however_long_their_names(
    open_page: OpenPage, path: str, row: str, lines: dict[int, int]
) -> None:
    page = open_page(path)
    page.evaluate(WHOLE)
    for width, wanted in lines.items():
        page.set_viewport_size({"width": width, "height": 768})
        panels = page.locator(row)
        panels.locator("figure").first.scroll_into_view_if_needed()  # on a phone the row itself has no box
        names = panels.locator("figure:has(lente-map, lente-pictures) h3")
        expect(names.first).to_be_visible()
        heights = {round(box["height"]) for one in names.all() if (box := one.bounding_box())}
        assert width > 360 or len(heights) > 1, "no name is longer than the others here: the test tells nothing"
        pictures = panels.locator("lente-map, lente-pictures")
        tops = {round(box["y"]) for one in pictures.all() if (box := one.bounding_box())}
        assert len(tops) == wanted, (width, tops)


# Fields that stand beside each other, their names above them, and how far one lies from the line of the other.
UNEVEN = """() => {
  const labels = [...document.querySelectorAll("label.above")].filter((one) => one.checkVisibility());
  const fieldOf = (label) => label.querySelector("input, select").getBoundingClientRect();
  const beside = (one, next) => next?.classList.contains("above") && fieldOf(next).left > fieldOf(one).right;
  const pairs = labels.map((one) => [one, one.nextElementSibling]).filter(([one, next]) => beside(one, next));
  const apart = ([one, next]) => Math.abs(fieldOf(one).bottom - fieldOf(next).bottom);
  return { count: pairs.length, found: pairs.filter((two) => apart(two) > 1).map(([one]) => one.innerText) };
}"""


@pytest.mark.without_axe
@pytest.mark.parametrize(("language", "slug"), [("es", "convolucion"), ("fr", "convolution")])
def test_the_fields_of_a_row_stand_on_one_line_however_long_their_names(
    open_page: OpenPage, language: str, slug: str
) -> None:
    page = open_page(f"/{language}/{slug}")
    expect(page.locator(".kernel-numbers input")).to_have_count(4)
    until(page, "document.fonts.status === 'loaded'")
    for width in (390, 683, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        until(page, TWO_FRAMES)
        told = page.evaluate(UNEVEN)
        assert told["count"] >= 4
        assert told["found"] == [], width
