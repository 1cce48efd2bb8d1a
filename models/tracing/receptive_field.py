"""What a unit sees: its exact field on the picture and in every layer before, and where in it the gradient lies.

The exact field is found by walking the recorded operations backwards, with the places read along each axis and all
branches together; its box is the smallest that holds them. The effective field, much smaller, is where
|d unit / d pixel| has its mass (Luo et al. 2016, "Understanding the Effective Receptive Field in Deep Convolutional
Neural Networks").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lente.models.errors import ModelError
from lente.models.phrases import N_
from lente.models.tracing.explaining import full_index
from lente.models.tracing.operations.regions import READS, Region, clip, reads, union, whole
from lente.models.tracing.operations.terms import following
from lente.models.tracing.operations.tracks import Track, Tracks, follow
from lente.models.tracing.recording import Record, Recording

_NEIGHBOURS = 8
_UNKNOWN = object()


class Box(NamedTuple):
    """Rows top..bottom - 1 and columns left..right - 1 of the picture."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class ReceptiveField:
    """Size (height, width) of a layer's fields in pixels, their distance from unit to unit, and where the first begins.

    `whole` is True where every unit sees the whole picture, after a dense layer, a global pooling or a
    squeeze-and-excitation: size is then the picture's and stride 0. After a layer that enlarges, stride may be a
    fraction, and size is that of the largest field.
    """

    size: tuple[int, int]
    stride: tuple[float, float]
    start: tuple[int, int]
    whole: bool


NOTHING = ReceptiveField((0, 0), (0, 0), (0, 0), False)
"""Of what does not come from the picture."""


@dataclass(frozen=True)
class EffectiveField:
    """`mass` (H, W) sums to 1, or to 0 where nothing moves the unit; a central square of `side` holds `share` of it."""

    mass: Tensor
    side: int
    center: tuple[float, float]
    share: float


def box(recording: Recording, layer: str, unit: Sequence[int], *, clipped: bool = True) -> Box:
    """The pixels on which a unit depends; without `clipped`, as if the picture went on for ever.

    A unit that sees padding alone has an empty box. Raises ModelError as `explain` does.
    """
    record = recording.record(layer)
    index = full_index(recording, record, tuple(unit))
    return _box(recording, record, _at(index), clipped)


def fields(
    recording: Recording, layer: str, unit: Sequence[int], *, clipped: bool = True
) -> dict[str, tuple[tuple[int, int], ...]]:
    """The unit's field in every layer that feeds it and in "input": an interval per axis, (C, H, W), without batch."""
    record = recording.record(layer)
    index = full_index(recording, record, tuple(unit))
    regions = _walk(recording, record, _at(index), clipped)
    found = {}
    for number in sorted(regions):
        each = recording.records[number]
        spans = tuple((int(places[0]), int(places[-1]) + 1) for places in regions[number])
        found[each.name] = spans[1:] if recording.has_batch(each) else spans
    return found


def receptive_field(recording: Recording, layer: str) -> ReceptiveField:
    """The receptive field of a layer's units, whatever their place. ModelError where an operation is not known here."""
    record = recording.record(layer)
    if record.number == 0:
        return ReceptiveField((1, 1), (1, 1), (0, 0), False)  # a pixel sees itself
    found = receptive_fields(recording)
    if record.name not in found:
        # The walk back says which operation is to blame.
        _walk(recording, record, whole(record.shape), clipped=False)
    return found[record.name]


def receptive_fields(recording: Recording) -> dict[str, ReceptiveField]:
    """Those of all layers, but of those that an operation feeds of which it is not known here what it reads."""
    return {name: field for name, field in each_field(recording) if field is not None}


def each_field(recording: Recording) -> Iterator[tuple[str, ReceptiveField | None]]:
    """The same one by one, in the order in which the layers run, with None where it is not known."""
    rows, columns = (Track(axis, Fraction(0), 1, Fraction(1), False) for axis in _picture_axes(recording))
    tracks: dict[int, Tracks | None] = {0: Tracks(rows, columns)}
    for record in recording.records[1:]:
        found = None
        if all(tracks.get(number, _UNKNOWN) is None for number in record.sources) and record.operation != "opaque":
            tracks[record.number] = None  # a constant, or made of constants
            yield record.name, NOTHING
            continue
        if record.operation in READS and record.sources and all(number in tracks for number in record.sources):
            with suppress(ModelError), following(record):
                followed = follow(recording, record, tracks)
                tracks[record.number] = followed
                found = _field(recording, record, followed)
        yield record.name, found


