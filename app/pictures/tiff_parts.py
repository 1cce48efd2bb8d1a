"""What the first picture of a TIFF is made of: TIFF 6.0, and BigTIFF, whose numbers are wider."""

import struct

_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_COMPRESSION, _OLD_JPEG = 259, 6
# What says how numbers become a picture: size, samples, rows and tiles, colours, orientation, tables of JPEG, profile.
_KEPT = {
    *range(254, 260), 262, 263, 266, *range(273, 285), *range(290, 294), 296, 301, *range(317, 326), 332, 334, 336,
    *range(338, 344), 346, 347, *range(529, 533), 32995, 32996, 32997, 34675,
}  # fmt: skip


def first_picture(data: bytes) -> bytes:
    """The file with the first picture's parts where they were, and zeros where anything else was.

    Raises:
        ValueError, LookupError, struct.error: its parts cannot be found.
    """
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    head, count, number, entry = (16, "Q", "Q", 20) if big else (8, "H", "I", 12)
    (start,) = struct.unpack_from(order + number, data, head // 2)
    (entries,) = struct.unpack_from(order + count, data, start)
    first = start + struct.calcsize(count)
    kept, parts = [], [(0, head)]
    values: dict[int, tuple[int, ...]] = {}
    for at in range(first, first + entries * entry, entry):
        tag, kind, length = struct.unpack_from(f"{order}HH{number}", data, at)
        if tag not in _KEPT:
            continue
        kept.append(data[at : at + entry])
        size, place = length * _WIDTHS[kind], at + entry - struct.calcsize(number)
        if size > struct.calcsize(number):
            (place,) = struct.unpack_from(order + number, data, place)
            parts.append((place, place + size))
        if tag in (_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES, _COMPRESSION):
            values[tag] = struct.unpack_from(f"{order}{length}{_NUMBERS[kind]}", data, place)
    if values.get(_COMPRESSION) == (_OLD_JPEG,):
        raise ValueError("its tables lie anywhere")
    for offsets, sizes in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        if offsets in values:
            parts += [(a, a + b) for a, b in zip(values[offsets], values[sizes], strict=True)]
    if sum(end - begin for begin, end in parts) > 2 * len(data):
        raise ValueError("its parts lie over each other")
    directory = struct.pack(order + count, len(kept)) + b"".join(kept) + bytes(struct.calcsize(number))
    return _only(data, [*parts, (start, start + len(directory))], start, directory)


def _only(data: bytes, parts: list[tuple[int, int]], start: int, directory: bytes) -> bytes:
    """Zeros but for `parts` of `data`, and for the directory that is written at `start`."""
    clean = bytearray(min(len(data), max(end for _, end in parts)))
    for begin, end in parts:
        clean[begin:end] = data[begin:end]
    clean[start : start + len(directory)] = directory
    return bytes(clean)
