"""Files of every kind of pixel: each gives the values it was made from, or a refusal that names what it has."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from fastapi.testclient import TestClient
from PIL import Image

from lente.app.digits.drawing import ink_box
from lente.app.digits.paper import find_ink
from lente.app.errors import BadPicture, LenteError, TooLarge
from lente.app.own_network.pictures import read_given
from lente.app.pictures.decoding import Limits, Picture, read_picture
from lente.app.pictures.formats import ACCEPTED

Values = np.ndarray[Any, Any]

PICTURES = Path(__file__).parent
RANDOM = np.random.default_rng(0).integers(0, 256, (12, 16, 4), dtype=np.uint8)
RANDOM[0, :2] = [[0] * 4, [255] * 4]
RGB, GREY = RANDOM[..., :3], RANDOM[..., 0]
SMOOTH = np.asarray(Image.fromarray(RANDOM[:3, :4, :3]).resize((48, 32), Image.Resampling.BICUBIC))
QUARTERS = np.zeros((48, 72, 3), np.uint8)
QUARTERS[:24, :36], QUARTERS[:24, 36:], QUARTERS[24:, :36], QUARTERS[24:, 36:] = (
    (220, 20, 20), (20, 200, 20), (20, 20, 220), (230, 220, 30),
)  # fmt: skip


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def tiff(values: Values, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(values: Values, bits: int, colour: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of `values` (H, W, C), in so many bits each: PNG specification, 11.2."""
    height, width = values.shape[:2]
    each = (values.reshape(height, -1, 1).astype(int) >> np.arange(bits)[::-1]) & 1
    rows = np.packbits(each.reshape(height, -1).astype(np.uint8), axis=1)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = zlib.compress(np.pad(rows, ((0, 0), (1, 0))).tobytes())
    chunks = [chunk(b"IHDR", header), *(chunk(*one) for one in more), chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def bmp(bits: int, compression: int, body: bytes, width: int, height: int) -> bytes:
    palette = b"".join(bytes([level, level, level, 0]) for level in range(2**bits))
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, 2**bits, 0)
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def three(grey: Values) -> Values:
    return np.repeat(np.asarray(grey)[..., None], 3, axis=2)


