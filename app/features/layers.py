"""Layers of a capture as the API gives them: whole, as differences, or all of them small."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.app.errors import BadInput, NotFound, TooLarge
from lente.app.features.anatomy import Grid, Layout, grids, layouts
from lente.app.features.captures import Capture
from lente.app.features.maps import (
    Array,
    Ends,
    as_bytes,
    as_maps,
    as_own_bytes,
    extremes,
    numbers_of,
    scale_of,
    thumbnails,
)
from lente.app.i18n import N_
from lente.models.phrases import shortened
from lente.models.tracing.recording import Record

MOST_VALUES = 32_000_000
FEW_BYTES = 1 << 16
HUGE = 1e30  # sums of such numbers may be infinite
CEILINGS = {"relu": math.inf, "relu6": 6.0}

Tensors = dict[str, Array]
Facts = dict[str, Any]


def small_layers(capture: Capture, side: int, most: int, layers: Sequence[str] | None = None) -> tuple[Tensors, Facts]:
    """Thumbnails (C, h, w) of every layer, or of some, as bytes, and each layer's scale."""
    tensors: Tensors = {}
    facts: Facts = {}
    lie = layouts(capture.recording)
    patches = grids(capture.recording, lie)
    known: dict[int, Ends] = {}
    for one in capture.recording.records if layers is None else [record_of(capture, layer) for layer in layers]:
        output = numbers_of(capture.recording.output(one))
        if output.numel() == 0:
            continue
        ends = known[one.number] = _cut_off(one, known) or extremes(output)
        scale = scale_of(output, ends)
        maps = as_maps(output[0] if capture.recording.has_batch(one) else output, lie[one.name])
        small = thumbnails(maps[:most].numpy(), side)
        if not all(abs(end) < HUGE for end in ends):  # or undefined
            small = np.nan_to_num(small, nan=0.0, posinf=scale.high, neginf=scale.low)
        tensors[one.name] = as_bytes(small, scale)
        facts[one.name] = {**vars(scale), **_lies(capture, one, lie, patches)}
    return tensors, {"order": list(tensors), "layers": facts}


def _cut_off(one: Record, known: dict[int, Ends]) -> Ends | None:
    """The extremes of a layer that only cuts off what it reads, from those of that; None for any other layer."""
    read = known.get(one.sources[0]) if one.operation in CEILINGS else None
    if read is None or not all(math.isfinite(end) for end in read):
        return None
    lowest, highest = (min(end, CEILINGS[one.operation]) if end > 0 else 0.0 for end in read)
    return lowest, highest


def whole_layers(capture: Capture, layers: Sequence[str], channels: Sequence[int] | None) -> tuple[Tensors, Facts]:
    """The outputs of `layers`, or only some of their channels, and each one's scale."""
    records = [record_of(capture, layer) for layer in layers]
    _check_size(records)
    outputs = {one.name: numbers_of(capture.recording.output(one)) for one in records}
    return _told(capture, outputs, channels)


def light_layers(tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """Large layers of `tensors` in few bytes, to be looked at.

    Of each `LAYER` (1, C, H, W) as bytes, every map on a scale of its own, the ends `LAYER.ends` (C, 2), and as it is
    `LAYER.exact` (H, W), the map with the largest value; its number is the layer's fact `exact`.
    """
    light: Tensors = {}
    told = dict(facts["layers"])
    for name, output in tensors.items():
        if (
            output.ndim != 4
            or output.nbytes < FEW_BYTES
            or told[name]["layout"] != "CHW"
            or not np.isfinite(output).all()
        ):
            light[name] = output
            continue
        levels, ends = as_own_bytes(output[0])
        exact = int(output[0].reshape(len(levels), -1).max(1).argmax())
        light |= {name: levels[None], f"{name}.ends": ends, f"{name}.exact": np.ascontiguousarray(output[0, exact])}
        told[name] = {**told[name], "exact": exact}
    return light, {**facts, "layers": told}


def differences(
    capture: Capture, original: Capture, layers: Sequence[str], channels: Sequence[int] | None
) -> tuple[Tensors, Facts]:
    """`capture` less `original`, layer by layer."""
    records = [record_of(capture, layer) for layer in layers]
    _check_size(records)
    outputs = {}
    for one in records:
        before = numbers_of(original.recording.output(record_of(original, one.name)))
        outputs[one.name] = numbers_of(capture.recording.output(one)) - before
    return _told(capture, outputs, channels)


def _told(capture: Capture, outputs: dict[str, Tensor], channels: Sequence[int] | None) -> tuple[Tensors, Facts]:
    lie = layouts(capture.recording)
    patches = grids(capture.recording, lie)
    tensors, facts = {}, {}
    for name, output in outputs.items():
        record = capture.recording.record(name)
        facts[name] = {**vars(scale_of(output)), **_lies(capture, record, lie, patches)}
        whole = output if capture.recording.has_batch(record) else output[None]
        tensors[name] = _some(name, whole, lie[name], channels).numpy()
    return tensors, {"layers": facts}


def _lies(capture: Capture, record: Record, lie: dict[str, Layout], patches: dict[str, Grid]) -> Facts:
    shape = capture.recording.unit_shape(record)
    return {"layout": lie[record.name], "shape": shape, "grid": patches.get(record.name)}


def _some(name: str, output: Tensor, layout: Layout, channels: Sequence[int] | None) -> Tensor:
    if channels is None:
        return output
    if layout == "other" and output.dim() > 4:
        output = output.flatten(1, -3)
    dimension = output.dim() - 1 if layout in ("HWC", "TC") else min(1, output.dim() - 1)
    count = output.shape[dimension]
    wrong = [channel for channel in channels if not 0 <= channel < count]
    if wrong:
        template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
        raise BadInput("out_of_range", template, field=f"{name}: channel", value=wrong[0], last=count - 1)
    return output.index_select(dimension, torch.tensor(channels, dtype=torch.long))


def record_of(capture: Capture, layer: str) -> Record:
    """The record of that layer, or of the output of the module of that name; NotFound names those that there are."""
    if layer not in capture.recording:
        template = N_("There is no layer called {layer}. There are: {layers}.")
        names = ", ".join(one.name for one in capture.recording.records)
        raise NotFound("unknown_layer", template, layer=shortened(layer), layers=names)
    return capture.recording.record(layer)


def _check_size(records: Sequence[Record]) -> None:
    found = sum(one.output.numel() for one in records if one.output is not None)
    if found > MOST_VALUES:
        template = N_("These layers have {found} values; at most {most} are given at once. Ask for fewer layers.")
        raise TooLarge("too_many_values", template, found=found, most=MOST_VALUES)
