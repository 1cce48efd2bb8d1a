"""One place at a time: functions of a number, and arithmetic between two tensors or a tensor and a constant."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.models.phrases import N_, Phrase
from lente.models.tracing.operations.terms import (
    Part,
    Terms,
    Unit,
    broadcast,
    grid,
    part_of,
    shape_of,
    unexplained,
)
from lente.models.tracing.recording import Reference


def function(unit: Unit) -> Terms:
    """f(x): the product is the function's value, the weight what it makes of its input, f(x) / x."""
    given: list[Part] = []

    def give(_name: str, value: Any) -> Any:
        if not isinstance(value, (Reference, Tensor)):
            return value
        given.append(unit.at(value, broadcast(unit.index, shape_of(unit.recording, value)), 0.0))
        kind = (unit.output(value.number) if isinstance(value, Reference) else value).dtype
        made = torch.from_numpy(given[-1].inputs.copy())
        return made if kind.is_floating_point else made.to(kind)  # what is true or whole stays so

    with torch.no_grad():
        value = unit.record.call(give)
    # A power may have been learnt, or computed: what a function was given besides adds nothing by itself.
    first = next(part for part in given if part.source is not None)
    besides = [replace(part, products=np.zeros(1)) for part in given if part is not first]
    return _of_value(unit, first, value.item(), besides)


def _of_value(unit: Unit, bare: Part, value: float, besides: Sequence[Part] = ()) -> Terms:
    return Terms(unit.record.operation, "function", [_made_of(bare, value), *besides])


def _made_of(bare: Part, value: float) -> Part:
    """The one term of which a function makes `value`."""
    x = float(bare.inputs[0])
    return replace(bare, weights=np.array([value / x if x else 0.0]), products=np.array([value]))


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
        return Terms("masked", "copy", [unit.part("value")])
    return Terms("copy", "copy", [unit.part("input")])


def where(unit: Unit) -> Terms:
    """A copy of the one or the other, as the condition says."""
    if unit.argument("input") is None:
        raise unexplained(unit.record, Phrase(N_("it says where the condition is true, not how much")))
    condition = bool(unit.part("condition").inputs[0])
    part = unit.part("input" if condition else "other")
    return Terms("where", "copy", [part], details={"condition": float(condition)})


def larger(unit: Unit) -> Terms:
    """The larger of two, or the smaller: it has weight 1, the other 0."""
    parts = [unit.part("input"), unit.part("other")]
    both = np.concatenate([part.inputs for part in parts])
    smallest = unit.record.operation == "minimum"
    chosen = int(both.argmin() if smallest else both.argmax())
    weighed = [replace(part, weights=np.array([float(n == chosen)])) for n, part in enumerate(parts)]
    return Terms(unit.record.operation, "min" if smallest else "max", weighed)


def gated(unit: Unit) -> Terms:
    """GLU: one half of the channels times the sigmoid of the other half.

    Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017.
    """
    source, x = unit.operand("input")
    axis = int(unit.argument("dim", -1)) % x.dim()
    beyond = tuple(i + x.shape[axis] // 2 * (a == axis) for a, i in enumerate(unit.index))
    gate = part_of(source, x, grid(*beyond))
    share = 1 / (1 + math.exp(-float(gate.inputs[0])))
    return Terms("glu", "product", [part_of(source, x, grid(*unit.index)), _made_of(gate, share)])


def _sum(unit: Unit, formula: str, first: float, second: float) -> Terms:
    return Terms(formula, "sum", [unit.part("input", first), unit.part("other", second)])


def addition(unit: Unit) -> Terms:
    return _sum(unit, "addition", 1.0, float(unit.argument("alpha", 1)))


def subtraction(unit: Unit) -> Terms:
    return _sum(unit, "subtraction", 1.0, -float(unit.argument("alpha", 1)))


def reversed_subtraction(unit: Unit) -> Terms:
    return _sum(unit, "subtraction", -float(unit.argument("alpha", 1)), 1.0)


def _scaled(part: Part, weight: float, formula: str) -> Terms:
    return Terms(formula, "sum", [replace(part, weights=np.array([weight]))])


def multiplication(unit: Unit) -> Terms:
    """Both inputs, whose product is the value; a constant is the other's weight."""
    left, right = unit.part("input"), unit.part("other")
    if left.source is not None and right.source is not None:
        return Terms("multiplication", "product", [left, right])
    part, constant = (left, right) if left.source is not None else (right, left)
    return _scaled(part, float(constant.inputs[0]), "multiplication")


def division(unit: Unit) -> Terms:
    return _quotient(unit, "input", "other")


def reversed_division(unit: Unit) -> Terms:
    return _quotient(unit, "other", "input")


def _quotient(unit: Unit, above: str, below: str) -> Terms:
    if unit.argument("rounding_mode") is not None:
        raise unexplained(unit.record, Phrase(N_("it rounds")))
    left, right = unit.part(above), unit.part(below)
    divisor = float(right.inputs[0])
    if divisor == 0:
        raise unexplained(unit.record, Phrase(N_("it divides by 0")))
    if right.source is None:
        return _scaled(left, 1 / divisor, "division")
    return Terms("division", "quotient", [left, right])


def added_product(unit: Unit) -> Terms:
    """What is added to, and a factor of the product, which the other factor weighs."""
    first, second = unit.part("tensor1"), unit.part("tensor2")
    if first.source is None:
        first, second = second, first
    share = float(unit.argument("value", 1)) * float(second.inputs[0])
    return Terms("addcmul", "sum", [unit.part("input"), replace(first, weights=np.array([share]))])


def added_quotient(unit: Unit) -> Terms:
    divisor = float(unit.part("tensor2").inputs[0])
    if divisor == 0:
        raise unexplained(unit.record, Phrase(N_("it divides by 0")))
    return Terms(
        "addcdiv", "sum", [unit.part("input"), unit.part("tensor1", float(unit.argument("value", 1)) / divisor)]
    )


def between(unit: Unit) -> Terms:
    """Of two numbers, so much of the one and the rest of the other."""
    share = float(unit.part("weight").inputs[0])
    return Terms("lerp", "sum", [unit.part("input", 1 - share), unit.part("end", share)])


Explainer = Callable[[Unit], Terms]