def _field(recording: Recording, record: Record, tracks: Tracks) -> ReceptiveField:
    height, width = recording.records[0].shape[-2:]
    if tracks.rows is not None and tracks.columns is not None:
        down, across = tracks.rows, tracks.columns
        stride = _number(down.stride), _number(across.stride)
        start = math.floor(down.start), math.floor(across.start)
        size = down.size, across.size
        return ReceptiveField(_largest(recording, record, tracks) if down.enlarged else size, stride, start, False)
    if len(recording.unit_shape(record)) < 3:
        # Units in a row: each still has its own place where a map was merely flattened.
        first = _box(recording, record, _at((0,) * len(record.shape)), clipped=False)
        if first.bottom <= first.top:  # the first reads nothing of the picture; the middle one may
            first = _box(recording, record, _at(tuple(side // 2 for side in record.shape)), clipped=False)
        if first.top > 0 or first.left > 0 or first.bottom < height or first.right < width:
            size = first.bottom - first.top, first.right - first.left
            return ReceptiveField(size, (0, 0), (first.top, first.left), False)
    return ReceptiveField((height, width), (0, 0), (0, 0), True)


def _largest(recording: Recording, record: Record, tracks: Tracks) -> tuple[int, int]:
    """The largest field of units side by side: after a layer that enlarges, neighbours see more or less."""
    axes = [track.axis for track in tracks if track is not None]
    boxes = []
    for n in range(_NEIGHBOURS):
        region = list(whole(record.shape))
        for axis in axes:
            region[axis] = np.array([min(record.shape[axis] // 2 + n, record.shape[axis] - 1)])
        boxes.append(_box(recording, record, tuple(region), clipped=False))
    return max(each.bottom - each.top for each in boxes), max(each.right - each.left for each in boxes)


def _number(fraction: Fraction) -> float:
    return fraction.numerator if fraction.denominator == 1 else float(fraction)


def effective_field(recording: Recording, layer: str, unit: Sequence[int], share: float = 0.95) -> EffectiveField:
    """The gradient mass |d unit / d pixel|, summed over channels, on the picture of a recording `with gradients`.

    The square is centred on the exact field's centre, or on the mass's where the unit sees the whole picture.
    Raises ModelError where the recording was made without gradients.
    """
    record, picture = recording.record(layer), recording["input"]
    index = full_index(recording, record, tuple(unit))
    output = recording.output(record)
    if not output.requires_grad:
        template = N_("the recording has no gradients; record(..., gradients=True) keeps them")
        raise ModelError("no_gradients", template, "layer")
    _picture_axes(recording)
    # A unit that is a constant, or a parameter, does not depend on the picture at all.
    (gradient,) = torch.autograd.grad(output[index], picture, retain_graph=True, materialize_grads=True)
    mass = gradient[0].abs().double().sum(0)
    total = float(mass.sum())
    if total == 0:
        return EffectiveField(mass, 0, _center(recording, record, index, mass), share)
    mass = mass / total
    center = _center(recording, record, index, mass)
    return EffectiveField(mass, _central_side(mass, center, share), center, share)


def _central_side(mass: Tensor, center: tuple[float, float], share: float) -> int:
    """Side of the smallest square about `center` that holds `share` of the mass."""
    rows = (torch.arange(mass.shape[0]) + 0.5 - center[0]).abs()[:, None]
    columns = (torch.arange(mass.shape[1]) + 0.5 - center[1]).abs()[None]
    reach, order = torch.maximum(rows, columns).flatten().sort()
    enough = int((mass.flatten()[order].cumsum(0) < share).sum())
    return round(2 * float(reach[min(enough, len(reach) - 1)]) + 1)


def _center(recording: Recording, record: Record, index: tuple[int, ...], mass: Tensor) -> tuple[float, float]:
    if receptive_field(recording, record.name).whole and mass.sum() > 0:
        rows, columns = (torch.arange(n, dtype=mass.dtype) + 0.5 for n in mass.shape)
        return float((mass.sum(1) * rows).sum()), float((mass.sum(0) * columns).sum())
    exact = _box(recording, record, _at(index), clipped=False)
    return (exact.top + exact.bottom) / 2, (exact.left + exact.right) / 2


def _box(recording: Recording, record: Record, region: Region, clipped: bool) -> Box:
    rows, columns = _picture_axes(recording)
    found = _walk(recording, record, region, clipped).get(0)
    if found is None:
        return Box(0, 0, 0, 0)
    down, across = found[rows], found[columns]
    return Box(int(down[0]), int(across[0]), int(down[-1]) + 1, int(across[-1]) + 1)


def _at(index: tuple[int, ...]) -> Region:
    return tuple(np.array([i]) for i in index)


def _picture_axes(recording: Recording) -> tuple[int, int]:
    rank = len(recording.records[0].shape)
    if rank < 3:
        template = N_("the input has {found} axes; a receptive field needs a picture")
        raise ModelError("no_picture", template, "layer", found=rank)
    return rank - 2, rank - 1


def _walk(recording: Recording, target: Record, region: Region, clipped: bool) -> dict[int, Region]:
    """The region of every record, by number, on which a region of `target` depends."""
    regions = {target.number: region}
    for number in range(target.number, 0, -1):
        if number not in regions:
            continue
        with following(recording.records[number]):
            for source, read in reads(recording, recording.records[number], regions[number], clipped):
                found = clip(read, recording.records[source].shape) if clipped else read
                if all(map(len, found)):
                    regions[source] = union(regions[source], found) if source in regions else found
    return regions
