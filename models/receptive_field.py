"""What a unit sees: its exact field on the picture and in every layer before, and where in it the gradient lies.

The exact field is found by walking the recorded operations backwards with intervals, the hull of all branches. The
effective field, much smaller, is where |d unit / d pixel| has its mass (Luo et al. 2016, "Understanding the Effective
Receptive Field in Deep Convolutional Neural Networks").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from models.errors import ModelError
from models.explaining import full_index
from models.operations.regions import Region, clip, hull, reads
from models.operations.tracks import Track, Tracks, follow
from models.recording import Record, Recording


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
    squeeze-and-excitation: size is then the picture's and stride 0.
    """

    size: tuple[int, int]
    stride: tuple[int, int]
    start: tuple[int, int]
    whole: bool


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
    return _box(recording, record, tuple((i, i + 1) for i in index), clipped)


def fields(
    recording: Recording, layer: str, unit: Sequence[int], *, clipped: bool = True
) -> dict[str, tuple[tuple[int, int], ...]]:
    """The unit's field in every layer that feeds it and in "input": an interval per axis, (C, H, W), without batch."""
    record = recording.record(layer)
    index = full_index(recording, record, tuple(unit))
    regions = _walk(recording, record, tuple((i, i + 1) for i in index), clipped)
    found = {}
    for number in sorted(regions):
        each = recording.records[number]
        found[each.name] = regions[number][1:] if recording.has_batch(each) else regions[number]
    return found


def receptive_field(recording: Recording, layer: str) -> ReceptiveField:
    """The exact receptive field of a layer's units, whatever their place: size, stride and start, in pixels."""
    return receptive_fields(recording)[recording.record(layer).name]


def receptive_fields(recording: Recording) -> dict[str, ReceptiveField]:
    """Those of all layers. Raises ModelError for an operation of which it is not known here what it reads."""
    rows, columns = _picture_axes(recording)
    tracks = {0: Tracks(Track(rows, 0, 1, 1), Track(columns, 0, 1, 1))}
    found = {}
    for record in recording.records[1:]:
        tracks[record.number] = follow(recording, record, tracks)
        found[record.name] = _field(recording, record, tracks[record.number])
    return found


def _field(recording: Recording, record: Record, tracks: Tracks) -> ReceptiveField:
    height, width = recording.records[0].shape[-2:]
    if tracks.rows is not None and tracks.columns is not None:
        down, across = tracks.rows, tracks.columns
        return ReceptiveField((down.size, across.size), (down.stride, across.stride), (down.start, across.start), False)
    if len(recording.unit_shape(record)) < 3:
        # Units in a row: each still has its own place where a map was merely flattened.
        first = _box(recording, record, tuple((0, 1) for _ in record.shape), clipped=False)
        if first.top > 0 or first.left > 0 or first.bottom < height or first.right < width:
            size = first.bottom - first.top, first.right - first.left
            return ReceptiveField(size, (0, 0), (first.top, first.left), False)
    return ReceptiveField((height, width), (0, 0), (0, 0), True)


def effective_field(recording: Recording, layer: str, unit: Sequence[int], share: float = 0.95) -> EffectiveField:
    """The gradient mass |d unit / d pixel|, summed over channels, on the picture of a recording `with gradients`.

    The square is centred on the exact field's centre, or on the mass's where the unit sees the whole picture.
    Raises ModelError where the recording was made without gradients.
    """
    record, picture = recording.record(layer), recording["input"]
    index = full_index(recording, record, tuple(unit))
    output = recording.output(record)
    if not output.requires_grad:
        raise ModelError(
            "no_gradients", "the recording has no gradients; record(..., gradients=True) keeps them", "layer"
        )
    _picture_axes(recording)
    (gradient,) = torch.autograd.grad(output[index], picture, retain_graph=True)
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
    exact = _box(recording, record, tuple((i, i + 1) for i in index), clipped=False)
    return (exact.top + exact.bottom) / 2, (exact.left + exact.right) / 2


def _box(recording: Recording, record: Record, region: Region, clipped: bool) -> Box:
    rows, columns = _picture_axes(recording)
    found = _walk(recording, record, region, clipped).get(0)
    if found is None:
        return Box(0, 0, 0, 0)
    return Box(found[rows][0], found[columns][0], found[rows][1], found[columns][1])


def _picture_axes(recording: Recording) -> tuple[int, int]:
    rank = len(recording.records[0].shape)
    if rank < 3:
        raise ModelError("no_picture", f"the input has {rank} axes; a receptive field needs a picture", "layer")
    return rank - 2, rank - 1


def _walk(recording: Recording, target: Record, region: Region, clipped: bool) -> dict[int, Region]:
    """The region of every record, by number, on which a region of `target` depends."""
    regions = {target.number: region}
    for number in range(target.number, 0, -1):
        if number not in regions:
            continue
        for source, read in reads(recording, recording.records[number], regions[number], clipped):
            found = clip(read, recording.records[source].shape) if clipped else read
            if all(start < end for start, end in found):
                regions[source] = hull(regions[source], found) if source in regions else found
    return regions
