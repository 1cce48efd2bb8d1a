"""The first ten minutes of a class, in Spanish: home, five steps of the lesson, an own digit, an own photo, shared."""

import io
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
# What the class answers: the number of an option, or what is typed; whether that is right; what the reason says.
STEPS: list[tuple[str, int | str, bool, str]] = [
    ("Una imagen es una tabla de números", 2, True, "480 × 320 × 3 = 460"),
    ("De un número a un tensor", "3", False, "(4, 3, 10, 10)"),
    ("De 0–255 a 0–1", "0,8", True, "255"),
    ("Tres tablas hacen un color", 0, True, ""),
    ("¿Qué hace una convolución?", "-1.2", True, "1.2"),
]
RING = "document.querySelector('.lesson-ring')?.getBoundingClientRect()"


@dataclass
class Hand:
    """A thumb on a phone, or a mouse."""

    page: Page
    touches: bool

    def press(self, part: Locator) -> None:
        part.tap() if self.touches else part.click()

    def press_what_is_lit(self) -> None:
        """Where the ring is, without scrolling: it has to be in sight."""
        until(self.page, f"() => {RING}?.width > 0")
        x, y = self.page.evaluate(f"(() => {{ const b = {RING}; return [b.x + b.width / 2, b.y + b.height / 2]; }})()")
        size = self.page.viewport_size
        assert size
        assert 0 < x < size["width"]
        assert 0 < y < size["height"]
        self.page.touchscreen.tap(x, y) if self.touches else self.page.mouse.click(x, y)

    def stroke(self, pad: Locator, *points: tuple[float, float]) -> None:
        """A stroke through points, in shares of the pad."""
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        if not self.touches:
            self.page.mouse.move(*places[0])
            self.page.mouse.down()
            for place in places[1:]:
                self.page.mouse.move(*place, steps=8)
            return self.page.mouse.up()
        screen = self.page.context.new_cdp_session(self.page)
        for kind, place in [("touchStart", places[0]), *(("touchMove", place) for place in places[1:])]:
            touch = {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]}
            screen.send("Input.dispatchTouchEvent", touch)
            self.page.wait_for_timeout(60)  # as fast as a finger: after a flick Chromium takes the next tap for its end
        screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return screen.detach()


def photo() -> bytes:
    """A picture of 60 x 40, red at the left and blue at the right."""
    picture = Image.new("RGB", (60, 40), (200, 30, 40))
    picture.paste((20, 60, 180), (30, 0, 60, 40))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def shared(hand: Hand) -> str:
    """The address that Share gives, as somebody at this computer opens it."""
    hand.press(hand.page.locator("#share"))
    address = hand.page.locator("dialog.share [data-field=page]").input_value()
    hand.press(hand.page.get_by_role("button", name="Cerrar"))
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def lesson(hand: Hand) -> None:
    """Five steps: each is answered, done with what its link lights up, and explained, all of it in sight."""
    page = hand.page
    panel = page.locator(".lesson-panel")
    for number, (title, answer, right, reason) in enumerate(STEPS, 1):
        expect(panel.locator("h2")).to_have_text(title)
        expect(panel.locator(".lesson-count")).to_have_text(re.compile(rf"^{number}/\d+$"))
        expect(panel.locator("#question")).to_be_in_viewport(ratio=1)
        if isinstance(answer, int):
            hand.press(panel.locator(".question-options button").nth(answer))
        else:
            panel.get_by_role("textbox").fill(answer)
            hand.press(panel.get_by_role("button", name="Eso creo"))
        expect(panel).to_have_attribute("data-at", "task")
        hand.press(panel.locator("[data-part=task] button").first)
        hand.press_what_is_lit()
        expect(panel).to_have_attribute("data-at", "reveal")
        said = panel.locator(".prediction-kept strong")
        expect(said).to_have_class("said-right" if right else "said-wrong")
        expect(said).to_be_in_viewport(ratio=1)
        expect(panel.locator("[data-part=reveal]")).to_contain_text(reason)
        expect(panel.locator("[data-part=reveal] p")).to_be_in_viewport(ratio=1)
        hand.press(panel.get_by_role("link", name="Siguiente"))


def own_digit(hand: Hand) -> str:
    """A one is drawn in the sample's place and read as it is drawn; gives what the page says of it."""
    page = hand.page
    pad = page.locator("lente-drawing canvas").first
    hand.press(page.get_by_role("button", name="Borrar todo").first)
    expect(page.locator("lente-answer .words")).to_contain_text("no hay nada dibujado")
    hand.stroke(pad, (0.5, 0.15), (0.5, 0.35), (0.5, 0.55), (0.5, 0.85))
    expect(page.locator("lente-answer .digit")).to_have_text("1")
    expect(page.locator("lente-answer .digit")).to_be_in_viewport()
    return page.locator("lente-answer .verdict").inner_text()


def own_photo(hand: Hand) -> str:
    """A photo takes the sample's place on the page about pictures; gives what is said of the pixel that is touched."""
    page = hand.page
    file = {"name": "foto.png", "mimeType": "image/png", "buffer": photo()}
    page.locator(".source-ways input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".loupe [data-size]")).to_have_text("60 × 40")
    picture = page.locator(".loupe-picture lente-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    place = (box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    page.touchscreen.tap(*place) if hand.touches else page.mouse.click(*place)
    expect(page.locator("[data-pixel]")).to_contain_text("Azul 180")
    return page.locator("[data-pixel]").inner_text()


@pytest.mark.parametrize("device", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_first_ten_minutes_of_a_class(open_page: OpenPage, device: dict[str, object]) -> None:
    page = open_page("/es/", refused=503, **device)  # a server that has just begun is asked again
    hand = Hand(page, touches=device is PHONE)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    hand.press(page.get_by_role("link", name="Empezar la lección"))
    hand.press(page.locator(".lesson-step a").first)
    lesson(hand)
    hand.press(page.locator(".lesson-home"))
    expect(page.locator(".lesson-step[data-done=true]")).to_have_count(5)

    page.goto(page.url.split("/es/")[0] + "/es/digitos")
    said = own_digit(hand)
    other = open_page(shared(hand), refused=503, **LAPTOP)
    expect(other.locator("lente-answer .digit")).to_have_text("1")
    assert other.locator("lente-answer .verdict").inner_text().split() == said.split()

    page.goto(page.url.split("/es/")[0] + "/es/imagen")
    said = own_photo(hand)
    other = open_page(shared(hand), refused=503, **PHONE)
    expect(other.locator(".loupe [data-size]")).to_have_text("60 × 40")
    expect(other.locator("[data-pixel]")).to_have_text(said, use_inner_text=True)
