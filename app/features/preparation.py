"""From a photograph to what a network is given: which part of it, how large, and with which mean and spread.

Without a crop of the visitor's own a photograph is prepared as the network's authors did: the shorter side is scaled to
`shorter`, then the middle is cut out (torchvision's ImageClassification preset, on Pillow, to the last bit).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture, to_tensor

Values = np.ndarray[Any, np.dtype[np.float32]]

SMALLEST_CROP = 8
LARGEST = 1000.0
_LONGEST = 8


@dataclass(frozen=True)
class Crop:
    """A square of a photograph: its first row, first column and side, in pixels of the upright picture."""

    top: float
    left: float
    size: float


@dataclass(frozen=True)
class Preparation:
    """How a network wants its photographs.

    Attributes:
        size: rows of what it is given, in pixels; the side, where that is a square.
        shorter: what the shorter side is scaled to before the middle is cut out.
        mean, std: of each channel, three for colour and one for grey; what it is given is (value - mean) / std, value
            from 0 to 1.
        cubic: scaled by cubic rather than linear interpolation.
        width: columns of what it is given, where that is no square.
    """

    size: int
    shorter: int
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    cubic: bool = False
    width: int | None = None

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns of what the network is given."""
        return self.size, self.width or self.size

    @property
    def channels(self) -> int:
        return len(self.mean)

    @property
    def resampling(self) -> Image.Resampling:
        return Image.Resampling.BICUBIC if self.cubic else Image.Resampling.BILINEAR


@dataclass(frozen=True)
class Normalisation:
    """A visitor's own: what is taken away from each channel, and by what the rest is divided, as they came."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def of(self, preparation: Preparation) -> Preparation:
        """`preparation` with this mean and std. BadInput unless there is one of each for every channel."""
        wanted = preparation.channels
        for field, given, least in (("mean", self.mean, -LARGEST), ("std", self.std, 1 / LARGEST)):
            if len(given) != wanted:
                template = N_("{field} has {found} numbers; one for each of {wanted} channels is needed.")
                raise BadInput(f"{field}_count", template, field=field, found=len(given), wanted=wanted)
            for value in given:
                if not least <= value <= LARGEST:
                    template = N_("{field}: {value} cannot be used. Numbers from {least:g} to {most:g} are accepted.")
                    raise BadInput(f"{field}_range", template, field=field, value=value, least=least, most=LARGEST)
        return replace(preparation, mean=self.mean, std=self.std)


@dataclass(frozen=True)
class Prepared:
    """What a network is given: `pixels` (S, S, 3) before and `values` (C, S, S) after normalisation, and how."""

    pixels: Picture
    values: Values
    crop: Crop | None
    whole: tuple[int, int]
    preparation: Preparation


def prepare(picture: Picture, preparation: Preparation, crop: Crop | None = None) -> Prepared:
    """`picture` (H, W, 3) as the network wants it; BadInput where `crop` leaves the picture, or no picture is
    wanted."""
    if preparation.channels not in (1, 3):
        template = N_(
            "A picture has 1 or 3 channels, and this network is given {wanted}: it shows the tensor it was opened with."
        )
        raise BadInput("no_picture_wanted", template, wanted=preparation.channels)
    if preparation.channels == 1:
        picture = np.asarray(Image.fromarray(picture).convert("L").convert("RGB"))
    if crop is None:
        pixels, crop = _middle(picture, preparation)
    else:
        check_crop(crop, picture, preparation.sides[1] / preparation.size)
        pixels = _part(picture, preparation, crop)
    return Prepared(pixels, normalised(pixels, preparation), crop, picture.shape[:2], preparation)


def normalised(pixels: Picture, preparation: Preparation) -> Values:
    """(H, W, 3), 0..255, to (C, H, W), about 0."""
    mean, std = (np.array(each, np.float32)[:, None, None] for each in (preparation.mean, preparation.std))
    values: Values = (to_tensor(pixels)[: preparation.channels] - mean) / std
    return values


def is_strip(shape: tuple[int, int]) -> bool:
    """Whether a picture (H, W) is so long that its middle is cut out before it is scaled."""
    return max(shape) > _LONGEST * min(shape)


def check_crop(crop: Crop, picture: Picture, ratio: float = 1) -> None:
    """Raises BadInput unless `crop`, `ratio` times as wide as high, lies in `picture` and is not too small."""
    height, width = picture.shape[:2]
    smallest = min(SMALLEST_CROP, height, width)
    inside = (
        crop.top >= 0
        and crop.left >= 0
        and crop.top + crop.size <= height
        and crop.left + crop.size * ratio <= width + 1e-6
    )
    if not inside or crop.size < smallest:
        template = N_(
            "The crop (top {top:g}, left {left:g}, size {size:g}) does not fit: the picture is {height} high "
            "and {width} wide, and a crop has at least {smallest} pixels a side."
        )
        found = {"top": crop.top, "left": crop.left, "size": crop.size}
        raise BadInput("crop_outside", template, **found, height=height, width=width, smallest=smallest)


def _part(picture: Picture, preparation: Preparation, crop: Crop) -> Picture:
    rows, columns = preparation.sides
    box = (crop.left, crop.top, min(crop.left + crop.size * columns / rows, picture.shape[1]), crop.top + crop.size)
    size = (columns, rows)
    return np.asarray(Image.fromarray(picture).resize(size, preparation.resampling, box=box))


def _middle(picture: Picture, preparation: Preparation) -> tuple[Picture, Crop]:
    height, width = picture.shape[:2]
    shorter, size = preparation.shorter, preparation.size
    if preparation.width is not None:  # the largest part of that proportion, in the middle
        rows, columns = preparation.sides
        side = min(height, width * rows / columns)
        crop = Crop((height - side) / 2, max(0.0, (width - side * columns / rows) / 2), side)
        return _part(picture, preparation, crop), crop
    scale = shorter / min(height, width)
    if is_strip((height, width)):  # its whole length scaled would be huge
        side = size / scale
        crop = Crop((height - side) / 2, (width - side) / 2, side)
        return _part(picture, preparation, crop), crop
    scaled = max(shorter, int(shorter * height / width)), max(shorter, int(shorter * width / height))
    whole = np.asarray(Image.fromarray(picture).resize((scaled[1], scaled[0]), preparation.resampling))
    top, left = round((scaled[0] - size) / 2), round((scaled[1] - size) / 2)
    crop = Crop(top * height / scaled[0], left * width / scaled[1], size / scale)
    return whole[top : top + size, left : left + size], crop
