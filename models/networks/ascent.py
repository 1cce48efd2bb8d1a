"""Gradient ascent on a picture: what makes the digit network surer of a class, step by step.

Szegedy, Zaremba, Sutskever, Bruna, Erhan, Goodfellow and Fergus, "Intriguing properties of neural networks", 2013:
https://arxiv.org/abs/1312.6199
What is climbed is the score, not its share of all ten: a share grows too where all become alike. Simonyan, Vedaldi and
Zisserman, "Deep inside convolutional networks", 2013: https://arxiv.org/abs/1312.6034
"""

from typing import Protocol

import torch
from torch import Tensor


class Scores(Protocol):
    """A network that says its scores before the softmax."""

    def logits(self, x: Tensor, /) -> Tensor:
        """(B, 1, 28, 28) to (B, 10)."""


def ascend(network: Scores, picture: Tensor, target: int, steps: int, most: float) -> tuple[Tensor, Tensor]:
    """Pictures (S + 1, 28, 28), `picture` (28, 28) first, and what the network says to each, probabilities (S + 1, 10).

    Each step adds the gradient of the target's score, scaled so that no pixel changes by more than `most`,
    and leaves every pixel within 0..1. Where the gradient is 0 everywhere, nothing changes.
    """
    x = picture.clone()
    pictures, probabilities = [x], [_said(network, x)]
    for _ in range(steps):
        x = (x + most * _largest_one(gradient(network, x, target))).clamp(0, 1)
        pictures.append(x)
        probabilities.append(_said(network, x))
    return torch.stack(pictures), torch.stack(probabilities)


def gradient(network: Scores, picture: Tensor, target: int) -> Tensor:
    """(28, 28): by how much the target's score, before the softmax, grows with each pixel of `picture` (28, 28)."""
    with torch.enable_grad():
        x = picture.detach().clone().requires_grad_()
        return torch.autograd.grad(network.logits(x[None, None])[0, target], x)[0]


def _largest_one(values: Tensor) -> Tensor:
    largest = values.abs().max()
    return values / largest if largest > 0 else values


@torch.no_grad()
def _said(network: Scores, picture: Tensor) -> Tensor:
    return network.logits(picture[None, None]).softmax(1)[0]
