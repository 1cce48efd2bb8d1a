"""Which part of its inputs an operation reads to make a part of its output.

A region is a set of places along each axis, in ascending order: a dilated kernel reads every other pixel, and what it
skips does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.models.phrases import N_, Phrase
from lente.models.tracing.operations import copies
from lente.models.tracing.operations.norms import neighbours
from lente.models.tracing.operations.pools import adaptive_window, reduced_axes, softmax_axis, topk_axis, window
from lente.models.tracing.operations.sums import derivative, padding_before
from lente.models.tracing.operations.table import FUNCTIONS, LINEAR, MOVED, REDUCTIONS, SAME_PLACE
from lente.models.tracing.operations.terms import Integers, Unit, operands, per_axis, unexplained
from lente.models.tracing.recording import Record, Recording, Reference

Region = tuple[Integers, ...]
Reads = Iterator[tuple[int, Region]]
# What has as many numbers as it was given, each in another place.
_REARRANGING = {
    *("view", "reshape", "flatten", "unflatten", "ravel", "permute", "transpose", "swapaxes", "swapdims", "movedim"),
    *("moveaxis", "T", "mT", "t", "squeeze", "unsqueeze", "roll", "flip", "pixel_shuffle", "pixel_unshuffle"),
}
_PRIMES = (2, 3, 5, 7, 11, 13)


@dataclass(frozen=True)
class Step:
    """One operation, walked backwards. With `clipped`, regions stay inside the tensors; without, they hang over."""

    recording: Recording
    record: Record
    region: Region
    clipped: bool

    @property
    def unit(self) -> Unit:
        return Unit(self.recording, self.record, tuple(int(places[0]) for places in self.region))

    def source(self, name: str = "input") -> tuple[int, tuple[int, ...]]:
        """Number and shape of the record that went in as argument `name`."""
        value = self.record.arguments.get(name)
        if isinstance(value, Tensor):
            why = Phrase(N_("its argument {name!r} does not come from the input alone"), name=name)
            raise unexplained(self.record, why)
        number = value.number if isinstance(value, Reference) else self.record.sources[0]
        return number, self.recording.records[number].shape

    def axes(self) -> int:
        """How many spatial axes: conv2d, max_pool3d, ..."""
        return int(self.record.operation[-2])


def union(first: Region, second: Region) -> Region:
    """The places of both, axis by axis."""
    return tuple(np.union1d(a, b) for a, b in zip(first, second, strict=True))


def clip(region: Region, shape: tuple[int, ...]) -> Region:
    """The places that lie inside the tensor; none along an axis where there are none."""
    return tuple(places[(places >= 0) & (places < n)] for places, n in zip(region, shape, strict=True))


def whole(shape: tuple[int, ...]) -> Region:
    return tuple(np.arange(n) for n in shape)


def _spread(places: Integers, reach: Integers) -> Integers:
    """All places plus all of `reach`."""
    return np.unique(places[:, None] + reach)


def _broadcast(region: Region, shape: tuple[int, ...]) -> Region:
    """The region in a tensor of `shape` that was broadcast."""
    shared = region[len(region) - len(shape) :]
    return tuple(np.arange(1) if n == 1 else places for places, n in zip(shared, shape, strict=True))


def _same(step: Step) -> Reads:
    """The same places, of every input, where a smaller one was broadcast."""
    for number in step.record.sources:
        yield number, _broadcast(step.region, step.recording.records[number].shape)


def _copy(step: Step) -> Reads:
    """The same place of the input; the others that a call is given say of which type it is to be."""
    value = step.record.arguments.get("input")
    if isinstance(value, Reference):
        yield value.number, step.region


def _shifted_product(step: Step) -> Reads:
    """addmm: what is added, and the product of the matrices."""
    added = step.record.arguments.get("bias")
    if isinstance(added, Reference):
        yield added.number, _broadcast(step.region, step.recording.records[added.number].shape)
    yield from _matrix_product(step)


def _gated(step: Step) -> Reads:
    """GLU: a channel and its gate, half the axis further on."""
    number, shape = step.source()
    axis = int(step.unit.argument("dim", -1)) % len(shape)
    half = np.array([0, shape[axis] // 2])
    yield number, tuple(_spread(places, half) if a == axis else places for a, places in enumerate(step.region))


def _local_response_norm(step: Step) -> Reads:
    number, shape = step.source()
    size = int(step.unit.argument("size"))
    channels = np.unique(np.concatenate([neighbours(int(c), size, shape[1]) for c in step.region[1]]))
    yield number, (step.region[0], channels, *step.region[2:])


def _normalize(step: Step, rank: int) -> tuple[int, ...]:
    dims = step.unit.argument("dim", 1)
    return tuple(axis % rank for axis in (dims if isinstance(dims, (tuple, list)) else (dims,)))


def _convolution(step: Step) -> Reads:
    weight, axes = step.unit.tensor("weight"), step.axes()
    assert weight is not None
    kernel = tuple(weight.shape[2:])
    stride, dilation = (per_axis(step.unit.argument(name, 1), axes) for name in ("stride", "dilation"))
    padding = padding_before(step.unit.argument("padding", 0), kernel, dilation)
    spots = tuple(
        _spread(places * s - p, d * np.arange(k))
        for places, s, p, d, k in zip(step.region[-axes:], stride, padding, dilation, kernel, strict=True)
    )
    width = len(weight) // int(step.unit.argument("groups", 1))
    channels = _shares(step.region[-axes - 1], width, weight.shape[1])
    yield step.source()[0], (*step.region[: -axes - 1], channels, *spots)


def _shares(channels: Integers, width: int, share: int) -> Integers:
    """All `share` input channels of each group of `width` output channels to which the channels belong."""
    return _spread(np.unique(channels // width) * share, np.arange(share))


def _transposed_convolution(step: Step) -> Reads:
    number, shape = step.source()
    weight, axes = step.unit.tensor("weight"), step.axes()
    assert weight is not None
    settings = (("stride", 1), ("padding", 0), ("dilation", 1))
    stride, padding, dilation = (per_axis(step.unit.argument(name, default), axes) for name, default in settings)
    spots = []
    for places, s, p, d, k in zip(step.region[-axes:], stride, padding, dilation, weight.shape[2:], strict=True):
        reached = _spread(places + p, -d * np.arange(k))
        spots.append(reached[reached % s == 0] // s)
    yield number, (*step.region[: -axes - 1], np.arange(shape[-axes - 1]), *spots)


def _pool(step: Step) -> Reads:
    number, axes = step.source()[0], step.axes()
    spots = []
    for axis, places in enumerate(step.region[-axes:]):
        (start, end, gap, _), (following, *_) = (window(step.unit, i, axis, axes) for i in (0, 1))
        spots.append(_spread(places * (following - start), np.arange(start, end, gap)))
    yield number, (*step.region[:-axes], *spots)


def _adaptive_pool(step: Step) -> Reads:
    number, shape = step.source()
    axes, sizes = step.axes(), step.record.shape
    spots = []
    for axis in range(-axes, 0):
        places = np.unique(np.clip(step.region[axis], 0, sizes[axis] - 1))
        windows = [np.arange(*adaptive_window(int(i), shape[axis], sizes[axis])) for i in places]
        spots.append(np.unique(np.concatenate(windows)))
    yield number, (*step.region[:-axes], *spots)


def _over_axes(axes_of: Callable[[Step, int], tuple[int, ...]]) -> Callable[[Step], Reads]:
    """The whole of some axes, the same places along the others."""

    def reads(step: Step) -> Reads:
        number, shape = step.source()
        axes = axes_of(step, len(shape))
        keeps = len(step.region) == len(shape)
        rest = [each for axis, each in enumerate(step.region) if not (keeps and axis in axes)]
        yield number, tuple(np.arange(n) if axis in axes else rest.pop(0) for axis, n in enumerate(shape))

    return reads


def _batch_norm(step: Step) -> Reads:
    if step.unit.argument("training", False):
        yield from _over_axes(lambda _, rank: tuple(axis for axis in range(rank) if axis != 1))(step)
    else:
        yield step.source()[0], step.region


def _instance_norm(step: Step) -> Reads:
    if step.unit.argument("use_input_stats", True):
        yield from _over_axes(lambda _, rank: tuple(range(2, rank)))(step)
    else:
        yield step.source()[0], step.region


def _group_norm(step: Step) -> Reads:
    number, shape = step.source()
    share = shape[1] // int(step.unit.argument("num_groups"))
    yield number, (step.region[0], _shares(step.region[1], share, share), *whole(shape[2:]))


def _normalized_axes(step: Step, rank: int) -> tuple[int, ...]:
    return tuple(range(rank - len(step.unit.argument("normalized_shape")), rank))


def _matrix_product(step: Step) -> Reads:
    """Whole rows of the left matrix, whole columns of the right one."""
    if min(len(operand_shape(step, name)) for name in ("input", "other")) < 2:
        for number in step.record.sources:
            yield number, whole(step.recording.records[number].shape)
        return
    rows, columns = step.region[-2:]
    if isinstance(step.record.arguments.get("input"), Reference):
        number, shape = step.source("input")
        yield number, _broadcast((*step.region[:-2], rows, np.arange(shape[-1])), shape)
    if isinstance(step.record.arguments.get("other"), Reference):
        number, shape = step.source("other")
        yield number, _broadcast((*step.region[:-2], np.arange(shape[-2]), columns), shape)


def operand_shape(step: Step, name: str) -> tuple[int, ...]:
    value = step.record.arguments[name]
    return step.recording.records[value.number].shape if isinstance(value, Reference) else tuple(value.shape)


def _attention(step: Step) -> Reads:
    """The query's own row, and of keys and values all rows."""
    *_, rows, columns = step.region
    for name in ("input", "key", "value"):
        if not isinstance(step.record.arguments.get(name), Reference):
            continue
        number, shape = step.source(name)
        along = np.arange(shape[-1]) if name != "value" else columns
        lead = [
            np.unique(places * size // whole)  # heads may share keys
            for places, size, whole in zip(step.region[:-2], shape[:-2], step.record.shape[:-2], strict=True)
        ]
        yield number, (*lead, rows if name == "input" else np.arange(shape[-2]), along)


def _concatenation(step: Step) -> Reads:
    axis, start = int(step.unit.argument("dim", 0)) % len(step.record.shape), 0
    for each in step.unit.argument("input"):
        known = isinstance(each, Reference)
        size = (step.recording.records[each.number] if known else each).shape[axis]
        places = step.region[axis] - start
        mine = places[(places >= 0) & (places < size)]
        if known and len(mine):
            yield each.number, (*step.region[:axis], mine, *step.region[axis + 1 :])
        start += size


def _permutation(step: Step) -> Reads:
    """Axes of unlike length, sent through the operation, come out in its order."""
    number, shape = step.source()
    if len(shape) > len(_PRIMES):
        yield from _moved(step)
        return
    lengths = _PRIMES[: len(shape)]
    permuted = step.record.rerun({number: torch.empty(lengths)}).shape
    yield number, tuple(step.region[list(permuted).index(length)] for length in lengths)


def _padding(step: Step) -> Reads:
    pads: Any = step.unit.argument("pad")
    if step.clipped and step.unit.argument("mode", "constant") != "constant":
        yield from _moved(step)
        return
    before = [0] * (len(step.region) - len(pads) // 2) + [int(p) for p in pads[::2]][::-1]
    yield step.source()[0], tuple(places - p for places, p in zip(step.region, before, strict=True))


def _moved(step: Step) -> Reads:
    """The places that were brought here; what hangs over the tensor still does, along axes that were left alone."""
    if copies.picks(step.record):
        raise unexplained(step.record, Phrase(N_("it picks places that were computed")))
    shape = step.record.shape
    inside = tuple(np.unique(np.clip(places, 0, n - 1)) for places, n in zip(step.region, shape, strict=True))
    for number, found in _brought(step, inside):
        source = step.recording.records[number].shape
        # Counted from the last, for a view may split or join the axes before.
        for axis in () if step.clipped else range(-1, -1 - min(len(found), len(inside)), -1):
            if source[axis] == shape[axis] and np.array_equal(found[axis], inside[axis]):
                found[axis] = step.region[axis]
        yield number, tuple(found)


def _brought(step: Step, inside: Region) -> Iterator[tuple[int, list[Integers]]]:
    """The sources of what lies `inside`, with the places along each axis: all of them, where all numbers are put in
    another order and all are asked for."""
    record = step.record
    if record.operation in _REARRANGING and all(map(_is_all, inside, record.shape)):
        yield record.sources[0], list(whole(step.recording.records[record.sources[0]].shape))
        return
    for operand, places in copies.origins(step.recording, record, inside):
        if isinstance(operand, Reference):
            yield operand.number, [np.unique(column) for column in places.T]


def _is_all(places: Integers, count: int) -> bool:
    return len(places) == count


def _linear(step: Step) -> Reads:
    """An operation known to be linear reads where its derivative isn't zero."""
    yield step.source()[0], _derived(step, 0)


def _einsum(step: Step) -> Reads:
    for nth, operand in enumerate(operands(step.record)):
        if isinstance(operand, Reference):
            yield operand.number, _derived(step, nth)


def _derived(step: Step, nth: int) -> Region:
    inside = np.ix_(*clip(step.region, step.record.shape))
    chosen = tuple(torch.from_numpy(axis) for axis in inside)
    read = derivative(step.recording, step.record, nth, chosen, ones=True)
    return tuple(np.unique(column) for column in read.nonzero().numpy().T)


def _interpolation(step: Step) -> Reads:
    yield from (_moved if step.unit.argument("mode", "nearest").startswith("nearest") else _linear)(step)


_SAME = FUNCTIONS | {
    "prelu",
    "addcmul",
    "addcdiv",
    "lerp",
    "add",
    "sub",
    "rsub",
    "mul",
    "div",
    "rdiv",
    "alpha_dropout",
    "maximum",
    "minimum",
    "where",
}

READS: Mapping[str, Callable[[Step], Reads]] = MappingProxyType(
    {
        **dict.fromkeys(_SAME, _same),
        **dict.fromkeys(SAME_PLACE, _copy),
        **{f"dropout{n}": _same for n in ("", "1d", "2d", "3d")},
        **dict.fromkeys(MOVED, _moved),
        **dict.fromkeys(
            ("permute", "transpose", "swapaxes", "swapdims", "movedim", "moveaxis", "T", "mT", "t"), _permutation
        ),
        **dict.fromkeys(LINEAR, _linear),
        **{f"conv{n}d": _convolution for n in (1, 2, 3)},
        **{f"conv_transpose{n}d": _transposed_convolution for n in (1, 2, 3)},
        **{f"{kind}_pool{n}d": _pool for n in (1, 2, 3) for kind in ("max", "avg")},
        **{f"adaptive_{kind}_pool{n}d": _adaptive_pool for n in (1, 2, 3) for kind in ("max", "avg")},
        **dict.fromkeys(REDUCTIONS, _over_axes(lambda s, n: reduced_axes(s.unit, n))),
        "topk": _over_axes(lambda s, n: (topk_axis(s.unit, n),)),
        "glu": _gated,
        "normalize": _over_axes(_normalize),
        "local_response_norm": _local_response_norm,
        **dict.fromkeys(("addmm", "baddbmm"), _shifted_product),
        "einsum": _einsum,
        **dict.fromkeys(("softmax", "log_softmax"), _over_axes(lambda s, n: (softmax_axis(s.unit, n),))),
        "linear": _over_axes(lambda _, rank: (rank - 1,)),
        "layer_norm": _over_axes(_normalized_axes),
        "rms_norm": _over_axes(_normalized_axes),
        "sort": _over_axes(lambda s, n: (int(s.unit.argument("dim", -1)) % n,)),
        **dict.fromkeys(("constant", "zero", "fill"), lambda _: iter(())),
        "batch_norm": _batch_norm,
        "instance_norm": _instance_norm,
        "group_norm": _group_norm,
        "matmul": _matrix_product,
        "scaled_dot_product_attention": _attention,
        "masked_fill": _same,
        "cat": _concatenation,
        "pad": _padding,
        "interpolate": _interpolation,
    }
)


def reads(recording: Recording, record: Record, region: Region, clipped: bool) -> Reads:
    """The regions of its sources that a region of a record's output is made of, with the sources' numbers."""
    known = READS.get(record.operation)
    if known is None:
        why = Phrase(N_("what {operation!r} reads is not known here"), operation=record.operation)
        raise unexplained(record, why)
    return known(Step(recording, record, region, clipped))
