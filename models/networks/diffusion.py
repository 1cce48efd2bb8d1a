"""A small U-Net that finds the noise in a noisy digit, told how noisy it is and, perhaps, which digit it is.

Ronneberger, Fischer and Brox, "U-Net", 2015; Ho, Jain and Abbeel, "Denoising diffusion probabilistic models", 2020:
https://arxiv.org/abs/2006.11239
What it answers is the velocity v of Salimans and Ho, "Progressive distillation", 2022: https://arxiv.org/abs/2202.00512
B pictures in a batch, C channels, E numbers in an embedding.
"""

import math

import torch
from torch import Tensor, nn

CLASSES = 10
NO_CLASS = CLASSES
E = 128


class StepEmbedding(nn.Module):
    """Steps (B,) as waves of many lengths, (B, E): what "positional encoding" is to a Transformer."""

    frequencies: Tensor

    def __init__(self, numbers: int) -> None:
        super().__init__()
        frequencies = torch.exp(-math.log(10_000) * torch.arange(numbers // 2) / (numbers // 2))
        self.register_buffer("frequencies", frequencies, persistent=False)  # (E / 2)

    def forward(self, step: Tensor) -> Tensor:
        angles = step[:, None] * self.frequencies  # (B, E / 2)
        return torch.cat([angles.sin(), angles.cos()], dim=1)


class Block(nn.Module):
    """(B, C, H, W) to (B, C', H, W): two convolutions beside a way past them.

    Between the two each channel is scaled and shifted as the embedding (B, E) says: Dhariwal and Nichol, "Diffusion
    models beat GANs on image synthesis", 2021, 3.1: https://arxiv.org/abs/2105.05233
    """

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(8, before)
        self.silu1 = nn.SiLU()
        self.conv1 = nn.Conv2d(before, after, 3, padding=1)  # (B, C', H, W)
        self.norm2 = nn.GroupNorm(8, after)
        self.scale = nn.Linear(E, after)  # (B, C')
        self.shift = nn.Linear(E, after)  # (B, C')
        self.silu2 = nn.SiLU()
        self.conv2 = nn.Conv2d(after, after, 3, padding=1)
        self.past = nn.Identity() if before == after else nn.Conv2d(before, after, 1)  # (B, C', H, W)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        y = self.norm2(self.conv1(self.silu1(self.norm1(x))))  # (B, C', H, W)
        y = y + y * self.scale(told)[:, :, None, None] + self.shift(told)[:, :, None, None]
        return self.past(x) + self.conv2(self.silu2(y))  # type: ignore[no-any-return]


class DiffusionUNet(nn.Module):
    """The velocity (B, 1, 28, 28) of noisy digits (B, 1, 28, 28), whose pixels are -1..1 before the noise.

    Told steps (B,), 1..1000, and classes (B,), 0..9, or 10 for "any".
    """

    def __init__(self) -> None:
        super().__init__()
        self.waves = StepEmbedding(E)  # (B, E)
        self.dense1 = nn.Linear(E, E)
        self.silu1 = nn.SiLU()
        self.dense2 = nn.Linear(E, E)
        self.classes = nn.Embedding(CLASSES + 1, E)  # (B, E)
        self.silu2 = nn.SiLU()
        self.enter = nn.Conv2d(1, 32, 4, stride=2, padding=1)  # (B, 32, 14, 14)
        self.down1 = Block(32, 32)
        self.shrink = nn.Conv2d(32, 64, 4, stride=2, padding=1)  # (B, 64, 7, 7)
        self.down2 = Block(64, 64)
        self.middle = Block(64, 64)
        self.up2 = Block(128, 64)  # of what was found here and what comes from below
        self.grow = nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)  # (B, 32, 14, 14)
        self.up1 = Block(64, 32)
        self.norm = nn.GroupNorm(8, 32)
        self.silu3 = nn.SiLU()
        self.leave = nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)  # (B, 1, 28, 28)

    def told(self, step: Tensor, classes: Tensor) -> Tensor:
        """Steps and classes (B,) to what all blocks are told, (B, E)."""
        step = self.dense2(self.silu1(self.dense1(self.waves(step))))
        return self.silu2(step + self.classes(classes))  # type: ignore[no-any-return]

    def forward(self, x: Tensor, step: Tensor, classes: Tensor) -> Tensor:
        told = self.told(step, classes)  # (B, E)
        near = self.down1(self.enter(x), told)  # (B, 32, 14, 14)
        far = self.down2(self.shrink(near), told)  # (B, 64, 7, 7)
        y = self.middle(far, told)
        y = self.up2(torch.cat([y, far], dim=1), told)  # (B, 64, 7, 7)
        y = self.grow(y)  # (B, 32, 14, 14)
        y = self.up1(torch.cat([y, near], dim=1), told)
        return self.leave(self.silu3(self.norm(y)))  # type: ignore[no-any-return]


class ToldUNet(DiffusionUNet):
    """The same, told one step and one class from the beginning: the velocity of noisy digits (B, 1, 28, 28) alone."""

    def __init__(self, step: int, label: int = NO_CLASS) -> None:
        super().__init__()
        self.step, self.label = step, label

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(x, torch.full((len(x),), self.step), torch.full((len(x),), self.label))
