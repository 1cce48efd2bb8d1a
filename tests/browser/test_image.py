"""The image page, with a real mouse, a finger and the keyboard."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from lente.app.pictures.scenes import face
from tests.browser.conftest import OpenPage

PATH = "/en/image"


def png(colour: tuple[int, int, int], size: tuple[int, int] = (6, 4)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def point(page: Page, selector: str, x: float, y: float) -> None:
    place = page.locator(selector).first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_the_loupe_shows_the_pixel_under_the_mouse(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?image=sample-face")
    point(page, ".loupe-picture lente-picture", 12.5 / 32, 14.5 / 32)
    grey = int(face()[14, 12, 0])
    words = page.locator("[data-pixel]")
    expect(words).to_contain_text("row 14, column 12")
    expect(words).to_contain_text(f"#{grey:02X}{grey:02X}{grey:02X}")
    expect(page.locator(".loupe lente-matrix .touched")).to_have_text(str(grey))
    page.locator("[data-notation='1']").click()
    expect(page.locator(".loupe lente-matrix .touched")).to_have_text(f"{grey / 255:.2f}")
    page.locator("[data-notation=hex]").click()
    expect(page.locator(".loupe lente-matrix .touched")).to_have_text(f"{grey:02X}" * 3)


def test_arrow_keys_walk_the_numbers(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?image=sample-face&unit=3,4")
    page.locator(".loupe lente-matrix [tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-pixel]")).to_contain_text("row 4, column 5")


def test_an_uploaded_picture_and_its_channels(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png((250, 100, 7))}
    )
    expect(page.locator("[data-together]")).to_have_text("250, 100, 7")
    page.locator("input[data-channel=g]").uncheck()
    expect(page.locator("[data-together]")).to_have_text("250, 0, 7")
    expect(page).to_have_url(re.compile("channels=rb"))


def test_a_pasted_picture(open_page: OpenPage) -> None:
    page = open_page(PATH)
    expect(page.locator("[data-pixel]")).to_be_visible()
    page.evaluate(
        """(bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "b.png", { type: "image/png" }));
          dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        list(png((1, 2, 3))),
    )
    expect(page.locator("[data-together]")).to_have_text("1, 2, 3")


def test_a_drawing_is_a_picture_too(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-way=drawing]").click()
    pad = page.locator("lente-drawing canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 150, steps=8)
    page.mouse.up()
    expect(page.locator(".loupe figcaption output")).to_have_text("112 × 112")
    expect(page).to_have_url(re.compile(r"image=[0-9a-f]{16}"))


def test_the_paper_opens_where_it_is_seen(open_page: OpenPage) -> None:
    page = open_page(PATH, viewport={"width": 1280, "height": 720})
    page.locator("[data-way=drawing]").click()
    expect(page.locator("lente-drawing canvas")).to_be_in_viewport(ratio=1)


def test_the_resolution_slider_counts_the_numbers(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?size=16")
    count = page.locator("[data-count]")
    expect(count).to_have_text("16 × 11 × 3 = 528")
    page.get_by_label("Pixels along the longer side").focus()
    page.keyboard.press("ArrowLeft")
    expect(count).to_have_text("12 × 8 × 3 = 288")


def test_the_ladder_begins_with_the_slides_vector(open_page: OpenPage) -> None:
    page = open_page(PATH)
    expect(page.locator(".rung-vector .cell")).to_have_text(
        ["9", "7", "4.5", "1.2", "−6", "3", "2.2", "1", "6", "3", "8"]
    )
    page.locator("input[data-axis='0']").fill("4")
    expect(page.locator("[data-picked]")).to_have_text("x[4] = −6")
    expect(page.locator("[data-bytes]")).to_have_text("44 bytes as float32 (4 each)")


@pytest.mark.parametrize(
    ("rank", "shape"), [(2, "(10, 10)"), (3, "(3, 10, 10)"), (4, "(4, 3, 10, 10)"), (5, "(4, 5, 3, 10, 10)")]
)
def test_the_rungs_have_real_data(open_page: OpenPage, rank: int, shape: str) -> None:
    page = open_page(PATH)
    page.locator(f"[data-rank='{rank}']").click()
    expect(page.locator("lente-tensor-ladder [data-shape]")).to_have_text(shape)
    page.locator(f"input[data-axis='{rank - 1}']").fill("7")
    touched = page.locator(".rung-matrix .touched")
    expect(page.locator("[data-picked]")).to_contain_text("[7] = ")
    assert page.locator("[data-picked] strong").inner_text() == touched.inner_text()


def cells(page: Page, selector: str) -> list[str]:
    return page.locator(f"{selector} .cell").all_inner_texts()


def test_the_letter_the_codes_and_the_three_tables_are_a_press_away(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?image=sample-cat")
    page.locator("[data-worked='2-letter']").click()
    letter = [["0", "0.6", "0.6", "0"], ["0.6", "0", "0", "0.6"], ["0.6"] * 4, ["0.6", "0", "0", "0.6"]]
    assert cells(page, ".rung-matrix") == [number for row in letter for number in row]
    expect(page.locator("lente-tensor-ladder [data-shape]")).to_have_text("(4, 4)")
    page.locator("[data-worked='2-codes']").click()
    codes = cells(page, ".rung-matrix")
    assert codes[:5] == ["60", "113", "56", "139", "85"]
    assert all(0 <= int(code) <= 255 for code in codes)
    assert len(codes) == 25
    page.locator("[data-worked='3-picture']").click()
    tables = [cells(page, f"[data-table='{channel}']") for channel in range(3)]
    colours = page.evaluate("[...document.querySelector('lente-tensor-ladder').tensors[2].data]")
    assert [int(code) for table in tables for code in table] == [round(255 * value) for value in colours]
    page.locator("[data-table='2'] .cell").nth(37).click()
    expect(page.locator("[data-picked]")).to_have_text(f"x[2][3][7] = {tables[2][37]}")
    expect(page).to_have_url(re.compile("index=2,3,7"))
    page.reload()
    expect(page.locator("[data-picked]")).to_have_text(f"x[2][3][7] = {tables[2][37]}")


def test_a_refused_camera_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.evaluate(
        """() => {
          const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )
    page.locator("[data-way=camera]").click()
    expect(page.get_by_role("alert")).to_contain_text("The browser did not allow the camera.")
    expect(page.locator("[data-pixel]")).to_be_visible()


def test_a_picture_that_comes_late_does_not_wipe_what_was_said(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    held: list[Route] = []
    page.route("**/api/images/sample-cat?size=512*", lambda route: route.continue_() if held else held.append(route))
    page.goto(page.url.replace("/digits", "/image"))
    page.evaluate(
        """() => {
          const refuse = () => Promise.reject(new DOMException("no", "NotFoundError"));
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )
    page.locator("[data-way=camera]").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no camera on this device.")
    held[0].continue_()
    expect(page.locator("[data-pixel]")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("There is no camera on this device.")


def test_a_finger_moves_the_loupe_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?image=sample-face", has_touch=True, viewport={"width": 360, "height": 780})
    place = page.locator(".loupe-picture lente-picture")
    expect(page.locator("[data-pixel]")).to_be_visible()
    box = place.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.5 + 2, box["y"] + box["height"] * 0.25 + 2)
    expect(page.locator("[data-pixel]")).to_contain_text("row 8, column 16")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
