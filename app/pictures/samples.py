"""The pictures that come along: photographs, with credits in `photographs/README.md`, and scenes that are computed.

A network that names a thousand things names some of them rightly. The others show something, and say what.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from lente.app.i18n import N_
from lente.app.pictures import scenes
from lente.app.pictures.decoding import Picture, read_picture

PHOTOGRAPHS = Path(__file__).with_name("photographs")
SHEET = PHOTOGRAPHS / "sheet.webp"
CELL = (128, 96)


@dataclass(frozen=True)
class Sample:
    """A picture that comes along.

    Attributes:
        id: usable wherever an uploaded picture's id is.
        title: message that names it.
        width, height: in pixels.
        read: makes the picture, (H, W, 3).
        classes: names in English of what a network that knows a thousand things may rightly call it.
        shows: message that says what it is there for, where it has no right name.
    """

    id: str
    title: str
    width: int
    height: int
    read: Callable[[], Picture]
    classes: tuple[str, ...] = field(default=(), kw_only=True)
    shows: str = field(default="", kw_only=True)


def _photograph(file: str) -> Picture:
    return read_picture((PHOTOGRAPHS / file).read_bytes())


_CATS = ("tabby cat", "tiger cat", "Egyptian cat")
_ALL = (
    Sample("sample-cat", N_("Cat"), 451, 300, partial(_photograph, "cat.png"), classes=_CATS),
    Sample(
        "sample-coffee", N_("Cup of coffee"), 600, 400, partial(_photograph, "coffee.png"),
        classes=("espresso", "cup"),
    ),
    Sample(
        "sample-astronaut", N_("Astronaut"), 512, 512, partial(_photograph, "astronaut.png"),
        shows=N_("No astronaut and no face is among the thousand things: what is nearest to somebody in a thick suit?"),
    ),
    Sample(
        "sample-rocket", N_("Rocket"), 640, 427, partial(_photograph, "rocket.jpg"),
        shows=N_("Of rockets it knows missiles and the shuttle only: it divides its answer among what is alike."),
    ),
    Sample(
        "sample-coins", N_("Coins"), 384, 303, partial(_photograph, "coins.png"),
        shows=N_("Coins are not among the thousand things: whatever it says is wrong. Does it notice?"),
    ),
    Sample(
        "sample-galaxies", N_("Galaxies"), 1000, 872, partial(_photograph, "galaxies.jpg"),
        shows=N_("It never saw the sky through a telescope: what does it take small bright spots for?"),
    ),
    Sample(
        "sample-face", N_("Small face"), 32, 32, scenes.face,
        shows=N_("A drawing of 32 × 32 pixels, enlarged: faces are not among the thousand things."),
    ),
    Sample(
        "sample-seven", N_("Handwritten seven"), 28, 28, scenes.seven,
        shows=N_("For the digit network. A network for photographs knows no digits, and is given one all the same."),
    ),
    Sample(
        "sample-skyline", N_("Skyline at dusk"), 480, 320, scenes.skyline,
        shows=N_("A drawing: networks that learnt from photographs alone seldom know what a drawing shows."),
    ),
    Sample(
        "sample-balls", N_("Three balls"), 480, 320, scenes.balls,
        classes=("croquet ball", "ping-pong ball", "hot-air balloon"),
    ),
    Sample(
        "sample-colours", N_("Colour wheel"), 384, 384, scenes.colour_wheel,
        shows=N_("Nothing but colours, to see which maps answer to which."),
    ),
    Sample(
        "sample-rings", N_("Ever finer rings"), 384, 384, scenes.rings,
        shows=N_("Nothing but edges of every direction and fineness, to see which maps answer to which."),
    ),
    Sample(
        "sample-chessboard", N_("Chessboard"), 480, 320, scenes.chessboard,
        shows=N_("Corners and lines that run together. A chessboard is not among the thousand things."),
    ),
)  # fmt: skip
SAMPLES = {sample.id: sample for sample in _ALL}


@cache
def sheet() -> bytes:
    """All side by side, each cut to CELL, a WebP to choose from, not to read numbers off; tools/sheet.py writes it."""
    return SHEET.read_bytes()
