"""The network drawn as it is wired, and the square that it is given, with a real mouse and the keyboard."""

import math
import re

import pytest
import torch
from playwright.sync_api import Page, expect

from lente.models.networks import catalogue
from tests.browser.conftest import OpenPage
from tests.browser.test_features import PATH, api, number


def fact(page: Page, name: str) -> str:
    return page.locator(f"lente-feature-graph [data-fact='{name}']").inner_text().replace("\u202f", "")


def test_a_block_unfolds_and_its_layers_can_be_chosen(open_page: OpenPage, server: str) -> None:
    page = open_page(PATH)
    graph = page.locator("lente-feature-graph")
    layers = {layer["name"]: layer for layer in api(server, "photo_cnn")["layers"]}
    within = [layer for name, layer in layers.items() if name.startswith("block2.")]
    graph.locator("[data-node=block2]").hover()
    expect(graph.locator("[data-graph-node]")).to_have_text("block2")
    assert int(fact(page, "parameters")) == sum(layer["parameters"] for layer in within)
    assert int(fact(page, "multiplications (MACs)")) == sum(layer["macs"] for layer in within)
    graph.locator("[data-node=block2]").click()
    expect(graph.locator("[data-wire='block2.norm2 block2.add']")).to_have_count(1)
    expect(graph.locator("[data-wire='block2.shortcut block2.add']")).to_have_count(1)
    page.mouse.move(0, 0)  # what lies beneath a resting mouse is said too
    graph.locator("[data-node='block2.conv1']").focus()
    page.keyboard.press("ArrowRight")
    expect(graph.locator("[data-graph-node]")).to_have_text("block2.norm1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(graph.locator("[data-node='block2.conv1']")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("layer=block2.conv1"))
    expect(page.locator(".layers [data-layer='block2.conv1']")).to_have_attribute("aria-pressed", "true")
    assert fact(page, "receptive field (what it sees)") == " × ".join(
        map(str, layers["block2.conv1"]["receptive_field"]["size"])
    )
    for key, name in (("End", "softmax"), ("Home", "input"), ("ArrowRight", "conv1")):
        page.keyboard.press(key)
        expect(graph.locator("[data-graph-node]")).to_have_text(name)
    graph.locator("[data-frame=block2] text").click()
    expect(graph.locator("[data-node=block2]")).to_have_attribute("data-now", "true")


def test_the_square_that_the_network_is_given_can_be_moved(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&crop=20,100,120")
    crop = "top=20&left=100&size=120"
    first = api(server, f"photo_cnn/prediction/sample-cat?{crop}")["classes"][0]
    expect(page.locator(".class").first.locator("output").first).to_have_text(f"{100 * first['probability']:.1f} %")
    square = page.locator("lente-feature-crop .square")
    square.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    expect(page).to_have_url(re.compile("crop=24,140,120"))
    square.scroll_into_view_if_needed()
    box, photo = square.bounding_box(), page.locator("lente-feature-crop .photo").bounding_box()
    assert box is not None
    assert photo is not None
    scale = 451 / photo["width"]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 40 / scale, box["y"] + box["height"] / 2 + 30 / scale, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"crop=5[345],(99|100|101),120"))
    moved = dict(zip(("top", "left", "size"), re.search(r"crop=(\d+),(\d+),(\d+)", page.url).groups(), strict=True))  # type: ignore[union-attr]
    query = "&".join(f"{name}={value}" for name, value in moved.items())
    seen = api(server, f"photo_cnn/input/sample-cat?{query}")
    expect(page.locator(".seen-table caption")).to_have_text("The pixel in row 64, column 64")
    red = page.locator(".seen-table tbody tr").first.locator("td")
    expect(red.nth(1)).to_have_text(f"{seen['pixels'][0][64][64]:.3f}")
    assert number(red.nth(4).inner_text()) == pytest.approx(seen["input"][0][0][64][64], abs=6e-4)
    page.locator("[data-do=middle]").click()
    expect(page).not_to_have_url(re.compile("crop="))


def test_the_normalisation_can_be_changed(open_page: OpenPage, server: str) -> None:
    page = open_page(PATH)
    sigma = page.get_by_label("sigma G")
    sigma.fill("0")
    sigma.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("sigma G: 0 is out of reach, accepted are 0.001 to 1000.")
    sigma.fill("0.9")
    sigma.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_url(re.compile("normalisation=0.485,0.456,0.406,0.229,0.9,0.225"))
    own = "mean=0.485&mean=0.456&mean=0.406&std=0.229&std=0.9&std=0.225"
    answer = api(server, f"photo_cnn/prediction/sample-cat?{own}")["classes"]
    expect(page.locator(".class output").first).to_have_text(f"{100 * answer[0]['probability']:.1f} %")
    green = page.locator(".seen-table tbody tr").nth(1).locator("td")
    given = api(server, f"photo_cnn/input/sample-cat?{own}")["input"][0][1][64][64]
    expect(green.nth(4)).to_have_text(re.compile(f".?{abs(given):.3f}"))
    second = page.locator("lente-feature-two")
    second.scroll_into_view_if_needed()
    for query, button in ((own, "Without normalisation"), ("mean=0&mean=0&mean=0&std=1&std=1&std=1", None)):
        other = api(server, f"photo_cnn/prediction/sample-coffee?{query}")["classes"][0]
        expect(second).to_contain_text(f"{100 * other['probability']:.1f} %")
        if button:
            page.get_by_role("button", name=button).click()
    expect(sigma).to_have_value("1")
    expect(green.nth(4)).to_have_text(green.nth(1).inner_text())
    page.get_by_role("button", name="As in training").click()
    expect(sigma).to_have_value("0.224")
    expect(page).not_to_have_url(re.compile("normalisation="))


