"""The autoencoder page in a real browser, against what the API answers and what the cards say."""

import io
import json
import re
import urllib.request
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from lente.models.mnist import reader
from lente.models.networks import catalogue
from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.vae import VAE
from tests.browser.conftest import OpenPage, until

SIZES = [1, 2, 4, 8, 16, 32]
PIXELS = """pictures => {
  const { data } = pictures.shadowRoot.querySelector('canvas').getContext('2d').getImageData(0, 0, 28, 28);
  return Array.from({ length: 784 }, (_, i) => data[4 * i] / 255);
}"""


def ask(server: str, path: str, body: Any = None) -> Any:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(server + path, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def picture(page: Page, label: str) -> np.ndarray[Any, Any]:
    return np.array(page.locator("lente-bottleneck").locator(f"lente-pictures[label='{label}']").evaluate(PIXELS))


def code(page: Page) -> list[float]:
    fields = page.locator("lente-bottleneck .slider-row input.exact")
    return [float(field.input_value()) for field in fields.all()]


def error(page: Page) -> float:
    return float(page.locator(".flow-squared").inner_text())


def figures(name: str) -> dict[str, float]:
    return dict(catalogue.card(name).figures)


def row(page: Page, number: int) -> list[str]:
    """Of the ladder's rows with numbers, the one so far down."""
    return page.locator(".ladder tbody tr:not(.pictures)").nth(number).locator("td").all_inner_texts()


def scroll(page: Page, name: str) -> Locator:
    section = page.locator(f"#{name}")
    section.evaluate("section => section.scrollIntoView()")
    return section


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("/en/autoencoder")
    page.wait_for_selector(".flow-copy")  # a server that has just started reads its networks first
    return page


def test_the_first_digit_is_encoded_and_copied_as_the_server_does_it(page: Page, server: str) -> None:
    given, copy = picture(page, "What the network is given"), picture(page, "The copy")
    mu = ask(server, "/api/latent/autoencoder_8d/encode", {"images": [given.reshape(28, 28).tolist()]})["mu"][0]
    assert code(page) == pytest.approx(mu, abs=0.05)  # the canvas has 256 greys
    expected = ask(server, "/api/latent/autoencoder_8d/decode", {"z": [mu]})["images"][0][0]
    assert np.abs(copy.reshape(28, 28) - expected).max() < 0.03
    assert error(page) == pytest.approx(((copy - given) ** 2).mean(), abs=2e-4)
    words = page.locator(".flow-words").inner_text()
    assert "784 numbers become 8: 98 to 1, counting numbers. In bytes 24.5 to 1" in words


def test_a_stroke_of_the_mouse_changes_the_code(page: Page) -> None:
    before = code(page)
    box = page.locator("lente-digit-source .pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.8 * box["height"], steps=12)
    page.mouse.up()
    cells = page.locator("lente-bottleneck lente-code-cells").get_by_role("img")
    expect(cells).not_to_have_attribute("aria-label", re.compile(re.escape(f"{before[0]:.2f}".replace("-", "−"))))
    assert max(abs(a - b) for a, b in zip(before, code(page), strict=True)) > 0.3
    assert picture(page, "What the network is given").reshape(28, 28)[4:24, :12].sum() > 10


def test_a_typed_number_is_decoded_and_the_address_keeps_it(page: Page, server: str, open_page: OpenPage) -> None:
    page.get_by_label("z₃, exact value").fill("-3.25")
    page.get_by_label("z₃, exact value").press("Enter")
    z = code(page)
    assert z[2] == -3.25
    expected = np.array(ask(server, "/api/latent/autoencoder_8d/decode", {"z": [z]})["images"][0][0]).ravel()
    copy = picture(page, "The copy")
    assert np.abs(copy - expected).max() < 0.02
    expect(page).to_have_url(re.compile(r"[?&]z=.*-3\.25"))
    shared = open_page(page.url.removeprefix(server))
    expect(shared.get_by_label("z₃, exact value")).to_have_value("-3.25")
    assert np.abs(picture(shared, "The copy") - copy).max() < 0.01
    page.get_by_role("button", name="Back to the encoder's code").click()
    assert code(page)[2] != -3.25
    expect(page).not_to_have_url(re.compile(r"[?&]z="))


def test_a_slider_moves_by_keyboard_and_its_cell_is_marked(page: Page) -> None:
    before = error(page)
    slider = page.locator("lente-bottleneck").get_by_label("z₁", exact=True)
    slider.focus()
    slider.press("End")
    assert code(page)[0] == float(slider.get_attribute("max") or 0)
    assert error(page) > before
    expect(page.locator("lente-bottleneck lente-code-cells .touched")).to_have_count(1)


def test_every_size_has_its_code_and_ratio(page: Page) -> None:
    errors = []
    for size in SIZES:
        page.get_by_role("group", name="Numbers in the code").get_by_role("button", name=str(size), exact=True).click()
        expect(page.locator("lente-bottleneck .slider-row")).to_have_count(size)
        words = page.locator(".flow-words").inner_text()
        assert f"784 numbers become {size}: {784 / size:g} to 1, counting numbers." in words
        in_bytes = re.search(r"In bytes ([\d.]+) to 1", words)
        assert in_bytes
        assert float(in_bytes[1]) == pytest.approx(784 / (4 * size), rel=0.005)
        chosen = rf"[?&]model=autoencoder_{size}d" if size != 8 else "/autoencoder$"
        expect(page).to_have_url(re.compile(chosen))
        errors.append(error(page))
    assert errors[-1] < errors[0] / 4


def test_a_bad_value_is_quoted_and_the_code_stays(page: Page) -> None:
    before = code(page)
    page.get_by_label("z₁, exact value").fill("1e9")
    page.get_by_label("z₁, exact value").press("Enter")
    expect(page.locator("lente-bottleneck [role=alert]")).to_contain_text("1e9")
    assert code(page)[1:] == before[1:]
    page.get_by_label("Test digit").fill("10000")
    page.get_by_label("Test digit").press("Enter")
    expect(page.locator("lente-digit-source [role=alert]")).to_contain_text("10000")


def test_what_no_part_of_the_page_takes_of_an_address_is_quoted_and_left_out(open_page: OpenPage) -> None:
    page = open_page("/en/autoencoder?model=autoencoder_2d&z=1e30,0&digit=-4&lesson=nothing")
    page.wait_for_selector(".flow-copy")
    said = page.get_by_role("alert").filter(has_text="in the address makes no sense here")
    expect(said).to_contain_text("digit=-4")
    expect(said).to_contain_text("z=1e30,0")
    expect(said).to_contain_text("lesson=nothing")
    assert max(map(abs, code(page))) < 30
    expect(page.get_by_role("button", name="Back to the encoder's code")).to_be_disabled()
    assert 0 < error(page) < 0.2


def test_a_test_digit_is_the_servers_and_in_the_address(page: Page, server: str) -> None:
    page.get_by_label("Test digit").fill("61")
    page.get_by_label("Test digit").press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]digit=61"))
    answer = ask(server, "/api/latent/digits/61")
    page.wait_for_function("() => document.querySelector('lente-bottleneck-ladder').picture[400] !== undefined")
    assert np.abs(picture(page, "What the network is given") - np.array(answer["images"]).ravel()).max() < 0.01


def test_a_digit_on_paper_goes_the_same_way(page: Page) -> None:
    cells = page.locator("lente-bottleneck lente-code-cells").get_by_role("img")
    before = cells.get_attribute("aria-label")
    paper = Image.new("L", (400, 300), 235)
    ImageDraw.Draw(paper).line([(200, 60), (200, 240)], fill=30, width=22)
    file = io.BytesIO()
    paper.save(file, "PNG")
    page.get_by_text("A digit on paper").click()
    photo = {"name": "one.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("lente-paper input[type=file]").set_input_files([photo])  # type: ignore[list-item]
    expect(page.locator(".paper-steps")).to_be_visible()
    given = picture(page, "What the network is given").reshape(28, 28)
    assert given[6:22, 13:15].mean() > 0.7
    assert given[:, :8].max() < 0.05
    expect(cells).not_to_have_attribute("aria-label", before or "")
    assert picture(page, "The copy").reshape(28, 28)[8:20, 13:15].mean() > 0.4


def test_the_ladder_shows_the_cards_figures_and_this_digits_errors(page: Page) -> None:
    scroll(page, "ladder")
    expect(page.locator(".ladder table")).to_be_visible()
    expect(page.locator(".ladder tr.own").first.locator("td").nth(3)).to_have_text(
        page.locator(".flow-squared").inner_text()
    )
    networks = [figures(f"autoencoder_{size}d")["squared_error_per_pixel"] for size in SIZES]
    pca = figures("pca")
    assert row(page, 1) == [f"{value:.4f}".rstrip() for value in networks]
    assert row(page, 3) == [f"{pca[f'squared_error_per_pixel_{size}']:.4f}" for size in SIZES]
    beaten = [
        max(k for k in (1, 2, 4, 8, 10, 16, 32, 64) if pca[f"squared_error_per_pixel_{k}"] > own) for own in networks
    ]
    assert row(page, 4) == [f"more than {size}" if size == 64 else str(size) for size in beaten]


def test_pcas_error_is_that_of_its_components(page: Page, server: str) -> None:
    scroll(page, "ladder")
    expect(page.locator(".ladder table")).to_be_visible()
    given = picture(page, "What the network is given").reshape(1, 28, 28)
    mu = np.array(ask(server, "/api/latent/pca/encode", {"images": given.tolist()})["mu"])
    for place, size in enumerate(SIZES):
        z = np.where(np.arange(64) < size, mu, 0)
        copy = np.array(ask(server, "/api/latent/pca/decode", {"z": z.tolist()})["images"]).reshape(28, 28)
        assert float(row(page, 2)[place]) == pytest.approx(((copy - given) ** 2).mean(), abs=2e-4)


def test_the_rulers_have_mean_picture_networks_and_floor(page: Page) -> None:
    ruler = scroll(page, "ruler").locator("lente-loss-ruler")
    marks = ruler.locator(".mark")
    expect(marks).to_have_count(10)
    assert marks.first.inner_text().split()[-1] == f"{figures('pca')['floor_bce_nats']:.1f}" == "45.5"
    assert marks.last.inner_text().split()[-1] == f"{figures('pca')['mean_picture_bce_nats']:.1f}"
    expect(ruler.locator(".own")).to_contain_text(f"{figures('autoencoder_8d')['bce_nats']:.1f}")
    page.get_by_role("button", name="squared error", exact=True).click()
    expect(marks).to_have_count(15)
    expect(ruler.locator(".own")).to_contain_text(f"{figures('autoencoder_8d')['squared_error_per_pixel']:.4f}")


def test_the_map_decodes_a_place_and_says_how_far_codes_spread(page: Page, server: str) -> None:
    section = scroll(page, "places")
    expect(section.locator(".places-words")).to_be_visible()
    facts = ask(server, "/api/latent/autoencoder_2d")
    expect(section).to_contain_text(f"is {facts['std'][0]:.1f} and {facts['std'][1]:.1f}")
    plane = section.get_by_role("application")
    plane.focus()
    plane.press("Shift+ArrowUp")
    place = [float(n) for n in re.findall(r"[-\d.]+\d", section.locator("figcaption").inner_text().replace("−", "-"))]
    decoded = np.array(ask(server, "/api/latent/autoencoder_2d/decode", {"z": [place]})["images"]).ravel()
    shown = np.array(section.locator("figure lente-pictures").evaluate(PIXELS))
    assert np.abs(shown - decoded).max() < 0.05  # the caption has two decimals
    expect(page).to_have_url(re.compile(r"[?&]code="))
    columns = []
    for key in ("Home", "ArrowLeft", "End"):
        plane.press(key)
        columns.append(plane.evaluate("one => one.getRootNode().host.view.column(one.getRootNode().host.at.x)"))
    width = plane.evaluate("one => one.clientWidth")
    assert columns == pytest.approx([0, 0, width], abs=3), "from edge to edge of what is shown"


def test_the_figures_appear_after_the_guess(page: Page) -> None:
    section = scroll(page, "guesses")
    guess = section.locator("lente-guess").first
    expect(guess).to_be_visible()
    networks = {size: figures(f"autoencoder_{size}d")["squared_error_per_pixel"] for size in SIZES}
    half = figures("pca")["squared_error_per_pixel_mean"] / 2
    right = min(size for size in SIZES if networks[size] <= half)
    assert f"{networks[right]:.4f}" not in guess.inner_text()
    guess.get_by_role("button", name="1", exact=True).click()
    expect(guess.locator(".guess-answer")).to_contain_text(f"It is {right}.")
    expect(guess.locator(".guess-answer")).to_contain_text(f"{networks[right]:.4f}")
    guess.get_by_role("button", name=str(right), exact=True).click()
    expect(guess.locator(".guess-answer")).to_contain_text(f"Yes: {right}.")


def test_a_finger_draws_on_a_phone_and_nothing_is_wider_than_it(open_page: OpenPage) -> None:
    page = open_page("/es/autoencoder", viewport={"width": 360, "height": 740}, has_touch=True)
    expect(page.locator(".flow-copy")).to_be_visible()
    before = code(page)
    box = page.locator("lente-digit-source .pad").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    page.wait_for_function(
        "before => document.querySelector('.slider-row input.exact').value !== before", arg=f"{before[0]:.2f}"
    )
    for name in ("guesses", "ladder", "ruler", "places"):
        scroll(page, name)
    expect(page.locator(".places-words")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_teacher_hides_controls_by_the_address(open_page: OpenPage) -> None:
    page = open_page("/en/autoencoder?hide=model,photo")
    expect(page.locator(".flow-copy")).to_be_visible()
    expect(page.get_by_role("group", name="Numbers in the code")).to_be_hidden()
    expect(page.get_by_text("A digit on paper")).to_be_hidden()


def test_the_network_is_turned_round(open_page: OpenPage) -> None:
    numbers = [1, 0, 17]  # a 2, and two sevens
    images = reader.values(reader.digits(train=False).images)
    digit, conditional, free = (catalogue.load(name) for name in ("digit_cnn", "vae_conditional_2d", "autoencoder_8d"))
    assert isinstance(conditional, VAE)
    assert isinstance(free, Autoencoder)
    seen = {}
    page = open_page(f"/en/autoencoder?digit={numbers[0]}")
    turned = page.locator("lente-turned")
    for number in numbers:
        page.get_by_label("Test digit").fill(str(number))
        page.get_by_label("Test digit").press("Enter")
        turned.scroll_into_view_if_needed()
        x = torch.tensor(images[number])[None, None]
        read = int(digit(x).argmax())
        given = "document.querySelector('lente-turned').turned?.picture"
        until(
            page,
            f"picture => {given}?.every((value, i) => Math.abs(value - picture[i]) < 1e-6)",
            images[number].flatten().tolist(),
        )
        expect(turned.locator(".turned-digit strong")).to_have_text(str(read))
        drawn = conditional.decode(torch.zeros(1, 2), torch.tensor([read]))
        copy = free.decode(free.encode(x))
        for way, made in (("named", drawn), ("free", copy)):
            pictures = page.evaluate(
                f"[...document.querySelector('[data-way={way}] .turned-to lente-pictures').pictures]"
            )
            assert torch.allclose(torch.tensor(pictures), made.flatten(), atol=1e-3)
            said = turned.locator(f"[data-way={way}] .turned-to figcaption").inner_text()
            off = float(re.findall(r"off by ([\d.]+) ", said)[0])
            assert off == pytest.approx(float((made - x).square().mean()), abs=2e-4)
            seen[way, number] = pictures
    assert seen["named", 0] == seen["named", 17] != seen["named", 1]
    assert seen["free", 0] != seen["free", 17]
    shapes = {
        way: turned.locator(f"[data-way={way}] .turned-shapes li").all_inner_texts()
        for way in ("recognise", "named", "encode", "free")
    }
    assert shapes["recognise"][0] == "1×28×28"
    assert shapes["recognise"][-1] == "10"
    assert shapes["named"] == ["12", "128", "128", "256", "784", "1×28×28"]
    assert shapes["encode"] == ["1×28×28", "784", "256", "128", "8"]
    assert shapes["free"] == ["8", "128", "128", "256", "784", "1×28×28"]
