"""Pictures of every kind that people have, and files that only look like pictures."""

import io
import os
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, features

from lente.app.errors import BadPicture, TooLarge
from lente.app.pictures.decoding import Limits, encoded, read_picture, resized, to_tensor

LOSSLESS = {"PNG": {}, "BMP": {}, "TIFF": {}, "WEBP": {"lossless": True}}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "AVIF": {"quality": 95, "subsampling": "4:4:4"}}


def saved(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def quarters() -> np.ndarray[Any, Any]:
    """24 x 36 pixels: red, green over blue, yellow, so that every turn is told apart."""
    picture = np.zeros((24, 36, 3), dtype=np.uint8)
    picture[:12, :18], picture[:12, 18:], picture[12:, :18], picture[12:, 18:] = (
        (220, 20, 20), (20, 200, 20), (20, 20, 220), (230, 220, 30),
    )  # fmt: skip
    return picture


def test_pillow_decodes_every_accepted_format() -> None:
    assert all(features.check(name) for name in ("jpg", "zlib", "webp", "libtiff", "avif", "littlecms2"))


@pytest.mark.parametrize("format", LOSSLESS)
def test_lossless_formats_keep_every_value(format: str) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (17, 23, 3), dtype=np.uint8)
    assert np.array_equal(read_picture(saved(Image.fromarray(picture), format, **LOSSLESS[format])), picture)


@pytest.mark.parametrize("format", [*LOSSY, "GIF"])
def test_lossy_formats_come_close(format: str, quarters: np.ndarray[Any, Any]) -> None:
    read = read_picture(saved(Image.fromarray(quarters), format, **LOSSY.get(format, {})))
    assert read.shape == quarters.shape
    assert np.median(np.abs(read.astype(int) - quarters)) <= 3


def as_stored(upright: np.ndarray[Any, Any], orientation: int) -> np.ndarray[Any, Any]:
    """What a camera held that way writes: the EXIF standard says which side its first row and column are."""
    return {
        1: upright,
        2: np.fliplr(upright),
        3: np.rot90(upright, 2),
        4: np.flipud(upright),
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: np.rot90(upright.transpose(1, 0, 2), 2),
        8: np.rot90(upright, -1),
    }[orientation]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(format: str, orientation: int, quarters: np.ndarray[Any, Any]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(as_stored(quarters, orientation)))
    read = read_picture(saved(stored, format, exif=exif, **LOSSY.get(format, LOSSLESS.get(format, {}))))
    assert read.shape == quarters.shape
    assert np.median(np.abs(read.astype(int) - quarters)) <= 3


