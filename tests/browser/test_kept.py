"""What is on the screen stays: in the address, or with the entry of the history."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage, until


def draw(page: Page, *points: tuple[float, float]) -> None:
    """A stroke through points in shares of the pad."""
    box = page.locator("lente-drawing canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def inked(page: Page) -> list[float]:
    return list(page.evaluate("Array.from(document.querySelector('lente-drawing').values)"))


def test_a_drawing_outlives_reload_and_back_and_is_no_sample(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=7")
    until(page, "document.querySelector('lente-network-2d')?.activations != null")
    page.get_by_role("button", name="Clear").click()
    draw(page, (0.3, 0.2), (0.6, 0.2), (0.4, 0.8))
    draw(page, (0.3, 0.5), (0.55, 0.5))
    until(page, "!location.search.includes('digit')")
    drawn = inked(page)
    assert sum(drawn) > 50
    page.reload()
    until(page, "document.querySelector('lente-network-2d')?.activations != null")
    assert inked(page) == drawn
    page.goto(page.url.split("/en/")[0] + "/en/image")
    page.go_back()
    until(page, "document.querySelector('lente-network-2d')?.activations != null")
    assert inked(page) == drawn


def test_what_is_chosen_enters_the_history_and_what_is_dragged_does_not(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    stops = ["what", "smaller", "padding", "stride"]
    for stop in stops:
        page.locator(f'[data-stop="{stop}"]').click()
        until(page, "(stop) => document.querySelector(`[data-stop='${stop}']`).ariaPressed === 'true'", stop)
        page.wait_for_timeout(500)  # as somebody who reads
    for stop in reversed(stops[:-1]):
        page.go_back()
        expect(page.locator(f'[data-stop="{stop}"]')).to_have_attribute("aria-pressed", "true")
    entries = page.evaluate("history.length")
    box = page.locator("lente-values").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=10)
    page.mouse.up()
    page.wait_for_timeout(600)
    assert page.evaluate("history.length") <= entries


@pytest.mark.parametrize(
    "path",
    ["", "image", "convolution", "digits", "learning", "features", "autoencoder", "latent", "diffusion", "lesson"],
)
def test_where_nothing_may_be_kept_every_page_works(browser: Browser, server: str, path: str) -> None:
    faults: list[str] = []
    context = browser.new_context()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
          Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server}/en/{path}")
    expect(page.locator("[data-coming]")).to_have_count(0)
    before = page.evaluate("document.documentElement.dataset.theme")
    page.locator("#theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    page.wait_for_timeout(500)  # until the address is written
    context.close()
    assert not faults, faults


def test_a_second_finger_neither_draws_nor_ends_the_stroke(open_page: OpenPage) -> None:
    page = open_page("/en/digits", viewport={"width": 390, "height": 844}, has_touch=True)
    page.get_by_role("button", name="Clear").click()
    strokes = page.evaluate(
        """() => {
          const pad = document.querySelector("lente-drawing");
          const canvas = pad.querySelector("canvas");
          const { left, top, width } = canvas.getBoundingClientRect();
          canvas.setPointerCapture = () => {};
          const send = (type, pointerId, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
            pointerId, pointerType: "touch", bubbles: true, clientX: left + x * width, clientY: top + y * width }));
          send("pointerdown", 1, 0.2, 0.2);
          send("pointermove", 1, 0.3, 0.3);
          send("pointerdown", 2, 0.8, 0.8);
          send("pointermove", 2, 0.9, 0.9);
          send("pointerup", 2, 0.9, 0.9);
          send("pointermove", 1, 0.4, 0.4);
          send("pointerup", 1, 0.4, 0.4);
          return pad.strokes.map(({ points }) => points.map(({ x }) => Math.round(10 * x)));
        }"""
    )
    assert strokes == [[2, 3, 4]]


PASTE = """([selector, words, name]) => {
  const data = new DataTransfer();
  if (words) data.setData("text/plain", words);
  data.items.add(new File([Uint8Array.from([1, 2, 3])], name, { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_a_paste_belongs_to_the_field_that_wants_text(open_page: OpenPage) -> None:
    page = open_page("/en/convolution?matrix=1,2;3,4", refused=415)
    page.get_by_text("Write the numbers yourself").first.click()
    field = page.locator("lente-matrix-editor textarea").first
    expect(field).to_be_visible()
    assert page.evaluate(PASTE, ["lente-matrix-editor textarea", "1\t2\n3\t4", "cells.png"]) is False
    assert page.evaluate(PASTE, ["body", "1\t2\n3\t4", "cells.png"]) is True


def test_the_newest_choice_wins_over_a_slow_upload_and_over_the_first_of_two(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    held: list[Route] = []
    page.route(
        "**/api/images", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    for level in (40, 90, 140):
        bring(page, held, level)
    answer(page, held[1])
    assert shown(page).startswith("sample-"), "a third was chosen since"
    answer(page, held[2])
    until(page, "!document.querySelector('lente-picture-source').image.startsWith('sample-')")
    third = shown(page)
    answer(page, held[0])
    assert shown(page) == third
    bring(page, held, 190)
    sample = page.get_by_role("group", name="Pictures that come along").get_by_role("button").nth(2)
    sample.click()
    chosen = shown(page)
    answer(page, held[3])
    assert shown(page) == chosen != third
    expect(sample).to_have_attribute("aria-pressed", "true")


def bring(page: Page, held: list[Route], level: int) -> None:
    """A picture of one grey, on its way to the server."""
    count = len(held)
    page.locator("lente-picture-source input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": plain(level)}
    )
    while len(held) == count:
        page.wait_for_timeout(20)


def answer(page: Page, route: Route) -> None:
    """Lets the upload go, and the page take its answer."""
    with page.expect_event("requestfinished", lambda request: request == route.request):
        route.continue_()
    page.evaluate(
        "new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(next, 50))))"
    )


def shown(page: Page) -> str:
    return str(page.evaluate("document.querySelector('lente-picture-source').image"))


def test_a_picture_that_the_server_would_refuse_is_made_smaller_and_upright(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    sideways = Image.new("RGB", (7000, 4000), (200, 30, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter: it is 4000 wide and 7000 high
    file = io.BytesIO()
    sideways.save(file, "JPEG", exif=exif)
    page.locator("lente-picture-source input[type=file]").set_input_files(
        {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    expect(page.locator("lente-picture-source")).to_contain_text("Made smaller before it was sent: 4000 × 7000")
    until(
        page,
        "(([, height, width]) => height > width)(document.querySelector('lente-image').picture.shape)",
    )


DROP = """([words, kind]) => {
  const data = new DataTransfer();
  data.setData(kind, words);
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_what_is_dropped_at_the_top_is_answered_there(open_page: OpenPage) -> None:
    page = open_page("/en/features", viewport={"width": 390, "height": 844})
    page.evaluate(DROP, ["https://example.org/cat.jpg", "text/uri-list"])
    notice = page.locator("lente-picture-source [role=alert]")
    expect(notice).to_contain_text("address of a picture")
    expect(notice).to_be_in_viewport(ratio=1)


def test_share_says_how_the_room_comes_in(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=7")
    page.locator("#share").click()
    expect(page.locator("dialog.share")).to_contain_text("make run LAN=1 or lente serve --lan")


def plain(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), (level, level, level)).save(file, "PNG")
    return file.getvalue()
