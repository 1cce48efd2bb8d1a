"""What is touched and what it changes share the screen, at every width; a swipe that begins on a picture scrolls."""

from typing import NamedTuple

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import TWO_FRAMES, WHOLE, OpenPage, until

THUMB = [(390, 844), (820, 1180)]  # at the first of each, a page's first screen holds what it is for
MOUSE = [(1366, 768), (1920, 1080), (683, 384)]  # the last is the first at 200 %
LEAST = 80  # pixels of an answer that can be read

# As a visitor has it: the control in the middle of the screen. How much of it and of its answer is then to be seen.
SHARED = """([touched, answer]) => {
  const [hand, shown] = [document.querySelector(touched), document.querySelector(answer)];
  if (!hand || !shown) return { missing: hand ? answer : touched };
  hand.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const seen = (element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const across = Math.min(right, innerWidth) - Math.max(left, 0);
    return { seen: across > 0 ? Math.min(bottom, innerHeight) - Math.max(top, 0) : 0, of: bottom - top };
  };
  return { hand: seen(hand), shown: seen(shown), y: scrollY };
}"""


class Pair(NamedTuple):
    """What is touched, and what changes then."""

    page: str
    touched: str
    answer: str
    first: bool = True  # both on the first screen


PAIRS = [
    Pair("image", ".loupe-picture lente-picture", ".loupe lente-matrix"),
    Pair("image", ".loupe lente-matrix", ".loupe-picture lente-picture"),
    Pair("image", "[data-notation=hex]", ".loupe lente-matrix"),
    Pair("image", "lente-channels input", "[data-together]", first=False),
    Pair("image", "lente-resolution input", ".resolution lente-picture", first=False),
    Pair("image", "lente-tensor-ladder .axis:last-of-type input", ".picked", first=False),
    Pair("convolution", ".stage-side[data-side=input] lente-values", ".stage-side[data-side=output] lente-values"),
    Pair("convolution", ".kernel-weight input", ".stage-side[data-side=output] lente-values"),
    Pair("convolution", "[data-field=preset]", ".stage-side[data-side=output] lente-values"),
    Pair("convolution", "lente-stepper input", ".stage-side[data-side=output] lente-values"),
    Pair("digits", "lente-drawing .pad", "lente-answer"),
    Pair("digits", "[data-sample='7']", "lente-answer"),
    Pair("digits", "#temperature", "lente-answer"),
    Pair("digits", "[data-view='3d']", "lente-network-2d", first=False),
    Pair("digits", "lente-weights .kernel-numbers", "lente-weights lente-class-bars", first=False),
    Pair("digits", "lente-weights .sheet", "lente-weights .kernel-numbers", first=False),
    Pair("digits", "lente-confusion .pad", "lente-confusion lente-class-bars", first=False),
    Pair("digits", "lente-confusion .pad", "lente-confusion .weak lente-map", first=False),
    Pair("digits", ".ascent-steps input", ".ascent-panels lente-map", first=False),
    Pair("learning", "lente-one-kernel [data-do=step]", ".learn-panels figure:nth-child(3) lente-map"),
    Pair("learning", "[data-part=rate]", ".learn-panels figure:nth-child(3) lente-map"),
    Pair("learning", "lente-matrix[data-part=weights]", "[data-part=gradient]", first=False),
    Pair("features", ".layers", ".channel-map"),
    Pair("features", "lente-feature-grid", ".channel-map", first=False),
    Pair("features", ".channel-map", ".see .photo"),
    Pair("features", "lente-feature-crop", ".seen-pixels", first=False),
    Pair("autoencoder", ".bottleneck-tools .segments", ".flow-copy"),
    Pair("autoencoder", "lente-digit-source .pad", ".flow-copy"),
    Pair("autoencoder", ".code-sliders .slider-row:last-of-type", ".flow-copy", first=False),
    Pair("autoencoder", ".places-map lente-plane", ".places-words lente-pictures", first=False),
    Pair("latent", "lente-latent-map lente-plane", "lente-latent-map .decoded lente-pictures"),
    Pair("latent", "lente-latent-map .slider-row", "lente-latent-map .decoded lente-pictures", first=False),
    Pair("latent", "lente-latent-numbers .slider-row:last-of-type", ".decoded-long lente-pictures", first=False),
    Pair("latent", ".bell:first-child [data-setting]", ".bell-picture", first=False),
    Pair("latent", "lente-latent-betas .rail-track", ".betas-panels lente-plane", first=False),
    Pair("latent", "lente-latent-landing .pad", ".landing-pictures", first=False),
    Pair("diffusion", "lente-digit-source .pad", "lente-diffusion-in [data-part=x] lente-map"),
    Pair("diffusion", "lente-diffusion-in [data-part=step]", "lente-diffusion-in [data-part=x] lente-map"),
    Pair(
        "diffusion",
        "lente-diffusion-seen [data-part=step]",
        "lente-diffusion-seen [data-part=estimate] lente-map",
        first=False,
    ),
    Pair("diffusion", "lente-diffusion-plane lente-plane", ".flow-pictures", first=False),
    Pair("diffusion", ".flow-steps input", ".flow-pictures", first=False),
    Pair("diffusion", ".flow-steps input", "lente-diffusion-plane lente-plane", first=False),
    Pair(
        "diffusion",
        "lente-diffusion-out [data-part=moments]",
        "lente-diffusion-out [data-part=estimate] lente-map",
        first=False,
    ),
    Pair("diffusion", "lente-diffusion-told .slid", ".told-pictures", first=False),
    Pair("diffusion", "lente-diffusion-scribble .pad", ".scribble-way", first=False),
    Pair("diffusion", "lente-diffusion-scribble .slid", ".scribble-way", first=False),
    Pair("diffusion", "lente-rubber .pad", ".fill-pictures", first=False),
    Pair("diffusion", ".ends-strips input", ".ends-pair", first=False),
]
PAGES = sorted({pair.page for pair in PAIRS})


