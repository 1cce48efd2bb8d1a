"""What a file is, by its first bytes: so that a refusal can name it."""

import struct

from lente.app.i18n import N_
from lente.models.phrases import Phrase

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
ACCEPTED = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC, JPEG 2000"

_BEGINNINGS = {
    b"\xff\xd8": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\1\0": "ICO",
    b"\0\0\2\0": "CUR",
    b"8BPS": "PSD",
    b"gimp xcf": "XCF",
    b"qoif": "QOI",
    b"icns": "ICNS",
    b"\x0a\5\1": "PCX",
    b"v/1\1": "OpenEXR",
    b"#?RADIANCE": "Radiance HDR",
    b"SIMPLE  =": "FITS",
    b"%!PS": "EPS",
    b"\xc5\xd0\xd3\xc6": "EPS",
    b"%PDF": "PDF",
    b"\x93NUMPY": "NumPy",
    b"\xd0\xcf\x11\xe0": "Microsoft Office",
    b"\x1aE\xdf\xa3": "WebM",
    b"PK\3\4": "ZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    **{b"P%d" % kind: "PNM" for kind in range(1, 8)},
}
_MARKUP = {b"<svg": "SVG", b"<?xml": "XML", b"<html": "HTML", b"<!doctype html": "HTML", b"<!doctype svg": "SVG"}
# The brands of ISO 14496-12's containers, by their beginnings.
_BRANDS = {
    "avi": "AVIF",
    "hei": "HEIC",
    "hev": "HEIC",
    "mif1": "HEIC",
    "msf1": "HEIC",
    "crx": "CR3",
    "qt": "QuickTime",
    "3g": "3GP",
    "iso": "MP4",
    "mp4": "MP4",
    "m4": "MP4",
    "avc1": "MP4",
}
_NAMES = {"WEBP": "WebP", "MPO": "JPEG", "HEIF": "HEIC", "JPEG2000": "JPEG 2000"}

_WITHOUT_PICTURE = Phrase(N_("HEIC without a still picture in it"))
_TEXT = Phrase(N_("text"))


def name(format: str | None) -> str:
    """What people call a format of Pillow's."""
    return _NAMES.get(format or "", format or "")


def is_accepted(name: str) -> bool:
    return name in ACCEPTED.split(", ")


def description(data: bytes) -> str:
    """What `data` is: one of ACCEPTED where it can be, another name, or its first bytes where it has none."""
    if data[4:8] == b"ftyp":
        return _container(data)
    if data[:4] == b"RIFF":
        return "WebP" if data[8:12] == b"WEBP" else data[8:12].decode("ascii", "replace").strip()
    known = [name for beginning, name in _BEGINNINGS.items() if data.startswith(beginning)]
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known += [name for beginning, name in _MARKUP.items() if start.startswith(beginning)]
    if known:
        return known[0]
    return _TEXT if _is_text(data) else "0x" + data[:8].hex()


def channels_and_bits(data: bytes) -> tuple[int, int] | None:
    """How many channels a JPEG or JPEG 2000 has, and how many bits each, by its header; None where it says nothing."""
    try:
        return _of_jpeg_2000(data) if description(data) == "JPEG 2000" else _of_jpeg(data)
    except (IndexError, ValueError, struct.error):
        return None


def _container(data: bytes) -> str:
    brand = data[8:12].decode("ascii", "replace").strip()
    known = [name for beginning, name in _BRANDS.items() if brand.lower().startswith(beginning)]
    if known == ["HEIC"] and b"meta" not in data:
        return _WITHOUT_PICTURE
    return known[0] if known else brand.upper()


def _is_text(data: bytes) -> bool:
    try:
        start = data[:1000].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < 990:
            return False
        start = data[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f\ufeff" for letter in start)


def _of_jpeg(data: bytes) -> tuple[int, int] | None:
    """From the frame header: ITU-T T.81, B.2.2."""
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], *struct.unpack_from(">H", data, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9], data[at + 4]
        at += 2 + length
    return None


def _of_jpeg_2000(data: bytes) -> tuple[int, int]:
    """From the SIZ marker: ITU-T T.800, A.5.1."""
    start = data.index(b"\xff\x4f\xff\x51")
    return struct.unpack_from(">H", data, start + 40)[0], (data[start + 42] & 0x7F) + 1
