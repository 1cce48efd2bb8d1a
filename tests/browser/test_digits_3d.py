"""The digit network in space, with a real mouse, finger and keyboard."""

import io
import itertools

from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page, expect

from lente.benchmarks.browser import chromium
from tests.browser.conftest import FLAGS, OpenPage, until

SPACE = "lente-network-3d"
COUNT_FRAMES = """() => {
  window.frames3d = 0;
  window.asked = 0;
  const draw = WebGL2RenderingContext.prototype.drawElementsInstanced;
  WebGL2RenderingContext.prototype.drawElementsInstanced = function (...all) {
    window.frames3d++;
    return draw.apply(this, all);
  };
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (call) => { window.asked++; return ask(call); };
}"""
AT_REST = """() => new Promise((done) => {
  let last = -1;
  const look = () => {
    if (last === frames3d) return done();
    last = frames3d;
    setTimeout(look, 600);
  };
  look();
})"""


def in_space(open_page: OpenPage, path: str = "/en/digits", **options: object) -> Page:
    page = open_page(path, **options)
    page.evaluate(COUNT_FRAMES)
    until(page, "document.querySelector('lente-network-2d')?.selected")
    page.locator('[data-view="3d"]').click()
    expect(page.locator(f"{SPACE} .class").last).to_be_visible()
    page.locator(SPACE).evaluate("(each) => each.scrollIntoView({ block: 'center' })")
    page.evaluate(AT_REST)
    return page


def above(page: Page, digit: int) -> tuple[float, float]:
    """A place on the bar of a digit's probability: just above the digit's name."""
    box = page.locator(f"{SPACE} .class").nth(digit).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] - 8


def readout(page: Page) -> str:
    return page.locator(f"{SPACE} output").inner_text()


def value(text: str) -> float:
    return float(text.split("=")[1].replace("−", "-"))


def places(page: Page) -> list[float]:
    """Where the digits' names are across the page."""
    return [round(box["x"], 1) for each in page.locator(f"{SPACE} .class").all() if (box := each.bounding_box())]


def test_hover_reads_the_probability_that_the_page_states(open_page: OpenPage) -> None:
    page = in_space(open_page, "/en/digits?digit=3")
    page.mouse.move(*above(page, 3))
    output = page.locator(f"{SPACE} output")
    expect(output).to_contain_text("softmax[3] = ")
    stated = page.locator('lente-answer [data-digit="3"]').inner_text().removesuffix("\xa0%")
    assert abs(100 * value(readout(page)) - float(stated)) < 0.06
    expect(page.locator("#legend-layer")).to_have_text("softmax")


def test_hover_draws_over_the_boxes_without_drawing_them_again(open_page: OpenPage) -> None:
    page = in_space(open_page)
    before = page.evaluate("frames3d")
    picture = page.locator(f"{SPACE} .lines").screenshot()
    page.mouse.move(*above(page, 8))
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[8]")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator(f"{SPACE} .lines").screenshot() != picture
    assert page.evaluate("frames3d") == before


def test_a_click_pins_the_unit_for_the_explanation(open_page: OpenPage) -> None:
    page = in_space(open_page)
    page.mouse.click(*above(page, 5))
    expect(page.locator("lente-explanation")).to_contain_text("softmax")
    page.mouse.move(2, 2)
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[5] = ")


def test_a_digit_touched_in_the_answer_is_touched_in_space(open_page: OpenPage) -> None:
    page = in_space(open_page)
    page.locator('lente-answer [data-digit="4"]').hover()
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[4] = ")
    page.mouse.move(2, 2)
    expect(page.locator(f"{SPACE} output")).to_contain_text("conv2[")


def test_a_drag_turns_and_does_not_pin(open_page: OpenPage) -> None:
    page = in_space(open_page)
    pinned, before = readout(page), places(page)
    x, y = above(page, 5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 10, steps=4)
    page.mouse.up()
    page.mouse.move(2, 2)
    expect(page.locator(f"{SPACE} output")).to_have_text(pinned)
    assert places(page) != before


def test_nothing_is_drawn_while_nothing_changes(open_page: OpenPage) -> None:
    page = in_space(open_page)
    counts = "[frames3d, asked]"
    before = page.evaluate(counts)
    assert before[0] > 0
    page.evaluate("() => new Promise((done) => setTimeout(done, 1000))")
    assert page.evaluate(counts) == before


