"""The features page: a photograph goes through a network, with a real mouse, a finger and the keyboard."""

import json
import re
from io import BytesIO
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage

PATH = "/en/features?network=photo_cnn"


def api(server: str, path: str) -> Any:
    request = Request(f"{server}/api/networks/{path}", headers={"Accept": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)


def photograph() -> bytes:
    """A JPEG file with stripes, a disc and noise, 300 x 200."""
    rows, columns = np.mgrid[:200, :300]
    disc = (rows - 90) ** 2 + (columns - 160) ** 2 < 3000
    noise = np.random.default_rng(0).integers(0, 60, (200, 300))
    pixels = np.stack([rows + disc * 50, 120 + 80 * (columns // 20 % 2), 60 + noise], axis=-1)
    file = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=95)
    return file.getvalue()


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix("%"))


def large(page: Page) -> Locator:
    return page.locator("lente-feature-channel lente-map .stage")


def point(page: Page, row: int, column: int, rows: int, columns: int) -> None:
    """Moves the mouse to a unit of the large map."""
    large(page).scroll_into_view_if_needed()
    box = large(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + (column + 0.5) / columns * box["width"], box["y"] + (row + 0.5) / rows * box["height"])


def value(page: Page) -> Locator:
    return page.locator("[data-channel-value]")


def test_the_first_maps_need_no_click(open_page: OpenPage, server: str) -> None:
    page = open_page(PATH)
    expect(page.get_by_role("heading", name="32 maps of relu1")).to_be_visible()
    first = api(server, "photo_cnn/prediction/sample-cat")["classes"][0]
    shown = page.locator(".class").first
    expect(shown.locator(".class-name")).to_have_text(first["name"])
    expect(shown.locator("output").first).to_have_text(f"{100 * first['probability']:.1f} %")
    colours = "new Set(new Uint32Array(image.data.buffer)).size"
    pixels = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
    grid = page.locator("lente-feature-grid canvas")
    painted = grid.evaluate(f"canvas => {{ const image = {pixels}; return {colours}; }}")
    assert painted > 50


def test_an_uploaded_photo_has_the_servers_numbers(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=block1.conv1")
    page.locator("lente-picture-source input[type=file]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    expect(page.locator("lente-feature-photo figcaption")).to_have_text(re.compile(r"200.×.200 of the 300.×.200"))
    expect(page).to_have_url(re.compile(r"image=(?!sample)\w+"))
    image = re.search(r"image=(\w+)", page.url).group(1)  # type: ignore[union-attr]
    first = api(server, f"photo_cnn/prediction/{image}")["classes"][0]
    expect(page.locator(".class").first).to_have_text(
        re.compile(rf"{first['name']}\s+{100 * first['probability']:.1f}\xa0%")
    )
    page.locator("lente-feature-grid .window").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".channel-head h2")).to_have_text(re.compile(r"block1.conv1, map \d+"))
    channel = int(page.locator(".channel-head h2").inner_text().split()[-1])
    point(page, 5, 9, 32, 32)
    maps = api(server, f"photo_cnn/activations/{image}?layer=block1.conv1")["block1.conv1"]
    expect(page.locator(".channel-value span")).to_have_text("row 5, column 9")
    assert number(value(page).inner_text()) == pytest.approx(maps[0][channel][5][9], abs=6e-5)


def test_the_terms_of_a_unit_add_up(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}&layer=block2.conv2&unit=3,2,2")
    point(page, 7, 4, 16, 16)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("unit=3,7,4"))
    expect(page.locator("[data-row=total] td").last).to_have_text(value(page).inner_text())
    products = page.locator(
        "[data-row=term] td:last-child, [data-row=rest] td:last-child, [data-row=bias] td:last-child"
    )
    parts = [number(text) for text in products.evaluate_all("cells => cells.map((cell) => cell.title)")]
    assert len(parts) == 9
    assert sum(parts) == pytest.approx(number(value(page).inner_text()), abs=1e-4)
    inputs = [
        [number(text) for text in row.locator("td").all_inner_texts()[1:]]
        for row in page.locator("[data-row=term]").all()
    ]
    for given, weight, product in inputs:
        assert given * weight == pytest.approx(product, abs=2e-3)


def test_a_unit_leads_back_to_the_pixels(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=relu1&unit=17,33,54")
    for layer in ("norm1", "conv1", "input"):
        page.locator(".walk").first.click()
        expect(page.locator(f"[data-layer='{layer}']")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".channel-head h2")).to_contain_text(layer)
        expect(page.locator(".terms-say")).to_contain_text(
            {"norm1": "Batch", "conv1": "147 inputs", "input": "pixel"}[layer]
        )
    expect(page).to_have_url(re.compile(r"layer=input"))
    channel, row, column = map(int, re.search(r"unit=(\d+),(\d+),(\d+)", page.url).groups())  # type: ignore[union-attr]
    pixels = api(server, "photo_cnn/input/sample-cat")["pixels"]
    expect(page.locator("[data-byte]")).to_have_attribute("data-byte", str(round(255 * pixels[channel][row][column])))
    page.locator("[data-do=back]").click()
    expect(page.locator(".terms-say")).to_contain_text("147 inputs")


def test_the_probability_is_written_out(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=softmax&unit=4")
    rows = page.locator("[data-row=term], [data-row=rest]")
    expect(rows).to_have_count(9)
    powers = [number(text) for text in rows.locator("td:last-child").all_inner_texts()]
    first = api(server, "photo_cnn/prediction/sample-cat")["classes"][0]
    assert first["index"] == 4
    assert powers[0] / sum(powers) == pytest.approx(first["probability"], abs=1e-3)
    expect(page.locator("[data-row=total] td").last).to_have_text(f"{first['probability']:.4f}")


def test_the_photo_shows_what_the_unit_reads(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=block2.conv2&unit=0,5,5")
    exact = api(server, "photo_cnn/field/sample-cat?layer=block2.conv2&unit=0,5,5")["exact"]
    sides = ",".join(str(exact[side]) for side in ("top", "left", "bottom", "right"))
    expect(page.locator("[data-field^='1']")).to_have_attribute("data-field", sides)
    expect(page.locator(".field")).to_have_text(re.compile("49.×.49"))
    expect(page.locator(".effective")).to_be_visible()
    point(page, 0, 0, 16, 16)
    corner = api(server, "photo_cnn/field/sample-cat?layer=block2.conv2&unit=0,0,0")["exact"]
    expect(page.locator(".field")).to_have_attribute(
        "data-field", ",".join(str(corner[side]) for side in ("top", "left", "bottom", "right"))
    )


def test_switching_a_map_off_moves_the_answer(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=relu1&unit=17,33,54")
    surgery = quote(json.dumps([{"edit": "mute", "layer": "relu1", "channels": [17]}]))
    classes = api(server, f"photo_cnn/prediction/sample-cat?surgery={surgery}")["classes"]
    page.locator("[data-do=mute]").click()
    expect(page.locator(".class").first.locator("output").first).to_have_text(
        f"{100 * classes[0]['probability']:.1f} %"
    )
    shift = page.locator(".class-change").first.inner_text()
    assert number(shift) == pytest.approx(100 * classes[0]["difference"], abs=0.051)
    expect(page).to_have_url(re.compile("muted=relu1"))
    page.locator("[data-do=restore]").click()
    expect(page.locator(".class-change")).to_have_count(0)


def test_scale_order_and_relu(open_page: OpenPage, server: str) -> None:
    page = open_page(PATH)
    facts = api(server, "photo_cnn/activations/sample-cat?layer=relu1")["layers"]["relu1"]
    legend = page.locator(".maps-legend lente-legend span")
    assert number(legend.nth(1).inner_text()) == pytest.approx(facts["high"], rel=5e-3)
    page.locator("[data-field=range]").select_option("map")
    expect(page.get_by_text("Each map has a scale of its own")).to_be_visible()
    page.locator("[data-field=range]").select_option("network")
    layers = api(server, "photo_cnn/thumbnails/sample-cat?side=1&most=1")["layers"]
    expect(legend.nth(1)).to_have_text(f"{max(each['high'] for each in layers.values()):.3g}")
    page.locator("[data-layer-pair=norm1]").click()
    expect(page.get_by_role("heading", name="32 maps of norm1")).to_be_visible()
    expect(legend.first).to_have_text(re.compile("^−"))


def test_why_and_kernels(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=conv1&unit=3,5,5&method=integrated_gradients")
    expect(page.locator(".kernel-slices figure")).to_have_count(4)
    page.locator("lente-feature-why").scroll_into_view_if_needed()
    says = page.locator(".why-says")
    expect(says).to_contain_text("The parts add up to")
    parts = re.search(r"add up to (\S+); .* is (\S+)\. Conv", says.inner_text())
    assert parts is not None
    total, wanted = map(number, parts.groups())
    assert total == pytest.approx(wanted, rel=0.03)
    page.locator("[data-method=grad_cam]").click()
    made = api(server, "photo_cnn/attribution/sample-cat?method=grad_cam")
    expect(says).to_contain_text(f"{made['logit']:.3f}")
    end = page.locator("lente-feature-why lente-legend span").nth(1)
    assert number(end.inner_text()) == pytest.approx(np.abs(made["attribution"]).max(), rel=5e-3)


def test_a_network_without_weights_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-field=network]").select_option("resnet18")
    expect(page.get_by_text("resnet18-f37072fd.pth")).to_be_visible()
    page.locator("[data-field=network]").select_option("photo_cnn")
    expect(page.get_by_role("heading", name="32 maps of relu1")).to_be_visible()


def test_a_phone_in_spanish(open_page: OpenPage) -> None:
    page = open_page("/es/caracteristicas?network=photo_cnn", viewport={"width": 360, "height": 740}, has_touch=True)
    expect(page.locator(".verdict")).to_have_text(re.compile(r"^(Dice|No está segura)"))
    page.locator("[data-layer='pool1']").tap()
    expect(page.get_by_role("heading", name="32 mapas de pool1")).to_be_visible()
    grid = page.locator("lente-feature-grid .window")
    grid.scroll_into_view_if_needed()
    grid.tap(position={"x": 20, "y": 20})
    expect(page.locator(".channel-head h2")).to_have_text("pool1, mapa 0")
    large(page).tap(position={"x": 4, "y": 4})
    expect(page).to_have_url(re.compile("unit=0,0,0"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
