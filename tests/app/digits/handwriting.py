"""Digits by strokes, two hands for each, and what a camera makes of them on plain, lined and squared paper."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Values = np.ndarray[Any, np.dtype[Any]]
Points = list[tuple[float, float]]
Paper = Literal["plain", "lined", "squared"]

WIDTH, HEIGHT = 800, 600
SPACING = {"plain": 0, "lined": 62, "squared": 38}


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> Points:
    """Part of an ellipse about (x, y), from `start` to `end` degrees, clockwise from the right."""
    turns = np.radians(np.linspace(start, end, 40))
    return [(x + wide * float(np.cos(turn)), y + high * float(np.sin(turn))) for turn in turns]


# Each hand's strokes in a box that is 1 high, y downwards.
HANDS: dict[int, list[list[Points]]] = {
    0: [[arc(0.32, 0.5, 0.32, 0.5, -90, 270)], [arc(0.25, 0.5, 0.25, 0.5, -60, 305)]],
    1: [[[(0.0, 0.0), (0.0, 1.0)]], [[(0.2, 0.0), (0.05, 1.0)]]],
    2: [
        [[*arc(0.3, 0.3, 0.3, 0.3, -170, 40), (0.0, 1.0), (0.62, 1.0)]],
        [[*arc(0.28, 0.26, 0.26, 0.26, -150, 50), (0.02, 0.95), (0.3, 0.93), (0.62, 1.0)]],
    ],
    3: [
        [[*arc(0.26, 0.25, 0.28, 0.25, -150, 90), *arc(0.26, 0.74, 0.32, 0.26, -90, 150)]],
        [[*arc(0.22, 0.24, 0.24, 0.24, -130, 75), *arc(0.2, 0.73, 0.3, 0.27, -80, 140)]],
    ],
    4: [
        [[(0.05, 0.0), (0.0, 0.55), (0.62, 0.55)], [(0.5, 0.05), (0.48, 1.0)]],
        [[(0.12, 0.02), (0.02, 0.5), (0.55, 0.46)], [(0.58, 0.0), (0.42, 1.0)]],
    ],
    5: [
        [[(0.55, 0.0), (0.05, 0.0), (0.03, 0.44), *arc(0.25, 0.68, 0.32, 0.31, -120, 140)]],
        [[(0.1, 0.02), (0.05, 0.4), *arc(0.22, 0.69, 0.3, 0.3, -110, 150)], [(0.08, 0.03), (0.6, 0.0)]],
    ],
    6: [
        [[(0.45, 0.0), (0.2, 0.25), (0.03, 0.6), *arc(0.27, 0.73, 0.26, 0.26, 180, -190)]],
        [[*arc(0.45, 0.55, 0.43, 0.53, -110, -190), *arc(0.26, 0.74, 0.25, 0.25, 170, -170)]],
    ],
    7: [
        [[(0.0, 0.0), (0.6, 0.0), (0.2, 1.0)]],
        [[(0.0, 0.06), (0.3, 0.03), (0.6, 0.0), (0.42, 0.35), (0.3, 0.7), (0.26, 1.0)]],
    ],
    8: [
        [arc(0.3, 0.25, 0.24, 0.25, 90, 450), arc(0.3, 0.75, 0.3, 0.25, -90, 270)],
        [
            [
                *arc(0.34, 0.22, 0.22, 0.22, -20, -230),
                *arc(0.27, 0.74, 0.25, 0.26, -50, 200),
                (0.08, 0.6),
                (0.52, 0.22),
                (0.54, 0.12),
            ]
        ],
    ],
    9: [
        [arc(0.28, 0.27, 0.27, 0.27, -20, 340), [(0.55, 0.15), (0.53, 0.5), (0.45, 1.0)]],
        [[*arc(0.26, 0.28, 0.24, 0.27, -40, -350), (0.5, 0.1), (0.49, 0.55), (0.48, 1.0)]],
    ],
}


@dataclass(frozen=True)
class Shot:
    """A photograph to be taken.

    Attributes:
        pen: the stroke's width in pixels of a picture of 800 x 600.
        fall: by what share the light falls from one side of the picture to the other, and by half of it downwards.
        ink, line, sheet: RGB of the pen, of the ruling and of the paper in full light.
        turned: degrees by which the sheet is askew.
    """

    paper: Paper = "plain"
    pen: int = 9
    fall: float = 0.0
    ink: tuple[int, int, int] = (28, 30, 78)
    line: tuple[int, int, int] = (158, 184, 214)
    sheet: tuple[int, int, int] = (240, 238, 230)
    turned: float = 0.0


def hands() -> Iterator[tuple[int, list[Points]]]:
    """Twenty digits: what each is, and its strokes."""
    for digit, variants in HANDS.items():
        for strokes in variants:
            yield digit, strokes


def photograph(strokes: list[Points], shot: Shot, seed: int) -> bytes:
    """A JPEG of `strokes` on paper: somewhere in the picture, in the light of somewhere, with a camera's noise."""
    rng = np.random.default_rng(seed)
    sheet = _sheet(strokes, shot, rng)
    down, right = np.linspace(0, shot.fall / 2, HEIGHT)[:, None], np.linspace(0, shot.fall, WIDTH)[None, :]
    light = ((1 - down) * (1 - right))[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    noisy = sheet * light[..., None] * 0.95 + rng.normal(0, 3, sheet.shape[:2])[..., None]
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(noisy, 0, 255))).save(file, "JPEG", quality=82)
    return file.getvalue()