def opened(open_page: OpenPage, noun: str, sizes: list[tuple[int, int]]) -> Page:
    """All of a page, as large and touched as the first of such screens is."""
    touch = sizes is THUMB
    width, height = sizes[0]
    page = open_page(f"/en/{noun}", viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch)
    page.evaluate(WHOLE)
    for pair in PAIRS:
        if pair.page == noun:
            expect(page.locator(pair.touched).first).to_be_attached()
            expect(page.locator(pair.answer).first).to_be_attached()
    return page


@pytest.mark.without_axe
@pytest.mark.parametrize("sizes", [THUMB, MOUSE], ids=["thumb", "mouse"])
@pytest.mark.parametrize("noun", PAGES)
def test_what_is_touched_and_what_answers_share_the_screen(
    open_page: OpenPage, noun: str, sizes: list[tuple[int, int]]
) -> None:
    page = opened(open_page, noun, sizes)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    assert beyond_the_first_screen(page, noun, sizes[0][1]) == []
    apart = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(TWO_FRAMES)
        for pair in PAIRS:
            if pair.page != noun:
                continue
            found = page.evaluate(SHARED, [pair.touched, pair.answer])
            if not on_screen(found, "hand") or not on_screen(found, "shown"):
                apart.append((width, pair.touched, pair.answer, found))
    assert apart == []


def beyond_the_first_screen(page: Page, noun: str, height: int) -> list[tuple[str, float]]:
    """What should be on the screen of a page that has just opened, and is not."""
    beyond = []
    for pair in PAIRS:
        if pair.page == noun and pair.first:
            for selector in (pair.touched, pair.answer):
                box = page.locator(selector).first.bounding_box()
                assert box is not None
                seen = min(box["y"] + box["height"], height) - max(box["y"], 0)
                if seen < min(LEAST, box["height"]) - 1:
                    beyond.append((selector, seen))
    return beyond


