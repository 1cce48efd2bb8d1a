"""Trains digit_cnn on MNIST, every digit moved, turned, scaled, bent and inked a little differently each time."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training.data import Pictures
from lente.models.training.run import Run, moving_average, progress, shuffled

BATCH = 128
RATE = 4e-3


def train(run: Run, pictures: Pictures) -> nn.Module:
    """A DigitCNN trained as `run` says, its weights averaged over the last steps."""
    torch.manual_seed(run.seed)
    torch.set_num_threads(1)
    network = DigitCNN()
    average = moving_average(network, 0.999)
    steps = run.steps(len(pictures), BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1)
    for step, (bar, index) in enumerate(zip(progress(run, steps), shuffled(len(pictures), BATCH), strict=False)):
        x = inked(moved(pictures.images[index] / 255))
        loss = F.cross_entropy(network.logits(x), pictures.labels[index])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
        if step % 100 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}")
    return average.module


def moved(
    x: Tensor, shift: float = 2.0, turn: float = 12.0, bend: float = 0.8, dice: torch.Generator | None = None
) -> Tensor:
    """(B, 1, 28, 28), each turned by up to `turn` degrees, scaled by 0.8 to 1.2, sheared, shifted by a normal
    number of pixels with deviation `shift`, and bent by a smooth field of about `bend` pixels.

    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks", 2003.
    """
    b = len(x)
    angle = math.radians(turn) * (2 * torch.rand(b, generator=dice) - 1)
    scale = torch.exp(0.2 * (2 * torch.rand(2, b, generator=dice) - 1))
    shear = 0.2 * (2 * torch.rand(b, generator=dice) - 1)
    cos, sin = angle.cos(), angle.sin()
    offset = (shift * torch.randn(2, b, generator=dice)).clamp(-5, 5) / 14
    rows = [cos / scale[0], (shear - sin) / scale[0], offset[0], sin / scale[1], cos / scale[1], offset[1]]
    grid = F.affine_grid(torch.stack(rows, 1).view(b, 2, 3), list(x.shape), align_corners=False)
    field = F.interpolate(torch.randn(b, 2, 5, 5, generator=dice), (28, 28), mode="bicubic", align_corners=True)
    grid = grid + field.permute(0, 2, 3, 1) * torch.rand(b, 1, 1, 1, generator=dice) * bend / 14
    return F.grid_sample(x, grid, align_corners=False)


def inked(x: Tensor) -> Tensor:
    """(B, 1, 28, 28), strokes of some made wider or narrower, and all of them stronger or weaker."""
    kind, amount = torch.rand(len(x), 1, 1, 1), 0.7 * torch.rand(len(x), 1, 1, 1)
    wider, narrower = F.max_pool2d(x, 3, 1, 1), -F.max_pool2d(-x, 3, 1, 1)
    x = torch.where(kind < 0.2, x.lerp(wider, amount), x)
    x = torch.where(kind > 0.8, x.lerp(narrower, amount), x)
    return (x * (0.8 + 0.5 * torch.rand(len(x), 1, 1, 1))).clamp(0, 1)
