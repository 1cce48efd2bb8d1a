"""What no network has to learn where the data are known: noise put into N points, and the best answer to it.

At a step each of the points x_i (N, D) has become a bell curve about a x_i, as wide as s, and the noisy points lie as
their mixture. The mean of the clean point, given a noisy one, and the slope of the log density (the score) are sums:

    w_i = exp(-|x - a x_i|^2 / 2 s^2) / sum of all,    x0 = sum w_i x_i,    score = (a x0 - x) / s^2 = -e / s

Robbins, "An empirical Bayes approach to statistics", 1956 (Tweedie's formula); Vincent, "A connection between score
matching and denoising autoencoders", 2011.
"""

import torch
from torch import Tensor


def clean(x: Tensor, points: Tensor, a: float, s: float) -> Tensor:
    """The mean of the clean point, (B, D), of noisy ones x (B, D) at a step with shares a and s, s > 0."""
    far = torch.cdist(x, a * points).square()
    return (-far / (2 * s * s)).softmax(1) @ points


def score(x: Tensor, points: Tensor, a: float, s: float) -> Tensor:
    """The slope of the log density (B, D) at noisy points x (B, D)."""
    return (a * clean(x, points, a, s) - x) / (s * s)


def velocity(x: Tensor, points: Tensor, a: float, s: float) -> Tensor:
    """The best answer (B, D) to noisy points x (B, D), in the mean of the squared error: a e - s x0."""
    found = clean(x, points, a, s)
    return a * (x - a * found) / s - s * found
