"""The ink of a picture: which of its pixels a pen has been over, whatever the paper's brightness.

A drawing made on a screen has one background value everywhere and is kept as it is. A photograph's paper is uneven: it
is estimated by closing over the strokes, and the threshold is Otsu's, "A threshold selection method from gray-level
histograms", 1979. Nothing here needs torch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image, ImageFilter

from lente.app.digits.components import components
from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture

Values = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

LONGEST = 256
SMALLEST = 8


@dataclass(frozen=True)
class Ink:
    """A picture in grey (H, W) and its ink (H, W), light on dark; both 0..1, 256 pixels at most on a side."""

    grey: Values
    ink: Values


def find_ink(picture: Picture) -> Ink:
    """The ink of `picture` (H, W, 3). Raises BadInput where there is nothing that could be a digit."""
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST:
        template = N_("The picture has {width} x {height} pixels; a digit needs at least {least} on each side.")
        raise BadInput("picture_too_small", template, width=width, height=height, least=SMALLEST)
    grey = _grey(picture)
    paper = _even_paper(grey)
    if paper is None:
        return Ink(grey, _photographed(grey))
    ink = _drawn(grey, paper)
    if ink.max() >= 0.1 and _is_no_digit(ink > 0.5 * ink.max(), most_pieces=6, fattest=0.7):
        raise _no_digit()
    return Ink(grey, ink)


def _grey(picture: Picture) -> Values:
    image = Image.fromarray(picture).convert("L")
    scale = LONGEST / max(image.size)
    if scale < 1:
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def _even_paper(grey: Values) -> float | None:
    """The one value that at least half of the picture has; None where the paper is uneven."""
    levels = np.round(grey * 255).astype(int)
    counts = np.bincount(levels.ravel(), minlength=256)
    level = int(counts.argmax())
    return level / 255 if counts[max(level - 1, 0) : level + 2].sum() >= 0.5 * grey.size else None


def _drawn(grey: Values, paper: float) -> Values:
    """How far each pixel is from the paper's value, as a share of how far it could be; one direction only."""
    darker, lighter = np.clip(paper - grey, 0, 1), np.clip(grey - paper, 0, 1)
    dark_ink = darker.sum() > lighter.sum()
    share = darker / max(paper, 1 / 255) if dark_ink else lighter / max(1 - paper, 1 / 255)
    return np.asarray(share, dtype=np.float32)


def _photographed(grey: Values) -> Values:
    """Strokes on uneven paper, edges soft, specks and what lies along the picture's edge left out."""
    contrast = _contrast(grey)
    threshold = _otsu(contrast)
    mask = contrast > threshold
    kept = _strokes(mask)
    if (
        threshold < 0.06
        or _is_faint(contrast, mask)
        or kept.sum() < 0.6 * mask.sum()
        or _is_no_digit(kept, most_pieces=3, fattest=0.4)
    ):
        raise _no_digit()
    soft = np.clip((contrast - 0.6 * threshold) / (0.8 * threshold), 0, 1)
    return np.where(_dilated(kept, 2), soft, 0).astype(np.float32)


def _contrast(grey: Values) -> Values:
    """How much darker or lighter than the paper around it each pixel is, 0..1; the ink's direction alone."""
    smooth = np.asarray(Image.fromarray(np.uint8(grey * 255)).filter(ImageFilter.GaussianBlur(1)), np.float32) / 255
    middle = np.median(smooth)
    dark_ink = middle - np.quantile(smooth, 0.02) > np.quantile(smooth, 0.98) - middle
    light = smooth if dark_ink else 1 - smooth
    paper = _closed(light.astype(np.float32), max(3, max(grey.shape) // 5 | 1))
    return np.clip((paper - light) / np.maximum(paper, 0.1), 0, 1).astype(np.float32)


def _closed(values: Values, size: int) -> Values:
    """Grey closing with a square of `size`: dark details smaller than that vanish."""
    closed: Values = -_dilated(-_dilated(values, size // 2), size // 2)
    return closed


def _dilated(values: Any, reach: int) -> Any:
    """The largest value within `reach` rows and columns."""
    padded = np.pad(values, reach, mode="edge")
    tall = sliding_window_view(padded, 2 * reach + 1, axis=0).max(-1)
    return sliding_window_view(tall, 2 * reach + 1, axis=1).max(-1)


def _otsu(values: Values) -> float:
    """The threshold between two classes of values 0..1 that parts them best."""
    counts, edges = np.histogram(values, bins=128, range=(0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + np.nanargmax(spread)]) if np.isfinite(spread).any() else 1.0


def _is_faint(contrast: Values, mask: Mask) -> bool:
    """Whether ink and paper differ by less than the paper's own unevenness allows to tell."""
    if mask.all() or not mask.any():
        return True
    difference = contrast[mask].mean() - contrast[~mask].mean()
    return bool(difference < 0.12 or contrast[~mask].std() > 0.1 * difference)


def _strokes(mask: Mask) -> Mask:
    """`mask` without specks, and without what runs along the picture's edge."""
    height, width = mask.shape
    found = components(mask)
    largest = max((part.area for part in found), default=0)
    kept = np.zeros_like(mask)
    for part in found:
        touches = part.top == 0 or part.left == 0 or part.bottom == height or part.right == width
        long = part.bottom - part.top > 0.9 * height or part.right - part.left > 0.9 * width
        if part.area >= 0.04 * largest and not (touches and long):
            kept |= part.mask(mask.shape)
    return kept


def _is_no_digit(mask: Mask, most_pieces: int, fattest: float) -> bool:
    """Whether `mask` covers too little or too much, is in too many pieces or too fat for a pen's strokes."""
    share = float(mask.mean())
    if not 0.0005 < share < 0.4:
        return True
    parts = components(mask)
    pieces = [part for part in parts if part.area >= 0.05 * mask.sum()]
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    width = 2 * mask.sum() / max(_outline(mask), 1)
    scattered = len(pieces) > most_pieces or sum(part.area for part in pieces) < 0.75 * mask.sum()
    return scattered or bool(width > fattest * longest) or longest < 0.06 * max(mask.shape)


def _outline(mask: Mask) -> int:
    """Length of the border between ink and paper, in pixel sides, corrected for slanting lines."""
    padded = np.pad(mask, 1)
    sides = (padded[1:] != padded[:-1]).sum() + (padded[:, 1:] != padded[:, :-1]).sum()
    return int(sides * np.pi / 4)


def _no_digit() -> BadInput:
    template = N_(
        "No digit was found in the picture. Photograph one digit alone, drawn with a thick pen on plain paper, "
        "filling most of the picture."
    )
    return BadInput("no_digit", template)
