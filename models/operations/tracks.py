"""How fields grow from layer to layer: along which axis a layer walks the picture's rows and columns, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.operations.regions import Region, reads
from models.recording import Record, Recording


class Track(NamedTuple):
    """Unit i along `axis` sees the pixels start + i * stride .. start + i * stride + size - 1."""

    axis: int
    start: int
    size: int
    stride: int


class Tracks(NamedTuple):
    """For rows and columns; None where every unit sees all of them."""

    rows: Track | None
    columns: Track | None


def follow(recording: Recording, record: Record, known: Mapping[int, Tracks]) -> Tracks:
    """The tracks of a record, from those of the records it reads."""
    if len(recording.unit_shape(record)) < 3:
        return Tracks(None, None)
    drivers = [_driver(recording, record, known, side) for side in (0, 1)]
    at_start = _region(record, {axis: 0 for axis, _ in filter(None, drivers)})
    rows, columns = (_compose(recording, record, known, side, drivers[side], at_start) for side in (0, 1))
    return Tracks(rows, columns)


def _driver(recording: Recording, record: Record, known: Mapping[int, Tracks], side: int) -> tuple[int, int] | None:
    """The axis of the output along which its sources are walked on this side, and the step there."""
    for axis in range(int(recording.has_batch(record)), len(record.shape)):
        first, second = (
            dict(reads(recording, record, _region(record, {axis: place}), clipped=False)) for place in (0, 1)
        )
        for source in first.keys() & second.keys():
            track = known[source][side]
            if track is not None:
                (a, b), (c, d) = first[source][track.axis], second[source][track.axis]
                if c - a == d - b > 0:
                    return axis, c - a
    return None


def _compose(
    recording: Recording,
    record: Record,
    known: Mapping[int, Tracks],
    side: int,
    driver: tuple[int, int] | None,
    at_start: Region,
) -> Track | None:
    """The hull, over all sources, of what the first unit sees."""
    if driver is None:
        return None
    axis, step = driver
    found: Track | None = None
    for source, region in reads(recording, record, at_start, clipped=False):
        track = known[source][side]
        if track is None:
            return None
        low, high = region[track.axis]
        start = track.start + low * track.stride
        end = start + track.size + (high - 1 - low) * track.stride
        if found is not None:
            start, end = min(start, found.start), max(end, found.start + found.size)
        found = Track(axis, start, end - start, step * track.stride)
    return found


def _region(record: Record, places: Mapping[int, int]) -> Region:
    """All of the output, but for the axes of which one place is given."""
    return tuple((places[axis], places[axis] + 1) if axis in places else (0, n) for axis, n in enumerate(record.shape))
