"""Pooling windows, and reductions over whole axes: who is in the window, and what becomes of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lente.models.phrases import N_, Phrase
from lente.models.tracing.operations.terms import (
    Floats,
    Index,
    Integers,
    Part,
    Terms,
    Unit,
    grid,
    per_axis,
    take,
    unexplained,
)


def window(unit: Unit, i: int, axis: int, axes: int) -> tuple[int, int, int, int]:
    """Start, end, step of a sliding window along an axis, unclipped, and the padding at its start."""
    size, padding, dilation = (
        per_axis(unit.argument(name, default), axes)[axis]
        for name, default in (("kernel_size", 1), ("padding", 0), ("dilation", 1))
    )
    stride = per_axis(unit.argument("stride") or unit.argument("kernel_size"), axes)[axis]
    start = i * stride - padding
    return start, start + dilation * (size - 1) + 1, dilation, padding


def adaptive_window(i: int, size: int, outputs: int) -> tuple[int, int]:
    """Start and end of window `i` when `size` pixels are shared among `outputs`."""
    return i * size // outputs, math.ceil((i + 1) * size / outputs)


def _axes(unit: Unit) -> int:
    """How many spatial axes: max_pool2d, adaptive_avg_pool3d, ..."""
    return int(unit.record.operation[-2])


def _window_places(unit: Unit) -> tuple[Integers, tuple[int, ...]]:
    """Places of the window inside the input (N, D), and its shape."""
    _, x = unit.operand("input")
    axes = _axes(unit)
    spots = []
    for axis, (i, size, outputs) in enumerate(
        zip(unit.index[-axes:], x.shape[-axes:], unit.record.shape[-axes:], strict=True)
    ):
        if unit.record.operation.startswith("adaptive"):
            spots.append(np.arange(*adaptive_window(i, size, outputs)))
        else:
            start, end, step, _ = window(unit, i, axis, axes)
            spot = np.arange(start, end, step)
            spots.append(spot[(spot >= 0) & (spot < size)])
    return grid(*unit.index[:-axes], *spots), tuple(len(spot) for spot in spots)


def _chosen(
    unit: Unit, places: Integers, combine: str, which: Callable[[Floats], Any], shape: tuple[int, ...] | None = None
) -> Terms:
    """The one chosen, by its size, has weight 1, all others 0."""
    if unit.record.part:
        raise unexplained(unit.record, Phrase(N_("it says where the largest is, not how large")))
    source, x = unit.operand("input")
    inputs = take(x, places)
    weights = np.zeros(len(inputs))
    weights[which(inputs)] = 1.0
    return Terms(unit.record.operation, combine, [Part(source, places, inputs, weights)], shape=shape)


def _weighted(unit: Unit, places: Integers, weight: float, formula: str, shape: tuple[int, ...] | None = None) -> Terms:
    source, x = unit.operand("input")
    part = Part(source, places, take(x, places), np.full(len(places), weight))
    return Terms(formula, "sum", [part], shape=shape)


def max_pool(unit: Unit) -> Terms:
    """The winner has weight 1, the rest of the window 0."""
    places, shape = _window_places(unit)
    return _chosen(unit, places, "max", np.argmax, shape)


def average_pool(unit: Unit) -> Terms:
    """Every number of the window has the same weight; padding, where it counts, counts in the divisor alone."""
    places, shape = _window_places(unit)
    divisor = len(places)
    if not unit.record.operation.startswith("adaptive"):
        divisor = unit.argument("divisor_override") or (
            _padded_count(unit) if unit.argument("count_include_pad", True) else divisor
        )
    return _weighted(unit, places, 1 / divisor, "average_pool", shape)


def _padded_count(unit: Unit) -> int:
    """Numbers in the window with the padding, but without what `ceil_mode` lets hang over beyond it."""
    _, x = unit.operand("input")
    axes, count = _axes(unit), 1
    for axis, (i, size) in enumerate(zip(unit.index[-axes:], x.shape[-axes:], strict=True)):
        start, end, _, padding = window(unit, i, axis, axes)
        count *= min(end, size + padding) - start
    return count


def reduced_axes(unit: Unit, rank: int) -> tuple[int, ...]:
    """The axes over which a mean, sum or maximum goes."""
    dim = unit.argument("dim")
    everything = dim is None or isinstance(dim, bool) or (isinstance(dim, (tuple, list)) and not dim)
    chosen = range(rank) if everything else dim if isinstance(dim, (tuple, list)) else (dim,)
    return tuple(sorted(axis % rank for axis in chosen))


def _line(unit: Unit, axes: tuple[int, ...]) -> Integers:
    """Places of the input that are reduced to this unit."""
    _, x = unit.operand("input")
    keeps = len(unit.record.shape) == x.dim()
    rest: list[int] = [i for axis, i in enumerate(unit.index) if not (keeps and axis in axes)]
    return grid(*(np.arange(x.shape[axis]) if axis in axes else rest.pop(0) for axis in range(x.dim())))


def _reduced(unit: Unit) -> Integers:
    return _line(unit, reduced_axes(unit, unit.operand("input")[1].dim()))


def mean(unit: Unit) -> Terms:
    places = _reduced(unit)
    return _weighted(unit, places, 1 / len(places), "mean")


def total(unit: Unit) -> Terms:
    return _weighted(unit, _reduced(unit), 1.0, "sum")


def length(unit: Unit) -> Terms:
    """The root of the sum of the squares."""
    power = unit.argument("p", 2)
    if power not in (2, 2.0, "fro", None):
        raise unexplained(unit.record, Phrase(N_("its argument {name!r} is {value}"), name="p", value=power))
    source, x = unit.operand("input")
    places = _reduced(unit)
    inputs = take(x, places)
    return Terms("norm", "root", [Part(source, places, inputs, inputs, products=inputs**2)])


def maximum(unit: Unit) -> Terms:
    return _chosen(unit, _reduced(unit), "max", np.argmax)


def minimum(unit: Unit) -> Terms:
    return _chosen(unit, _reduced(unit), "min", np.argmin)


def topk(unit: Unit) -> Terms:
    """The largest, the second largest, and so on, along one axis; or the smallest."""
    _, x = unit.operand("input")
    axis = topk_axis(unit, x.dim())
    places = grid(*(np.arange(x.shape[axis]) if a == axis else i for a, i in enumerate(unit.index)))
    down = -1 if unit.argument("largest", True) else 1
    if not unit.argument("sorted", True):
        raise unexplained(unit.record, Phrase(N_("it puts the largest in no order")))
    return _chosen(unit, places, "topk", lambda inputs: np.argsort(down * inputs, kind="stable")[unit.index[axis]])


def sort(unit: Unit) -> Terms:
    """The smallest, the second smallest, and so on, along one axis; or the largest first."""
    _, x = unit.operand("input")
    axis = topk_axis(unit, x.dim())
    places = grid(*(np.arange(x.shape[axis]) if a == axis else i for a, i in enumerate(unit.index)))
    down = -1 if unit.argument("descending", False) else 1
    return _chosen(unit, places, "topk", lambda inputs: np.argsort(down * inputs, kind="stable")[unit.index[axis]])


def topk_axis(unit: Unit, rank: int) -> int:
    return int(unit.argument("dim", -1)) % rank


def logsumexp(unit: Unit) -> Terms:
    """The logarithm of the sum of the exponentials e^(x - largest x), plus the largest."""
    source, x = unit.operand("input")
    places = _reduced(unit)
    inputs = take(x, places)
    largest = float(inputs.max())
    exponentials = np.exp(inputs - largest)
    part = Part(source, places, inputs, np.ones(len(inputs)), products=exponentials)
    details = {"largest": largest, "sum": float(exponentials.sum())}
    return Terms("logsumexp", "logsumexp", [part], details=details)


def spread(unit: Unit) -> Terms:
    """Variance: the sum of the squared distances from the mean, each over their count less the correction; its root."""
    places = _reduced(unit)
    if unit.record.part == 1:
        return _weighted(unit, places, 1 / len(places), "mean")
    source, x = unit.operand("input")
    inputs = take(x, places)
    weight = 1 / max(len(inputs) - _correction(unit), 0)
    squares = (inputs - inputs.mean()) ** 2 * weight
    part = Part(source, places, inputs, np.full(len(inputs), weight), products=squares)
    root = unit.record.operation.startswith("std")
    details = {"mean": float(inputs.mean()), "weight": weight}
    return Terms("std" if root else "var", "root" if root else "sum", [part], details=details)


def _correction(unit: Unit) -> float:
    """What is taken off the count: 1 (Bessel's) unless the call says otherwise."""
    dim = unit.argument("dim")
    unbiased = unit.argument("unbiased", dim if isinstance(dim, bool) else True)
    given = unit.argument("correction")
    return float(unbiased if given is None else given)


def softmax_axis(unit: Unit, rank: int) -> int:
    """The axis that sums to 1; PyTorch's choice where the call names none."""
    dim = unit.argument("dim")
    return int(dim) % rank if dim is not None else (0 if rank in (0, 1, 3) else 1)


def softmax(unit: Unit) -> Terms:
    """Products are the exponentials e^(x - largest x); the value is the unit's own over their sum, or its logarithm."""
    source, x = unit.operand("input")
    axis = softmax_axis(unit, x.dim())
    index: Index = unit.index
    places = grid(*(np.arange(x.shape[axis]) if a == axis else i for a, i in enumerate(index)))
    inputs: Floats = take(x, places)
    largest = float(inputs.max())
    exponentials = np.exp(inputs - largest)
    part = Part(source, places, inputs, np.ones(len(inputs)), products=exponentials)
    details = {"largest": largest, "sum": float(exponentials.sum())}
    name = unit.record.operation
    return Terms(name, name, [part], own=index[axis], details=details)
