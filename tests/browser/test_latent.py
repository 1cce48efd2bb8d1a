"""The latent page in a real browser, against what the API answers."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

PIXELS = """() => {
  const canvas = document.querySelector('.decoded lente-pictures').shadowRoot.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
  return Array.from({ length: 784 }, (_, i) => data[4 * i]);
}"""


def decoded(server: str, model: str, z: list[float]) -> list[float]:
    body = json.dumps({"z": [z]}).encode()
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{server}/api/latent/{model}/decode", body, headers)
    with urllib.request.urlopen(request) as answer:
        images = json.load(answer)["images"]
    return [255 * value for row in images[0][0] for value in row]


def place(page: Page) -> list[float]:
    """The two numbers under the decoded digit."""
    text = page.locator(".decoded figcaption").inner_text().replace("−", "-")
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def close(one: list[float], other: list[float], most: float) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= most


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("/en/latent")
    expect(page.locator(".decoded")).to_be_visible()
    return page


def test_dragging_shows_what_the_server_decodes_there(page: Page, server: str) -> None:
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.4, steps=15)
    page.mouse.up()
    page.mouse.move(5, 5)
    z = place(page)
    assert z[0] > 0.5
    assert z[1] > 0.3
    # The caption has two decimals, so the picture may differ by what half of the last one moves.
    assert close(page.evaluate(PIXELS), decoded(server, "vae_2d", z), 12)
    assert float(page.get_by_label("z₁", exact=True).input_value()) == pytest.approx(z[0], abs=0.01)


def test_hovering_looks_and_leaving_returns(page: Page) -> None:
    before = place(page)
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    assert place(page) != before
    page.mouse.move(5, 5)
    assert place(page) == before


def test_a_slider_moves_the_place_and_a_typed_value_is_exact(page: Page, server: str) -> None:
    page.get_by_label("z₂, exact value").fill("1.5")
    page.get_by_label("z₂, exact value").press("Enter")
    assert place(page) == [0, 1.5]
    assert close(page.evaluate(PIXELS), decoded(server, "vae_2d", [0, 1.5]), 1)
    page.get_by_label("z₁", exact=True).press("End")
    assert place(page) == [3, 1.5]


def test_a_value_that_cannot_be_used_is_quoted_and_the_picture_stays(page: Page) -> None:
    page.get_by_label("z₁, exact value").fill("1e9")
    page.get_by_label("z₁, exact value").press("Enter")
    expect(page.locator("lente-latent-map [role=alert]")).to_contain_text("1e9")
    assert place(page) == [0, 0]


def test_arrow_keys_step_and_the_address_keeps_the_place(page: Page) -> None:
    page.locator("lente-latent-map lente-plane").get_by_role("application").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    assert place(page)[0] > 1
    expect(page).to_have_url(re.compile(r"[?&]z=2\.\d+,"))


def test_a_finger_drags(open_page: OpenPage) -> None:
    page = open_page("/en/latent", viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".decoded")).to_be_visible()
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    z = place(page)
    assert z[0] < -0.5
    assert z[1] < -0.5