def test_broken_metadata_does_not_spoil_a_picture(quarters: np.ndarray[Any, Any]) -> None:
    data = saved(Image.fromarray(quarters), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff broken")
    assert read_picture(data).shape == quarters.shape


def test_16_bit_grey_is_scaled_by_its_whole_range() -> None:
    deep = np.array([[0, 257, 32768, 65535]], dtype=np.uint16)
    for format in ("PNG", "TIFF"):
        assert read_picture(saved(Image.fromarray(deep), format))[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(
    ("values", "dtype", "wanted"),
    [
        ([0.0, 0.5, 1.0], np.float32, [0, 128, 255]),
        ([0.0, 51.0, 255.0], np.float32, [0, 51, 255]),
        ([-1000.0, 0.0, 1000.0], np.float32, [0, 128, 255]),
        ([np.nan, 0.2, 1.0], np.float32, [0, 51, 255]),
        ([0, 7, 255], np.int32, [0, 7, 255]),
        ([0, 257, 65535], np.int32, [0, 1, 255]),
        ([5000, 5000, 5000], np.float32, [19, 19, 19]),
    ],
)
def test_deep_greys_are_scaled_by_the_range_that_holds_them(values: list[float], dtype: Any, wanted: list[int]) -> None:
    data = saved(Image.fromarray(np.array([values], dtype=dtype)), "TIFF")
    assert read_picture(data)[0, :, 1].tolist() == wanted


def test_one_bit_and_grey_become_three_equal_channels() -> None:
    one_bit = Image.new("1", (2, 1))
    one_bit.putpixel((1, 0), 1)
    assert read_picture(saved(one_bit)).tolist() == [[[0, 0, 0], [255, 255, 255]]]
    assert read_picture(saved(Image.new("L", (1, 1), 77))).tolist() == [[[77, 77, 77]]]


def test_transparency_is_laid_on_white() -> None:
    half_red = Image.new("RGBA", (1, 1), (255, 0, 0, 128))
    nothing = Image.new("RGBA", (1, 1), (0, 0, 0, 0))
    assert read_picture(saved(nothing)).tolist() == [[[255, 255, 255]]]
    for format in ("PNG", "WEBP", "TIFF"):
        read = read_picture(saved(half_red, format, **LOSSLESS[format]))[0, 0]
        assert np.abs(read.astype(int) - [255, 127, 127]).max() <= 1
    assert read_picture(saved(Image.new("LA", (1, 1), (0, 0)))).tolist() == [[[255, 255, 255]]]


def test_palettes_keep_their_colours_and_their_transparency() -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 200, 100, 50, 1, 2, 3])
    image.putdata([0, 1, 2])
    assert read_picture(saved(image)).tolist() == [[[10, 20, 30], [200, 100, 50], [1, 2, 3]]]
    for transparency in (2, bytes([255, 255, 0])):
        read = read_picture(saved(image, transparency=transparency))
        assert read.tolist() == [[[10, 20, 30], [200, 100, 50], [255, 255, 255]]]


def test_a_transparent_colour_of_an_opaque_picture_is_white() -> None:
    image = Image.fromarray(np.array([[[9, 9, 9], [1, 2, 3]]], dtype=np.uint8))
    assert read_picture(saved(image, transparency=(9, 9, 9))).tolist() == [[[255, 255, 255], [1, 2, 3]]]


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_the_first_frame_of_an_animation_is_shown(format: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    data = saved(frames[0], format, save_all=True, append_images=frames[1:])
    assert np.abs(read_picture(data)[8, 8].astype(int) - [250, 0, 0]).max() <= 6


def test_cmyk_is_converted_with_and_without_a_profile() -> None:
    inks = Image.new("CMYK", (16, 16), (0, 0, 0, 0))
    inks.paste((255, 0, 0, 0), (8, 0, 16, 16))
    for format in ("JPEG", "TIFF"):
        read = read_picture(saved(inks, format)).astype(int)
        assert (read[8, 2] > 245).all(), "no ink is white"
        assert read[8, 13, 0] < 20 < 200 < read[8, 13, 2], "cyan ink takes the red away"


def test_an_unusable_profile_does_not_spoil_a_cmyk_picture() -> None:
    wrong = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (wrong, b"no profile at all"):
        read = read_picture(saved(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), "TIFF", icc_profile=profile))
        assert (read > 245).all()


def test_lab_is_converted_to_rgb() -> None:
    neutral = Image.new("LAB", (4, 4), (128, 128, 128))
    read = read_picture(saved(neutral, "TIFF")).astype(int)
    assert np.ptp(read[0, 0]) <= 6
    assert 100 < read[0, 0, 0] < 140


