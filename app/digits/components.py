"""Connected parts of a mask, found run by run."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Run = tuple[int, int, int]


@dataclass(frozen=True)
class Part:
    """Pixels that touch one another, also at corners: as runs (row, first column, end), with their box and number."""

    runs: list[Run]
    top: int
    left: int
    bottom: int
    right: int
    area: int

    def mask(self, shape: tuple[int, ...]) -> Mask:
        mask = np.zeros(shape, dtype=bool)
        for row, first, end in self.runs:
            mask[row, first:end] = True
        return mask


def components(mask: Mask) -> list[Part]:
    """The connected parts of `mask` (H, W), largest first."""
    runs = _runs(mask)
    parent = list(range(len(runs)))
    for upper, lower in _touching(runs):
        parent[_root(parent, lower)] = _root(parent, upper)
    groups: dict[int, list[Run]] = {}
    for i, run in enumerate(runs):
        groups.setdefault(_root(parent, i), []).append(run)
    return sorted((_part(group) for group in groups.values()), key=lambda part: -part.area)


def _runs(mask: Mask) -> list[Run]:
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, firsts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    return list(zip(rows.tolist(), firsts.tolist(), ends.tolist(), strict=True))


def _touching(runs: list[Run]) -> list[tuple[int, int]]:
    """Pairs of runs in neighbouring rows that touch."""
    pairs = []
    upper = 0
    for lower, (row, first, end) in enumerate(runs):
        while runs[upper][0] < row - 1 or (runs[upper][0] == row - 1 and runs[upper][2] < first):
            upper += 1
        i = upper
        while i < lower and runs[i][0] == row - 1 and runs[i][1] <= end:
            pairs.append((i, lower))
            i += 1
    return pairs


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _part(runs: list[Run]) -> Part:
    rows, firsts, ends = zip(*runs, strict=True)
    area = sum(ends) - sum(firsts)
    return Part(runs, min(rows), min(firsts), max(rows) + 1, max(ends), area)
