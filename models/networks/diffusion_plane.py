"""Diffusion with two numbers in place of a picture's 784: its points are the codes of `vae_2d`, and can be drawn.

Ho, Jain and Abbeel, "Denoising diffusion probabilistic models", 2020: https://arxiv.org/abs/2006.11239
What it answers is the velocity v of Salimans and Ho, "Progressive distillation", 2022: https://arxiv.org/abs/2202.00512
B points in a batch.
"""

import torch
from torch import Tensor, nn

WIDTH = 96


class PlaneDiffusion(nn.Module):
    """The velocity (B, 2) of noisy points (B, 2), told the share a of the point and s of the noise, (B, 1) each.

    Points are codes less their `mean`, by their `std`, (2,) each: their standard deviation is 1 along both axes.
    """

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("std", torch.ones(2))
        self.dense1 = nn.Linear(4, WIDTH)
        self.relu1 = nn.ReLU()
        self.dense2 = nn.Linear(WIDTH, WIDTH)
        self.relu2 = nn.ReLU()
        self.dense3 = nn.Linear(WIDTH, WIDTH)
        self.relu3 = nn.ReLU()
        self.to_velocity = nn.Linear(WIDTH, 2)

    def forward(self, x: Tensor, a: Tensor, s: Tensor) -> Tensor:
        x = torch.cat([x, a, s], dim=1)  # (B, 4)
        x = self.relu2(self.dense2(self.relu1(self.dense1(x))))  # (B, WIDTH)
        return self.to_velocity(self.relu3(self.dense3(x)))  # type: ignore[no-any-return]

    def scale(self, codes: Tensor) -> Tensor:
        """Codes (N, 2) to points (N, 2); `mean` and `std` are theirs from now on."""
        self.mean, self.std = codes.mean(0), codes.std(0, correction=0)
        return self.points(codes)

    def points(self, codes: Tensor) -> Tensor:
        """Codes (N, 2) to points (N, 2)."""
        return (codes - self.mean) / self.std
