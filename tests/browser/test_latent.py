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
    assert float(page.locator("#map").get_by_label("z₁", exact=True).input_value()) == pytest.approx(z[0], abs=0.01)


def test_hovering_looks_and_leaving_returns(page: Page) -> None:
    before = place(page)
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    assert place(page) != before
    page.mouse.move(5, 5)
    assert place(page) == before


def test_a_slider_moves_the_place_and_a_typed_value_is_exact(page: Page, server: str) -> None:
    page.locator("#map").get_by_label("z₂, exact value").fill("1.5")
    page.locator("#map").get_by_label("z₂, exact value").press("Enter")
    assert place(page) == [0, 1.5]
    assert close(page.evaluate(PIXELS), decoded(server, "vae_2d", [0, 1.5]), 1)
    page.locator("#map").get_by_label("z₁", exact=True).press("End")
    assert place(page) == [3, 1.5]


def test_a_value_that_cannot_be_used_is_quoted_and_the_picture_stays(page: Page) -> None:
    page.locator("#map").get_by_label("z₁, exact value").fill("1e9")
    page.locator("#map").get_by_label("z₁, exact value").press("Enter")
    expect(page.locator("lente-latent-map [role=alert]")).to_contain_text("1e9")
    assert place(page) == [0, 0]


def test_arrow_keys_step_and_the_address_keeps_the_place(page: Page) -> None:
    page.locator("lente-latent-map lente-plane").get_by_role("application").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    assert place(page)[0] > 1
    expect(page).to_have_url(re.compile(r"[?&]z=[23]\.\d+,"))


def test_a_finger_drags(open_page: OpenPage) -> None:
    page = open_page("/en/latent", viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".decoded")).to_be_visible()
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    z = place(page)
    assert z[0] < -0.5
    assert z[1] < -0.5


def test_the_slides_numbers_are_one_click_away(page: Page) -> None:
    page.locator("#cloud").scroll_into_view_if_needed()
    page.get_by_role("button", name="The slide's example").click()
    table = page.get_by_role("table", name="From mu and sigma to z")
    rows = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in table.get_by_role("row").all()]
    assert rows[0] == ["0.10", "1.20", "0.20", "0.80"]
    assert rows[2] == ["0.20", "0.50", "0.80", "1.30"]
    assert rows[4] == ["0.28", "1.65", "0.92", "1.98"]


def test_z_is_mu_plus_sigma_epsilon_and_scaling_by_zero_leaves_mu(page: Page) -> None:
    page.locator("#cloud").scroll_into_view_if_needed()
    table = page.get_by_role("table", name="From mu and sigma to z")
    expect(table).to_be_visible()

    def column(number: int) -> list[float]:
        rows = table.get_by_role("row").all()
        return [float(row.locator("td").nth(number).inner_text().replace("−", "-")) for row in rows]

    for number in (0, 1):
        mu, _, sigma, epsilon, z = column(number)
        assert z == pytest.approx(mu + sigma * epsilon, abs=0.003)
    page.get_by_label("Scale of sigma").press("Home")
    assert column(0)[4] == column(0)[0]


def test_beta_moves_figures_that_the_card_has(page: Page, server: str) -> None:
    page.locator("#betas").scroll_into_view_if_needed()
    page.locator("lente-latent-betas .rail-ticks button", has_text="10").click()
    with urllib.request.urlopen(f"{server}/api/latent/vae_2d_beta_10") as answer:
        figures = json.load(answer)["figures"]
    row = page.locator("lente-latent-betas").get_by_role("row", name="grey-scale BCE + KL, summed")
    expect(row).to_contain_text(f"{figures['bce_plus_kl_nats']:.1f}")


def test_drawing_lands_on_the_map(page: Page) -> None:
    page.locator("#landing").scroll_into_view_if_needed()
    caption = page.locator("lente-latent-landing figcaption.figures")
    expect(caption).to_be_visible()
    before = caption.inner_text()
    box = page.locator("lente-latent-landing canvas.pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.8, steps=10)
    page.mouse.up()
    expect(caption).not_to_have_text(before)
    expect(page.locator("lente-latent-landing .notice")).to_contain_text("of the test digits")


def test_a_walk_is_saved_as_a_gif(page: Page) -> None:
    page.locator("#walk").scroll_into_view_if_needed()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Walk as GIF").click()
    assert saved.value.path().read_bytes()[:6] == b"GIF89a"


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_wider_than_a_small_screen(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/latent", viewport={"width": 360, "height": 740})
    for name in ("numbers", "cloud", "aim", "betas", "blend", "landing", "film", "walk"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        expect(page.locator(f"#{name} .waiting")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
