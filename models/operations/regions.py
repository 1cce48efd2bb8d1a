"""Which part of its inputs an operation reads to make a part of its output: intervals, half open, one per axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch

from models.operations import copies
from models.operations.pools import adaptive_window, reduced_axes, softmax_axis, window
from models.operations.sums import padding_before
from models.operations.table import FUNCTIONS, LINEAR, MOVED, SAME_PLACE
from models.operations.terms import Unit, per_axis, unexplained
from models.recording import Record, Recording, Reference

Interval = tuple[int, int]
Region = tuple[Interval, ...]
Reads = Iterator[tuple[int, Region]]
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
        return Unit(self.recording, self.record, tuple(start for start, _ in self.region))

    def source(self, name: str = "input") -> tuple[int, tuple[int, ...]]:
        value = self.record.arguments.get(name)
        number = value.number if isinstance(value, Reference) else self.record.sources[0]
        return number, self.recording.records[number].shape

    def axes(self) -> int:
        """How many spatial axes: conv2d, max_pool3d, ..."""
        return int(self.record.operation[-2])


def hull(first: Region, second: Region) -> Region:
    """The smallest region that holds both."""
    return tuple((min(a, c), max(b, d)) for (a, b), (c, d) in zip(first, second, strict=True))


def clip(region: Region, shape: tuple[int, ...]) -> Region:
    """The part of the region that lies inside the tensor; an interval of no length where there is none."""
    return tuple((min(max(a, 0), n), min(max(b, 0), n)) for (a, b), n in zip(region, shape, strict=True))


def _whole(shape: tuple[int, ...]) -> Region:
    return tuple((0, n) for n in shape)


def _same(step: Step) -> Reads:
    """The same places, of every input, where a smaller one was broadcast."""
    for number in step.record.sources:
        shape = step.recording.records[number].shape
        shared = step.region[len(step.region) - len(shape) :]
        yield number, tuple((0, 1) if n == 1 else each for each, n in zip(shared, shape, strict=True))


def _convolution(step: Step) -> Reads:
    number, _ = step.source()
    weight, axes = step.unit.tensor("weight"), step.axes()
    assert weight is not None
    kernel = tuple(weight.shape[2:])
    stride, dilation = (per_axis(step.unit.argument(name, 1), axes) for name in ("stride", "dilation"))
    padding = padding_before(step.unit.argument("padding", 0), kernel, dilation)
    spots = tuple(
        (a * s - p, (b - 1) * s - p + d * (k - 1) + 1)
        for (a, b), s, p, d, k in zip(step.region[-axes:], stride, padding, dilation, kernel, strict=True)
    )
    channels = _group(step, len(weight), weight.shape[1])
    yield number, (*step.region[: -axes - 1], channels, *spots)


def _group(step: Step, outputs: int, share: int) -> Interval:
    """The input channels of the groups to which the output channels belong."""
    first, end = step.region[-step.axes() - 1]
    width = outputs // int(step.unit.argument("groups", 1))
    return first // width * share, ((end - 1) // width + 1) * share


def _transposed_convolution(step: Step) -> Reads:
    number, shape = step.source()
    weight, axes = step.unit.tensor("weight"), step.axes()
    assert weight is not None
    settings = (("stride", 1), ("padding", 0), ("dilation", 1))
    stride, padding, dilation = (per_axis(step.unit.argument(name, default), axes) for name, default in settings)
    spots = tuple(
        (-(-(a + p - d * (k - 1)) // s), (b - 1 + p) // s + 1)
        for (a, b), s, p, d, k in zip(step.region[-axes:], stride, padding, dilation, weight.shape[2:], strict=True)
    )
    yield number, (*step.region[: -axes - 1], (0, shape[-axes - 1]), *spots)


def _pool(step: Step) -> Reads:
    number, shape = step.source()
    axes = step.axes()
    spots = []
    for axis, (a, b) in enumerate(step.region[-axes:]):
        start, _, _, _ = window(step.unit, shape[axis - axes], a, axis, axes)
        _, end, _, _ = window(step.unit, shape[axis - axes], b - 1, axis, axes)
        spots.append((start, end))
    yield number, (*step.region[:-axes], *spots)


def _adaptive_pool(step: Step) -> Reads:
    number, shape = step.source()
    axes, sizes = step.axes(), step.record.shape
    spots = []
    for axis in range(-axes, 0):
        a, b = (min(max(i, 0), sizes[axis] - 1) for i in (step.region[axis][0], step.region[axis][1] - 1))
        start, end = adaptive_window(a, shape[axis], sizes[axis])[0], adaptive_window(b, shape[axis], sizes[axis])[1]
        spots.append((start, end))
    yield number, (*step.region[:-axes], *spots)


def _over_axes(axes_of: Callable[[Step, int], tuple[int, ...]]) -> Callable[[Step], Reads]:
    """The whole of some axes, the same places along the others."""

    def reads(step: Step) -> Reads:
        number, shape = step.source()
        axes = axes_of(step, len(shape))
        keeps = len(step.region) == len(shape)
        rest = [each for axis, each in enumerate(step.region) if not (keeps and axis in axes)]
        yield number, tuple((0, n) if axis in axes else rest.pop(0) for axis, n in enumerate(shape))

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
    first, end = step.region[1]
    channels = (first // share * share, ((end - 1) // share + 1) * share)
    yield number, (step.region[0], channels, *_whole(shape[2:]))


def _normalized_axes(step: Step, rank: int) -> tuple[int, ...]:
    return tuple(range(rank - len(step.unit.argument("normalized_shape")), rank))


def _matrix_product(step: Step) -> Reads:
    for name, axis in (("input", -1), ("other", -2)):
        if isinstance(step.record.arguments.get(name), Reference):
            number, shape = step.source(name)
            lead = step.region[len(step.region) - len(shape) : -2]
            kept = step.region[-2] if axis == -1 else step.region[-1]
            inner = (0, shape[axis])
            yield number, (*lead, *((kept, inner) if axis == -1 else (inner, kept)))


def _concatenation(step: Step) -> Reads:
    axis, start = int(step.unit.argument("dim", 0)), 0
    for each in step.unit.argument("input"):
        if isinstance(each, Reference):
            shape = step.recording.records[each.number].shape
            axis, end = axis % len(shape), start + shape[axis]
            a, b = step.region[axis]
            if a < end and b > start:
                yield (
                    each.number,
                    (
                        *step.region[:axis],
                        (max(a, start) - start, min(b, end) - start),
                        *step.region[axis + 1 :],
                    ),
                )
            start = end
        else:
            start += each.shape[axis]


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
    yield step.source()[0], tuple((a - p, b - p) for (a, b), p in zip(step.region, before, strict=True))


def _moved(step: Step) -> Reads:
    """The hull of the places that were brought here; what hung over still does, along axes that were left alone."""
    inside = tuple(
        (min(max(a, 0), n - 1), max(min(b, n), 1)) for (a, b), n in zip(step.region, step.record.shape, strict=True)
    )
    region = tuple(slice(a, max(b, a + 1)) for a, b in inside)
    for number, places in copies.origins(step.recording, step.record, region).items():
        found = tuple((int(low), int(high) + 1) for low, high in zip(places.min(0), places.max(0), strict=True))
        if step.clipped or len(found) != len(inside):
            yield number, found
        else:
            yield (
                number,
                tuple(
                    (c + a - low, d + b - high) if (c, d) == (low, high) else (c, d)
                    for (a, b), (low, high), (c, d) in zip(step.region, inside, found, strict=True)
                ),
            )


def _linear(step: Step) -> Reads:
    """An operation known to be linear reads where its derivative isn't zero."""
    number, shape = step.source()
    region = tuple(slice(a, b) for a, b in clip(step.region, step.record.shape))
    with torch.enable_grad():
        probe = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        (weights,) = torch.autograd.grad(step.record.rerun({number: probe})[region].sum(), probe)
    places = weights.nonzero()
    if len(places):
        lows, highs = places.min(0).values.tolist(), places.max(0).values.tolist()
        yield number, tuple((low, high + 1) for low, high in zip(lows, highs, strict=True))


