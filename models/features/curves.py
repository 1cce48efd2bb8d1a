"""Whether a map of what speaks for a class is any good: the pixels that it puts first are taken away, or given back.

Petsiuk, Das and Saenko, "RISE: randomized input sampling for explanation of black-box models", 2018:
https://arxiv.org/abs/1806.07421. Where the map is right, the probability falls fast when they are taken away
(deletion), and rises fast when they alone are there (insertion). C channels, S rows and columns, K classes.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

PARTS = 16


def curve(
    probability: Callable[[Tensor], Tensor], start: Tensor, end: Tensor, attribution: Tensor, told: Callable[[], object]
) -> list[float]:
    """The probabilities (PARTS + 1) while the pixels of `start` (C, S, S) give way to those of `end`, the strongest
    first.

    `probability` says (1,) for pictures (1, C, S, S); `attribution` (H, W) is enlarged to S. `told` is called before
    every pass, and may raise to end the work.
    """
    side = start.shape[-1]
    strength = F.interpolate(attribution[None, None], (side, side), mode="bilinear")[0, 0]
    order = strength.flatten().argsort(descending=True)
    values = []
    for part in range(PARTS + 1):
        told()
        changed = torch.zeros(side * side, dtype=torch.bool)
        changed[order[: side * side * part // PARTS]] = True
        picture = torch.where(changed.reshape(side, side), end, start)
        values.append(float(probability(picture[None])))
    return values


def area(values: list[float]) -> float:
    """Under the curve, from 0 to 1 across, by trapezoids."""
    return float(torch.trapezoid(torch.tensor(values, dtype=torch.float64), dx=1 / (len(values) - 1)))
