"""The pictures that come along: photographs among scikit-image's own sample data, and scenes that are computed.

The photographs are in the public domain or under CC0: the astronaut by NASA, the cat by Stefan van der Walt, the coffee
by Rachel Michetti, the rocket by SpaceX, the coins from the Brooklyn Museum, the galaxies by NASA and ESA.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from lente.app.i18n import N_
from lente.app.pictures import scenes
from lente.app.pictures.decoding import Picture, read_picture


@dataclass(frozen=True)
class Sample:
    """A picture that comes along.

    Attributes:
        id: usable wherever an uploaded picture's id is.
        title: message that names it.
        width, height: in pixels.
        read: makes the picture, (H, W, 3).
    """

    id: str
    title: str
    width: int
    height: int
    read: Callable[[], Picture]


def _photograph(file: str) -> Picture:
    package = find_spec("skimage")
    assert package is not None
    folders = package.submodule_search_locations or []
    return read_picture((Path(folders[0]) / "data" / file).read_bytes())


_ALL = (
    Sample("sample-cat", N_("Cat"), 451, 300, partial(_photograph, "chelsea.png")),
    Sample("sample-coffee", N_("Cup of coffee"), 600, 400, partial(_photograph, "coffee.png")),
    Sample("sample-astronaut", N_("Astronaut"), 512, 512, partial(_photograph, "astronaut.png")),
    Sample("sample-rocket", N_("Rocket"), 640, 427, partial(_photograph, "rocket.jpg")),
    Sample("sample-coins", N_("Coins"), 384, 303, partial(_photograph, "coins.png")),
    Sample("sample-galaxies", N_("Galaxies"), 1000, 872, partial(_photograph, "hubble_deep_field.jpg")),
    Sample("sample-face", N_("Small face"), 32, 32, scenes.face),
    Sample("sample-seven", N_("Handwritten seven"), 28, 28, scenes.seven),
    Sample("sample-skyline", N_("Skyline at dusk"), 480, 320, scenes.skyline),
    Sample("sample-balls", N_("Three balls"), 480, 320, scenes.balls),
    Sample("sample-colours", N_("Colour wheel"), 384, 384, scenes.colour_wheel),
    Sample("sample-rings", N_("Ever finer rings"), 384, 384, scenes.rings),
    Sample("sample-chessboard", N_("Chessboard"), 480, 320, scenes.chessboard),
)
SAMPLES = {sample.id: sample for sample in _ALL}
