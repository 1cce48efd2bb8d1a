"""The ink of a picture: which of its pixels a pen has been over, whatever the paper's brightness and ruling.

A drawing made on a screen has one background value everywhere and is kept as it is. A photograph's paper is uneven: it
is estimated by closing over the strokes. Lines from edge to edge are what it is ruled with, found by Hough's transform.
The threshold is Otsu's, "A threshold selection method from gray-level histograms", 1979. Nothing here needs torch.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture

Values = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Whole = np.ndarray[Any, np.dtype[np.int32]]

LONGEST = 256
SMALLEST = 8
SMALLEST_RULED = 64
THICKEST_LINE = 7
MOST_ASKEW = np.radians(8)
FAINTEST_LINE = 0.02
FEWEST_LINES = 3
_ROWS = 256


@dataclass(frozen=True)
class Ink:
    """A picture in grey (H, W) and its ink (H, W), light on dark; both 0..1, 256 pixels at most on a side."""

    grey: Values
    ink: Values


def find_ink(picture: Picture) -> Ink:
    """The ink of `picture` (H, W, 3). Raises BadInput where there is nothing that could be a digit."""
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST:
        template = N_("The picture has {width} × {height} pixels; a digit needs at least {least} on each side.")
        raise BadInput("picture_too_small", template, width=width, height=height, least=SMALLEST)
    grey = _grey(picture)
    paper = _even_paper(grey)
    contrast = _contrast(grey) if paper is None else _drawn(grey, paper)
    unruled = _without_ruling(contrast)
    if paper is None or unruled is not contrast:
        return Ink(grey, _photographed(unruled))
    if contrast.max() >= 0.1 and _is_no_drawing(contrast / contrast.max()):
        raise _no_digit()
    return Ink(grey, contrast)


def _grey(picture: Picture) -> Values:
    image = Image.new("L", picture.shape[1::-1])
    for top in range(0, len(picture), _ROWS):  # all at once in Pillow's own way would take more than the picture itself
        image.paste(Image.fromarray(picture[top : top + _ROWS]).convert("L"), (0, top))
    scale = LONGEST / max(image.size)
    if scale < 1:
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def _even_paper(grey: Values) -> float | None:
    """The one value that most of the picture's edge has, or most of the picture; None where the paper is uneven."""
    levels = np.round(grey * 255).astype(int)
    for where, least in ((_edge(levels), 0.25), (levels, 0.5)):
        level = int(np.bincount(where.ravel(), minlength=256).argmax())
        if (abs(where - level) <= 1).mean() >= 0.5 and (abs(levels - level) <= 1).mean() >= least:
            return level / 255
    return None


def _edge(values: Any) -> Any:
    """The outermost pixels of `values` (H, W)."""
    return np.concatenate([values[0], values[-1], values[1:-1, 0], values[1:-1, -1]])


def _drawn(grey: Values, paper: float) -> Values:
    """How far each pixel is from the paper's value, as a share of how far it could be; one direction only."""
    darker, lighter = np.clip(paper - grey, 0, 1), np.clip(grey - paper, 0, 1)
    dark_ink = darker.sum() > lighter.sum()
    share = darker / max(paper, 1 / 255) if dark_ink else lighter / max(1 - paper, 1 / 255)
    return np.asarray(share, dtype=np.float32)


def _is_no_drawing(share: Values) -> bool:
    """Whether `share` (H, W) of the fullest ink lies in too many pieces, or more of it lies faint apart from them."""
    ink = share > 0.5
    faint = (share > 0.2) & ~_near(ink, 4)
    thick = ink.mean() > 0.4  # so thick a pen joins its strokes along their sides, not at corners alone
    return bool(faint.sum() > 0.5 * ink.sum()) or _is_scattered(ink, most_pieces=6, corners=not thick)


