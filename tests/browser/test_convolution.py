"""The convolution page, with a real mouse, a finger and the keyboard."""

import io
import json
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lente.app.convolution.bounds import BOUNDS
from lente.app.pictures.scenes import seven
from lente.models.networks import catalogue
from tests.browser.conftest import OpenPage
from tests.browser.sweeps import in_turn

PATH = "/en/convolution"
STOPS = {
    "what": ("-1.2", [4, 4]),
    "smaller": ("12", [3, 3]),
    "padding": ("114", [5, 5]),
    "pooling": ("8", [2, 2]),
    "stride": ("91", [3, 3]),
}


def result(page: Page) -> Locator:
    """The value that the arithmetic ends with."""
    return page.locator(".stage-sum [data-result]")


def shape(page: Page, side: str) -> Locator:
    return page.locator(f"[data-shape={side}]")


def surface(page: Page, side: str, kind: str = "lente-picture") -> Locator:
    return page.locator(f"[data-side={side}] {kind}").first.locator("[tabindex='0']")


def point(page: Page, side: str, x: float, y: float, kind: str = "lente-picture") -> None:
    """Moves the mouse to a share of the picture's or the table's width and height."""
    place = surface(page, side, kind)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def api(server: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    with urlopen(Request(server + path, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer)


@pytest.mark.parametrize("stop", STOPS)
def test_examples_of_the_talk_are_one_click_away(open_page: OpenPage, stop: str) -> None:
    page = open_page(PATH)
    page.locator(f"[data-stop={stop}]").click()
    first, size = STOPS[stop]
    expect(result(page)).to_have_text(first.replace("-", "−"))
    expect(shape(page, "output")).to_have_text(" × ".join(map(str, size)))


def test_flatten_lists_rows_one_after_the_other(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=flatten]").click()
    expect(page.locator(".flat-value output")).to_have_text(list("110421021"))
    point(page, "input", 0.5, 0.5, "lente-matrix")
    expect(result(page)).to_have_text("4")


def test_hover_writes_a_sum_that_the_server_confirms(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{PATH}?channels=grey&preset=sharpen&scale=1&size=64&image=sample-face")
    point(page, "output", 0.5, 0.5)
    expect(page).to_have_url(re.compile("unit=0,15,15"))
    kernel = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    answer = api(server, "/api/convolution", {"image": "sample-face", "kernel": kernel})
    wanted = answer["output"][0][15][15]
    shown = float(result(page).inner_text().replace("−", "-"))
    assert shown == pytest.approx(wanted, abs=1e-5)


def test_hover_over_the_input_moves_the_window_in_both(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    point(page, "input", 0.9, 0.9, "lente-matrix")
    expect(result(page)).to_have_text("14")


def test_arrow_keys_move_the_window(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    surface(page, "output", "lente-matrix").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(result(page)).to_have_text("17")
    page.keyboard.press("ArrowDown")
    expect(result(page)).to_have_text("19")


def test_a_typed_weight_changes_the_answer(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.get_by_label("Weight in row 1, column 1").fill("10")
    expect(result(page)).to_have_text("42")
    expect(page.locator("[data-field=preset]")).to_have_value("custom")
    expect(page).to_have_url(re.compile("kernel=10,1,2;2,2,0;0,1,2"))


def test_a_dragged_weight_changes_the_answer(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    field = page.get_by_label("Weight in row 1, column 1")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 26, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(field).to_have_value("2")
    expect(result(page)).to_have_text("18")


def test_what_is_no_number_is_said_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.get_by_label("Weight in row 1, column 1").fill("abc")
    expect(page.get_by_role("alert")).to_contain_text("“abc” is not a number")
    expect(result(page)).to_have_text("12")


def test_an_impossible_setting_says_why_and_the_last_good_picture_stays(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.get_by_label("Dilation").fill("9")
    expect(page.get_by_role("alert")).to_contain_text("The window is 19 wide and the padded input only 5")
    expect(shape(page, "output")).to_have_text("3 × 3")
    page.get_by_label("Stride").fill("0")
    expect(page.get_by_role("alert").first).to_contain_text(
        f"Stride: 0 is out of reach, accepted are 1 to {BOUNDS.stride}."
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("padding=same&stride=2", "“Same” padding keeps the size, and a stride of 2 does not"),
        ("matrix=1,2;3,4", "The window is 3 wide and the padded input only 2"),
    ],
)
def test_an_impossible_address_says_why_where_the_picture_would_be(
    open_page: OpenPage, query: str, reason: str
) -> None:
    page = open_page(f"{PATH}?{query}")
    stage = page.locator(".stage")
    expect(stage.get_by_role("alert")).to_contain_text(reason)
    expect(stage).not_to_contain_text("on its way")
    expect(page.locator("lente-window-settings")).not_to_contain_text("The last good picture stays")
    page.locator("[data-stop=smaller]").click()
    expect(result(page)).to_have_text("12")
    expect(stage.get_by_role("alert")).to_have_count(0)


def test_a_picture_that_never_comes_is_said_where_it_would_be(open_page: OpenPage) -> None:
    page = open_page("/en/", refused=404)
    page.route("**/api/images/sample-cat*", lambda route: route.fulfill(status=404, json={}))
    for path, exhibit in ((PATH, ".stage"), ("/en/image", ".exhibit.idea")):
        page.goto(page.url.split("/en/")[0] + path)
        expect(page.locator(exhibit).first.get_by_role("alert").first).to_contain_text("could not answer (404)")
        expect(page.locator(exhibit).first).not_to_contain_text("on its way")


def test_an_address_out_of_bounds_is_named(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?matrix=1e308,1;1,1&kernel=9,0;0,1")
    expect(page.get_by_role("alert")).to_contain_text("Input: 1e+308 is out of reach")
    expect(result(page)).not_to_contain_text(re.compile("Infinity|NaN|∞"))
    page = open_page(f"{PATH}?operation=max&pool=64")
    expect(page.get_by_role("alert")).to_contain_text(f"Window: 64 is out of reach, accepted are 1 to {BOUNDS.side}.")


def test_the_formula_says_padding_as_the_field_does(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=padding]").click()
    expect(page.get_by_label("Padding", exact=True)).to_have_value("1")
    expect(page.locator("[data-formula]")).to_have_text(
        re.compile(r"⌊\(5 \+ 2 × 1 − 1 × \(3 − 1\) − 1\) ÷ 1⌋ \+ 1 =\s*5")
    )


def test_a_third_is_a_third_after_a_reload(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?matrix=3,3,3&kernel=1,1,1")
    for column in (1, 2, 3):
        page.get_by_label(f"Weight in row 1, column {column}").fill("1/3")
    expect(result(page)).to_have_text("3")
    expect(page).to_have_url(re.compile(r"kernel=0\.3{10,},0\.3{10,},0\.3{10,}"))
    page.reload()
    expect(result(page)).to_have_text("3")


def test_a_ragged_matrix_names_the_row(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.get_by_text("Write the numbers yourself").click()
    area = page.get_by_label("Numbers of the input, a row on each line")
    area.fill("1 2 3\n4 5")
    expect(page.get_by_role("alert")).to_contain_text("Row 2 has 2 numbers and the first one 3")
    expect(shape(page, "input")).to_have_text("5 × 5")
    area.fill("1 0 0\n0 1 0\n0 0 1")
    page.get_by_role("button", name="Use these numbers").click()
    expect(shape(page, "output")).to_have_text("1 × 1")


def test_pasted_numbers_are_shown_back_as_a_table(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.get_by_text("Write the numbers yourself").click()
    area = page.get_by_label("Numbers of the input, a row on each line")
    area.fill("1,2,3\n4,5,6\n7,8,9")
    expect(page.locator(".matrix-read td")).to_have_text(list("123456789"))
    expect(shape(page, "input")).to_have_text("5 × 5")
    area.press("Control+Enter")
    expect(shape(page, "input")).to_have_text("3 × 3")
    expect(page).to_have_url(re.compile("matrix=1,2,3;4,5,6;7,8,9"))
    area.fill("1,5;2;3\n4;5;6\n7;8;9")
    expect(page.locator(".matrix-read td").first).to_have_text("1.5")
    area.fill("1e308 1 1\n1 1 1\n1 1 1")
    expect(page.get_by_role("alert")).to_contain_text("1e+308 is out of reach")
    expect(page.locator(".matrix-read")).to_have_count(0)


SIZES = {"en": ("image", "convolution"), "es": ("imagen", "convolucion"), "fr": ("image", "convolution")}


@pytest.mark.parametrize("language", SIZES)
def test_a_size_is_width_by_height_on_every_page_and_a_shape_says_its_order(open_page: OpenPage, language: str) -> None:
    image, convolution = (f"/{language}/{name}" for name in SIZES[language])
    page = open_page(f"{image}?image=sample-balls")
    expect(page.locator(".loupe [data-size]")).to_have_text("480 × 320")
    expect(page.locator("[data-count]")).to_contain_text(re.compile(r"^\s*\d+ × \d+ × 3 = "))
    wide, high = (int(side) for side in page.locator("[data-count]").inner_text().split(" × ")[:2])
    assert wide > high
    expect(page.locator("[data-notation='255']")).to_have_text(
        {"en": "0 to 255", "es": "de 0 a 255", "fr": "de 0 à 255"}[language]
    )
    page = open_page(f"{convolution}?image=sample-balls&size=512&channels=cube")
    expect(shape(page, "input")).to_have_text("3 × 320 × 480")
    for side in ("input", "output"):
        order = page.locator(f"[data-side={side}] .shape lente-term")
        expect(order).to_contain_text("C × H × W")
        expect(order).to_have_attribute("meaning", re.compile("(height|alto|hauteur) × (width|ancho|largeur)"))
    assert not re.search(r"\d\.\.\d", page.locator("main").inner_text())
    page = open_page(f"{convolution}?matrix=1,2,3;4,5,6;7,8,9;1,2,3")
    expect(shape(page, "input")).to_have_text("4 × 3")
    expect(page.locator("[data-side=input] .shape small")).to_have_text(
        {"en": "rows × columns", "es": "filas × columnas", "fr": "lignes × colonnes"}[language]
    )


def test_clamping_is_said(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?unit=0,63,95")
    expect(result(page)).to_have_text("−10")
    expect(page.locator("lente-inspector .painted")).to_have_text(
        "Clamped: −10 lies outside 0 to 255 and is painted as 0."
    )


def test_padding_mode_changes_the_border(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=padding]").click()
    page.locator("[data-field=mode]").select_option("replicate")
    expect(result(page)).to_have_text("−6")


def test_turning_the_kernel_is_true_convolution(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=what]").click()
    page.locator("[data-field=flip]").check()
    expect(result(page)).to_have_text("1.2")


def test_slices_of_a_cube_add_up(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=colour]").click()
    parts = page.locator(".partial output")
    expect(parts).to_have_count(5)
    red, green, blue, total, mean = (float(text.replace("−", "-")) for text in parts.all_inner_texts())
    assert red + green + blue == pytest.approx(total, abs=0.01)
    assert total / 9 == pytest.approx(mean, rel=1e-3)
    page.locator(".partial input[data-slice='0']").uncheck()
    expect(parts.nth(3)).to_have_text(re.compile(r"^−"))


def test_partial_pictures_are_added_one_by_one(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=colour]").click()
    parts = page.locator(".partial output")
    expect(parts).to_have_count(5)
    total = parts.nth(3).inner_text()
    red = parts.nth(0).inner_text()
    page.locator("[data-do=one-by-one]").click()
    expect(parts.nth(3)).to_have_text("0")
    expect(parts.nth(3)).to_have_text(red)
    expect(page.locator(".partial[data-on=false]")).to_have_count(2)
    expect(page.locator(".partial[data-on=false]")).to_have_count(0)
    expect(parts.nth(3)).to_have_text(total)


def drop(page: Page, name: str, content: bytes) -> None:
    """Drops a file on the page, as a hand does that brings it from the desktop."""
    page.evaluate(
        """([name, bytes]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
          for (const kind of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
        }""",
        [name, list(content)],
    )


def test_a_dropped_file_is_the_input(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?preset=identity&unit=0,0,0")
    expect(shape(page, "input")).to_have_text("3 × 170 × 256")
    file = io.BytesIO()
    Image.new("RGB", (9, 5), (250, 100, 7)).save(file, "PNG")
    drop(page, "flat.png", file.getvalue())
    expect(shape(page, "input")).to_have_text("3 × 5 × 9")
    expect(shape(page, "output")).to_have_text("3 × 3 × 7")
    expect(result(page)).to_have_text("250")


def test_a_dropped_file_that_is_no_picture_is_refused_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page(PATH, refused=415)
    expect(shape(page, "input")).to_have_text("3 × 170 × 256")
    drop(page, "words.txt", b"no picture at all")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(shape(page, "input")).to_have_text("3 × 170 × 256")


def test_the_stepper_fills_the_output(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.locator("[data-do=step]").click()
    expect(page.locator("[data-side=output] lente-matrix .hidden")).to_have_count(7)
    page.get_by_label("Speed").fill("5")
    page.locator("[data-do=play]").click()
    expect(page.locator(".stepper-count")).to_have_text("9/9")
    expect(result(page)).to_have_text("14")


def test_predict_the_next_value(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=smaller]").click()
    page.locator("[data-do=predict]").click()
    expect(result(page)).to_have_count(0)
    page.get_by_label("What comes next?").fill("13")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is 12; you said 13.")).to_be_visible()
    page.locator("[data-do=next]").click()
    page.get_by_label("What comes next?").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Right: 12.")).to_be_visible()
    expect(page.get_by_text("1 of 2 right")).to_be_visible()


def test_a_digit_of_28_gives_four_maps_of_26(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-stop=digit]").click()
    expect(shape(page, "input")).to_have_text("1 × 28 × 28")
    expect(shape(page, "output")).to_have_text("4 × 26 × 26")
    page.locator("[data-side=output]").get_by_role("button", name="3", exact=True).click()
    expect(page.get_by_label("Weight in row 3, column 1")).to_have_value("-1")
    digit = seven()[..., 0].astype(float) / 255
    wanted = (digit[5, 12:15] - digit[6, 12:15]).sum()
    page.locator("[data-do=predict]").click()
    expect(result(page)).to_have_count(0)
    page.get_by_label("What comes next?").fill(f"{wanted:.4f}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    page.locator("[data-stop=photo]").click()
    expect(shape(page, "input")).to_have_text("3 × 170 × 256")


def test_several_kernels_give_several_channels(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?channels=grey&preset=left-sobel")
    page.locator("[data-do=add-kernel]").click()
    expect(shape(page, "output")).to_have_text("2 × 168 × 254")


def test_learnt_kernels_are_presets(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-field=preset] option[value='photo_cnn-conv1-3']").wait_for(state="attached")
    page.locator("[data-field=preset]").select_option("photo_cnn-conv1-3")
    expect(page.locator(".kernel-slice")).to_have_count(3)
    expect(page).to_have_url(re.compile("preset=photo_cnn-conv1-3"))


def test_a_learnt_kernel_of_the_digit_network(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?channels=grey&image=sample-seven&scale=1&unit=0,5,12")
    page.locator("[data-field=preset] option[value='digit_cnn-conv1-2']").wait_for(state="attached")
    page.locator("[data-field=preset]").select_option("digit_cnn-conv1-2")
    expect(page).to_have_url(re.compile("preset=digit_cnn-conv1-2"))
    kernel = catalogue.load("digit_cnn").get_submodule("conv1").get_parameter("weight")[2, 0].detach()
    shown = [float(field.input_value()) for field in page.locator(".kernel-weight input").all()]
    assert shown == pytest.approx(kernel.flatten().tolist(), rel=1e-3)
    height, width = kernel.shape
    window = torch.from_numpy(seven()[5 : 5 + height, 12 : 12 + width, 0] / 255)
    wanted = float((window * kernel).sum())
    assert float(result(page).inner_text().replace("−", "-")) == pytest.approx(wanted, abs=1e-3)


def test_the_camera_runs_through_the_kernel(open_page: OpenPage) -> None:
    page = open_page(PATH, permissions=["camera"])
    expect(shape(page, "input")).to_have_text("3 × 170 × 256")
    page.locator("[data-way=camera]").click()
    expect(shape(page, "input")).to_have_text("3 × 192 × 256")
    expect(shape(page, "output")).to_have_text("3 × 190 × 254")


def test_the_address_brings_everything_back(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?matrix=1,2,3;4,5,6;7,8,9&kernel=1,0;0,1&stride=1&bias=0.5&unit=0,1,1&hide=source")
    expect(result(page)).to_have_text("14.5")
    expect(page.locator("lente-picture-source")).to_be_hidden()


CLIPPED = """() => [...document.querySelectorAll("lente-values")].flatMap(
    (values) => [...values.shadowRoot.querySelectorAll("lente-matrix")].flatMap(
      (matrix) => [...matrix.shadowRoot.querySelectorAll(".cell")]
        .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)))"""


@pytest.mark.parametrize(
    ("path", "width"), in_turn(["/en/convolution", "/es/convolucion", "/fr/convolution"], [390, 1366])
)
def test_no_number_is_clipped(open_page: OpenPage, path: str, width: int) -> None:
    big = "?matrix=123456,-98765,3.14159;1,2,3;123456,2,3&kernel=1000,2;3,4"
    page = open_page(path + big, viewport={"width": width, "height": 844})
    for query in (big, "?scale=1", "?scale=1&divisor=0.01", "?dilation=9", "?image=sample-seven&channels=grey&scale=1"):
        page.goto(page.url.split("?")[0] + query)
        expect(result(page)).to_be_visible()
        assert page.locator("[data-side=output] lente-matrix .cell").count() > 0
        assert page.evaluate(CLIPPED) == [], query
    for stop in STOPS:
        page.locator(f"[data-stop={stop}]").click()
        expect(result(page)).to_have_text(STOPS[stop][0].replace("-", "−"))
        assert page.evaluate(CLIPPED) == [], stop


def test_a_finger_moves_the_window(open_page: OpenPage) -> None:
    page = open_page(PATH, has_touch=True, viewport={"width": 390, "height": 844})
    page.locator("[data-stop=smaller]").tap()
    place = surface(page, "output", "lente-matrix")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5)
    expect(result(page)).to_have_text("19")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_tab_key_goes_down_the_page(open_page: OpenPage) -> None:
    page = open_page(PATH, viewport={"width": 390, "height": 844})
    expect(result(page)).to_be_visible()
    parts = page.locator(".stage-steps, .stage-kernel, .stage-sum, .stage-side")
    tops = parts.evaluate_all("parts => parts.map(part => part.getBoundingClientRect().top)")
    assert len(tops) == 5
    assert tops == sorted(tops)
