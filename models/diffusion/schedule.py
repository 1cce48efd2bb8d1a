"""How much of the picture is left at each step, and the sums that lead from one to the other.

    x = a x0 + s e,   e from N(0, I),   a^2 + s^2 = 1      noisy picture
    v = a e - s x0                                          velocity, what the network is trained to find
    x0 = a x - s v,   e = s x + a v                         clean picture and noise, out of both

Ho, Jain and Abbeel, 2020: https://arxiv.org/abs/2006.11239; the cosine: Nichol and Dhariwal, 2021:
https://arxiv.org/abs/2102.09672; the velocity: Salimans and Ho, 2022: https://arxiv.org/abs/2202.00512
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

STEPS = 1000
OFFSET = 0.008
LARGEST_BETA = 0.999


@dataclass(frozen=True)
class Schedule:
    """The share of the picture `a` and of the noise `s`, (STEPS + 1,) each, at steps 0 (clean) to STEPS (noise)."""

    a: Tensor
    s: Tensor

    @classmethod
    def cosine(cls) -> "Schedule":
        """a^2 falls as a cosine squared: slowly at both ends, where a step would otherwise show nothing."""
        share = torch.arange(STEPS + 1, dtype=torch.float64) / STEPS
        wave = torch.cos((share + OFFSET) / (1 + OFFSET) * math.pi / 2).square()
        beta = (1 - wave[1:] / wave[:-1]).clamp(max=LARGEST_BETA)
        kept = torch.cat([torch.ones(1, dtype=torch.float64), (1 - beta).cumprod(0)])
        return cls(kept.sqrt().float(), (1 - kept).sqrt().float())

    def at(self, step: Tensor) -> tuple[Tensor, Tensor]:
        """a and s of steps (B,), (B, 1, 1, 1) each."""
        return self.a[step][:, None, None, None], self.s[step][:, None, None, None]

    def noisy(self, clean: Tensor, noise: Tensor, step: Tensor) -> Tensor:
        """x of clean pictures and noise (B, C, H, W) at steps (B,)."""
        a, s = self.at(step)
        return a * clean + s * noise

    def velocity(self, clean: Tensor, noise: Tensor, step: Tensor) -> Tensor:
        """v of clean pictures and noise (B, C, H, W) at steps (B,)."""
        a, s = self.at(step)
        return a * noise - s * clean

    def clean(self, x: Tensor, velocity: Tensor, step: Tensor) -> Tensor:
        """x0 of noisy pictures and velocities (B, C, H, W) at steps (B,)."""
        a, s = self.at(step)
        return a * x - s * velocity

    def noise(self, x: Tensor, velocity: Tensor, step: Tensor) -> Tensor:
        """e of noisy pictures and velocities (B, C, H, W) at steps (B,)."""
        a, s = self.at(step)
        return s * x + a * velocity