def _contrast(grey: Values) -> Values:
    """How much darker or lighter than the paper around it each pixel is, 0..1; the ink's direction alone."""
    smooth = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1), np.float32)
    side = max(3, max(grey.shape) // 5 | 1)
    light = smooth if _is_dark_ink(smooth, side) else 1 - smooth
    paper = cv2.morphologyEx(light, cv2.MORPH_CLOSE, _square(side), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip((paper - light) / np.maximum(paper, 0.1), 0, 1), np.float32)


def _is_dark_ink(grey: Values, side: int) -> bool:
    """Whether what differs most from the paper around it, the median of a square of `side`, is darker than it."""
    difference = grey - cv2.medianBlur(_bytes(grey), side) / np.float32(255)
    return bool((difference * abs(difference)).sum() < 0)


def _without_ruling(contrast: Values) -> Values:
    """`contrast` (H, W) without the lines that its paper is printed with, across and down; itself where it has none."""
    if min(contrast.shape) < SMALLEST_RULED or (_edge(contrast) > FAINTEST_LINE).sum() < 2 * FEWEST_LINES:
        return contrast
    across = _without_rows(contrast)
    columns = np.ascontiguousarray(across.T)
    down = _without_rows(columns)
    return across if down is columns else np.ascontiguousarray(down.T)


def _without_rows(contrast: Values) -> Values:
    """`contrast` (H, W) without its ruled rows, but for what is darker than they are: the pen went there too."""
    column = np.ones((THICKEST_LINE, 1), np.uint8)
    thick = cv2.morphologyEx(contrast, cv2.MORPH_OPEN, column, borderType=cv2.BORDER_REPLICATE)
    thin = np.asarray(contrast - thick)
    ridge = (thin > FAINTEST_LINE) & (thin >= cv2.dilate(thin, column))
    rows = _ruled_rows(ridge.astype(np.uint8))
    if len(rows) < FEWEST_LINES:
        return contrast
    along = np.zeros(contrast.shape, np.uint8)
    for left, right in rows:
        cv2.line(along, (0, left), (contrast.shape[1] - 1, right), 1, 5)
    ridge &= along > 0
    darkest = 1.6 * np.median(contrast[ridge])
    return np.where(_near(ridge, 3) & (contrast <= darkest), thick, contrast).astype(np.float32)


def _ruled_rows(ridge: Bytes) -> list[tuple[int, int]]:
    """The lines along `ridge` (H, W) from edge to edge: in which row each begins at the left, and ends at the right."""
    width = ridge.shape[1]
    eighth = width // 8
    reached = np.asarray(cv2.dilate(ridge, np.ones((3, 9), np.uint8)), np.uint8)
    level = np.pi / 2
    found = cv2.HoughLines(
        ridge, 1, np.radians(0.25), width // 3, min_theta=level - MOST_ASKEW, max_theta=level + MOST_ASKEW
    )
    rows: list[tuple[int, int]] = []
    for rho, theta in np.reshape([] if found is None else found, (-1, 2)):
        left, right = round(rho / np.sin(theta)), round((rho - (width - 1) * np.cos(theta)) / np.sin(theta))
        if any(min(left - a, right - b) < 4 and max(left - a, right - b) > -4 for a, b in rows):
            continue  # the same line again, or one across it
        hits = _along(reached, left, right)
        if len(hits) > width / 2 and hits.mean() > 0.7 and min(hits[:eighth].mean(), hits[-eighth:].mean()) > 0.5:
            rows.append((left, right))
    return rows


def _along(values: Bytes, left: int, right: int) -> Bytes:
    """`values` (H, W) along the line from row `left` of the first column to row `right` of the last, inside (H, W)."""
    height, width = values.shape
    rows = np.linspace(left, right, width).round().astype(int)
    inside = (rows >= 0) & (rows < height)
    return np.asarray(values[rows[inside], np.flatnonzero(inside)])


def _photographed(contrast: Values) -> Values:
    """Strokes on uneven paper, edges soft, specks and what lies along the picture's edge left out."""
    threshold = cv2.threshold(_bytes(contrast), 0, 255, cv2.THRESH_OTSU)[0] / 255
    mask = contrast > threshold
    kept = _strokes(mask)
    if (
        threshold < 0.06
        or _is_faint(contrast, mask)
        or kept.sum() < 0.6 * mask.sum()
        or _is_scattered(kept, most_pieces=3)
        or _is_blot(kept)
    ):
        raise _no_digit()
    soft = np.clip((contrast - 0.6 * threshold) / (0.8 * threshold), 0, 1)
    return np.where(_near(kept, 2), soft, 0).astype(np.float32)


def _near(mask: Mask, reach: int) -> Mask:
    """What lies within `reach` rows and columns of `mask`."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), _square(2 * reach + 1)), np.bool_)


def _square(side: int) -> Bytes:
    return np.ones((side, side), np.uint8)


def _bytes(values: Values) -> Bytes:
    """0..1 as 0..255."""
    return np.asarray(255 * values, np.uint8)


def _is_faint(contrast: Values, mask: Mask) -> bool:
    """Whether ink and paper differ by less than the paper's own unevenness allows to tell."""
    paper = ~_near(mask, 2)
    if not paper.any() or not mask.any():
        return True
    difference = contrast[mask].mean() - contrast[paper].mean()
    return bool(difference < 0.12 or contrast[paper].std() > 0.06 * difference)


def _pieces(mask: Mask, corners: bool = True) -> tuple[Whole, Whole]:
    """The pieces of `mask` (H, W): (H, W) whose number each pixel bears, (N, 5) left, top, width, height and area.

    With `corners`, pixels that touch there are of one piece. Number 0 is what `mask` leaves out, with an area of 0.
    """
    _, numbers, pieces, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8 if corners else 4)
    pieces[0, cv2.CC_STAT_AREA] = 0
    return np.asarray(numbers, np.int32), np.asarray(pieces, np.int32)


def _strokes(mask: Mask) -> Mask:
    """`mask` without specks, and without what runs along the picture's edge."""
    height, width = mask.shape
    numbers, pieces = _pieces(mask)
    left, top, wide, high, area = pieces.T
    touches = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    long = (high > 0.9 * height) | (wide > 0.9 * width)
    kept = (area > 0) & (area >= 0.04 * area.max()) & ~(touches & long)
    return np.asarray(kept[numbers], np.bool_)


def _is_scattered(mask: Mask, most_pieces: int, corners: bool = True) -> bool:
    """Whether `mask` covers next to nothing or is in too many pieces for a digit."""
    if mask.mean() < 0.0005:
        return True
    area = _pieces(mask, corners)[1][:, cv2.CC_STAT_AREA]
    large = area[area >= 0.05 * mask.sum()]
    scattered = len(large) > most_pieces or large.sum() < 0.75 * mask.sum()
    return bool(scattered or _longest(mask) < 0.06 * max(mask.shape))


def _is_blot(mask: Mask) -> bool:
    """Whether `mask` covers too much or is too fat for a pen's strokes."""
    pen = 2 * mask.sum() / max(_outline(mask), 1)
    return bool(mask.mean() > 0.4 or pen > 0.4 * _longest(mask))


def _longest(mask: Mask) -> int:
    """The longer side of the box about `mask`."""
    return max(int(np.ptp(np.flatnonzero(mask.any(axis)))) + 1 for axis in (0, 1))


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
