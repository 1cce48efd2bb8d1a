"""Pictures one after another as an animated file."""

import io
from typing import Any

import numpy as np
from PIL import Image

from lente.app.server import received

FORMATS = ("gif", "webp")
_SCALE = 8


def wanted(read: dict[str, Any]) -> tuple[str, int]:
    """The `format`, one of FORMATS, and the `milliseconds` for each picture that a request's body names. BadInput."""
    return received.one_of(read, "format", FORMATS), received.whole(read, "milliseconds", 80, 20, 2000)


def animated(pictures: "np.ndarray[Any, Any]", kind: str, milliseconds: int) -> bytes:
    """(N, H, W) with values 0..1 as a GIF or WebP that repeats for ever, every pixel enlarged to a square."""
    pixels = np.round(np.clip(pictures, 0, 1) * 255).astype(np.uint8)
    frames = [Image.fromarray(one.repeat(_SCALE, 0).repeat(_SCALE, 1)) for one in pixels]
    file = io.BytesIO()
    options: dict[str, Any] = {"lossless": True} if kind == "webp" else {"optimize": False}
    frames[0].save(
        file, kind.upper(), save_all=True, append_images=frames[1:], duration=milliseconds, loop=0, **options
    )
    return file.getvalue()