def drawing(strokes: list[Points], size: tuple[int, int], pen: int, high: int) -> Values:
    """(H, W) bytes: `strokes` light on dark in the middle of `size`, width and height, `high` pixels high."""
    image = Image.new("L", size)
    wide = high * max(x for stroke in strokes for x, _ in stroke)
    _write(ImageDraw.Draw(image), strokes, ((size[0] - wide) / 2, (size[1] - high) / 2), high, pen / 2, 255)
    return np.asarray(image)


def _write(
    pen: ImageDraw.ImageDraw, strokes: list[Points], start: tuple[float, float], high: float, reach: float, ink: Any
) -> None:
    for stroke in strokes:
        places = [(start[0] + high * x, start[1] + high * y) for x, y in stroke]
        pen.line(places, ink, round(2 * reach), "curve")
        for x, y in places:
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), ink)


def _sheet(strokes: list[Points], shot: Shot, rng: np.random.Generator) -> Values:
    """(HEIGHT, WIDTH, 3): ink and ruling on paper in full light, drawn at twice the size."""
    image = Image.new("RGB", (2 * WIDTH, 2 * HEIGHT), shot.sheet)
    pen = ImageDraw.Draw(image)
    _rule(pen, shot, rng)
    image = image.rotate(shot.turned, Image.Resampling.BICUBIC, fillcolor=shot.sheet)
    pen = ImageDraw.Draw(image)
    high = rng.uniform(0.55, 0.7) * HEIGHT
    wide = high * max(x for stroke in strokes for x, _ in stroke)
    left, top = rng.uniform(0.3, 0.7) * (WIDTH - wide), rng.uniform(0.3, 0.7) * (HEIGHT - high)
    _write(pen, strokes, (2 * left, 2 * top), 2 * high, shot.pen, shot.ink)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.8))
    return np.asarray(small, np.float64)


def _rule(pen: ImageDraw.ImageDraw, shot: Shot, rng: np.random.Generator) -> None:
    spacing = 2 * SPACING[shot.paper]
    if not spacing:
        return
    start = rng.uniform(0, spacing) - 4 * spacing
    for at in np.arange(start, 2 * WIDTH + 4 * spacing, spacing):
        pen.line((-WIDTH, at, 3 * WIDTH, at), shot.line, 5)
        if shot.paper == "squared":
            pen.line((at, -WIDTH, at, 3 * WIDTH), shot.line, 5)
