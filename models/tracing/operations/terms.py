"""The parts that make one number: what an operation's function hands to `lente.models.tracing.explaining`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lente.models.errors import Unexplained
from lente.models.phrases import N_, Phrase
from lente.models.tracing.recording import Record, Recording, Reference

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """Terms that come from one record: `places` (N, D) in its output, batch included, inputs and weights (N,).

    `inside` (N,) is False where a place lies on the padding. `products` is given where it isn't input x weight.
    """

    source: int
    places: Integers
    inputs: Floats
    weights: Floats
    inside: NDArray[np.bool_] | None = None
    products: Floats | None = None


@dataclass(frozen=True)
class Terms:
    """How a value is made: `combine` says what becomes of the products, `formula` names the operation.

    `shape` is the layout of the terms, (C, kh, kw) for a convolution; `own` the term on which a softmax stands;
    `details` the numbers behind the weights, such as mean and variance.
    """

    formula: str
    combine: str
    parts: Sequence[Part]
    bias: float | None = None
    shape: tuple[int, ...] | None = None
    own: int | None = None
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """The unit to explain: record `record` at `index`, batch included."""

    recording: Recording
    record: Record
    index: Index

    def argument(self, name: str, default: Any = None) -> Any:
        return self.record.arguments.get(name, default)

    def operand(self, name: str) -> tuple[int, Tensor]:
        """Number and output of the record that went in as argument `name`."""
        value = self.argument(name)
        if not isinstance(value, Reference):
            why = Phrase(N_("its argument {name!r} does not come from the input alone"), name=name)
            raise unexplained(self.record, why)
        return value.number, self.output(value.number)

    def tensor(self, name: str) -> Tensor | None:
        """A weight, or None; also one that the network computed."""
        value = self.argument(name)
        if isinstance(value, Reference):
            return self.output(value.number)
        if value is not None and not isinstance(value, Tensor):
            raise unexplained(self.record, Phrase(N_("its argument {name!r} is no tensor"), name=name))
        return None if value is None else value.detach()

    def output(self, number: int) -> Tensor:
        return self.recording.output(self.recording.records[number]).detach()


def unexplained(record: Record, why: Phrase) -> Unexplained:
    return Unexplained(record.name, record.operation, record.module_type, why)


def numbers(tensor: Tensor) -> Floats:
    """The tensor's numbers in double precision, in one row."""
    return np.asarray(tensor.detach().to(torch.float64).reshape(-1).numpy())


def grid(*axes: Any) -> Integers:
    """All combinations of the axes' numbers, last axis fastest: (N, D)."""
    mesh = np.meshgrid(*(np.atleast_1d(np.asarray(axis, dtype=np.int64)) for axis in axes), indexing="ij")
    return np.stack([each.reshape(-1) for each in mesh], axis=1)


def take(tensor: Tensor, places: Integers) -> Floats:
    """The tensor's numbers at `places` (N, D)."""
    columns = tuple(torch.from_numpy(np.ascontiguousarray(column)) for column in places.T)
    return numbers(tensor[columns])


def part_of(source: int, tensor: Tensor, places: Integers, weights: Any = 1.0) -> Part:
    """The terms at `places`, all of them inside the tensor, with one weight or one for each."""
    return Part(source, places, take(tensor, places), np.broadcast_to(np.asarray(weights, np.float64), len(places)))


def broadcast(index: Index, shape: Sequence[int]) -> Index:
    """The place in a tensor of `shape` that was broadcast to `index`."""
    shared = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else i for i, size in zip(shared, shape, strict=True))


def per_axis(value: Any, axes: int) -> tuple[int, ...]:
    """A setting for each spatial axis: one number stands for all."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    return tuple(int(v) for v in (values * axes if len(values) == 1 else values))
