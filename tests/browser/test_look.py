"""Small things that were set wrongly once: subscripts of two figures, words that stayed English, numbers too long."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

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
