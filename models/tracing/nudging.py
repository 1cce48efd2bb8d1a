"""One weight moved by hand: what the loss makes of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from lente.models.stopping import check

Index = tuple[int, ...]
_LEAST = 1e-12
TOGETHER = 20


@dataclass(frozen=True)
class Slope:
    """How steep the loss was measured to be: moved up and down by `by`; `error` is how far that may be off."""

    by: float
    down: float
    up: float
    slope: float
    error: float


class Nudged:
    """A copy of a network, in double precision, one weight of which is moved; `x` (B, ...) and `labels` (B,).

    The network has `logits`, the scores before softmax.
    """

    def __init__(self, network: nn.Module, x: Tensor, labels: Tensor, name: str, index: Index) -> None:
        self._network = copy.deepcopy(network).double().requires_grad_(False)
        self._x, self._labels = x.double(), labels
        self._parameter = dict(self._network.named_parameters())[name]
        self._index = index
        self.weight = float(self._parameter[index])

    def loss(self, weight: float) -> float:
        """The mean cross-entropy with the weight at that value."""
        return float(self.losses([weight])[0])

    def losses(self, weights: Sequence[float]) -> Tensor:
        """The same for several values (N,)."""
        found = []
        with torch.no_grad():
            for weight in weights:
                check()
                self._parameter[self._index] = weight
                found.append(functional.cross_entropy(self._scores(), self._labels))
            self._parameter[self._index] = self.weight
        return torch.stack(found)

    def _scores(self) -> Tensor:
        """Of so many pictures at a time: in double precision a convolution of a thousand takes half a gigabyte."""
        return torch.cat([self._network.logits(part) for part in torch.split(self._x, TOGETHER)])  # type: ignore[operator]

    def slope(self, by: float) -> Slope:
        """Measured to both sides; a half as large a move tells how far the curve bends it away."""
        moves = (-by, by, -by / 2, by / 2)
        down, up, near_down, near_up = (float(one) for one in self.losses([self.weight + move for move in moves]))
        slope, nearer = (up - down) / (2 * by), (near_up - near_down) / by
        rounding = _LEAST * max(abs(up), abs(down), 1.0) / by
        return Slope(by, down, up, slope, 2 * abs(slope - nearer) + rounding)


def curve(middle: float, reach: float, points: int) -> list[float]:
    """Values about the middle, evenly spaced."""
    return [middle + reach * (2 * i / (points - 1) - 1) for i in range(points)]


def plane(
    network: nn.Module, x: Tensor, labels: Tensor, weights: Sequence[tuple[str, Index]], reach: float, points: int
) -> Iterator[Tensor]:
    """Row by row (P,), the loss where two weights are moved, the first down the rows, the second along the columns."""
    first, second = weights
    moved = copy.deepcopy(network).requires_grad_(False)
    name, index = first
    parameter = dict(moved.named_parameters())[name]
    for value in curve(float(parameter[index]), reach, points):
        parameter[index] = value
        own = Nudged(moved, x, labels, *second)
        yield own.losses(curve(own.weight, reach, points))
