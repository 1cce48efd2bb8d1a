"""Decimal point or comma: the visitor's choice, on every page, and nowhere but on pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from lente.app.i18n import languages
from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import HOME, LESSON, PAGES
from tests.browser.conftest import OpenPage, until
from tests.browser.reading import readable
from tests.browser.sweeps import in_turn

# A point, or a comma, between two digits that are one number: no address of a machine, no version, no name of a layer
# or of a licence.
WITH_POINT = re.compile(r"(?<![\w.,-])\d+\.\d+(?!\.?\d)")
WITH_COMMA = re.compile(r"(?<![\w.,-])\d+,\d+(?!,?\d)")
# Thousands are apart from five figures on, in every language, by a narrow space that no line breaks at.
TOGETHER = re.compile(r"(?<![\w.,:/#-])\d{5,}(?!\w)")
APART = re.compile(r"(?<![\d\u202f\u00a0 ])\d[\u202f\u00a0]\d{3}(?![\u202f\u00a0]?\d)|\d\u00a0\d{3}(?!\d)")
STATES = {
    "home": [""],
    "image": ["?notation=1&rank=1", "?notation=1&rank=3"],
    "convolution": ["?preset=blur", "?matrix=1,2;3,4&operation=average", "?matrix=0.5,1;2,3.25&padding=1&divisor=1.5"],
    "digits": ["?layer=softmax&unit=3", "?layer=conv2&unit=0,5,5"],
    "learning": ["?rate=0.12"],
    "features": ["?layer=conv1", "?unit=0,5,5", "?method=integrated_gradients"],
    "autoencoder": ["", "?z=0.25,-1.5,0.5,1,1,1,1,1"],
    "latent": ["?z=1.25,-0.5", "?view=warp"],
    "diffusion": ["?noised=300&outsteps=2&flowstep=100"],
    "lesson": [""],
}


# What comes near is seen at a frame, and whoever reads stays for more than one.
FRAMES = "async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); return true; }"


def choose(page: Page, mark: str) -> None:
    page.locator(".languages summary").click()
    with page.expect_navigation():
        page.locator(f"[data-decimal-mark={mark}]").click()
    expect(page.locator("[data-coming], .features[data-ready=false]")).to_have_count(0)


def whole(page: Page) -> list[str]:
    """All that can be read once every exhibit has been near and every fold is open."""
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => (fold.open = true))")
    page.mouse.wheel(0, 0)
    for _ in range(40):
        page.keyboard.press("PageDown")
        page.evaluate(FRAMES)
        if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"):
            break
    page.wait_for_load_state("networkidle")
    until(page, "!document.querySelector('.waiting')")
    return readable(page)


@pytest.mark.without_axe
@pytest.mark.parametrize(("noun", "language"), in_turn([HOME, *PAGES, LESSON], languages()))
def test_all_numbers_have_the_mark_that_was_chosen(open_page: OpenPage, noun: Noun, language: str) -> None:
    for state in STATES[noun.noun]:
        page = open_page(noun.path(language) + state)
        plain = whole(page)
        assert [text for text in plain if WITH_COMMA.search(text)] == []
        assert [text for text in plain if TOGETHER.search(text) or APART.search(text)] == []
        address = page.url
        choose(page, "comma")
        changed = whole(page)
        assert [text for text in changed if WITH_POINT.search(text)] == []
        assert page.url == address
        numbers = [text for text in plain if WITH_POINT.search(text)]
        assert bool(numbers) == any(WITH_COMMA.search(text) for text in changed), numbers


def test_a_reload_and_another_page_keep_the_mark_and_another_choice_takes_it_back(open_page: OpenPage) -> None:
    page = open_page("/es/digitos")
    expect(page.locator("#temperature-value")).to_have_text("1.00")
    choose(page, "comma")
    expect(page.locator("#temperature-value")).to_have_text("1,00")
    page.reload()
    expect(page.locator("#temperature-value")).to_have_text("1,00")
    page.goto(page.url.replace("/es/digitos", "/fr/chiffres"))
    expect(page.locator("#temperature-value")).to_have_text("1,00")
    expect(page.locator("[data-decimal-mark=comma]")).to_have_attribute("aria-pressed", "true")
    choose(page, "point")
    expect(page.locator("#temperature-value")).to_have_text("1.00")


def test_fields_take_both_and_the_address_has_a_point(open_page: OpenPage) -> None:
    page = open_page("/es/latente")
    choose(page, "comma")
    for typed in ("1,5", "1.5"):
        page.locator("#map").get_by_label("z₂, valor exacto").fill(typed)
        page.locator("#map").get_by_label("z₂, valor exacto").press("Enter")
        expect(page.locator("#map").get_by_label("z₂, valor exacto")).to_have_value("1,50")
        expect(page).to_have_url(re.compile(r"[?&]z=[^&]*,1\.5(&|$)"))
    expect(page.locator("lente-latent-map .decoded figcaption")).to_contain_text("; 1,50)")


def test_a_column_of_decimals_is_one_column(open_page: OpenPage) -> None:
    page = open_page("/es/convolucion?matrix=1,2;3,4")
    choose(page, "comma")
    page.locator("lente-matrix-editor summary").click()
    page.locator("lente-matrix-editor textarea").fill("1,5\n2,25\n3\n4")
    expect(page.locator("lente-matrix-editor caption")).to_contain_text("4 × 1")
    page.locator("lente-matrix-editor").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"matrix=1\.5(;|%3B)2\.25(;|%3B)3(;|%3B)4"))
    page.locator("lente-matrix-editor textarea").fill("1,5\t2\n0,25\t4")
    page.locator("lente-matrix-editor textarea").press("Control+Enter")
    expect(page).to_have_url(re.compile(r"matrix=1\.5(,|%2C)2(;|%3B)0\.25(,|%2C)4"))