def on_screen(found: dict[str, dict[str, float]], which: str) -> bool:
    return which in found and found[which]["seen"] >= min(LEAST, found[which]["of"]) - 1


# What a finger that goes up may begin on; of pads and planes, the strip beside them.
SWIPED = {
    "": [
        "mini-image lente-map", "mini-image .mini-numbers", "mini-convolution :is(lente-picture, lente-map)",
        "mini-features lente-map", "mini-autoencoder lente-map", "mini-latent .mini-plane",
    ],
    "image": [".loupe-picture lente-picture", ".loupe lente-matrix", "lente-channels lente-picture", ".rung-vector"],
    "convolution": [
        ".stage-side[data-side=input] lente-values", ".stage-side[data-side=output] lente-values",
        ".kernel-weight input", "lente-inspector",
    ],
    "digits": ["#raw", "lente-network-2d", "lente-answer", ".mistake", "lente-drawing|strip"],
    "learning": [".learn-panels lente-map", "lente-matrix"],
    "features": [".see .photo lente-map", ".channel-map", "lente-feature-crop|strip"],
    "autoencoder": [".flow-picture lente-pictures", "lente-code-cells", ".ladder lente-map", "lente-drawing|strip"],
    "latent": [".decoded lente-pictures", "lente-latent-map lente-plane|strip", "lente-latent-aim lente-pictures"],
    "diffusion": [".noise-panel lente-map", "lente-drawing|strip"],
}  # fmt: skip
WHERE = """([selector, strip]) => {
  const element = document.querySelector(selector);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const side = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--strip")) * 16;
  const beside = selector.includes("plane") ? right + side / 2 : right - side / 2;
  const down = Math.min((top + Math.min(bottom, top + 200)) / 2, innerHeight - 120);
  const last = scrollY + innerHeight > document.documentElement.scrollHeight - 120;
  return [strip ? beside : (left + right) / 2, down, scrollY, last ? -120 : 120];
}"""


