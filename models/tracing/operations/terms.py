"""The parts that make one number: what an operation's function hands to `lente.models.tracing.explaining`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lente.models.errors import ModelError, Unexplained
from lente.models.phrases import N_, Phrase, shortened
from lente.models.tracing.recording import Record, Recording, Reference

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = tuple[int, ...]
_LONGEST = 160  # of the words in which PyTorch says what failed
Operand = Reference | Tensor | float
Kind = Literal["unit", "padding", "constant", "weight"]


@dataclass(frozen=True)
class Part:
    """Terms that come from one tensor: `places` (N, D) in it, inputs and weights (N,).

    Of `kind` "unit" it is the output of record `source`, batch included; else there is no source: a "constant" of the
    code, or a "weight", of the parameter `name` or made of it alone. `inside` (N,) is False where a place lies on the
    padding. `products` is given where it isn't input x weight.
    """

    source: int | None
    places: Integers
    inputs: Floats
    weights: Floats
    inside: NDArray[np.bool_] | None = None
    products: Floats | None = None
    kind: Kind = "unit"
    name: str | None = None


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

    def part(self, name: str, weight: float = 1.0) -> Part:
        """The one number of an argument that stands at this unit, broadcast: of a record, a parameter, a constant."""
        value = self.argument(name)
        if not isinstance(value, (Reference, Tensor, int, float)):
            raise unexplained(
                self.record, Phrase(N_("its argument {name!r} is {value}"), name=name, value=shortened(value))
            )
        return self.at(value, broadcast(self.index, shape_of(self.recording, value)), weight)

    def at(self, value: Operand, place: Index, weight: float = 1.0) -> Part:
        """The one term at that place of an argument's value."""
        if isinstance(value, Reference):
            return part_of(value.number, self.output(value.number), grid(*place), weight)
        name = self.recording.parameter(value) if isinstance(value, Tensor) else None
        inputs = numbers(value.detach()[place]) if isinstance(value, Tensor) else np.array([float(value)])
        places = np.array([place], np.int64).reshape(1, len(place))
        kind: Kind = "constant" if name is None else "weight"
        return Part(None, places, inputs, np.array([float(weight)]), kind=kind, name=name)

    def output(self, number: int) -> Tensor:
        return self.recording.output(self.recording.records[number]).detach()


def shape_of(recording: Recording, value: Operand) -> Index:
    if isinstance(value, Reference):
        return recording.records[value.number].shape
    return tuple(value.shape) if isinstance(value, Tensor) else ()


def operands(record: Record) -> list[Reference | Tensor]:
    """The tensors that the call was given, in order, those in lists too."""

    def within(value: Any) -> Iterator[Reference | Tensor]:
        if isinstance(value, (Reference, Tensor)):
            yield value
        elif isinstance(value, (list, tuple, dict)):
            for each in value.values() if isinstance(value, dict) else value:
                yield from within(each)

    return list(within([record.args, record.kwargs]))


def unexplained(record: Record, why: Phrase) -> Unexplained:
    return Unexplained(record.name, record.operation, record.module_type, why)


@contextmanager
def following(record: Record) -> Iterator[None]:
    """Whatever an operation of somebody's network raises while it is followed is a reason, in its own words."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        template = N_("its numbers could not be traced ({error})")
        raise unexplained(record, Phrase(template, error=words[:_LONGEST])) from error


def numbers(tensor: Tensor) -> Floats:
    """The tensor's numbers in double precision, in one row."""
    return np.asarray(tensor.detach().to(torch.float64).reshape(-1).numpy())


def grid(*axes: Any) -> Integers:
    """All combinations of the axes' numbers, last axis fastest: (N, D); one place where there are no axes."""
    if not axes:
        return np.zeros((1, 0), np.int64)
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
