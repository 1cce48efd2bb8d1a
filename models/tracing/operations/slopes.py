"""The slopes of one operation: which of its outputs one number of an operand moves, and how far."""

from __future__ import annotations

import itertools
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lente.models.tracing.operations.terms import Index, operands
from lente.models.tracing.recording import Record, Recording, Reference

_ANYWHERE = 0.5  # a number at which no operation known here is flat


def slopes(recording: Recording, record: Record, nth: int, place: Index) -> tuple[Tensor, Tensor]:
    """The derivative of every output by the number at `place` of the nth operand, and which outputs read it at all.

    Both have the shape of the output. Where a unit is read and nothing comes of it (it was shut, it did not win), the
    slope is 0 and the place is still read.
    """
    given = [_given(recording, operand) for operand in operands(record)]
    derivative = _moved(record, given, nth, place)
    flat = [torch.full_like(each, _ANYWHERE) if each.is_floating_point() else each for each in given]
    read = _averaged(record, flat, nth, place) if "max_pool" in record.operation else _moved(record, flat, nth, place)
    return derivative, (read != 0) | (derivative != 0)


def returned(recording: Recording, record: Record, came_back: Tensor, wanted: list[int]) -> list[Tensor | None]:
    """What an operation passes on of `came_back` to its outputs: the gradient by each operand of `wanted`."""
    leaves = []
    for n, operand in enumerate(operands(record)):
        value = _given(recording, operand)
        leaves.append(value.clone().requires_grad_() if n in wanted and value.is_floating_point() else value)
    with torch.inference_mode(False), torch.enable_grad():
        made = _made(record, leaves)
        asked = [leaves[n] for n in wanted]
        return list(torch.autograd.grad(made, asked, came_back, allow_unused=True))


def _given(recording: Recording, operand: Reference | Tensor) -> Tensor:
    if isinstance(operand, Reference):
        return recording.output(recording.records[operand.number]).detach()
    return operand.detach()


def _made(record: Record, values: list[Tensor]) -> Tensor:
    """What the operation makes of other operands; copies go in, for it may overwrite them."""
    if record.function is None:  # a module that returns what it was given
        return values[0].clone()
    turn = itertools.count()

    def give(_name: str, value: Any) -> Any:
        return values[next(turn)].clone() if isinstance(value, (Reference, Tensor)) else value

    made: Tensor = record.call(give)
    return made


def _moved(record: Record, values: list[Tensor], nth: int, place: Index) -> Tensor:
    """How the output moves with one number of the nth operand: the derivative of the way back, which is linear in what
    comes back, by what comes back."""
    leaf = values[nth].clone().requires_grad_()
    one = torch.zeros_like(leaf)
    one[place] = 1.0
    with torch.inference_mode(False), torch.enable_grad():
        made = _made(record, [leaf if n == nth else each for n, each in enumerate(values)])
        came_back = torch.zeros_like(made, requires_grad=True)
        passed = came_back.clone()  # what an addition hands back is this very tensor
        (back,) = torch.autograd.grad(made, leaf, passed, create_graph=True, allow_unused=True)
        if back is None or not back.requires_grad:
            return torch.zeros_like(made)
        (moved,) = torch.autograd.grad(back, came_back, one, allow_unused=True)
    return torch.zeros_like(came_back) if moved is None else moved


def _averaged(record: Record, values: list[Tensor], nth: int, place: Index) -> Tensor:
    """The same of a pool that takes the mean, which reads what one that takes the largest reads."""
    one = torch.zeros_like(values[nth])
    one[place] = 1.0
    axes, adaptive = int(record.operation[-2]), record.operation.startswith("adaptive")
    pool = getattr(functional, f"{'adaptive_max' if adaptive else 'max'}_pool{axes}d")
    names = ("output_size",) if adaptive else ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    settings = {name: record.arguments[name] for name in names if name in record.arguments}
    made: Tensor = pool(one, **settings)
    return made
