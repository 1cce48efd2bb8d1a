"""The latent page in a real browser, against what the API answers."""

import json
import re
import urllib.request
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lente.models.mnist import reader
from tests.browser.conftest import OpenPage, until

PIXELS = """() => {
  const canvas = document.querySelector('.decoded lente-pictures').shadowRoot.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
  return Array.from({ length: 784 }, (_, i) => data[4 * i]);
}"""


SHOWN = "document.querySelector('.decoded lente-pictures').pictures"
STARTING_MS = 30_000  # the first answer waits until the server has its networks


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
    expect(page.locator(".decoded")).to_be_visible(timeout=STARTING_MS)
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
    page.get_by_role("button", name="A worked example").click()
    table = page.locator("#cloud").get_by_role("table", name="From mu and sigma to z")
    rows = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in table.get_by_role("row").all()]
    assert rows[0] == ["0.10", "1.20", "0.20", "0.80"]
    assert rows[2] == ["0.20", "0.50", "0.80", "1.30"]
    assert rows[4] == ["0.28", "1.65", "0.92", "1.98"]


def test_z_is_mu_plus_sigma_epsilon_and_scaling_by_zero_leaves_mu(page: Page) -> None:
    page.locator("#cloud").scroll_into_view_if_needed()
    table = page.locator("#cloud").get_by_role("table", name="From mu and sigma to z")
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