def bomb(side: int) -> bytes:
    """A PNG of side x side black pixels in about ten kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    data = bomb(9000)
    assert len(data) < 12_000
    with pytest.raises(TooLarge, match="9000 × 9000 pixels; at most 25 million") as refused:
        read_picture(data)
    assert refused.value.code == "picture_too_many_pixels"
    with pytest.raises(TooLarge):
        read_picture(bomb(40_000))


def test_limits_are_exact() -> None:
    data = saved(Image.new("L", (100, 100)))
    assert read_picture(data, Limits(megapixels=0.01)).shape == (100, 100, 3)
    with pytest.raises(TooLarge, match="100 × 100"):
        read_picture(data, Limits(megapixels=0.0099))
    assert read_picture(data, Limits(megabytes=len(data) / 1e6)).shape == (100, 100, 3)
    with pytest.raises(TooLarge, match="MB"):
        read_picture(data, Limits(megabytes=(len(data) - 1) / 1e6))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\x01\x02\x03\x04", "0x01020304"),
        (b"PK\x03\x04zip", "ZIP"),
    ],
)
def test_what_is_no_picture_is_named_with_what_is_accepted(data: bytes, found: str) -> None:
    with pytest.raises(BadPicture, match=found) as refused:
        read_picture(data)
    assert refused.value.code == "picture_unknown"
    assert "JPEG, PNG, WebP" in str(refused.value)


def test_formats_that_run_programs_or_are_rare_are_not_opened() -> None:
    for format in ("EPS", "PPM", "ICO", "TGA", "PCX"):
        with pytest.raises(BadPicture):
            read_picture(saved(Image.new("RGB", (16, 16)), format))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadPicture, match="empty"):
        read_picture(b"")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A small photograph-like picture in every accepted format."""
    rows, columns = np.mgrid[:48, :64]
    waves = np.stack([rows * 5 % 256, columns * 4 % 256, (rows * columns) % 256], axis=2).astype(np.uint8)
    image = Image.fromarray(waves)
    formats = {"GIF": {}, **LOSSLESS, **LOSSY}
    return {name: saved(image, name, **options) for name, options in formats.items()}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "BMP"])
def test_half_a_file_is_refused(format: str, files: dict[str, bytes]) -> None:
    data = files[format]
    with pytest.raises(BadPicture) as refused:
        read_picture(data[: len(data) // 2])
    assert refused.value.status == 415


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_mutilated_files_give_a_picture_or_a_clean_refusal(format: str, files: dict[str, bytes]) -> None:
    random = np.random.default_rng(5)
    refused = 0
    for trial in range(120):
        data = bytearray(files[format])
        if trial % 3 == 0:
            del data[int(random.integers(1, len(data))) :]
        for _ in range(trial % 5):
            data[int(random.integers(len(data)))] ^= 1 << int(random.integers(8))
        try:
            picture = read_picture(bytes(data), Limits(megapixels=1))
        except (BadPicture, TooLarge):
            refused += 1
        else:
            assert picture.dtype == np.uint8
            assert picture.ndim == 3
    assert refused > 0


def test_random_bytes_are_refused() -> None:
    for length in (1, 2, 3, 8, 100, 10_000):
        with pytest.raises(BadPicture):
            read_picture(os.urandom(length))


def test_a_tensor_has_channels_first_and_values_to_one() -> None:
    tensor = to_tensor(np.array([[[0, 51, 255], [255, 0, 0]]], dtype=np.uint8))
    assert tensor.shape == (3, 1, 2)
    assert tensor.dtype == np.float32
    assert tensor[:, 0, 0].tolist() == pytest.approx([0, 0.2, 1])


def test_reducing_averages_and_never_enlarges() -> None:
    chequered = (np.indices((8, 16)).sum(0) % 2 * 200).astype(np.uint8)[..., None].repeat(3, axis=2)
    small = resized(chequered, 8)
    assert small.shape == (4, 8, 3)
    assert (np.abs(small.astype(int) - 100) <= 1).all()
    assert resized(chequered, 400) is chequered
    assert resized(np.zeros((1, 900, 3), dtype=np.uint8), 10).shape == (1, 10, 3)


def test_encoded_pictures_are_what_they_say() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    png = Image.open(io.BytesIO(encoded(picture, "PNG")))
    assert png.format == "PNG"
    assert np.array_equal(np.asarray(png), picture)
    assert Image.open(io.BytesIO(encoded(picture, "JPEG"))).format == "JPEG"