def test_another_digit_is_painted_in_the_next_frame(open_page: OpenPage) -> None:
    page = in_space(open_page, "/en/digits?digit=3")
    pinned = readout(page)
    drawn = page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          const space = document.querySelector("lente-network-3d");
          const before = frames3d;
          space.activations = { ...space.activations };
          await space.updateComplete;
          await frame();
          return frames3d - before;
        }"""
    )
    assert drawn > 0
    page.locator('[data-sample="7"]').click()
    expect(page.locator(f"{SPACE} output")).not_to_have_text(pinned)
    page.mouse.move(*above(page, 7))
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[7]")
    assert value(readout(page)) > 0.5


def test_keys_turn_zoom_and_return(open_page: OpenPage) -> None:
    page = in_space(open_page)
    home = places(page)
    page.locator(f"{SPACE} .stage").focus()
    page.keyboard.press("ArrowLeft")
    page.evaluate(AT_REST)
    turned = places(page)
    assert turned != home
    page.keyboard.press("+")
    page.evaluate(AT_REST)
    nearer = places(page)
    assert nearer[-1] - nearer[0] > 1.1 * (turned[-1] - turned[0])
    page.keyboard.press("0")
    page.evaluate(AT_REST)
    assert places(page) == home


def test_less_motion_jumps_home_in_one_frame(open_page: OpenPage) -> None:
    page = in_space(open_page, reduced_motion="reduce")
    home = places(page)
    page.locator(f"{SPACE} .stage").focus()
    page.keyboard.press("ArrowLeft")
    page.evaluate(AT_REST)
    page.evaluate("window.asked = 0")
    page.keyboard.press("0")
    page.evaluate(AT_REST)
    assert places(page) == home
    assert page.evaluate("asked") == 1


def test_the_wheel_scrolls_the_page_until_the_view_is_zoomed(open_page: OpenPage) -> None:
    page = in_space(open_page)
    before = places(page)
    page.mouse.move(*above(page, 0))
    top = page.evaluate("scrollY")
    page.mouse.wheel(0, 60)
    until(page, "(top) => scrollY > top", top)
    assert places(page) == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.evaluate(AT_REST)
    assert places(page) != before


def test_a_finger_taps_a_unit(open_page: OpenPage) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = in_space(open_page, **phone)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.touchscreen.tap(*above(page, 6))
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[6] = ")


def test_every_layer_is_labelled_and_no_label_lies_on_another(open_page: OpenPage) -> None:
    for width in (1366, 390):
        page = in_space(open_page, viewport={"width": width, "height": 800})
        boxes = [each.bounding_box() for each in page.locator(f"{SPACE} .label").all()]
        assert len(boxes) == 12
        spans = sorted((box["y"], box["y"] + box["height"]) for box in boxes if box)
        assert len(spans) == 12
        assert all(low[1] <= high[0] + 0.5 for low, high in itertools.pairwise(spans))


def test_dark_is_dark(open_page: OpenPage) -> None:
    page = in_space(open_page, color_scheme="dark")
    pixels = Image.open(io.BytesIO(page.locator(f"{SPACE} .stage").screenshot())).convert("L")
    assert ImageStat.Stat(pixels).median[0] < 60
    page.locator(".frame-tools button").last.click()
    page.evaluate(AT_REST)
    pixels = Image.open(io.BytesIO(page.locator(f"{SPACE} .stage").screenshot())).convert("L")
    assert ImageStat.Stat(pixels).median[0] > 200


def test_gives_the_graphics_card_back_and_can_begin_again(open_page: OpenPage) -> None:
    page = in_space(open_page)
    lost = page.evaluate(
        """() => {
          const space = document.querySelector("lente-network-3d");
          const context = space.shadowRoot.querySelector("canvas:not(.lines)").getContext("webgl2");
          const home = space.parentNode;
          space.remove();
          const lost = [context.isContextLost(), space.shadowRoot.querySelectorAll("canvas").length];
          home.append(space);
          return lost;
        }"""
    )
    assert lost == [True, 1]
    page.locator(SPACE).evaluate("(each) => each.scrollIntoView({ block: 'center' })")
    page.evaluate(AT_REST)
    page.mouse.move(*above(page, 2))
    expect(page.locator(f"{SPACE} output")).to_contain_text("softmax[2]")


def test_without_webgl_the_page_says_so_and_stays_flat(browser: Browser, server: str) -> None:
    faults: list[str] = []
    flat = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, "--disable-3d-apis"])
    page = flat.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server}/en/digits")
    until(page, "document.querySelector('lente-network-2d')?.selected")
    page.locator('[data-view="3d"]').click()
    expect(page.get_by_text("No 3-D view here")).to_be_visible()
    expect(page.locator("lente-network-2d")).to_be_visible()
    expect(page.locator('[data-view="2d"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-view="3d"]')).to_be_disabled()
    flat.close()
    assert not faults, faults


def test_whoever_presses_in_haste_has_one_network_the_one_that_was_pressed_last(open_page: OpenPage) -> None:
    press = "(views) => views.forEach((view) => document.querySelector(`[data-view='${view}']`).click())"
    page = open_page("/en/digits")
    until(page, "document.querySelector('lente-network-2d')?.selected")
    page.evaluate(press, ["3d", "2d"])
    until(page, f"document.querySelector('{SPACE}')?.checkVisibility() === false")
    expect(page.locator("lente-network-2d")).to_be_visible()
    page.reload()
    until(page, "document.querySelector('lente-network-2d')?.selected")
    page.evaluate(press, ["3d", "2d", "3d"])
    expect(page.locator(f"{SPACE} .class").last).to_be_visible()
    assert page.locator(SPACE).count() == 1
    expect(page.locator("lente-network-2d")).to_be_hidden()
