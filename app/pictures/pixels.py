"""Every kind of pixel that a picture file can hold, to RGB with 8 bits."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms

Values = np.ndarray[Any, np.dtype[Any]]


def rgb(image: Image.Image) -> Image.Image:
    """`image` in RGB: transparency on white, CMYK through its profile, deep greys scaled to 0..255.

    RGB values are kept as the file has them, whatever its profile says, so that they are the ones other programs show.
    """
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(image)).convert("RGB")
    if image.mode in ("CMYK", "LAB"):
        return _through_profile(image)
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Values:
    """(H, W) deep grey to 0..255: 16 bits by their whole range, others by the smallest range that holds them."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0, neginf=0)
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else _range(values, image.mode)
    scaled = (values - low) * (255 / (high - low)) if high > low else values * 0
    return np.round(scaled).astype(np.uint8)


def _range(values: Values, mode: str) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    for top in (1.0, 255.0, 65535.0) if mode == "F" else (255.0, 65535.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high


def _through_profile(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode == "CMYK" and not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        converted = None
    return converted or image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")
