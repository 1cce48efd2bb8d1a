"""One place at a time: functions of a number, and arithmetic between two tensors or a tensor and a constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.models.phrases import N_, Phrase, shortened
from lente.models.tracing.operations.terms import Part, Terms, Unit, broadcast, grid, part_of, unexplained
from lente.models.tracing.recording import Reference


def function(unit: Unit) -> Terms:
    """f(x): the product is the function's value, the weight what it makes of its input, f(x) / x."""
    source, x = unit.operand("input")
    place = grid(*unit.index)
    bare = part_of(source, x, place)
    with torch.no_grad():
        value = unit.record.rerun({source: torch.from_numpy(bare.inputs.copy())})
    return _of_value(unit, bare, value.item())


def _of_value(unit: Unit, bare: Part, value: float) -> Terms:
    x = float(bare.inputs[0])
    gain = value / x if x else 0.0
    part = Part(bare.source, bare.places, bare.inputs, np.array([gain]), products=np.array([value]))
    return Terms(unit.record.operation, "function", [part])


def prelu(unit: Unit) -> Terms:
    """Negative numbers times the channel's slope."""
    source, x = unit.operand("input")
    weight = unit.tensor("weight")
    assert weight is not None
    bare = part_of(source, x, grid(*unit.index))
    slope = float(weight.reshape(-1)[unit.index[1] if weight.numel() > 1 else 0])
    value = float(bare.inputs[0])
    return _of_value(unit, bare, value if value > 0 else slope * value)


def dropout(unit: Unit) -> Terms:
    """A copy; while training, zero or enlarged, as the dice fell."""
    source, x = unit.operand("input")
    part = part_of(source, x, grid(*unit.index))
    if not unit.argument("training", True):
        return Terms("copy", "copy", [part])
    value = float(unit.output(unit.record.number)[unit.index])
    return _of_value(unit, part, value)


def masked_fill(unit: Unit) -> Terms:
    """A copy, or where the mask is true the one value that stands there instead."""
    mask = unit.tensor("mask")
    assert mask is not None
    if bool(mask[broadcast(unit.index, mask.shape)]):
        return Terms("masked", "copy", [], bias=float(unit.output(unit.record.number)[unit.index]))
    source, x = unit.operand("input")
    return Terms("copy", "copy", [part_of(source, x, grid(*broadcast(unit.index, x.shape)))])


Operand = tuple[Part | None, float]


def _operand(unit: Unit, name: str, sign: float = 1.0) -> Operand:
    """The operand as a part of one term of weight `sign`, or, where it is a constant, its value."""
    value: Any = unit.argument(name)
    if isinstance(value, Reference):
        x = unit.output(value.number)
        return part_of(value.number, x, grid(*broadcast(unit.index, x.shape)), sign), 0.0
    if isinstance(value, Tensor):
        return None, float(value.detach()[broadcast(unit.index, value.shape)])
    if not isinstance(value, (int, float)):
        why = Phrase(N_("its argument {name!r} is {value}"), name=name, value=shortened(value))
        raise unexplained(unit.record, why)
    return None, float(value)


def _sum(unit: Unit, formula: str, first: float, second: float) -> Terms:
    parts, bias = [], None
    for name, sign in (("input", first), ("other", second)):
        part, constant = _operand(unit, name, sign)
        if part is None:
            bias = sign * constant
        else:
            parts.append(part)
    return Terms(formula, "sum", parts, bias)


def addition(unit: Unit) -> Terms:
    return _sum(unit, "addition", 1.0, float(unit.argument("alpha", 1)))


def subtraction(unit: Unit) -> Terms:
    return _sum(unit, "subtraction", 1.0, -float(unit.argument("alpha", 1)))


def reversed_subtraction(unit: Unit) -> Terms:
    return _sum(unit, "subtraction", -float(unit.argument("alpha", 1)), 1.0)


def _scaled(part: Part, weight: float, formula: str) -> Terms:
    return Terms(formula, "sum", [Part(part.source, part.places, part.inputs, np.array([weight]))])


def multiplication(unit: Unit) -> Terms:
    """Both inputs, whose product is the value; a constant is the other's weight."""
    (left, first), (right, second) = _operand(unit, "input"), _operand(unit, "other")
    if left is not None and right is not None:
        return Terms("multiplication", "product", [left, right])
    constant = second if left is not None else first
    part = left or right
    assert part is not None
    return _scaled(part, constant, "multiplication")


def division(unit: Unit) -> Terms:
    return _quotient(unit, "input", "other")


def reversed_division(unit: Unit) -> Terms:
    return _quotient(unit, "other", "input")


def _quotient(unit: Unit, above: str, below: str) -> Terms:
    if unit.argument("rounding_mode") is not None:
        raise unexplained(unit.record, Phrase(N_("it rounds")))
    (left, first), (right, second) = _operand(unit, above), _operand(unit, below)
    if left is not None and right is not None:
        return Terms("division", "quotient", [left, right])
    if left is not None:
        return _scaled(left, 1 / second, "division")
    assert right is not None
    return _of_value(unit, right, first / float(right.inputs[0]))


Explainer = Callable[[Unit], Terms]
