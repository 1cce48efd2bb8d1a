"""Trains digit_cnn on MNIST and on digits as Europe writes them, each moved, turned, scaled, bent and inked a little
differently each time, and on pictures of nothing, of which it learns to be unsure.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training import data, digit_outliers, strokes
from lente.models.training.data import Pictures
from lente.models.training.run import Run, moving_average, progress, shuffled

BATCH = 128
EUROPEAN = 12
NOTHINGS = 32
RATE = 4e-3
# How much it counts to be unsure of nothing, beside being right about digits.
UNSURE = 0.1
# Made once, then moved and inked anew each time.
MADE = {"european": 12_000, "nothings": 6_000}


def train(run: Run, pictures: Pictures) -> nn.Module:
    """A DigitCNN trained as `run` says, its weights averaged over the last steps."""
    torch.manual_seed(run.seed)
    torch.set_num_threads(1)
    network = DigitCNN()
    average = moving_average(network, 0.999)
    steps = run.steps(len(pictures), BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1)
    batches = zip(progress(run, steps), mixed(run, pictures), strict=False)
    for step, (bar, (images, labels)) in enumerate(batches):
        x = inked(moved(images / 255))
        loss = objective(network.logits(x), labels)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
        if step % 100 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}")
    return average.module


def objective(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy in nats of the first pictures, which `labels` (N,) name, and of the rest with ten equal chances."""
    known, nothing = logits[: len(labels)], logits[len(labels) :]
    unsure = -F.log_softmax(nothing, 1).mean()
    return F.cross_entropy(known, labels) + UNSURE * unsure


def mixed(run: Run, pictures: Pictures) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches for ever: digits of MNIST, European ones, and nothings (B, 1, 28, 28) uint8, with the digits' labels."""
    random = np.random.default_rng(run.seed)
    made = {kind: 100 if run.dry_run else count for kind, count in MADE.items()}
    written, names = strokes.european(made["european"], random)
    nothings = digit_outliers.all_kinds(made["nothings"], pictures, data.typefaces("normal"), random)
    others = zip(shuffled(len(written), EUROPEAN), shuffled(len(nothings), NOTHINGS), strict=True)
    for index, (hand, nothing) in zip(shuffled(len(pictures), BATCH), others, strict=True):
        images = torch.cat([pictures.images[index], written[hand], nothings[nothing]])
        yield images, torch.cat([pictures.labels[index], names[hand]])


def moved(
    x: Tensor, shift: float = 1.5, turn: float = 9.0, bend: float = 0.7, dice: torch.Generator | None = None
) -> Tensor:
    """(B, 1, 28, 28), each turned by up to `turn` degrees, scaled by 0.87 to 1.15, sheared, shifted by a normal
    number of pixels with deviation `shift`, and bent by a smooth field of about `bend` pixels.

    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks", 2003.
    """
    b = len(x)
    angle = math.radians(turn) * (2 * torch.rand(b, generator=dice) - 1)
    scale = torch.exp(0.14 * (2 * torch.rand(2, b, generator=dice) - 1))
    shear = 0.15 * (2 * torch.rand(b, generator=dice) - 1)
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