def test_an_address_that_names_a_network_without_weights_is_no_fault(open_page: OpenPage) -> None:
    page = open_page("/en/features?network=resnet18")
    expect(page.get_by_text("resnet18-f37072fd.pth")).to_be_visible()


def test_maps_in_the_order_of_what_the_class_loses(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=relu1&sort=effect")
    expect(page.locator("[data-effect=true]")).to_be_visible()
    logit = api(server, "photo_cnn/ablation/sample-cat?layer=relu1")["logit"]
    grid = page.locator("lente-feature-grid .window")
    grid.click(position={"x": 12, "y": 12})
    expect(page.locator(".channel-head h2")).to_have_text(f"relu1, map {logit.index(max(logit))}")


def test_a_maps_histogram_and_condition_are_its_values(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=relu1&unit=3,5,5")
    maps = api(server, "photo_cnn/activations/sample-cat?layer=relu1")["relu1"][0][3]
    values = [value for row in maps for value in row]
    zeros = sum(value == 0 for value in values)
    shown = page.locator("svg.channel-histogram")
    expect(shown).to_be_visible()
    counts = [int(count) for count in (shown.get_attribute("data-counts") or "").split(",")]
    assert sum(counts) == len(values) - zeros
    upper = sum(value >= max(values) / 2 for value in values)
    assert sum(counts[len(counts) // 2 :]) == pytest.approx(upper, abs=1)
    share = 100 * zeros / len(values)
    expect(page.locator(".channel-facts")).to_contain_text(f"{share:.0f} % of the values are exactly 0.")


def test_a_one_by_one_kernel_is_a_mixture(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}&layer=block2.shortcut.conv&unit=3,5,5")
    weights = api(server, "photo_cnn/kernels/block2.shortcut.conv")["weight"][3]
    strongest = max((one[0][0] for one in weights), key=abs)
    bar = page.locator("lente-feature-kernels .signed-bar").first
    expect(bar).to_contain_text(f"{abs(strongest):.3f}")
    expect(page.locator("lente-feature-kernels")).to_contain_text("mixes 64 maps")


def test_the_index_leads_to_each_idea_and_marks_the_one_that_is_read(open_page: OpenPage) -> None:
    page = open_page(PATH)
    index = page.get_by_role("navigation", name="On this page")
    read = index.locator("[aria-current=true]")
    expect(read).to_have_text("Maps")
    headings = page.locator("lente-features .idea > h2")
    names = headings.all_inner_texts()
    assert index.get_by_role("link").all_inner_texts() == ["Maps", *names]
    for name in (names[1], names[-2], names[-1]):
        index.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()
    expect(read).to_have_text("Take it with you")
    page.get_by_role("heading", name="Why this answer").scroll_into_view_if_needed()
    page.keyboard.press("Home")
    expect(read).to_have_text("Maps")


def test_the_blocks_have_the_shapes_that_torch_gives_and_lead_to_their_layers(open_page: OpenPage) -> None:
    network = catalogue.load("photo_cnn")
    shapes: dict[str, tuple[int, ...]] = {"input": (3, 128, 128)}
    for name, module in network.named_modules():
        module.register_forward_hook(lambda _, __, out, name=name: shapes.update({name: tuple(out.shape[1:])}))
    network(torch.zeros(1, 3, 128, 128))
    page = open_page(PATH)
    cubes = page.locator("lente-feature-cubes .cube")
    expect(cubes).not_to_have_count(0)
    names = [cube.get_attribute("data-cube") for cube in cubes.all()]
    assert names[:3] == ["input", "conv1", "pool1"]
    assert names[-1] == "dense"
    for cube, name in zip(cubes.all(), names, strict=True):
        shape = shapes[str(name)]
        assert cube.locator(".cube-shape").inner_text() == "×".join(map(str, shape))
        assert cube.locator(".cube-count").inner_text().replace("\u202f", "") == f"{math.prod(shape)} numbers"
    said = page.locator("lente-feature-cubes [data-part=cubes]")
    expect(said).to_contain_text("Thinner: 128 × 128 places become 8 × 8. Deeper: 3 numbers at each place become 256.")
    cube = page.locator("[data-cube='block3.conv1']")
    cube.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"layer=block3\.conv1"))
    expect(cube).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".layers [data-layer='block3.conv1']")).to_be_in_viewport()