def post(server: str, path: str, **body: object) -> dict[str, Any]:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(server + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


def get(server: str, path: str) -> dict[str, Any]:
    request = urllib.request.Request(server + path, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


def test_the_warped_grid_tells_how_fast_the_decoded_picture_changes(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/latent?view=warp&z=0.3,-0.7")
    expect(page.locator("lente-warped-grid")).to_be_visible(timeout=STARTING_MS)
    here = page.locator(".warped output")
    expect(here).to_contain_text("here: ")
    edges = page.evaluate("document.querySelector('lente-plane').view.edges")
    step = (edges["right"] - edges["left"]) / 24
    column, row = (0.3 - edges["left"]) // step, (edges["top"] + 0.7) // step
    corners = [
        [edges["left"] + (column + right) * step, edges["top"] - (row + down) * step]
        for down in (0, 1)
        for right in (0, 1)
    ]
    images = np.array(post(server, "/api/latent/vae_2d/decode", z=corners)["images"]).reshape(4, 784)
    sides = [np.linalg.norm(images[one] - images[other]) for one, other in ((0, 1), (2, 3), (0, 2), (1, 3))]
    assert float(here.inner_text().split()[1]) == pytest.approx(np.mean(sides) / step, abs=0.011)


def test_the_view_and_the_classes_are_kept_in_the_address(page: Page) -> None:
    page.get_by_role("button", name="Both", exact=True).click()
    page.get_by_role("group", name="Digits shown").get_by_role("button", name="3", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]view=both"))
    expect(page).to_have_url(re.compile(r"[?&]off=3"))
    page.reload()
    expect(page.get_by_role("button", name="Both", exact=True)).to_have_attribute("aria-pressed", "true")
    chips = page.get_by_role("group", name="Digits shown")
    expect(chips.get_by_role("button", name="3", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(chips.get_by_role("button", name="4", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_map_shows_the_same_square_at_another_size(open_page: OpenPage) -> None:
    page = open_page("/en/latent")
    plane = page.locator("lente-latent-map lente-plane")
    until(page, "document.querySelector('lente-latent-map lente-plane').points !== null")
    plane.get_by_role("button", name="Enlarge").click()
    plane.get_by_role("button", name="Enlarge").click()
    edges = "document.querySelector('lente-latent-map lente-plane').view.edges"
    before, width = page.evaluate(edges), plane.bounding_box()
    page.set_viewport_size({"width": 820, "height": 1180})
    until(page, "window.innerWidth === 820")
    assert plane.bounding_box() != width
    assert page.evaluate(edges) == pytest.approx(before)


def test_neighbours_are_the_digits_themselves(page: Page, server: str) -> None:
    words = page.locator(".neighbours figcaption")
    expect(words).to_contain_text("of MNIST")
    codes = np.array(get(server, "/api/latent/vae_2d/map")["mu"])
    nearest = np.argsort(np.hypot(*codes.T))[:5].tolist()
    expect(words).to_contain_text("numbers " + ", ".join(map(str, nearest)) + " of MNIST")
    row = page.evaluate(
        """() => {
          const { shadowRoot } = document.querySelector('.neighbours lente-pictures');
          const canvas = shadowRoot.querySelector('canvas');
          return [...canvas.getContext('2d').getImageData(0, 14, canvas.width, 1).data].filter((_, i) => i % 4 === 0);
        }"""
    )
    shown = [row[30 * i : 30 * i + 28] for i in range(5)]  # two pixels between them
    assert shown == reader.digits(train=False).images[nearest, 14].tolist()


EXHIBITS = ("map", "numbers", "cloud", "aim", "betas", "blend", "landing", "film", "walk")


def test_whole_exhibits_can_be_hidden(open_page: OpenPage) -> None:
    page = open_page("/en/latent?hide=" + ",".join(name for name in EXHIBITS if name != "betas"))
    expect(page.locator("lente-latent-betas").get_by_role("table")).to_be_visible()
    for name in EXHIBITS:
        expect(page.locator(f"section#{name}")).to_be_visible(visible=name == "betas")


def test_controls_can_be_hidden_in_every_exhibit(open_page: OpenPage) -> None:
    hidden = {
        "map": ("map-tools", "classes", "sliders", "reading", "neighbours", "export"),
        "numbers": ("numbers-controls",),
        "cloud": ("cloud-controls",),
        "aim": ("aim-controls",),
        "betas": ("betas-rail",),
        "blend": ("blend-controls", "sum"),
        "film": ("film-controls",),
        "walk": ("export",),
    }
    page = open_page("/en/latent?hide=" + ",".join(name for names in hidden.values() for name in names))
    for exhibit, names in hidden.items():
        page.locator(f"#{exhibit}").scroll_into_view_if_needed()
        for name in names:
            control = page.locator(f"#{exhibit} [data-hideable={name}]").first
            expect(control).to_be_attached()
            expect(control).to_be_hidden()
        expect(page.locator(f"lente-latent-{exhibit}")).to_be_visible()


def test_a_blend_reads_what_the_server_reads_half_way(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/latent?digits=0,18,14")
    page.locator("#blend").scroll_into_view_if_needed()
    readings = page.locator("#blend .strip-reading")
    expect(readings).to_have_count(4)
    mu = get(server, "/api/latent/vae_10d/map")["mu"]
    for kind, strip in (("linear", 2), ("spherical", 3)):
        body = {"start": mu[0], "end": mu[18], "steps": 11, "kind": kind}
        answer = post(server, "/api/latent/vae_10d/interpolation", **body)
        for step in (5, 10):
            page.get_by_label("Step from the first digit to the second").fill(str(step))
            read = answer["probabilities"][step]
            told = readings.nth(strip).inner_text().replace("\xa0", " ")
            found = re.fullmatch(r"step (\d+): (\d), (\d+) %\na digit at all\? ([\d.]+) %", told)
            assert found is not None
            assert int(found[1]) == step
            assert int(found[2]) == np.argmax(read)
            assert int(found[3]) == pytest.approx(100 * max(read), abs=1)
            assert float(found[4]) == pytest.approx(100 * answer["judged"][step], abs=0.2)


def test_the_film_tells_how_many_pictures_were_seen(page: Page, server: str) -> None:
    page.locator("#film").scroll_into_view_if_needed()
    seen = get(server, "/api/latent/vae_2d/film")["pictures"]
    told = page.locator("#film output")
    for key, moment in (("End", seen[-1]), ("Home", seen[0]), ("ArrowRight", seen[1])):
        expect(told).not_to_be_empty()
        page.get_by_label("Moment of the training").press(key)
        expect(told).to_have_text(f"after {moment:,} pictures".replace(",", " "))


def test_a_step_of_the_walk_shows_what_its_place_decodes_to(page: Page, server: str) -> None:
    page.locator("#walk").scroll_into_view_if_needed()
    page.get_by_label("Step of the walk").press("End")
    walker = "() => { const walk = document.querySelector('lente-latent-walk'); return walk.path[walk.step]; }"
    picture = decoded(server, "vae_2d", page.evaluate(walker))
    assert close(page.evaluate(PIXELS.replace(".decoded lente-pictures", "lente-pictures.walker")), picture, 1)


def test_the_server_decodes_where_the_browser_has_no_decoder(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/latent", refused=500)
    page.route("**/decoder?*", lambda route: route.fulfill(status=500, body="{}"))
    page.goto(page.url.split("?")[0] + "?z=1.25,-0.5")
    expect(page.locator(".decoded")).to_be_visible()
    until(page, f"() => {SHOWN}.some((value) => value > 0.4)")
    page.locator("#map").get_by_label("z₂, exact value").fill("1.5")
    page.locator("#map").get_by_label("z₂, exact value").press("Enter")
    picture = decoded(server, "vae_2d", [1.25, 1.5])
    until(page, f"(wanted) => {SHOWN}.every((value, i) => Math.abs(255 * value - wanted[i]) <= 1)", picture)
    assert close(page.evaluate(PIXELS), picture, 1)


def test_what_is_being_typed_outlives_a_repaint(page: Page) -> None:
    field = page.locator("#map").get_by_label("z₂, exact value")
    field.fill("1.75")
    page.evaluate("document.querySelector('lente-latent-map').requestUpdate()")
    page.evaluate("document.querySelector('#map lente-sliders').requestUpdate()")
    page.wait_for_timeout(50)
    expect(field).to_have_value("1.75")
    field.press("Enter")
    assert place(page)[1] == 1.75


def test_the_decoded_digit_is_saved_as_a_png(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/latent?z=-1.5,0.75")
    with page.expect_download() as saved:
        page.get_by_role("button", name="This digit as PNG").click()
    assert saved.value.suggested_filename == "vae_2d_-1.50_0.75.png"
    picture = Image.open(saved.value.path()).convert("L")
    assert picture.size == (28, 28)
    assert close([float(value) for value in picture.tobytes()], decoded(server, "vae_2d", [-1.5, 0.75]), 1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_wider_than_a_small_screen(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/latent", viewport={"width": 360, "height": 740})
    for name in ("numbers", "cloud", "aim", "betas", "blend", "landing", "film", "walk"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        expect(page.locator(f"#{name} .waiting")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


MAP = "document.querySelector('lente-latent-map lente-plane').shadowRoot.querySelector('.ground').toDataURL()"


def test_an_open_page_follows_the_system_until_the_visitor_chooses(page: Page) -> None:
    """The map's canvas too, which has the page's colours painted in."""
    root = page.locator("html")
    page.evaluate("document.fonts.ready.then(() => {})")
    light = page.evaluate(MAP)
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    until(page, f"(light) => {MAP} !== light", light)
    page.locator("#theme").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    until(page, "matchMedia('(prefers-color-scheme: dark)').matches")
    expect(root).to_have_attribute("data-theme", "light")


def test_points_of_four_bells_are_drawn_and_the_last_is_written_out(open_page: OpenPage) -> None:
    page = open_page("/en/latent")
    bells = page.locator("lente-latent-bells")
    bells.scroll_into_view_if_needed()
    drawn = bells.locator("[data-part=drawn]")
    expect(drawn).to_have_text("Points drawn of each: 1")

    def table() -> list[list[float]]:
        rows = [row.locator("td").all_inner_texts() for row in bells.locator("lente-code-table tr").all()]
        return [[float(number.replace("−", "-")) for number in row] for row in rows]

    mu, sigma, _, _ = table()
    assert (mu, sigma) == ([0.1, 1.2, 0.2, 0.8], [0.2, 0.5, 0.8, 1.3])
    for more in (10, 100, 1000):
        bells.locator(f"[data-draw='{more}']").click()
    expect(drawn).to_have_text("Points drawn of each: 1111")
    last = table()
    np.testing.assert_allclose(last[3], np.array(last[0]) + np.array(last[1]) * last[2], atol=0.002)
    for i, caption in enumerate(bells.locator("figcaption").all_inner_texts()):
        found = [float(number) for number in re.findall(r"-?\d+\.\d+", caption.replace("−", "-"))]
        np.testing.assert_allclose(found, [mu[i], sigma[i]], atol=0.15)
    expect(page).to_have_url(re.compile("drawn=1111"))
    slider = bells.locator("[data-setting=sigma0]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('lente-latent-bells').sigma[0] === 0.25")
    moved = table()
    assert moved[2] == last[2]
    assert moved[3][0] == pytest.approx(0.1 + 0.25 * last[2][0], abs=0.001)
    field = bells.locator("[data-bell='3'] lente-number input").first
    field.fill("7")
    expect(bells.get_by_role("alert")).to_contain_text("7 is out of reach, accepted are −3 to 3")
    expect(page).to_have_url(re.compile("sigma=0.25,0.5,0.8,1.3"))
    page.reload()
    bells.scroll_into_view_if_needed()
    expect(drawn).to_have_text("Points drawn of each: 1111")
    assert table() == moved
    bells.locator("[data-do=again]").click()
    expect(drawn).to_have_text("Points drawn of each: 0")
    bells.locator("[data-draw='1']").click()
    assert table()[2] != last[2]
