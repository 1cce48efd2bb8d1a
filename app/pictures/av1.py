"""What lies where in AVIF and HEIC files, and how large the AV1 within is: the container may say otherwise.

A decoder makes frames of the size in AV1's own sequence header (AV1 Bitstream Specification, 5.5.1). Where that lies is
in the box `iloc` (ISO 14496-12, 8.11.3).
"""

import struct
from collections.abc import Iterator

_EMPTY_EXIF = bytes(4) + b"MM\0*\0\0\0\x08" + bytes(6)  # the offset of the TIFF, its head, a directory of nothing
_SEQUENCE_HEADER = 1
_EXTENSION, _SIZED = 0x04, 0x02


def largest_frame(data: bytes) -> tuple[int, int]:
    """Width and height of the largest frame that an item of the file may decode to; (0, 0) where none says so."""
    try:
        sizes = [size for item in _items(data) for size in _sequences(item)]
    except (IndexError, ValueError, struct.error):
        return 0, 0
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, beginning and end of the content of each box between `start` and `end`."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or end - start
        if size < head:
            raise ValueError("a box that is shorter than its head")
        yield kind, start + head, min(start + size, end)
        start += size


def _items(data: bytes) -> Iterator[bytes]:
    """The content of every item of the file."""
    for _, parts in _places(data):
        yield b"".join(data[first:end] for first, end in parts)


def overwritten(data: bytes) -> bytes:
    """The file with nothing said where its EXIF and XMP lie: ISO 14496-12, 8.11.6."""
    inner = _meta(data)
    said = set()
    for kind, start, end in boxes(data, *_after_count(data, inner[b"iinf"])) if b"iinf" in inner else ():
        version, wide = data[start], 4 if data[start] > 2 else 2
        if (
            kind == b"infe"
            and version >= 2
            and data[start + 6 + wide : min(end, start + 10 + wide)] in (b"Exif", b"mime")
        ):
            said.add(int.from_bytes(data[start + 4 : start + 4 + wide], "big"))
    clean = bytearray(data)
    for item, parts in _places(data):
        nothing = iter(_EMPTY_EXIF)
        for first, end in parts if item in said else ():
            for at in range(first, min(end, len(data))):
                clean[at] = next(nothing, 0)
    return bytes(clean)


def _after_count(data: bytes, box: tuple[int, int]) -> tuple[int, int]:
    """Where the boxes within `iinf` begin and end."""
    return box[0] + (8 if data[box[0]] else 6), box[1]


def _meta(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Beginning and end of the content of each box within the file's `meta`."""
    meta = next((box for box in boxes(data, 0, len(data)) if box[0] == b"meta"), None)
    return {} if meta is None else {kind: (start, end) for kind, start, end in boxes(data, meta[1] + 4, meta[2])}


def _places(data: bytes) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The number of every item of the file, and where its parts begin and end."""
    inner = _meta(data)
    if b"iloc" not in inner:
        return
    within = inner.get(b"idat", (0, 0))[0]
    reader = _Bits(data, inner[b"iloc"][0])
    version = reader.take(8)
    reader.take(24)
    offset_size, length_size, base_size, index_size = (8 * reader.take(4) for _ in range(4))
    for _ in range(reader.take(32 if version == 2 else 16)):
        item = reader.take(32 if version == 2 else 16)
        method = reader.take(16) & 15 if version else 0
        reader.take(16)
        base = reader.take(base_size)
        parts = []
        for _ in range(reader.take(16)):
            reader.take(index_size if version else 0)
            first = base + reader.take(offset_size) + (within if method == 1 else 0)
            length = reader.take(length_size)
            parts.append((first, first + length if length else len(data)))
        yield item, parts


def _sequences(item: bytes) -> Iterator[tuple[int, int]]:
    """The largest width and height that each sequence header among the item's units tells."""
    at = 0
    while at < len(item):
        head = item[at]
        at += 2 if head & _EXTENSION else 1
        size, at = _leb128(item, at) if head & _SIZED else (len(item) - at, at)
        if head >> 3 == _SEQUENCE_HEADER:
            yield _sequence(_Bits(item, at))
        at += size


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for i in range(8):
        value |= (data[at + i] & 0x7F) << (7 * i)
        if not data[at + i] & 0x80:
            return value, at + i + 1
    raise ValueError("a number that does not end")


class _Bits:
    """Numbers of any count of bits, the highest first."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, 8 * at

    def take(self, count: int) -> int:
        first, self._at = self._at, self._at + count
        if self._at > 8 * len(self._data):
            raise ValueError("the data end")
        value = int.from_bytes(self._data[first // 8 : (self._at + 7) // 8], "big")
        return value >> (-self._at % 8) & ((1 << count) - 1)

    def zeros(self) -> int:
        """How many zeros come before the next one."""
        count = 0
        while not self.take(1):
            count += 1
        return count


def _sequence(bits: _Bits) -> tuple[int, int]:
    bits.take(4)
    if bits.take(1):  # reduced_still_picture_header
        bits.take(5)
    else:
        _operating_points(bits)
    wide, high = bits.take(4) + 1, bits.take(4) + 1
    return bits.take(wide) + 1, bits.take(high) + 1


def _operating_points(bits: _Bits) -> None:
    model = delay = 0
    if bits.take(1):  # timing_info
        bits.take(64)
        if bits.take(1):
            bits.take(min(bits.zeros(), 32))
        model = bits.take(1)
        if model:
            delay = bits.take(5) + 1
            bits.take(42)
    displayed = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if model and bits.take(1):
            bits.take(2 * delay + 1)
        if displayed and bits.take(1):
            bits.take(4)
