"""Bytes to a picture, safely: what a file holds is found out from its bytes, and checked before it is decoded.

A picture is a uint8 array (H, W, 3): upright, RGB, on white. Nothing here needs torch, so that
the first page doesn't either.
"""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from lente.app.errors import BadPicture, TooLarge
from lente.app.i18n import N_
from lente.app.pictures.pixels import rgb

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Tensor = np.ndarray[Any, np.dtype[np.float32]]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
ACCEPTED = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF"

_BEGINNINGS = {
    b"\xff\xd8": "JPEG",
    b"\x89PNG": "PNG",
    b"RIFF": "WEBP",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
    b"<svg": "SVG",
    b"<?xml": "XML",
    b"<html": "HTML",
    b"<!DOCTYPE": "HTML",
    b"PK\3\4": "ZIP",
}
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_decoding = threading.Lock()


@dataclass(frozen=True)
class Limits:
    """The largest file and the largest picture accepted."""

    megabytes: float = 20
    megapixels: float = 25


def read_picture(data: bytes, limits: Limits | None = None) -> Picture:
    """The picture in `data` as (H, W, 3), 0..255: upright, first frame, transparency on white.

    Raises:
        BadPicture: not a picture of an accepted format, or a damaged one.
        TooLarge: more bytes or more pixels than `limits` allows.
    """
    limits = limits or Limits()
    check_bytes(len(data), limits)
    with _quietly():
        image = _open(data, limits)
        _check_pixels(image, limits)
        try:
            image.load()
            picture = np.asarray(_upright(rgb(image), _orientation(image)))
        except Exception as error:  # a damaged file makes decoders raise nearly anything
            raise _damaged(image.format) from error
    return np.ascontiguousarray(picture)


def check_bytes(count: int, limits: Limits) -> None:
    """Refuses a file of `count` bytes that is empty or larger than the limit."""
    if count == 0:
        raise BadPicture("picture_empty", N_("The file is empty. {accepted} are accepted."), accepted=ACCEPTED)
    if count > limits.megabytes * 1e6:
        template = N_("The file has {found:.1f} MB; at most {most:g} MB are accepted.")
        raise TooLarge("picture_too_many_bytes", template, found=count / 1e6, most=limits.megabytes)


def to_tensor(picture: Picture) -> Tensor:
    """(H, W, C), 0..255, as (C, H, W), 0..1."""
    planes = picture.transpose(2, 0, 1)
    return np.divide(planes, np.float32(255), dtype=np.float32, order="C")


def resized(picture: Picture, longest: int) -> Picture:
    """`picture` with its longer side at most `longest` pixels, averaged down; never enlarged."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX, reducing_gap=3.0))


def encoded(picture: Picture, format: str) -> bytes:
    """`picture` as the bytes of a "JPEG" (quality 90, no colour subsampling) or "PNG" file."""
    options = {"JPEG": {"quality": 90, "subsampling": 0}, "PNG": {"compress_level": 1}}
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format, **options[format])
    return file.getvalue()


def _open(data: bytes, limits: Limits) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        template = N_("The picture has too many pixels; at most {most:g} million pixels are accepted.")
        raise TooLarge("picture_too_many_pixels", template, most=limits.megapixels) from error
    except Exception as error:  # see read_picture
        found = _description(data)
        if found in FORMATS:
            raise _damaged(found) from error
        template = N_("The file is not a picture that can be read here ({found}). {accepted} are accepted.")
        raise BadPicture("picture_unknown", template, found=found, accepted=ACCEPTED) from error


def _damaged(format: str | None) -> BadPicture:
    template = N_("The {format} file is damaged or incomplete: it cannot be decoded.")
    return BadPicture("picture_damaged", template, format=format)


def _check_pixels(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.megapixels * 1e6:
        template = N_("The picture has {width} x {height} pixels; at most {most:g} million pixels are accepted.")
        most = limits.megapixels
        raise TooLarge("picture_too_many_pixels", template, width=width, height=height, most=most)


def _description(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        brand = data[8:12].decode("ascii", "replace").strip().upper()
        return "AVIF" if brand in ("AVIF", "AVIS") else brand
    known = [name for beginning, name in _BEGINNINGS.items() if data.lstrip().startswith(beginning)]
    return known[0] if known else "0x" + data[:8].hex()


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a picture with broken metadata is still a picture
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


@contextmanager
def _quietly() -> Iterator[None]:
    """Pillow without warnings. One at a time: the filters are the process' own, and so is the memory."""
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
