"""Operations that only move numbers: where a number came from is found by moving the numbers' places instead."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lente.models.phrases import N_, Phrase
from lente.models.tracing.operations.terms import Index, Integers, Terms, Unit, grid, part_of, unexplained
from lente.models.tracing.recording import Record, Recording

_NOWHERE = -1.0


def same_place(unit: Unit) -> Terms:
    """A copy from the same place of the input."""
    source = unit.record.sources[0]
    return Terms("copy", "copy", [part_of(source, unit.output(source), grid(*unit.index))])


def moved(unit: Unit) -> Terms:
    """A copy from the place that `flatten`, `permute`, `cat` and the like brought here; or padding, a constant."""
    found = origins(unit.recording, unit.record, tuple(np.array([i]) for i in unit.index))
    if not found:
        value = float(unit.output(unit.record.number)[unit.index])
        return Terms("padding", "copy", [], bias=value)
    ((source, places),) = found.items()
    return Terms("copy", "copy", [part_of(source, unit.output(source), places)])


def origins(recording: Recording, record: Record, region: tuple[Integers, ...]) -> dict[int, Integers]:
    """For a region of the output, its places along each axis, the places (N, D) in each source they came from."""
    sources = list(record.sources)
    shapes = [recording.records[number].shape for number in sources]
    starts = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    try:
        moved_ids = _moved_ids(record, sources, shapes, starts)
    except (RuntimeError, TypeError, ValueError) as error:
        why = Phrase(N_("its numbers could not be traced ({error})"), error=error)
        raise unexplained(record, why) from error
    ids = moved_ids[tuple(torch.from_numpy(axis) for axis in np.ix_(*region))].reshape(-1).to(torch.int64).numpy()
    found = {}
    for number, shape, start, end in zip(sources, shapes, starts[:-1], starts[1:], strict=True):
        mine = ids[(ids >= start) & (ids < end)] - start
        if len(mine):
            found[number] = np.stack(np.unravel_index(mine, shape), axis=1).astype(np.int64)
    return found


def _moved_ids(record: Record, sources: list[int], shapes: list[Index], starts: Integers) -> Tensor:
    """The output that the operation makes of the places' numbers; double precision counts exactly to 2^53."""
    ids = {
        number: torch.arange(int(start), int(end), dtype=torch.float64).reshape(shape)
        for number, shape, start, end in zip(sources, shapes, starts[:-1], starts[1:], strict=True)
    }
    with torch.no_grad():
        if record.operation == "pad" and record.arguments.get("mode", "constant") == "constant":
            (number,) = ids
            made: Tensor = torch.nn.functional.pad(ids[number], record.arguments["pad"], value=_NOWHERE)
        else:
            made = record.rerun(ids)
    return made
