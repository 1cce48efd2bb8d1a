"""The digits page: draw with a mouse, a finger or samples, and follow the numbers through the network."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from lente.models.networks import catalogue
from tests.browser.conftest import OpenPage, until

WAITING = {"timeout": 20_000}


def ready(page: Page) -> None:
    until(page, "document.querySelector('lente-network-2d')?.activations != null")
    until(page, "document.querySelector('lente-answer')?.scores != null")


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    """A stroke with the mouse; points in shares of the pad."""
    box = page.locator("lente-drawing .pad").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def share(page: Page, digit: int) -> float:
    return float(page.locator(f"lente-answer [data-digit='{digit}']").inner_text().split()[0])


def clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("lente-answer .digit")).to_have_text("?")


def test_a_drawn_seven_is_read_while_it_is_drawn(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    clear(page)
    box = page.locator("lente-drawing .pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.22 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.22 * box["height"], steps=8)
    expect(page.locator("lente-answer .digit")).not_to_have_text("")
    half = page.evaluate("[...document.querySelector('lente-network-2d').activations.conv1.data]")
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.85 * box["height"], steps=12)
    until(
        page,
        "half => document.querySelector('lente-network-2d').activations.conv1.data.some((v, i) => v !== half[i])",
        arg=half,
    )
    page.mouse.up()
    expect(page.locator("lente-answer .digit")).to_have_text("7")
    assert share(page, 7) > 80
    total = sum(share(page, digit) for digit in range(10))
    assert total == pytest.approx(100, abs=0.5)


def test_the_entropy_is_that_of_the_bars_on_the_screen(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=5")
    ready(page)

    def told() -> float:
        found = re.search(r"Entropy (\S+) of", page.locator("lente-answer .words").text_content() or "")
        assert found
        return float(found[1])

    def shown() -> float:
        shares = np.array([share(page, digit) for digit in range(10)]) / 100
        return float(-(shares[shares > 0] * np.log2(shares[shares > 0])).sum())

    assert told() == pytest.approx(shown(), abs=0.02)
    page.locator("#temperature").fill("1")
    expect(page.locator("#temperature-value")).to_have_text("10.00")
    expect(page.locator("lente-answer .words")).to_contain_text("Not sure")
    assert told() == pytest.approx(shown(), abs=0.02)
    assert told() > 1


def test_the_browser_agrees_with_pytorch_on_the_server(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=5")
    ready(page)
    said = page.locator("#check")
    expect(said).to_contain_text("Checked against PyTorch", **WAITING)
    count, largest = re.findall(r"([\d\u202f]+) values, largest difference (\S+)\.", said.inner_text())[0]
    assert count == "23\u202f644"
    assert float(largest.replace("−", "-")) < 1e-4


def test_in_a_corner_it_reads_with_centring_and_the_thumbnails_show_why(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    clear(page)
    draw(page, [(0.72, 0.7), (0.9, 0.7), (0.8, 0.95)])
    expect(page.locator("lente-answer .digit")).to_have_text("7")
    ink = "id => { const d = document.querySelector(id).tensor.data; return d.reduce((s, v) => s + v, 0); }"
    assert page.evaluate(ink, "#centred") > 3 * page.evaluate(ink, "#raw")
    certain = share(page, 7)
    page.locator("#centring").uncheck()
    until(page, "document.querySelector('#raw').closest('figure').dataset.used === 'true'")
    assert share(page, 7) < certain - 20 or page.locator("lente-answer .digit").inner_text() != "7"
    page.wait_for_url("**/digits?*centre=0*")


def test_a_unit_is_explained_by_numbers_that_add_up_and_the_walk_ends_at_the_pixels(open_page: OpenPage) -> None:
    page = open_page("/en/digits?layer=conv2&unit=7,5,5")
    ready(page)
    panel = page.locator("lente-explanation")

    def number(part: str) -> float:
        return float(panel.locator(f"[data-part='{part}']").inner_text().replace("−", "-"))

    assert number("sum") + number("bias") == pytest.approx(number("together"), abs=2e-4)
    value = float(panel.locator(".value").inner_text().replace("−", "-"))
    assert value == pytest.approx(number("together"), abs=1e-4)
    for _ in range(6):
        if panel.locator("canvas[data-part='input']").count():
            panel.locator("canvas[data-part='input']").click(position={"x": 40, "y": 40})
        elif panel.locator(".window [data-winner]").count():
            panel.locator(".window [data-winner]").click()
        elif panel.locator("button.more").count():
            panel.locator("button.more").first.click()
    expect(panel).to_contain_text("Here the walk ends")
    panel.locator(".back").click()
    expect(panel.locator("h2")).to_contain_text("conv1")


def test_hovering_shows_the_unit_and_lines_and_a_click_pins_it(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    place = page.evaluate(
        """() => {
          const net = document.querySelector('lente-network-2d');
          const { x, top, cell } = net.layout.blocks.find(({ name }) => name === 'conv2');
          const box = net.cells.getBoundingClientRect();
          return [box.left + x + 4.5 * cell, box.top + top + 2.5 * cell];
        }"""
    )
    page.mouse.move(*place)
    expect(page.locator("#readout")).to_contain_text("conv2, map 0, row 2, column 4")
    inked = """() => {
      const canvas = document.querySelector('lente-network-2d').shadowRoot.querySelector('.overlay');
      return canvas.getContext('2d').getImageData(0, 0, canvas.width, 300).data.some((value) => value);
    }"""
    assert page.evaluate(inked)
    page.mouse.click(*place)
    expect(page.locator("lente-explanation h2")).to_contain_text("conv2, map 0, row 2, column 4")
    page.wait_for_url("**unit=0,2,4**")


def test_arrow_keys_walk_and_enter_explains(open_page: OpenPage) -> None:
    page = open_page("/en/digits?layer=softmax&unit=3")
    ready(page)
    page.locator("lente-network-2d .stage").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#readout")).to_contain_text("softmax, unit 4")
    page.keyboard.press("PageUp")
    expect(page.locator("#readout")).to_contain_text("dense2, unit 4")
    page.keyboard.press("Enter")
    expect(page.locator("lente-explanation h2")).to_contain_text("dense2, unit 4")
    expect(page.locator("lente-explanation")).to_contain_text("the other 90")


def test_a_layer_hides_and_comes_back(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    height = "document.querySelector('lente-network-2d').layout.height"
    before = page.evaluate(height)
    label = page.locator("lente-network-2d .label", has_text="relu1")
    label.click()
    until(page, f"before => {height} < before - 40", before)
    label.click()
    until(page, f"before => {height} === before", before)


def test_a_map_switched_off_changes_the_scores_and_reset_brings_them_back(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    scores = "[...document.querySelector('lente-answer').scores]"
    before = page.evaluate(scores)
    page.get_by_label("Switch map 0 off").check()
    until(page, f"before => {scores}.some((score, i) => Math.abs(score - before[i]) > 1e-3)", before)
    expect(page.locator("#check")).to_contain_text("your own")
    page.get_by_role("button", name="Reset all weights").click()
    until(page, f"before => {scores}.every((score, i) => score === before[i])", before)


def test_a_bias_that_is_typed_moves_its_map_by_as_much(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    first = "document.querySelector('lente-network-2d').activations.conv1.data[0]"
    before, bias = (
        page.evaluate(first),
        page.evaluate("document.querySelector('lente-weights').session.weights.conv1.bias.data[0]"),
    )
    field = page.locator(".weight-editor label", has_text="bias").locator("input")
    field.fill("2")
    field.press("Enter")
    until(page, f"before => {first} !== before", before)
    assert page.evaluate(first) == pytest.approx(before - bias + 2, abs=1e-4)


def test_nothing_is_painted_when_nothing_changes(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    expect(page.locator("#check")).to_contain_text("Checked", **WAITING)
    page.evaluate(
        """() => {
          window.paints = 0;
          const kind = CanvasRenderingContext2D.prototype;
          for (const name of ['putImageData', 'stroke', 'fillText', 'clearRect']) {
            const own = kind[name];
            kind[name] = function (...rest) { window.paints++; return own.apply(this, rest); };
          }
        }"""
    )
    page.evaluate(
        "new Promise(end => { let n = 0; const tick = () => ++n < 30 ? requestAnimationFrame(tick) : end(); tick(); })"
    )
    assert page.evaluate("window.paints") == 0
    page.locator("[data-sample='1']").click()
    until(page, "window.paints > 0")


def test_a_finger_draws_on_a_phone_and_nothing_leaves_the_screen(open_page: OpenPage) -> None:
    page = open_page("/es/digitos", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Borrar todo").tap()
    pad = page.locator("lente-drawing .pad").bounding_box()
    assert pad is not None
    client = page.context.new_cdp_session(page)
    points = [(0.5, 0.2), (0.5, 0.5), (0.5, 0.8)]
    places = [{"x": pad["x"] + x * pad["width"], "y": pad["y"] + y * pad["height"]} for x, y in points]
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [places[0]]})
    for place in places[1:]:
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("lente-answer .digit")).to_have_text("1")
    expect(page.locator("lente-answer")).to_contain_text("Leo un 1.")


def test_a_tap_of_any_pen_is_no_digit(open_page: OpenPage) -> None:
    page = open_page("/es/digitos", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    ready(page)
    pad, answer = page.locator("lente-drawing .pad"), page.locator("lente-answer")
    box = pad.bounding_box()
    assert box is not None
    for pen in ("fino", "medio", "grueso"):
        page.get_by_role("button", name=pen, exact=True).tap()
        for x, y in ((0.5, 0.5), (0.52, 0.3)):
            page.get_by_role("button", name="Borrar todo").tap()
            expect(answer).not_to_contain_text("No veo ningún dígito")
            pad.tap(position={"x": x * box["width"], "y": y * box["height"]})
            expect(answer).to_contain_text("No veo ningún dígito.")


def test_a_photograph_of_a_digit_goes_step_by_step_onto_the_pad(open_page: OpenPage) -> None:
    from tests.app.digits.test_api import on_paper, png

    page = open_page("/en/digits")
    ready(page)
    clear(page)
    page.locator("lente-paper input").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(on_paper())}
    )
    expect(page.locator(".paper-steps figure")).to_have_count(4)
    expect(page.locator("lente-answer .digit")).to_have_text("7")


def test_a_photograph_without_a_digit_says_so_and_loses_nothing(open_page: OpenPage) -> None:
    from tests.app.digits.test_api import png

    page = open_page("/en/digits", refused=422)
    ready(page)
    checks = np.asarray(
        Image.fromarray(np.uint8(np.indices((8, 8)).sum(0) % 2 * 255)).resize((160, 160), Image.Resampling.NEAREST)
    )
    page.locator("lente-paper input").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png(checks)})
    expect(page.locator("lente-paper [role='alert']")).to_contain_text("No digit was found")
    expect(page.locator("lente-answer .digit")).to_have_text("3")


def test_the_view_in_space_loads_its_library_only_when_asked(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    loaded = "performance.getEntriesByType('resource').some(({ name }) => name.includes('three'))"
    assert not page.evaluate(loaded)
    page.locator("[data-view='3d']").click()
    until(page, loaded)
    expect(page.locator("lente-network-3d")).to_be_visible()
    page.locator("[data-view='2d']").click()
    expect(page.locator("lente-network-2d")).to_be_visible()
    expect(page.locator("lente-network-3d")).to_be_hidden()


@pytest.mark.parametrize(("width", "height", "least"), [(1366, 768, 14), (1920, 1080, 20)])
def test_names_of_layers_can_be_read_from_afar_and_none_is_cut(
    open_page: OpenPage, width: int, height: int, least: int
) -> None:
    page = open_page("/es/digitos", viewport={"width": width, "height": height})
    ready(page)
    labels = page.locator("lente-network-2d .label")
    expect(labels).to_have_count(12)
    for label in labels.all():
        size, cut = label.evaluate(
            "(one) => [parseFloat(getComputedStyle(one).fontSize), one.scrollWidth > one.clientWidth + 1]"
        )
        assert size >= least - 0.3
        assert not cut
    edges = [(box["x"], box["x"] + box["width"], box["y"]) for label in labels.all() if (box := label.bounding_box())]
    for left, right, top in edges:
        assert not [other for other in edges if other[2] == top and left < other[0] < right]


def test_what_changes_the_weights_and_what_fools_it_have_the_reading_beside_them(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    page.locator("lente-weights").scroll_into_view_if_needed()
    read = page.locator("lente-weights lente-class-bars output")
    expect(read).to_contain_text("read as 3")
    page.locator("lente-confusion").scroll_into_view_if_needed()
    pad = page.locator("lente-confusion .pad")
    expect(pad).to_be_visible()
    page.locator("lente-confusion").get_by_role("button", name="Clear").click()
    expect(page.locator("lente-confusion lente-class-bars output")).to_have_text("")
    expect(page.locator("lente-answer .digit")).to_have_text("?")
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
    page.mouse.up()
    expect(page.locator("lente-confusion lente-class-bars output")).to_contain_text("read as 1")
    expect(page.locator("lente-answer .digit")).to_have_text("1")


def test_where_a_photograph_is_not_read_for_sure_its_ink_is_the_first_thing_to_look_at(open_page: OpenPage) -> None:
    from tests.app.digits.test_api import on_paper, png

    page = open_page("/en/digits")
    ready(page)
    page.locator("lente-paper input").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(on_paper())}
    )
    expect(page.locator("lente-paper")).to_contain_text("this was taken for ink")
    expect(page.locator("lente-paper lente-class-bars output")).to_contain_text("read as 7")
    doubt = page.locator("lente-paper [data-unsure]")
    expect(doubt).to_have_count(0)
    page.evaluate(
        """() => {
          const { session } = document.querySelector("lente-paper");
          session.activations.softmax.data.fill(0.1);
          session.dispatchEvent(new Event("read"));
        }"""
    )
    expect(doubt).to_contain_text("Look first at the second picture")


def test_moved_the_maps_move_along_and_the_list_does_not(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=5")
    ready(page)
    exhibit = page.locator("lente-shift")
    exhibit.scroll_into_view_if_needed()

    def said(part: str, words: str) -> float:
        found = re.search(words, exhibit.locator(f"[data-part={part}]").inner_text())
        assert found
        return float(found[1])

    assert said("maps", r"differ by (\S+) at most") == 0
    assert said("list", r"it was to (\S+),") < 0.8
    assert said("list", r"and (\d+) of its 500") > 20
    ink = "map => map.tensor.data.reduce((sum, value) => sum + value)"
    as_it_is, _, moved, _ = (each.evaluate(ink) for each in exhibit.locator("lente-map:not(.list)").all())
    assert moved == pytest.approx(as_it_is)
    exhibit.locator("[data-shift=right]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(exhibit.locator("[data-part=list]")).to_contain_text("and 0 of its 500")
    assert said("list", r"it was to (\S+),") == 1


ASCENT = "document.querySelector('lente-ascent')"


def test_the_picture_is_led_to_another_digit_step_by_step(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=7")
    ready(page)
    ascent = page.locator("lente-ascent")
    ascent.scroll_into_view_if_needed()
    step = ascent.locator("[data-part=step]")
    expect(step).to_have_text("step 0 of 40")
    expect(ascent.locator("[data-part=far]")).to_contain_text("largest change 0, mean change 0.0")
    expect(ascent.locator("lente-class-bars output")).to_contain_text("read as 7")
    ascent.locator("[data-do=step]").click()
    expect(ascent.locator("[data-part=far]")).to_contain_text("largest change 8,")
    ascent.locator("[data-target='3']").click()
    expect(step).to_have_text("step 0 of 40")
    ascent.locator("[data-do=play]").click()
    expect(step).to_have_text("step 40 of 40")
    expect(ascent.locator("lente-class-bars output")).to_contain_text("read as 3")
    pictures, shares = page.evaluate(f"[[...{ASCENT}.way.pictures], [...{ASCENT}.way.probabilities]]")
    network = catalogue.load("digit_cnn")
    said = network(torch.tensor(pictures).reshape(41, 1, 28, 28))
    assert torch.allclose(torch.tensor(shares).reshape(41, 10), said, atol=1e-4)
    changes = 255 * np.abs(np.diff(np.array(pictures).reshape(41, 784)[[0, 40]], axis=0))
    far = f"largest change {changes.max():.0f}, mean change {changes.mean():.1f}"
    expect(ascent.locator("[data-part=far]")).to_contain_text(far)
    expect(page).to_have_url(re.compile("class=3.*step=40"))
    page.reload()
    ascent.scroll_into_view_if_needed()
    expect(ascent.locator("[data-part=far]")).to_contain_text(far)
    ascent.locator("[data-do=again]").click()
    expect(step).to_have_text("step 0 of 40")
    ascent.locator("[data-from=noise]").click()
    slider = ascent.get_by_label("Step")
    slider.focus()
    until(page, f"{ASCENT}.way?.pictures[0] !== {ASCENT}.session.input[0]")
    page.keyboard.press("ArrowRight")
    expect(step).to_have_text("step 1 of 40")
    expect(ascent).to_contain_text("Here the way ends: the gradient is 0 at every pixel")
    page.keyboard.press("End")
    expect(ascent.locator("[data-part=far]")).to_contain_text("largest change 0, mean change 0.0")


def test_an_ascent_that_the_server_does_not_answer_says_so_and_is_tried_again(open_page: OpenPage) -> None:
    page = open_page("/en/digits", refused=500)
    page.route("**/api/digits/ascent*", lambda route: route.fulfill(status=500, body="{}"))
    ascent = page.locator("lente-ascent")
    ascent.scroll_into_view_if_needed()
    expect(ascent.get_by_role("alert")).to_be_visible()
    page.unroute("**/api/digits/ascent*")
    ascent.locator("[data-do=retry]").click()
    expect(ascent.locator("[data-part=step]")).to_have_text("step 0 of 40")
    expect(ascent.get_by_role("alert")).to_have_count(0)
