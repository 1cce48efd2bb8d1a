"""Operations that only move numbers: where a number came from is found by moving the numbers' places instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.models.tracing.operations.terms import Integers, Operand, Terms, Unit, shape_of
from lente.models.tracing.recording import Record, Recording, Reference

# Which arguments are moved; all others say where to.
_MOVED = {
    "setitem": ("input", "value"),
    "copy": ("input", "src"),
    "write_into": ("input", "value"),
    "view_of": ("input",),
    "pad": ("input",),
}
_AS = ("view_as", "reshape_as", "expand_as")
_NOWHERE = 0.0  # places are counted from 1


def constant(unit: Unit) -> Terms:
    """What does not come from the picture at all."""
    return Terms("constant", "copy", [], bias=float(unit.output(unit.record.number)[unit.index]))


def same_place(unit: Unit) -> Terms:
    """A copy from the same place of the input."""
    return Terms("copy", "copy", [unit.part("input")])


def moved(unit: Unit) -> Terms:
    """A copy from the place that `flatten`, `permute`, `cat` and the like brought here; or padding, a constant."""
    found = origins(unit.recording, unit.record, tuple(np.array([i]) for i in unit.index))
    if not found:
        value = float(unit.output(unit.record.number)[unit.index])
        return Terms("padding", "copy", [], bias=value)
    ((operand, places),) = found
    return Terms("copy", "copy", [unit.at(operand, tuple(int(i) for i in places[0]))])


def picks(record: Record) -> bool:
    """Whether it moves numbers to or from places that were computed."""

    def computed(value: Any) -> bool:
        if isinstance(value, (list, tuple)) and not isinstance(value, Reference):
            return any(map(computed, value))
        return isinstance(value, Reference)

    return record.operation not in _AS and any(
        computed(value) for name, value in record.arguments.items() if not _is_moved(record, name)
    )


def origins(recording: Recording, record: Record, region: tuple[Integers, ...]) -> list[tuple[Operand, Integers]]:
    """For a region of the output, its places along each axis: the operands they came from, with the places (N, D)."""
    operands: list[tuple[Operand, tuple[int, ...]]] = []
    starts = [1]

    def places_of(operand: Operand, shape: tuple[int, ...]) -> Tensor:
        operands.append((operand, shape))
        starts.append(starts[-1] + int(np.prod(shape)))
        return torch.arange(starts[-2], starts[-1], dtype=torch.float64).reshape(shape)

    def give(name: str, value: Any) -> Any:
        if _is_moved(record, name) and isinstance(value, (Reference, Tensor, int, float)):
            return places_of(value, shape_of(recording, value))
        if not isinstance(value, Reference):
            return _NOWHERE if (record.operation, name) == ("pad", "value") else value
        other = recording.records[value.number]
        return torch.empty(other.shape) if record.operation in _AS else recording.output(other).detach()

    # Double precision counts the places exactly, to 2^53.
    with torch.no_grad():
        made: Tensor = record.call(give)
    ids = made[tuple(torch.from_numpy(axis) for axis in np.ix_(*region))].reshape(-1).to(torch.int64).numpy()
    found = []
    for (operand, shape), start, end in zip(operands, starts[:-1], starts[1:], strict=True):
        mine = ids[(ids >= start) & (ids < end)] - start
        if len(mine):
            columns = np.unravel_index(mine, shape or (1,))
            found.append((operand, np.stack(columns, axis=1).astype(np.int64)[:, : len(shape)]))
    return found


def _is_moved(record: Record, name: str) -> bool:
    return name in _MOVED.get(record.operation, ("input", "tensors"))
