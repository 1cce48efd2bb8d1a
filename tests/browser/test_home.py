"""Home: every miniature is alive."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, until


def bring(page: Page, stop: str) -> None:
    page.locator(f'[data-stop="{stop}"]').scroll_into_view_if_needed()


def test_a_drawn_one_is_read_as_a_one(open_page: OpenPage) -> None:
    page = open_page("/en/")
    read = page.locator("mini-digits output")
    expect(read).to_contain_text("read as 3")
    box = page.locator("mini-digits canvas.pad").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    for share in range(20, 85, 5):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share / 100)
    page.mouse.up()
    expect(read).to_contain_text("read as 1")


def test_the_numbers_are_the_pixels_under_the_cursor(open_page: OpenPage) -> None:
    page = open_page("/en/")
    middle = page.locator("mini-image .touched")
    expect(middle).to_have_text(re.compile(r"^\d+$"))
    page.locator("mini-image lente-map").hover(position={"x": 5, "y": 5})
    corner = page.evaluate("""() => {
        const { data, shape: [, rows, columns] } = document.querySelector("mini-image").picture;
        return String(Math.round(255 * data[0]));
    }""")
    page.locator("mini-image lente-map").hover(position={"x": 1, "y": 1})
    expect(middle).to_have_text(corner)


def test_the_decoder_follows_the_arrow_keys(open_page: OpenPage) -> None:
    page = open_page("/es/")
    bring(page, "latent")
    plane = page.get_by_role("slider", name="Dos números del espacio latente")
    expect(plane).to_have_attribute("aria-valuetext", "0.10, 1.80")
    until(page, "document.querySelector('mini-latent')?.image != null")
    before = page.evaluate("Array.from(document.querySelector('mini-latent').image.data)")
    plane.focus()
    page.keyboard.press("ArrowRight")
    expect(plane).to_have_attribute("aria-valuetext", "0.35, 1.80")
    until(page, "before => document.querySelector('mini-latent').image.data.some((v, i) => v !== before[i])", before)


def test_the_autoencoder_and_the_feature_maps_show_something(open_page: OpenPage) -> None:
    page = open_page("/en/")
    bring(page, "autoencoder")
    until(page, "document.querySelector('mini-autoencoder')?.images.length === 6")
    bring(page, "features")
    until(page, "document.querySelector('mini-features')?.maps.length === 7")
    assert page.evaluate("document.querySelector('mini-features').range.high") > 0


def test_another_language_is_the_same_page_in_the_same_state(open_page: OpenPage) -> None:
    page = open_page("/en/convolution?preset=sobel_left")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/convolucion?*preset=*")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_dark_is_remembered(open_page: OpenPage) -> None:
    page = open_page("/en/", color_scheme="light")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Light or dark").click()
    expect(root).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


def test_nothing_is_wider_than_a_small_phone(open_page: OpenPage) -> None:
    page = open_page("/es/", viewport={"width": 360, "height": 740}, has_touch=True)
    for stop in ("image", "convolution", "digits", "learning", "features", "autoencoder", "latent"):
        bring(page, stop)
        until(page, f"document.querySelector('mini-{stop}')")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_digit_comes_out_of_noise_and_the_slider_goes_back(open_page: OpenPage) -> None:
    page = open_page("/en/")
    bring(page, "diffusion")
    until(page, "document.querySelector('mini-diffusion')?.way.length === 7")
    slider = page.locator("mini-diffusion input")
    expect(slider).to_have_value("6")
    shown = "Array.from(document.querySelectorAll('mini-diffusion lente-map')[{}].tensor.data)"
    noise, digit = (page.evaluate(shown.format(place)) for place in (0, 1))
    assert abs(sum(noise) / 784 - 0.5) < 0.1
    assert sum(digit) / 784 < 0.35  # mostly dark, as digits are
    slider.fill("0")
    until(page, f"({shown.format(1)}).join() === ({shown.format(0)}).join()")
    page.get_by_role("button", name="Another digit").last.click()
    until(page, "document.querySelector('mini-diffusion').digit === 3")


NO_FIGURE = re.compile(r"^\D+$")


@pytest.mark.without_axe
def test_nothing_is_said_of_a_picture_before_a_network_has_seen_it(open_page: OpenPage) -> None:
    page = open_page("/es/aula")
    kept: list[Route] = []
    page.route("**/api/**", lambda route: kept.append(route))  # a server that has just begun: no answer yet
    page.goto(page.url.replace("/es/aula", "/es/"))
    bring(page, "learning")
    expect(page.locator("mini-learning small")).to_have_text(NO_FIGURE)
    bars = page.locator("mini-digits lente-class-bars")
    expect(bars.get_by_role("img")).to_have_accessible_name(NO_FIGURE)
    expect(bars.locator(".first")).to_have_count(0)
    page.goto(page.url + "digitos")
    expect(page.locator("lente-answer .words")).to_have_text("La red está en camino…")
    assert kept, "something was asked for"