def spread(values: Values, dtype: str) -> Values:
    """0..255 over the whole range of a kind of number, or over 0..1."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return (values / 255).astype(kind)
    limits = np.iinfo(kind)
    steps = values.astype(object) * (int(limits.max) - int(limits.min)) // 255 + int(limits.min)
    return steps.astype(kind)


def without_adobe(jpeg: bytes) -> bytes:
    start = jpeg.index(b"\xff\xee")
    return jpeg[:start] + jpeg[start + 2 + struct.unpack_from(">H", jpeg, start + 2)[0] :]


def tiffs() -> dict[str, tuple[bytes, Values]]:
    found = {}
    for order in "<>":
        for dtype in ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "f2", "f4", "f8"):
            for photometric, wanted in (("minisblack", GREY), ("miniswhite", 255 - GREY)):
                data = tiff(spread(GREY, dtype), photometric=photometric, byteorder=order)
                found[f"TIFF {dtype} {photometric} {order}"] = data, three(wanted)
            for planar in ("contig", "separate"):
                planes = RGB if planar == "contig" else np.ascontiguousarray(RGB.transpose(2, 0, 1))
                data = tiff(spread(planes, dtype), photometric="rgb", planarconfig=planar, byteorder=order)
                found[f"TIFF {dtype} rgb {planar} {order}"] = data, RGB
        for dtype in ("u1", "u2", "i2", "i4", "f4"):
            for tile in (None, (16, 16)):
                data = tiff(spread(GREY, dtype), byteorder=order, compression="zlib", tile=tile)
                found[f"TIFF {dtype} compressed {tile} {order}"] = data, three(GREY)
        for extra in ("assocalpha", "unassalpha", "unspecified"):
            for dtype in ("u1", "u2", "f4"):
                opaque = np.dstack([GREY, np.full_like(GREY, 255)])
                data = tiff(spread(opaque, dtype), extrasamples=[extra], planarconfig="contig", byteorder=order)
                found[f"TIFF {dtype} grey {extra} {order}"] = data, three(GREY)
        colours = np.random.default_rng(1).integers(0, 256, (3, 256), dtype=np.uint16) * 257
        data = tiff(GREY, photometric="palette", colormap=colours, byteorder=order)
        found[f"TIFF palette {order}"] = data, colours.T[GREY] // 257
    for white in (0, 1):
        for compression in ("raw", "group3", "group4", "tiff_lzw", "packbits"):
            bits = Image.fromarray(GREY > 128)
            data = saved(bits, "TIFF", compression=compression, tiffinfo={262: white})
            found[f"TIFF 1 bit {compression} {white}"] = data, three(np.uint8(GREY > 128) * 255)
    inks = RANDOM.astype(int)
    mixed = np.round((255 - inks[..., :3]) * (255 - inks[..., 3:]) / 255)
    found["TIFF CMYK"] = tiff(RANDOM, photometric="separated"), mixed
    lab = np.array([[[0, 0, 0], [255, 0, 0], [128, 0, 0], [128, 30, 20], [180, 236, 30]]], np.uint8)
    scaled = np.dstack([lab[..., :1] * (100 / 255), lab[..., 1:].view(np.int8)]).astype(np.float32)
    found["TIFF LAB"] = tiff(lab, photometric="cielab"), np.round(cv2.cvtColor(scaled, cv2.COLOR_Lab2RGB) * 255)
    return found


def pngs() -> dict[str, tuple[bytes, Values]]:
    found = {}
    for bits in (1, 2, 4, 8, 16):
        most = 2**bits - 1
        values = (np.arange(192).reshape(12, 16, 1) * max(1, most // 191)) % (most + 1)
        levels = np.round(values[..., 0] * 255 / most)
        found[f"PNG grey {bits}"] = png(values, bits, 0), three(levels)
        for nothing in {0, int(values[0, 1, 0]), int(values[6, 8, 0]), most}:
            seen = values[..., 0] != nothing
            light = levels[seen].mean()
            paper = 0 if light > 1.25 * (255 - light) else 255
            data = png(values, bits, 0, (b"tRNS", struct.pack(">H", nothing)))
            found[f"PNG grey {bits} without {nothing}"] = data, three(np.where(seen, levels, paper))
    for bits in (8, 16):
        deep = RANDOM.astype(int) * (257 if bits == 16 else 1)
        opaque = np.full((12, 16), 2**bits - 1)
        found[f"PNG RGB {bits}"] = png(deep[..., :3], bits, 2), RGB
        found[f"PNG LA {bits}"] = png(np.dstack([deep[..., 0], opaque]), bits, 4), three(GREY)
        found[f"PNG RGBA {bits}"] = png(np.dstack([deep[..., :3], opaque]), bits, 6), RGB
        dark = deep[..., :3] // 2
        shown = RGB // 2
        shown[5, 5] = 255
        nothing = (b"tRNS", struct.pack(">HHH", *dark[5, 5]))
        found[f"PNG RGB {bits} without a colour"] = png(dark, bits, 2, nothing), shown
    for bits in (1, 2, 4, 8):
        colours = np.random.default_rng(bits).integers(0, 100, (2**bits, 3), dtype=np.uint8)
        values = GREY[..., None].astype(int) % 2**bits
        shown = np.where(values == 1, 255, colours[values[..., 0]])
        data = png(values, bits, 3, (b"PLTE", colours.tobytes()), (b"tRNS", b"\xff\0"))
        found[f"PNG palette {bits}"] = data, shown
    return found


def others() -> dict[str, tuple[bytes, Values]]:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    rows = np.array([[1, 2, 3, 4, 7, 7], [5, 5, 5, 5, 9, 9]])
    deep = Image.fromarray(spread(GREY, "u2"))
    clear = Image.fromarray(np.dstack([RGB // 2, np.where(GREY > 128, 255, 0).astype(np.uint8)]))
    found = {
        "BMP RLE8": (bmp(8, 1, b"\4\5\2\x09\0\0\0\4\1\2\3\4\2\7\0\1", 6, 2), three(rows)),
        "BMP RLE4": (bmp(4, 2, b"\4\x12\2\x33\0\0\6\x45\0\1", 6, 2), three([[4, 5, 4, 5, 4, 5], [1, 2, 1, 2, 3, 3]])),
        "BMP RGB": (saved(Image.fromarray(RGB), "BMP"), RGB),
        "JPEG 2000 RGB": (saved(Image.fromarray(RGB), "JPEG2000", irreversible=False), RGB),
        "JPEG 2000 grey": (saved(Image.fromarray(GREY), "JPEG2000", irreversible=False), three(GREY)),
        "JPEG 2000 grey 16": (saved(deep, "JPEG2000", irreversible=False), three(GREY)),
        "JPEG 2000 codestream": (saved(Image.fromarray(RGB), "JPEG2000", irreversible=False, no_jp2=True), RGB),
        "JPEG 2000 RGBA": (
            saved(clear, "JPEG2000", irreversible=False),
            np.where(GREY[..., None] > 128, RGB // 2, 255),
        ),
        "WebP RGBA": (saved(clear, "WEBP", lossless=True), np.where(GREY[..., None] > 128, RGB // 2, 255)),
    }
    for format in ("GIF", "WEBP", "AVIF"):
        animated = saved(frames[0], format, save_all=True, append_images=frames[1:])
        found[f"{format} animated"] = animated, np.full((16, 16, 3), [250, 0, 0])
    return found


MATRIX = {**tiffs(), **pngs(), **others()}
# Of colours with 16 bits the upper 8 are kept; half precision has 11.
TOLERANCES = {"PNG RGB 16": 1, "TIFF f2": 1, "TIFF CMYK": 1, "TIFF LAB": 6, "WEBP animated": 6, "AVIF animated": 6}


@pytest.mark.parametrize("name", MATRIX)
def test_every_kind_of_pixel_gives_the_values_it_was_made_from(name: str) -> None:
    data, wanted = MATRIX[name]
    tolerance = next((most for start, most in TOLERANCES.items() if name.startswith(start)), 0)
    read = read_picture(data)
    assert read.shape == wanted.shape
    assert np.abs(read.astype(int) - wanted).max() <= tolerance


@pytest.mark.parametrize(
    "name", ["JPEG 2000 RGB", "TIFF 1 bit group3 0", "TIFF 1 bit group4 0", "BMP RLE8", "TIFF u2 rgb contig >"]
)
def test_another_reader_sees_the_same(name: str) -> None:
    data, _ = MATRIX[name]
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(read[..., ::-1].astype(int) - read_picture(data)).max() <= 1


@pytest.mark.parametrize(("values", "wanted"), [([-2.0, 0, 2], [0, 128, 255]), ([0, 300.0, 65535], [0, 1, 255])])
def test_floating_point_out_of_range_is_scaled_alike_in_colour(values: list[float], wanted: list[int]) -> None:
    read = read_picture(tiff(np.array([[values]], np.float32), photometric="rgb"))
    assert read.tolist() == [[wanted]]


def test_twelve_bits_are_scaled_by_their_own_range() -> None:
    values = np.arange(0, 4096, 16).reshape(16, 16)
    packed = np.packbits(((values[..., None] >> np.arange(12)[::-1]) & 1).astype(np.uint8)).tobytes()
    data = bytearray(tiff(np.frombuffer(packed, np.uint8).reshape(16, 24)))
    page = tifffile.TiffFile(io.BytesIO(bytes(data))).pages.first
    for tag, value in ((256, 16), (258, 12)):
        struct.pack_into("<H", data, page.tags[tag].valueoffset, value)
    assert np.abs(read_picture(bytes(data)).astype(int) - three(np.round(values * 255 / 4095))).max() == 0


@pytest.mark.parametrize("marked", [True, False])
def test_ink_of_a_jpeg_is_turned_around_where_adobe_wrote_it(marked: bool) -> None:
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[:, 8:, 0], inks[8:, :, 1] = 255, 255
    jpeg = saved(Image.fromarray(inks if marked else 255 - inks, "CMYK"), "JPEG", quality=100)
    read = read_picture(jpeg if marked else without_adobe(jpeg)).astype(int)
    assert np.abs(read - (255 - inks[..., :3])).max() <= 3


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "AVIF", "JPEG2000"])
@pytest.mark.parametrize("level", [0, 255])
def test_what_is_drawn_on_nothing_is_seen(format: str, level: int) -> None:
    drawing = np.zeros((64, 64, 4), np.uint8)
    drawing[..., :3] = level
    drawing[10:54, 28:36, 3] = 255
    read = read_picture(saved(Image.fromarray(drawing), format))
    assert np.abs(read[30, 32].astype(int) - level).max() <= 2
    assert np.abs(read[30, 5].astype(int) - (255 - level)).max() <= 2
    assert ink_box(find_ink(read).ink) == pytest.approx((10, 28, 54, 36), abs=1)


def test_what_is_in_sight_chooses_the_paper_by_as_much_as_it_is_in_sight() -> None:
    values = np.zeros((10, 10, 4), np.uint8)
    values[:, :, :] = [255, 255, 255, 1]  # nearly nothing, in white
    values[4:6, 4:6] = [20, 20, 20, 255]
    read = read_picture(saved(Image.fromarray(values), "PNG"))
    assert read[0, 0].tolist() == [255, 255, 255]
    assert read[5, 5].tolist() == [20, 20, 20]


@pytest.mark.parametrize("name", ["quarters", "quarters_turned"])
def test_heic_is_read_upright(name: str) -> None:
    read = read_picture((PICTURES / f"{name}.heic").read_bytes())
    assert read.shape == QUARTERS.shape
    assert np.median(np.abs(read.astype(int) - QUARTERS)) <= 3


def test_heic_drawn_on_nothing_is_seen() -> None:
    read = read_picture((PICTURES / "white_on_nothing.heic").read_bytes())
    assert read[24, 35].min() > 245 > 10 > read[5, 5].max()


def test_heic_is_measured_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    from pi_heif import HeifImageFile

    monkeypatch.setattr(HeifImageFile, "load", lambda _image: pytest.fail("it was decoded"))
    with pytest.raises(TooLarge, match="72 × 48"):
        read_picture((PICTURES / "quarters.heic").read_bytes(), Limits(megapixels=0.003))


def test_heic_that_declares_less_than_it_holds_is_refused() -> None:
    data = (PICTURES / "quarters.heic").read_bytes()
    size = data.index(b"ispe") + 8
    declared = data[:size] + struct.pack(">II", 8, 8) + data[size + 8 :]
    assert refused(declared).code == "picture_damaged"


@pytest.mark.parametrize("format", ["HEIC", "JPEG 2000", "TIFF"])
def test_a_mutilated_file_gives_a_picture_or_a_clean_refusal(format: str) -> None:
    whole = {
        "HEIC": (PICTURES / "quarters.heic").read_bytes(),
        "JPEG 2000": saved(Image.fromarray(SMOOTH), "JPEG2000"),
        "TIFF": tiff(spread(SMOOTH, "f4"), photometric="rgb"),
    }[format]
    random = np.random.default_rng(5)
    count = 0
    for trial in range(90):
        data = bytearray(whole)
        if trial % 3 == 0:
            del data[int(random.integers(1, len(data))) :]
        for _ in range(trial % 5):
            data[int(random.integers(min(len(data), 500)))] ^= 1 << int(random.integers(8))
        try:
            assert read_picture(bytes(data), Limits(megapixels=1)).dtype == np.uint8
        except (BadPicture, TooLarge):
            count += 1
    assert count > 0


def test_a_picture_of_pillows_is_interpreted_like_a_file() -> None:
    deep = Image.fromarray(spread(GREY, "u2"))
    white_on_nothing = Image.new("RGBA", (4, 4), (255, 255, 255, 0))
    white_on_nothing.putpixel((1, 1), (255, 255, 255, 255))
    opened = Image.open(io.BytesIO(MATRIX["TIFF u2 miniswhite <"][0]))
    assert np.array_equal(shown(deep), three(GREY))
    assert shown(white_on_nothing)[:2, :2, 0].tolist() == [[0, 0], [0, 255]]
    assert np.array_equal(shown(opened), three(255 - GREY))
    assert white_on_nothing.mode == "RGBA", "and is left as it was"


def shown(image: Image.Image) -> Picture:
    picture = read_given(image).picture
    assert picture is not None
    return picture


def start_of_jpeg(channels: int, bits: int) -> bytes:
    frame = struct.pack(">BHHB", bits, 16, 16, channels) + b"".join(bytes([one, 0x11, 0]) for one in range(channels))
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def start_of_jpeg_2000(channels: int) -> bytes:
    size = struct.pack(">HIIIIIIIIH", 0, 16, 16, 0, 0, 16, 16, 0, 0, channels) + b"\7\1\1" * channels
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size


REFUSED: dict[str, tuple[bytes, str, list[str]]] = {
    "five bands": (tiff(np.zeros((4, 4, 5), np.uint8), photometric="minisblack", planarconfig="contig"),
                   "picture_channels", ["TIFF", "5", "1 (", "3 (", "4 ("]),
    "two channels": (start_of_jpeg(2, 8), "picture_channels", ["JPEG", "2"]),
    "five components": (start_of_jpeg_2000(5), "picture_channels", ["JPEG 2000", "5"]),
    "12 bits": (start_of_jpeg(3, 12), "picture_pixels", ["JPEG", "3 × 12 bit", "PNG", "TIFF"]),
    "compressed floats": (tiff(spread(RGB, "f4"), photometric="rgb", compression="zlib"),
                          "picture_pixels", ["TIFF", "3 × float32", "DEFLATE", "PNG"]),
    "complex": (tiff(np.zeros((4, 4), np.complex64)), "picture_pixels", ["TIFF", "complex64"]),
    "raw of a camera": (tiff(np.zeros((4, 4), np.uint16), photometric="cfa"), "picture_pixels", ["TIFF", "CFA"]),
    "ICO": (saved(Image.new("RGB", (16, 16)), "ICO"), "picture_unknown", ["(ICO)", ACCEPTED]),
    "PSD": (b"8BPS\0\1" + bytes(40), "picture_unknown", ["(PSD)", ACCEPTED]),
    "JPEG XL": (b"\0\0\0\x0cJXL \r\n\x87\n", "picture_unknown", ["(JPEG XL)", ACCEPTED]),
    "JPEG XL bare": (b"\xff\x0a" + bytes(9), "picture_unknown", ["(JPEG XL)", ACCEPTED]),
    "EXR": (b"v/1\1" + bytes(40), "picture_unknown", ["(OpenEXR)", ACCEPTED]),
    "video": (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2", "picture_unknown", ["(MP4)", ACCEPTED]),
    "raw of Canon's": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "picture_unknown", ["(CR3)", ACCEPTED]),
    "sound": (b"RIFF\x24\0\0\0WAVEfmt ", "picture_unknown", ["(WAVE)", ACCEPTED]),
    "page": (b"<!doctype html><title>x</title>", "picture_unknown", ["(HTML)", ACCEPTED]),
    "array": (b"\x93NUMPY\1\0", "picture_unknown", ["(NumPy)", ACCEPTED]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_named_with_what_it_has_and_what_is_accepted(client: TestClient, name: str) -> None:
    data, code, words = REFUSED[name]
    said = in_every_language(client, data, code)
    assert len(said) == 3
    for message in said:
        assert all(word in message for word in words)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"1,2;3,4\n5,6;7,8\n", {"(text)", "(texto)", "(texte)"}), (b"\0\0\0\x18ftyphevc\0\0\0\0", {"HEIC"})],
)
def test_the_name_of_what_is_refused_is_translated(client: TestClient, data: bytes, words: set[str]) -> None:
    said = in_every_language(client, data, "picture_unknown")
    assert len({message.split("(")[1] for message in said}) == 3
    for word in words:
        assert any(word in message for message in said)


@pytest.mark.parametrize(
    ("data", "way_on"),
    [
        (bytes(20_000_001), "JPEG"),
        (bytes(30_000_000), "JPEG"),
        (png(np.zeros((6000, 8000, 1), np.uint8), 1, 0), "5773 × 4330"),
    ],
    ids=["20 MB", "30 MB", "48 million pixels"],
)
def test_a_file_that_is_too_large_is_told_what_to_do(client: TestClient, data: bytes, way_on: str) -> None:
    said = in_every_language(client, data)
    for verb in ("send it again", "vuelve a enviarla", "envoyez-la de nouveau"):
        assert any(verb in message and way_on in message for message in said)


def in_every_language(client: TestClient, data: bytes, code: str | None = None) -> set[str]:
    """The different messages in which `data` is refused."""
    errors = [
        client.post("/api/images", files={"file": ("photo", data)}, headers={"accept-language": language}).json()
        for language in ("en", "es", "fr")
    ]
    assert code in (None, *(answer["error"]["code"] for answer in errors))
    return {answer["error"]["message"] for answer in errors}


def refused(data: bytes) -> LenteError:
    with pytest.raises(LenteError) as error:
        read_picture(data)
    return error.value


REAL: dict[str, Callable[[], bytes]] = {
    "BMP": lambda: saved(Image.fromarray(SMOOTH), "BMP"),
    "AVIF": lambda: saved(Image.fromarray(SMOOTH), "AVIF", quality=95, subsampling="4:4:4"),
    "JPEG": lambda: saved(Image.fromarray(SMOOTH), "JPEG", quality=98, subsampling=0),
    "JPEG 2000": lambda: saved(Image.fromarray(SMOOTH), "JPEG2000"),
}


@pytest.mark.parametrize("format", REAL)
def test_half_a_file_is_called_damaged_by_its_name(format: str) -> None:
    data = REAL[format]()
    assert np.median(np.abs(read_picture(data).astype(int) - SMOOTH)) <= 3
    error = refused(data[: len(data) // 2])
    assert error.code == "picture_damaged"
    assert f"The {format} file" in str(error)
