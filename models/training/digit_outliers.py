"""Pictures (1, 28, 28) of no digit, with which the digit network learns to be unsure.

Hendrycks, Mazeika and Dietterich, "Deep anomaly detection with outlier exposure", 2018:
https://arxiv.org/abs/1812.04606.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from lente.models.training.data import Pictures
from lente.models.training.strokes import FINE, INK, SIDE, Random, centred, drawn

# Letters that nobody tells from a digit where they stand alone: O, I, Z, S, B and the like.
LETTERS = "ACEFHKLMNPRTUVWXYadefhkmnprtuvwx"
# Turned by 180 degrees, 0, 1 and 8 remain what they were, and 6 and 9 become each other.
TURNED = (2, 3, 4, 5, 7)
KINDS = ("noise", "upside_down", "letters", "means", "scribbles", "dots")
TAPS = "taps"  # of these the judge alone learns


def some(kind: str, count: int, digits: Pictures, typefaces: list[Path], random: Random) -> Tensor:
    """`count` pictures of one of KINDS, or of TAPS, (N, 1, 28, 28) uint8; upside-down ones and means are made of
    `digits`."""
    if kind == "noise":
        return noise(count, random)
    if kind == "upside_down":
        return upside_down(digits, count, random)
    if kind == "letters":
        return letters(count, typefaces, random)
    if kind == "means":
        return means(digits, count, random)
    if kind == TAPS:
        return taps(count, random)
    return scribbles(count, random) if kind == "scribbles" else dots(count, random)


def all_kinds(count: int, digits: Pictures, typefaces: list[Path], random: Random) -> Tensor:
    """`count` of each of KINDS to learn from, and half as many of other noise and of pieces of digits."""
    kinds = [some(kind, count, digits, typefaces, random) for kind in KINDS]
    return torch.cat([*kinds, more_noise(count // 2, random), pieces(digits, count // 2, random)])


def noise(count: int, random: Random) -> Tensor:
    """Uniform noise: every pixel by itself."""
    return torch.from_numpy(random.integers(0, 256, (count, 1, SIDE, SIDE), dtype=np.uint8))


def upside_down(digits: Pictures, count: int, random: Random) -> Tensor:
    """Digits that are none when turned by 180 degrees."""
    found = torch.isin(digits.labels, torch.tensor(TURNED)).nonzero().flatten().numpy()
    return digits.images[torch.from_numpy(random.choice(found, count))].flip(-1, -2)


def letters(count: int, typefaces: list[Path], random: Random) -> Tensor:
    """Printed letters, in all weights of the typefaces, as large as digits are."""
    fonts = [font for path in typefaces for font in weights(path)]
    return torch.stack([letter(fonts[random.integers(len(fonts))], random) for _ in range(count)]).unsqueeze(1)


def weights(path: Path) -> list[ImageFont.FreeTypeFont]:
    """A variable typeface in five weights, 20 pixels high in the fine grid."""
    fonts = []
    for weight in (250, 350, 450, 600, 750):
        font = ImageFont.truetype(path, FINE * SIDE)
        font.set_variation_by_axes([weight])
        fonts.append(font)
    return fonts


def letter(font: ImageFont.FreeTypeFont, random: Random) -> Tensor:
    """One of LETTERS, (28, 28) uint8."""
    text = LETTERS[random.integers(len(LETTERS))]
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font)
    scale = random.uniform(17, 20) / max(image.size)
    small = image.resize([max(round(scale * side), 1) for side in image.size], Image.Resampling.BOX)
    page = Image.new("L", (SIDE, SIDE))
    page.paste(small, ((SIDE - small.width) // 2, (SIDE - small.height) // 2))
    return centred(np.asarray(page))


def means(digits: Pictures, count: int, random: Random) -> Tensor:
    """Half of one digit and half of another kind of digit."""
    first, second = torch.from_numpy(random.integers(0, len(digits), (2, 4 * count)))
    other = (digits.labels[first] != digits.labels[second]).nonzero().flatten()[:count]
    pair = digits.images[first[other]].float() + digits.images[second[other]].float()
    return (pair / 2).byte()


def scribbles(count: int, random: Random) -> Tensor:
    """A pen that turns here and there without lifting."""
    return drawn([[wandering(random, int(random.integers(30, 90)))] for _ in range(count)], random)


def wandering(random: Random, points: int) -> NDArray[np.float64]:
    """A path of `points` places, its direction changing smoothly, kept within reach of where it began."""
    turns = np.cumsum(random.normal(0, random.uniform(0.5, 1.6), points))
    steps = np.stack([np.cos(turns), np.sin(turns)], 1) * random.uniform(0.5, 1.5, (points, 1))
    return 0.5 + 2.5 * np.tanh(np.cumsum(steps, 0) / 6)


def dots(count: int, random: Random) -> Tensor:
    """One to five dots of a pen, or short dashes."""
    pages = np.zeros((count, SIDE, SIDE), np.uint8)
    for page in pages:
        image = Image.new("L", (FINE * SIDE, FINE * SIDE))
        for _ in range(random.integers(1, 6)):
            x, y = FINE * random.uniform(5, SIDE - 5, 2)
            wide, high = FINE * random.uniform(0.7, 2.6) * random.uniform(0.8, 1.25, 2)
            ImageDraw.Draw(image).ellipse((x - wide, y - high, x + wide, y + high), 255)
        page[:] = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))
    return torch.from_numpy(pages).unsqueeze(1)


def taps(count: int, random: Random) -> Tensor:
    """A single dot, more or less round, as large as digits are: what a tap of the pen becomes once it is centred."""
    pages = []
    for _ in range(count):
        sides = random.permutation([INK, INK * random.uniform(0.6, 1)])
        dot = Image.new("L", [round(FINE * side) for side in sides])
        ImageDraw.Draw(dot).ellipse((0, 0, dot.width - 1, dot.height - 1), 255)
        pen = random.uniform(2, INK)  # as large as it was, in pixels
        blurred = dot.resize([max(2, round(side * pen / INK)) for side in sides], Image.Resampling.BOX)
        page = Image.new("L", (SIDE, SIDE))
        page.paste(blurred.resize([round(side) for side in sides], Image.Resampling.BILINEAR), (4, 4))
        pages.append(centred(np.asarray(page)))
    return torch.stack(pages).unsqueeze(1)


def more_noise(count: int, random: Random) -> Tensor:
    """Noise of other kinds: coarse, sparse, faint, striped, and empty paper."""
    pages = np.empty((count, SIDE, SIDE), np.float32)
    for page in pages:
        cells = int(random.choice((2, 4, 7, 14, 28)))
        values = random.random((cells, cells)) ** random.uniform(0.3, 4)
        values *= random.random((cells, cells)) < random.uniform(0.05, 1.5)
        if random.random() < 0.15:
            values = np.broadcast_to(values[:1], values.shape)
        if random.random() < 0.5:
            values = values.T
        page[:] = random.choice((0.0, random.random(), 1.0)) * np.kron(values, np.ones((SIDE // cells, SIDE // cells)))
    return torch.from_numpy((255 * pages).astype(np.uint8)).unsqueeze(1)


def pieces(digits: Pictures, count: int, random: Random) -> Tensor:
    """A digit's four quarters in another order; parts of two digits beside each other; digits dark on light."""
    index, other = torch.from_numpy(random.integers(0, len(digits), (2, count)))
    x, y = digits.images[index], digits.images[other]
    halves = [torch.cat([x[..., 14:], x[..., :14]], -1), torch.cat([x[..., 14:, :], x[..., :14, :]], -2)]
    beside = torch.cat([F.avg_pool2d(x.float(), (1, 2)), F.avg_pool2d(y.float(), (1, 2))], -1).byte()
    kinds = torch.stack([*halves, beside, 255 - x])
    return kinds[torch.from_numpy(random.integers(0, 4, count)), torch.arange(count)]
