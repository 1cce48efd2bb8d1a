"""Weighted sums: convolution, transposed convolution, dense layers, products of matrices, and what is linear."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.models.tracing.operations.terms import (
    Floats,
    Part,
    Terms,
    Unit,
    grid,
    numbers,
    operands,
    part_of,
    per_axis,
    shape_of,
    take,
)
from lente.models.tracing.recording import Record, Recording, Reference


def padding_before(padding: object, kernel: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """Padding at the top and left; "same" puts the odd row or column at the other end, as PyTorch does."""
    if padding == "same":
        return tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    return (0,) * len(kernel) if padding == "valid" else per_axis(padding, len(kernel))


def _bias(unit: Unit, channel: int) -> float | None:
    bias = unit.tensor("bias")
    return None if bias is None else float(bias[channel])


def convolution(unit: Unit) -> Terms:
    """Input patch times kernel, as it is applied, channel after channel; padding stands in the patch as zeros."""
    source, x = unit.operand("input")
    weight = unit.tensor("weight")
    assert weight is not None
    kernel = tuple(weight.shape[2:])
    axes = len(kernel)
    stride, dilation = (per_axis(unit.argument(name, 1), axes) for name in ("stride", "dilation"))
    padding = padding_before(unit.argument("padding", 0), kernel, dilation)
    *lead, channel = unit.index[:-axes]
    group = channel // (len(weight) // unit.argument("groups", 1))
    channels = group * weight.shape[1] + np.arange(weight.shape[1])
    spots = [
        i * s - p + d * np.arange(k)
        for i, s, p, d, k in zip(unit.index[-axes:], stride, padding, dilation, kernel, strict=True)
    ]
    places = grid(*lead, channels, *spots)
    sizes = np.array(x.shape)
    inside = np.asarray(((places >= 0) & (places < sizes)).all(1))
    inputs = take(x, np.clip(places, 0, sizes - 1)) * inside
    part = Part(source, places, inputs, numbers(weight[channel]), inside)
    return Terms("convolution", "sum", [part], _bias(unit, channel), shape=tuple(weight.shape[1:]))


def transposed_convolution(unit: Unit) -> Terms:
    """Every input pixel that lays its kernel over this place."""
    source, x = unit.operand("input")
    weight = unit.tensor("weight")
    assert weight is not None
    axes = weight.dim() - 2
    stride, padding, dilation = (
        per_axis(unit.argument(name, default), axes)
        for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    *lead, channel = unit.index[:-axes]
    group, within = divmod(channel, weight.shape[1])
    share = len(weight) // unit.argument("groups", 1)
    channels = group * share + np.arange(share)
    cells, spots = [], []
    for i, size, k, s, p, d in zip(
        unit.index[-axes:], x.shape[-axes:], weight.shape[2:], stride, padding, dilation, strict=True
    ):
        reach = i + p - d * np.arange(k)
        hit = (reach % s == 0) & (reach >= 0) & (reach < s * size)
        cells.append(np.flatnonzero(hit))
        spots.append(reach[hit] // s)
    weights = take(weight, grid(channels, within, *cells))
    part = part_of(source, x, grid(*lead, channels, *spots), weights)
    shape = (share, *(len(each) for each in cells))
    return Terms("transposed_convolution", "sum", [part], _bias(unit, channel), shape=shape)


def dense(unit: Unit) -> Terms:
    """All inputs times the unit's row of weights."""
    source, x = unit.operand("input")
    weight = unit.tensor("weight")
    assert weight is not None
    *lead, row = unit.index
    part = part_of(source, x, grid(*lead, np.arange(x.shape[-1])), numbers(weight[row]))
    return Terms("dense", "sum", [part], _bias(unit, row))


def matrix_product(unit: Unit) -> Terms:
    """A row times a column; where both were computed, the column's numbers stand as weights."""
    left, right = (_matrix(unit, name) for name in ("input", "other"))
    if left.dim() < 2 or right.dim() < 2:
        return _with_vector(unit, left, right)
    *lead, row, column = unit.index
    inner = np.arange(left.shape[-1])

    def outer(tensor: Tensor) -> list[int]:
        sizes = tensor.shape[:-2]
        return [0 if size == 1 else i for i, size in zip(lead[len(lead) - len(sizes) :], sizes, strict=True)]

    rows, columns = grid(*outer(left), row, inner), grid(*outer(right), inner, column)
    first, second = unit.argument("input"), unit.argument("other")
    if isinstance(first, Reference):
        part = part_of(first.number, left, rows, take(right, columns))
    else:
        part = part_of(second.number, right, columns, take(left, rows))
    return Terms("matrix_product", "sum", [part])