@pytest.mark.without_axe
@pytest.mark.parametrize("noun", SWIPED)
def test_a_swipe_that_begins_on_a_picture_scrolls(open_page: OpenPage, noun: str) -> None:
    page = open_page(f"/en/{noun}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.evaluate(WHOLE)
    client = page.context.new_cdp_session(page)
    stuck = []
    for name in SWIPED[noun]:
        selector, _, strip = name.partition("|")
        expect(page.locator(selector).first).to_be_attached()
        x, y, before, far = page.evaluate(WHERE, [selector, bool(strip)])
        swipe(client, x, y, far)
        try:
            until(page, "([before, far]) => (scrollY - before) / far > 0.5", [before, far], seconds=3)
        except AssertionError:
            stuck.append((name, page.evaluate("scrollY") - before))
    assert stuck == []


def swipe(client: CDPSession, x: float, y: float, far: float) -> None:
    """A finger that goes up so many pixels; down, where there are fewer than none."""
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        places = [{"x": x, "y": y - far * step / 10}]
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": places})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_press_means_the_pixel_under_the_pointer(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    picture = page.locator(".loupe-picture lente-picture")
    words = page.locator("[data-pixel]")
    expect(words).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    cell = box["width"] / 451
    for column in range(100, 130):
        # just beyond an edge between two pixels, at a fraction of a pixel of the screen
        page.mouse.move(box["x"] + column * cell + 0.2, box["y"] + 100.3)
        expect(words).to_contain_text(f"column {column}:")
        page.mouse.down()
        page.mouse.up()
        expect(words).to_contain_text(f"column {column}:")


def test_no_setting_of_the_numbers_moves_itself(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    code, below = page.locator("[data-notation=hex]"), page.locator("lente-picture-source")
    expect(code).to_be_visible()
    before = [code.bounding_box(), below.bounding_box()]
    code.click()
    expect(page.locator(".loupe lente-matrix .touched")).to_have_text("624921")
    assert [code.bounding_box(), below.bounding_box()] == before


@pytest.mark.parametrize("width", [390, 820, 1366, 1920])
def test_all_lines_of_a_matrix_are_alike(open_page: OpenPage, width: int) -> None:
    page = open_page("/en/image", viewport={"width": width, "height": 900})
    expect(page.locator(".loupe lente-matrix .cell").first).to_be_visible()
    edges = page.evaluate(
        """[...document.querySelector(".loupe lente-matrix").shadowRoot.querySelectorAll(".cell")].map((cell) => {
          const { left, top, width, height } = cell.getBoundingClientRect();
          return [width, height, left % 1, top % 1].map((length) => Math.round(100 * length) / 100).join();
        })"""
    )
    assert len(set(edges)) == 1, set(edges)


def test_a_part_that_the_address_names_is_gone_to(open_page: OpenPage) -> None:
    page = open_page("/en/features#why")
    until(page, "Math.abs(document.querySelector('#why')?.getBoundingClientRect().top) < 60")
    page.mouse.wheel(0, -300)
    until(page, "document.querySelector('#why').getBoundingClientRect().top > 150")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/features?network=photo_cnn&layer=conv99", "has no layer “conv99”: relu1 is shown"),
        (
            "/en/features?network=photo_cnn&layer=relu1&unit=99,0,0",
            "relu1 has no unit “99,0,0”, its size is 32 × 64 × 64",
        ),
        ("/en/digits?layer=conv9&unit=0,0,0", "has no unit “conv9, 0, 0, 0”"),
        ("/en/digits?layer=conv2&unit=20,0,0", "has no unit “conv2, 20, 0, 0”"),
        ("/en/learning?layer=nope", "has no unit “nope”: pool1, map 4, row 3, column 5 is shown"),
        ("/en/learning?layer=conv2&unit=20,0,0", "has no unit “conv2, 20, 0, 0”"),
        ("/en/learning?layer=conv2&index=20,0,2,2", "conv2 has no weight “20, 0, 2, 2”, its size is 20 × 10 × 5 × 5"),
        ("/en/learning?label=10", "“label=10” in the address makes no sense here"),
    ],
)
def test_a_layer_or_unit_that_is_not_there_is_said_in_place(open_page: OpenPage, path: str, words: str) -> None:
    page = open_page(path)
    said = page.get_by_role("alert").filter(has_text=words)
    if "learning" in path and "label" not in path:  # in its exhibit, the second, which asks once it is near
        page.locator("#step h2").evaluate("heading => heading.scrollIntoView({ behavior: 'instant' })")
    expect(said).to_be_in_viewport()


def test_an_exhibit_fills_the_screen_at_a_key(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.className === 'exhibit stage'")
    page.keyboard.press("f")
    until(page, "!document.fullscreenElement")
    page.locator("lente-window-settings input").first.focus()
    page.keyboard.press("f")
    page.get_by_role("button", name="This exhibit on the whole screen (F)").first.click()
    until(page, "document.fullscreenElement?.className === 'exhibit stage'")


def test_the_filtered_picture_is_saved_pixel_by_pixel(open_page: OpenPage) -> None:
    from PIL import Image

    page = open_page("/en/convolution?preset=custom&kernel=0,0,0;0,1,0;0,0,0")
    expect(page.locator("[data-shape=output]")).to_have_text("3 × 168 × 254")
    with page.expect_download() as download:
        page.locator("[data-do=save]").click()
    saved = Image.open(download.value.path())
    assert saved.size == (254, 168)
    shown = page.evaluate(
        """[...document.querySelector("[data-side=output] lente-values").pixels].filter((_, i) => i % 4 < 3)"""
    )
    assert list(saved.convert("RGB").tobytes()) == shown