def _interpolation(step: Step) -> Reads:
    yield from (_moved if step.unit.argument("mode", "nearest").startswith("nearest") else _linear)(step)


_SAME = (
    FUNCTIONS
    | SAME_PLACE
    | {"prelu", "add", "sub", "rsub", "mul", "div", "rdiv", "alpha_dropout", "maximum", "minimum"}
)

READS: Mapping[str, Callable[[Step], Reads]] = MappingProxyType(
    {
        **dict.fromkeys(_SAME, _same),
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
        **dict.fromkeys(
            ("mean", "sum", "max", "amax", "min", "amin"), _over_axes(lambda s, n: reduced_axes(s.unit, n))
        ),
        **dict.fromkeys(("softmax", "log_softmax"), _over_axes(lambda s, n: (softmax_axis(s.unit, n),))),
        "linear": _over_axes(lambda _, rank: (rank - 1,)),
        "layer_norm": _over_axes(_normalized_axes),
        "batch_norm": _batch_norm,
        "instance_norm": _instance_norm,
        "group_norm": _group_norm,
        "matmul": _matrix_product,
        "cat": _concatenation,
        "pad": _padding,
        "interpolate": _interpolation,
    }
)


def reads(recording: Recording, record: Record, region: Region, clipped: bool) -> Reads:
    """The regions of its sources that a region of a record's output is made of, with the sources' numbers."""
    known = READS.get(record.operation)
    if known is None:
        raise unexplained(record, f"what {record.operation!r} reads is not known here")
    return known(Step(recording, record, region, clipped))
