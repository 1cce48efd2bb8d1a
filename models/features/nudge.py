"""The smallest nudge that turns an answer: every pixel may change by so much and no more.

Goodfellow, Shlens and Szegedy, "Explaining and harnessing adversarial examples", 2014: https://arxiv.org/abs/1412.6572
Madry et al., "Towards deep learning models resistant to adversarial attacks", 2017: https://arxiv.org/abs/1706.06083
C channels, S rows and columns, K classes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

STEPS = 8
STRIDE = 2.5  # all steps together may go so many times as far as is allowed
SMALLEST, LARGEST = 0.25, 16.0  # grey levels
HALVINGS = 4

Scores = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Nudged:
    """The picture (C, S, S) in 0..1, by how many grey levels a pixel may differ, and whether the answer turned."""

    picture: Tensor
    epsilon: float
    turned: bool


def nudged(
    scores: Scores, picture: Tensor, labels: Sequence[int], epsilon: float, told: Callable[[], object]
) -> Nudged:
    """`picture` (C, S, S) in 0..1 changed by at most `epsilon` grey levels a pixel so that none of `labels` wins.

    `labels` are classes that mean the same, such as kinds of cat. `scores` says logits (1, K) of pictures (1, C, S, S).
    Projected gradient descent, which begins at the picture itself and ends once the answer is another. `told` is called
    before every step, and may raise to end the work.
    """
    most = epsilon / 255
    low, high = (picture - most).clamp(min=0), (picture + most).clamp(max=1)
    x = picture
    for _ in range(STEPS):
        told()
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            logits = scores(x[None])[0]
            if int(logits.argmax()) not in labels:
                return Nudged(x.detach(), epsilon, True)
            ours = torch.zeros(len(logits), dtype=torch.bool).index_fill(0, torch.tensor(labels), True)
            (gradient,) = torch.autograd.grad(logits[~ours].logsumexp(0) - logits[ours].logsumexp(0), x)
        x = torch.clamp(x.detach() + STRIDE * most / STEPS * gradient.sign(), low, high)
    with torch.no_grad():
        return Nudged(x, epsilon, int(scores(x[None])[0].argmax()) not in labels)


def smallest(scores: Scores, picture: Tensor, labels: Sequence[int], told: Callable[[], object]) -> Nudged:
    """The nudge of the smallest epsilon found that turns the answer, to a sixteenth; the largest where none does."""
    epsilon, found = SMALLEST, nudged(scores, picture, labels, SMALLEST, told)
    while not found.turned and epsilon < LARGEST:
        epsilon *= 2
        found = nudged(scores, picture, labels, epsilon, told)
    if not found.turned or epsilon == SMALLEST:
        return found
    low, high = epsilon / 2, epsilon
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried = nudged(scores, picture, labels, middle, told)
        low, high, found = (low, middle, tried) if tried.turned else (middle, high, found)
    return found
