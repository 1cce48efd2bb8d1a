"""A drawing to what the digit network reads: (28, 28) in 0..1, light on dark, placed as MNIST's digits are.

MNIST scales a digit, its proportions kept, into a box of 20 x 20 pixels and puts its centre of mass in the middle of
28 x 28 (LeCun, Cortes, Burges: "The MNIST database of handwritten digits"): in the middle of pixel 14, counted from 0.
static/js/digits/centre_digit.js does the same in the browser. Nothing here needs torch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lente.app.errors import BadInput
from lente.app.i18n import N_

Values = np.ndarray[Any, np.dtype[np.float32]]

SIDE = 28
BOX = 20
MIDDLE = 14.5  # where the centre of mass of MNIST's digits lies, from the edge
INK = 0.2
FAINTEST = 0.1
VALUE_SIDES = (SIDE, 112)


@dataclass(frozen=True)
class Placed:
    """A drawing as the network can read it.

    Attributes:
        raw: (28, 28), the whole drawing shrunk as it lies.
        centred: (28, 28), its ink in a box of 20, centre of mass where MNIST's digits have it.
        box: top, left, bottom and right of the ink, in pixels of the drawing.
    """

    raw: Values
    centred: Values
    box: tuple[int, int, int, int]


def place(ink: Values) -> Placed:
    """`ink` (H, W), 0..1, light on dark, placed both ways. Raises BadInput where there is no ink."""
    box = ink_box(ink)
    return Placed(as_it_lies(ink), centred(ink, box), box)


def ink_box(ink: Values) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of what is brighter than a fifth of the brightest. Raises BadInput if all is dark."""
    brightest = float(ink.max(initial=0))
    if brightest < FAINTEST:
        template = N_("The drawing is empty: its brightest value is {brightest:.2f}. Draw a digit, light on dark.")
        raise BadInput("drawing_empty", template, brightest=brightest)
    rows, columns = (np.flatnonzero((ink > INK * brightest).any(axis)) for axis in (1, 0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def as_it_lies(ink: Values) -> Values:
    """The whole of `ink` (H, W), centred on a square if it is none, shrunk to (28, 28)."""
    height, width = ink.shape
    scale = max(height, width) / SIDE
    return resample(ink, (height - SIDE * scale) / 2, (width - SIDE * scale) / 2, scale)


def centred(ink: Values, box: tuple[int, int, int, int]) -> Values:
    """The part `box` of `ink` (H, W) scaled to 20, its centre of mass at MIDDLE of (28, 28), nothing cut off."""
    top, left, bottom, right = box
    scale = max(bottom - top, right - left) / BOX
    part = np.zeros_like(ink)
    part[top:bottom, left:right] = ink[top:bottom, left:right]
    return resample(part, _start(part.sum(1), top, bottom, scale), _start(part.sum(0), left, right, scale), scale)


def _start(mass: Values, first: int, last: int, scale: float) -> float:
    """Where the 28 pixels begin along one axis."""
    middle = float(mass @ (np.arange(len(mass)) + 0.5)) / float(mass.sum())
    return min(max(middle - MIDDLE * scale, last - SIDE * scale), first)


def resample(ink: Values, top: float, left: float, scale: float, side: int = SIDE) -> Values:
    """(side, side) of `ink`: pixel (i, j) averages the square of side `scale` from row top + i scale on.

    Dark outside. Where that square is smaller than a pixel, bilinear between pixels.
    """
    rows = _shares(top, scale, side, ink.shape[0])
    columns = _shares(left, scale, side, ink.shape[1])
    shrunk: Values = np.clip(rows @ ink @ columns.T, 0, 1).astype(np.float32)
    return shrunk


def _shares(start: float, scale: float, side: int, length: int) -> Values:
    """(side, length): how much of each input pixel goes into each output pixel, along one axis."""
    reach = max(scale, 1.0)
    first = start + (np.arange(side)[:, None] + 0.5) * scale - reach / 2
    pixels = np.arange(length)[None, :]
    overlap = np.minimum(first + reach, pixels + 1) - np.maximum(first, pixels)
    shares: Values = (np.maximum(0, overlap) / reach).astype(np.float32)
    return shares


def from_bytes(body: bytes) -> Values:
    """A pad's values, 28 x 28 or 112 x 112, float32 in 0..1 or bytes 0..255: how many bytes there are tells which."""
    for side in VALUE_SIDES:
        if len(body) == side * side:
            return np.frombuffer(body, np.uint8).reshape(side, side).astype(np.float32) / np.float32(255)
        if len(body) == side * side * 4:
            return _checked(np.frombuffer(body, "<f4").reshape(side, side))
    template = N_(
        "The drawing has {found} bytes; {accepted} are accepted: 28 × 28 or 112 × 112 values, float32 or bytes."
    )
    accepted = ", ".join(str(side * side * size) for side in VALUE_SIDES for size in (1, 4))
    raise BadInput("drawing_size", template, found=len(body), accepted=accepted)


def _checked(values: Values) -> Values:
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        worst = next((float(value) for value in values.flat if not 0 <= value <= 1), float("nan"))
        template = N_("The drawing holds the value {worst:g}; values from 0 (paper) to 1 (ink) are accepted.")
        raise BadInput("drawing_values", template, worst=worst)
    return values.astype(np.float32)
