"""What a file says beside its picture (place, time, device, names) is taken out before it is kept; its pixels stay.

JPEG, PNG and WebP: what is no picture goes, and of EXIF the orientation alone stays. AVIF and HEIC: EXIF and XMP are
overwritten where they lie. GIF, BMP, TIFF and JPEG 2000: what the first picture is made of stays, and nothing else.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from PIL import Image

from lente.app.pictures.av1 import boxes, overwritten
from lente.app.pictures.tiff_parts import first_picture

_ORIENTATION = 0x0112
_PNG_TEXTS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's: they say what the numbers mean
_EXIF, _XMP = 0x08, 0x04
_GIF_EXTENSION, _GIF_CONTROL, _GIF_IMAGE, _GIF_END = 0x21, 0xF9, 0x2C, b";"
_BMP_PLAIN = {0: 0, 3: 12, 6: 16}  # what is not run-length, and the bytes of its masks
_JP2_KEPT = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
_SOT, _COM, _SOD, _EOC = 0xFF90, 0xFF64, 0xFF93, 0xFFD9


def without_metadata(data: bytes) -> bytes | None:
    """The file without what it says beside its picture; None where its parts cannot be told from each other."""
    with suppress(LookupError, ValueError, OverflowError, struct.error):
        if data.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg(data))
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return data[:8] + b"".join(_png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[4:8] == b"ftyp":
            return overwritten(data)
        if data.startswith(b"GIF8"):
            return b"".join(_gif(data))
        if data.startswith(b"BM"):
            return _bmp(data)
        if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return first_picture(data)
        if data[4:8] == b"jP  ":
            return b"".join(_jp2(data))
        if data.startswith(b"\xff\x4f\xff\x51"):
            return _codestream(data)
    return None


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


def _gif(data: bytes) -> Iterator[bytes]:
    """GIF89a, up to the first image: no comments, no text, no applications'."""
    at = 13 + _colours(data[10])
    yield data[:at]
    while data[at] == _GIF_EXTENSION:
        end = _after_blocks(data, at + 2)
        if data[at + 1] == _GIF_CONTROL:
            yield data[at:end]
        at = end
    if data[at] != _GIF_IMAGE:
        raise ValueError("no image")
    yield data[at : _after_blocks(data, at + 11 + _colours(data[at + 9]))] + _GIF_END


def _colours(flags: int) -> int:
    """How many bytes the table of colours takes that the flags speak of."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _bmp(data: bytes) -> bytes:
    """The heads, the colours and the rows; nothing between and after them."""
    start, head = struct.unpack_from("<II", data, 10)
    if head == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        kind, used = 0, 0
    else:
        width, height, _, bits, kind = struct.unpack_from("<iiHHI", data, 18)
        used = struct.unpack_from("<I", data, 46)[0]
    colours = (used or 1 << bits) * (3 if head == 12 else 4) if bits <= 8 else 0
    first = min(start, 14 + head + (_BMP_PLAIN[kind] if head == 40 else 0) + colours)
    rows = (width * bits + 31) // 32 * 4 * abs(height)
    if kind not in _BMP_PLAIN or width <= 0 or start + rows > len(data):
        raise ValueError("rows of no known length")
    return data[:first] + bytes(start - first) + data[start : start + rows]


def _jp2(data: bytes) -> Iterator[bytes]:
    """ISO 15444-1, annex I: the boxes that are needed; no XML, no UUID, no links."""
    for kind, start, end in boxes(data, 0, len(data)):
        content = data[start:end] if kind != b"jp2c" else _codestream(data[start:end])
        if kind in _JP2_KEPT:
            yield struct.pack(">I4s", 8 + len(content), kind) + content


def _codestream(data: bytes) -> bytes:
    """ITU-T T.800, annex A: comments are overwritten in the heads of the picture and of its tiles."""
    clean, at, after = bytearray(data), 2, 0
    while (marker := struct.unpack_from(">H", data, at)[0]) != _EOC:
        if marker == _SOD:
            if after <= at:
                break  # the last tile, which goes on to the end
            at = after
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker == _SOT:
            (part,) = struct.unpack_from(">I", data, at + 6)
            after = at + part if part else 0
        elif marker == _COM:
            clean[at + 6 : at + 2 + length] = bytes(max(0, length - 4))
        at += 2 + length
    return bytes(clean[: at + 2] if marker == _EOC else clean)
