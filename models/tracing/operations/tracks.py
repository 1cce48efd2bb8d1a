"""How fields grow from layer to layer: along which axis a layer walks the picture's rows and columns, and how far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from lente.models.tracing.operations.regions import Reads, Region, reads
from lente.models.tracing.operations.terms import Integers
from lente.models.tracing.recording import Record, Recording

# Units after which the pattern of a layer that enlarges repeats itself.
_PERIODS = (1, 2, 4, 8)


class Track(NamedTuple):
    """Unit i along `axis` sees `size` pixels from start + i * stride.

    Where a layer before was `enlarged`, stride may be a fraction, and start and size are those of one unit or another.
    """

    axis: int
    start: Fraction
    size: int
    stride: Fraction
    enlarged: bool


class Tracks(NamedTuple):
    """For rows and columns; None where every unit sees all of them."""

    rows: Track | None
    columns: Track | None


class _Driver(NamedTuple):
    """The axis along which the sources are walked: every `period` units, from `place` on, they advance by `step`."""

    axis: int
    place: int
    period: int
    step: int


@dataclass(frozen=True)
class _Layer:
    """One record, the tracks of those it reads, and the side of interest: 0 for rows, 1 for columns."""

    recording: Recording
    record: Record
    known: Mapping[int, Tracks | None]
    side: int
    asked: dict[tuple[tuple[int, int], ...], list[tuple[int, Region]]]

    def read(self, places: Mapping[int, int]) -> list[tuple[Track | None, Integers]]:
        """What each source gives along its own axis, when some axes stand at a place and the others are whole."""
        key = tuple(sorted(places.items()))
        if key not in self.asked:
            self.asked[key] = [
                (source, region)
                for source, region in self._reads(places)
                if self.known[source] is not None and all(map(len, region))
            ]
        found = [(self.known[source], region) for source, region in self.asked[key]]
        tracks = [(each[self.side], region) for each, region in found if each is not None]
        return [(track, region[0 if track is None else track.axis]) for track, region in tracks]

    def _reads(self, places: Mapping[int, int]) -> Reads:
        region = tuple(
            np.array([places[axis]]) if axis in places else np.arange(n) for axis, n in enumerate(self.record.shape)
        )
        return reads(self.recording, self.record, region, clipped=False)

    def driver(self) -> _Driver | None:
        for axis in range(int(self.recording.has_batch(self.record)), len(self.record.shape)):
            for period in _PERIODS:
                # In the middle, for borders may be read differently, but with room for two periods.
                room = max(0, self.record.shape[axis] - 1 - 2 * period)
                place = min(self.record.shape[axis] // 2, room) // period * period
                steps = self._steps(axis, place, period)
                if steps is not None and steps[0] > 0 and steps[1] == 2 * steps[0]:
                    return _Driver(axis, place, period, steps[0])
        return None

    def _steps(self, axis: int, place: int, period: int) -> tuple[int, int] | None:
        """How far the first source on a track advances in one period and in two."""
        for row in zip(*(self.read({axis: place + n * period}) for n in range(3)), strict=False):
            if all(track is not None for track, _ in row):
                spans = [(int(asked[0]), int(asked[-1])) for _, asked in row]
                (a, b), (c, d), (e, f) = spans
                return (c - a, e - a) if c - a == d - b and e - a == f - b else None
        return None

    def compose(self, driver: _Driver, stand: Mapping[int, int]) -> Track | None:
        """What the unit at `driver.place` sees, all sources together."""
        spans, enlarged = [], driver.period > 1
        for track, asked in self.read(stand):
            if track is None:
                return None
            first, last = track.start + int(asked[0]) * track.stride, track.start + int(asked[-1]) * track.stride
            spans.append((first, last + track.size, track.stride * driver.step / driver.period))
            enlarged = enlarged or track.enlarged
        if not spans:
            return None
        start, end, stride = min(span[0] for span in spans), max(span[1] for span in spans), spans[0][2]
        return Track(driver.axis, start - driver.place * stride, math.ceil(end - start), stride, enlarged)


def follow(recording: Recording, record: Record, known: Mapping[int, Tracks | None]) -> Tracks:
    """The tracks of a record, from those of the records it reads; None stands for one that reads nothing of the
    picture."""
    if len(recording.unit_shape(record)) < 3:
        return Tracks(None, None)
    asked: dict[tuple[tuple[int, int], ...], list[tuple[int, Region]]] = {}
    layers = [_Layer(recording, record, known, side, asked) for side in (0, 1)]
    drivers = [layer.driver() for layer in layers]
    stand = {driver.axis: driver.place for driver in drivers if driver is not None}
    rows, columns = (
        None if driver is None else layer.compose(driver, stand) for layer, driver in zip(layers, drivers, strict=True)
    )
    return Tracks(rows, columns)
