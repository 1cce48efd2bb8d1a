"""Digits as they are written in Europe, drawn as strokes of a pen by many hands, for a network that learns from MNIST.

MNIST was written in the United States: its 1 is a bar, its 7 has none, its 4 is closed more often than not and its 0
has no slash. Every shape is a list of strokes, every stroke a curve through points (x, y) of the unit square.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

Points = NDArray[np.float64]
Random = np.random.Generator

SIDE = 28
INK = 20
FINE = 4
LABELS = (1, 7, 4, 0)


def european(count: int, random: Random) -> tuple[Tensor, Tensor]:
    """`count` digits (N, 1, 28, 28) uint8, light on dark and centred as MNIST's are, with their labels (N,)."""
    makers = {1: flagged_one, 7: barred_seven, 4: open_four, 0: slashed_zero}
    labels = random.choice(LABELS, count)
    return drawn([by_hand(makers[label](random), random) for label in labels], random), torch.from_numpy(labels)


def flagged_one(random: Random) -> list[Points]:
    """A 1 with a long flag, and often a foot."""
    top, down = random.uniform(0.5, 0.7), random.uniform(0.25, 0.6)
    across = down * random.uniform(0.45, 1.1)
    strokes = [np.array([[top - across, down], [top, 0.0], [top + random.uniform(-0.1, 0.05), 1.0]])]
    if random.random() < 0.5:
        strokes.append(np.array([[top - random.uniform(0.2, 0.45), 1.0], [top + random.uniform(0.15, 0.4), 1.0]]))
    return strokes


def barred_seven(random: Random) -> list[Points]:
    """A 7 with a bar through its stem, some with a small hook where the pen begins."""
    end, height = random.uniform(0.15, 0.5), random.uniform(0.4, 0.6)
    roof = [[0.08, 0.04], [0.85, random.uniform(-0.03, 0.04)], [end, 1.0]]
    hook = [[0.05, random.uniform(0.1, 0.25)]] if random.random() < 0.4 else []
    stem = 0.85 + (end - 0.85) * height
    left, right = random.uniform(0.15, 0.35), random.uniform(0.15, 0.35)
    tilt = random.uniform(-0.06, 0.06)
    return [np.array(hook + roof), np.array([[stem - left, height + tilt], [stem + right, height - tilt]])]


def open_four(random: Random) -> list[Points]:
    """A 4 that is open at the top: a bent stroke, and a stem that crosses it."""
    line, stem = random.uniform(0.5, 0.7), random.uniform(0.55, 0.8)
    bent = np.array([[random.uniform(0.15, 0.45), 0.0], [random.uniform(0.0, 0.12), line], [0.95, line]])
    top = random.uniform(0.05, 0.45)
    return [bent, np.array([[stem + random.uniform(-0.05, 0.1), top], [stem + random.uniform(-0.1, 0.05), 1.0]])]


def slashed_zero(random: Random) -> list[Points]:
    """A 0 with a slash, within its ring or through it."""
    wide, reach = random.uniform(0.28, 0.42), random.uniform(0.7, 1.15)
    angles = np.linspace(0, 2 * np.pi, 17) + random.uniform(0, 2 * np.pi)
    ring = np.stack([0.5 + wide * np.cos(angles), 0.5 + 0.5 * np.sin(angles)], 1)
    slash = 0.5 + reach * np.array([[0.75 * wide, -0.38], [-0.75 * wide, 0.38]])
    return [ring, slash]


def by_hand(strokes: list[Points], random: Random) -> list[Points]:
    """Strokes as one hand would write them: every point a little elsewhere, corners round, slanted, narrow or wide."""
    round_corners = random.random() < 0.4
    slant, width = random.normal(0.0, 0.15), random.uniform(0.6, 1.0)
    written = []
    for stroke in strokes:
        points = stroke + random.normal(0, 0.025, stroke.shape)
        points = smooth(points, random.uniform(0.3, 1.0) if round_corners else 0.12)
        points = points + 0.02 * np.cumsum(random.normal(0, 0.15, points.shape), 0)
        written.append(np.stack([width * points[:, 0] - slant * points[:, 1], points[:, 1]], 1))
    return written


def smooth(points: Points, roundness: float, rounds: int = 3) -> Points:
    """A line through its ends with its corners cut off, again and again. Chaikin, 1974; `roundness` in 0..1."""
    for _ in range(rounds):
        if len(points) < 3:
            return points
        cut = 0.25 * roundness
        before, after = points[:-1], points[1:]
        pairs = np.stack([before + cut * (after - before), after - cut * (after - before)], 1).reshape(-1, 2)
        points = np.concatenate([points[:1], pairs[1:-1], points[-1:]])
    return points


def drawn(drawings: list[list[Points]], random: Random) -> Tensor:
    """Drawings, each with a pen of its own width, as pictures (N, 1, 28, 28) uint8."""
    return torch.stack([centred(inked(strokes, random.uniform(1.4, 3.6))) for strokes in drawings]).unsqueeze(1)


def inked(strokes: list[Points], pen: float) -> NDArray[np.uint8]:
    """Strokes as light ink on dark: the larger of height and width becomes 20 pixels, pen included; `pen` in pixels."""
    every = np.concatenate(strokes)
    low, extent = every.min(0), max(float(np.ptp(every, 0).max()), 1e-6)
    scale = FINE * (INK - pen) / extent
    image = Image.new("L", (FINE * SIDE, FINE * SIDE))
    draw, radius = ImageDraw.Draw(image), FINE * pen / 2
    for stroke in strokes:
        points = [tuple(point) for point in (stroke - low) * scale + radius + FINE * (SIDE - INK) / 2]
        draw.line(points, 255, round(FINE * pen), "curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))


def centred(picture: NDArray[np.uint8]) -> Tensor:
    """The picture moved by whole pixels until its centre of mass is the middle, (28, 28) uint8."""
    total = picture.sum(dtype=np.float64)
    if total == 0:
        return torch.from_numpy(picture.copy())
    middle = np.arange(SIDE) + 0.5
    down = SIDE / 2 - picture.sum(1) @ middle / total
    right = SIDE / 2 - picture.sum(0) @ middle / total
    return torch.from_numpy(np.roll(picture, (round(down), round(right)), (0, 1)))
