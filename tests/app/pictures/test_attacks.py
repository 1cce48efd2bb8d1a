"""Files that ask for far more than they show are refused before they are decoded; honest ones are not."""

import io
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from lente.app.errors import BadPicture, LenteError, TooLarge
from lente.app.pictures import decoding
from lente.app.pictures.av1 import largest_frame
from lente.app.pictures.decoding import Limits, read_picture

HERE = Path(__file__).parent


def file(image: Image.Image, format: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format, **options)
    return content.getvalue()


def scanned(side: int, more: int) -> bytes:
    """A progressive JPEG whose last scan comes so many times more."""
    whole = file(Image.new("L", (side, side), 90), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * more + whole[-2:]


def run_lengths(width: int) -> bytes:
    """A BMP of 8 bits, compressed by run lengths, that says no more than its first forty pixels."""
    head = struct.pack("<2sIHHI", b"BM", 1084, 0, 0, 1078)
    about = struct.pack("<IiiHHIIiiII", 40, width, 1, 1, 8, 1, 6, 0, 0, 256, 0)
    return head + about + bytes(1024) + b"\x28\5\0\0\0\1"


def tiled(side: int) -> bytes:
    """A TIFF of 16 x 16 pixels in one tile that says that it is so large."""
    content = io.BytesIO()
    tifffile.imwrite(content, np.zeros((16, 16), np.uint8), tile=(16, 16), compression="zlib")
    content.seek(0)
    page = tifffile.TiffFile(content).pages.first
    data = bytearray(content.getvalue())
    for tag in (322, 323):
        struct.pack_into("<HI", data, page.tags[tag].offset + 2, 4, 1)
        struct.pack_into("<I", data, page.tags[tag].offset + 8, side)
    return bytes(data)


ATTACKS = {
    "JPEG of 2,500 scans": (scanned(5000, 2500), "picture_scans"),
    "small JPEG of 2,500 scans": (scanned(16, 2500), "picture_scans"),
    "BMP of 25 million empty pixels": (run_lengths(24_999_999), "picture_run_lengths"),
    "TIFF with a tile of 40,000 squared": (tiled(40_000), "picture_too_many_pixels"),
    "AVIF of 8192 squared that says 64": ((HERE / "avif_8192_as_64.avif").read_bytes(), "picture_too_many_pixels"),
}
HONEST = {
    "progressive JPEG": scanned(800, 0),
    "BMP by run lengths": run_lengths(40),
    "tiled TIFF": tiled(16),
    "AVIF": file(Image.effect_noise((70, 90), 50).convert("RGB"), "AVIF"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused_before_it_is_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "rgb", lambda _image: pytest.fail("it is decoded"))
    data, code = ATTACKS[name]
    with pytest.raises(LenteError) as refused:
        read_picture(data)
    assert (refused.value.code, refused.value.status) == (code, 413)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_one_is_read(name: str) -> None:
    assert read_picture(HONEST[name]).size > 0


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (301, 77), (1000, 2000)])
def test_the_frame_of_an_avif_is_as_large_as_pillow_wrote_it(size: tuple[int, int]) -> None:
    assert largest_frame(file(Image.new("RGB", size, "teal"), "AVIF", speed=10)) == size


@pytest.mark.parametrize("start", range(0, 1000, 37))
def test_a_damaged_avif_is_damaged_and_no_failure_of_the_server(start: int) -> None:
    data = bytearray(HONEST["AVIF"])
    data[start : start + 4] = b"\xff\xff\xff\xff"
    with suppress(TooLarge, BadPicture):
        assert read_picture(bytes(data), Limits()).size > 0