def _with_vector(unit: Unit, left: Tensor, right: Tensor) -> Terms:
    """A vector times a matrix, a matrix times a vector, or two vectors."""
    inner, index = np.arange(left.shape[-1]), unit.index
    rows = grid(inner) if left.dim() < 2 else grid(*index, inner)
    columns = grid(inner) if right.dim() < 2 else grid(*index[:-1], inner, index[-1])
    first, second = unit.argument("input"), unit.argument("other")
    if isinstance(first, Reference):
        return Terms("matrix_product", "sum", [part_of(first.number, left, rows, take(right, columns))])
    return Terms("matrix_product", "sum", [part_of(second.number, right, columns, take(left, rows))])


def shifted_product(unit: Unit) -> Terms:
    """addmm: beta times what is added, and alpha times a row times a column."""
    (product,) = matrix_product(unit).parts
    alpha, beta = (float(unit.argument(name, 1)) for name in ("alpha", "beta"))
    return Terms("matrix_product", "sum", [unit.part("bias", beta), replace(product, weights=alpha * product.weights)])


def einsum(unit: Unit) -> Terms:
    """A sum of products, written in indices: linear in each operand, the first of which stands as the inputs."""
    nth, first = next((n, each) for n, each in enumerate(operands(unit.record)) if isinstance(each, Reference))
    weights, read = (derivative(unit.recording, unit.record, nth, unit.index, ones=ones) for ones in (False, True))
    places = read.nonzero().numpy()
    return Terms("einsum", "sum", [part_of(first.number, unit.output(first.number), places, take(weights, places))])


def _matrix(unit: Unit, name: str) -> Tensor:
    tensor = unit.tensor(name)
    assert tensor is not None
    return tensor


def attention(unit: Unit) -> Terms:
    """What each key's value is worth to this query: the softmax of their products weighs the values.

    Vaswani et al., "Attention is all you need", 2017, equation 1.
    """
    query, key = (_matrix(unit, name) for name in ("input", "key"))
    source, value = unit.operand("value")
    *lead, row, column = unit.index

    def shared(tensor: Tensor) -> list[int]:
        """Where the heads of what may have fewer of them lie."""
        return [at * size // of for at, size, of in zip(lead, tensor.shape[:-2], unit.record.shape[:-2], strict=True)]

    scale = unit.argument("scale")
    scores = numbers(key[tuple(shared(key))]).reshape(key.shape[-2:]) @ numbers(query[(*shared(query), row)])
    scores = scores * (query.shape[-1] ** -0.5 if scale is None else float(scale)) + _mask(unit, lead, row, len(scores))
    weights = np.exp(scores - scores.max())
    places = grid(*shared(value), np.arange(value.shape[-2]), column)
    part = part_of(source, value, places, weights / weights.sum())
    return Terms("attention", "sum", [part])


def _mask(unit: Unit, lead: list[int], row: int, keys: int) -> Floats:
    """What is added to each key's score: minus infinity where it must not be looked at."""
    if unit.argument("is_causal", False):
        return np.where(np.arange(keys) <= row, 0.0, -np.inf)
    mask = unit.tensor("attn_mask")
    if mask is None:
        return np.zeros(keys)
    given = numbers(mask.expand(*unit.record.shape[:-1], keys)[(*lead, row)])
    return np.where(given > 0, 0.0, -np.inf) if mask.dtype == torch.bool else given


def linear_map(unit: Unit) -> Terms:
    """An operation known to be linear, such as bilinear enlargement: the weights are its derivative."""
    source, x = unit.operand("input")
    weights = derivative(unit.recording, unit.record, 0, unit.index)
    places = weights.nonzero().numpy()
    return Terms(unit.record.operation, "sum", [part_of(source, x, places, take(weights, places))])


def derivative(recording: Recording, record: Record, nth: int, chosen: Any, *, ones: bool = False) -> Tensor:
    """Of the sum of the `chosen` numbers of an operation's output, by its nth operand, in which it is linear.

    The others are as they were, or `ones`: then it is nonzero wherever the operation reads.
    """
    probe = torch.zeros(shape_of(recording, operands(record)[nth]), dtype=torch.float64, requires_grad=True)
    turn = itertools.count()

    def give(_name: str, value: Any) -> Any:
        if not isinstance(value, (Reference, Tensor)):
            return value
        if next(turn) == nth:
            return probe
        if ones:
            return torch.ones(shape_of(recording, value), dtype=torch.float64)
        whole = recording.output(recording.records[value.number]) if isinstance(value, Reference) else value
        return whole.detach().double()

    with torch.enable_grad():
        made: Tensor = record.call(give)[chosen]
        (found,) = torch.autograd.grad(made.sum(), probe)
    return found
