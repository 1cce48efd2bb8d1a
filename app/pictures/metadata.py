"""What a file says beside its picture (place, time, device, names) is taken out before it is kept; its pixels stay.

JPEG, PNG and WebP: what is no picture goes, and of EXIF the orientation alone stays. AVIF and HEIC: EXIF and XMP are
overwritten where they lie. Other formats are kept as they came: docs/safety.md says so.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from PIL import Image

from lente.app.pictures.av1 import overwritten

_ORIENTATION = 0x0112
_PNG_TEXTS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's: they say what the numbers mean
_EXIF, _XMP = 0x08, 0x04


def without_metadata(data: bytes) -> bytes:
    """The file without what it says beside its picture; as it came where it is damaged or has nothing to take out."""
    with suppress(IndexError, ValueError, struct.error):
        if data.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg(data))
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return data[:8] + b"".join(_png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[4:8] == b"ftyp":
            return overwritten(data)
    return data


def _upright(exif: bytes) -> bytes:
    """EXIF that says nothing but the orientation that `exif` says; empty where that is the usual one."""
    found = Image.Exif()
    with suppress(Exception):  # Pillow raises nearly anything for what is damaged
        found.load(exif)
    turned = found.get(_ORIENTATION, 1)
    if turned not in range(2, 9):
        return b""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _jpeg(data: bytes) -> Iterator[bytes]:
    """ITU-T T.81, B.1: segments up to the first scan, then all up to the end of the image."""
    yield data[:2]
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, length = data[at + 1], *struct.unpack_from(">H", data, at + 2)
        content = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and content.startswith(b"Exif\0\0"):
            if exif := _upright(content):
                yield b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
        elif _is_of_picture(marker, content):
            yield data[at : at + 2 + length]
        at += 2 + length
    end = data.find(b"\xff\xd9", at)
    yield data[at : end + 2] if end >= 0 else data[at:]


def _is_of_picture(marker: int, content: bytes) -> bool:
    said_beside = 0xE0 <= marker <= 0xEF or marker == 0xFE
    return not said_beside or (marker in _JPEG_KEPT and not content.startswith(b"MPF\0"))


def _png(data: bytes) -> Iterator[bytes]:
    """PNG specification, 5.3."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf" and (exif := _upright(b"Exif\0\0" + data[at + 8 : at + 8 + length])):
            yield struct.pack(">I4s", len(exif), kind) + exif + struct.pack(">I", zlib.crc32(kind + exif))
        elif kind not in _PNG_TEXTS:
            yield data[at : at + 12 + length]
        at += 12 + length
        if kind == b"IEND":
            return


def _webp(data: bytes) -> bytes:
    """RFC 9649, 2.3 and 2.7."""
    chunks, at, flags = [], 12, ~(_EXIF | _XMP)
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + length + length % 2]
        if kind == b"EXIF":
            content = chunk[8 : 8 + length]
            exif = _upright(content if content.startswith(b"Exif") else b"Exif\0\0" + content)
            chunk = struct.pack("<4sI", kind, len(exif)) + exif if exif else b""
            flags |= _EXIF if exif else 0
        elif kind == b"XMP ":
            chunk = b""
        chunks.append(chunk)
        at += 8 + length + length % 2
    if chunks and chunks[0][:4] == b"VP8X":
        chunks[0] = chunks[0][:8] + bytes([chunks[0][8] & flags & 0xFF]) + chunks[0][9:]
    content = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content
