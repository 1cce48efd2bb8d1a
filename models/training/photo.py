"""Trains photo_cnn on Imagenette: small pictures first, larger ones later, and some pictures of nothing."""

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lente.models.networks.photo_cnn import CLASSES, PhotoCNN
from lente.models.training import augment
from lente.models.training.data import Pictures
from lente.models.training.outliers import nothings
from lente.models.training.run import Run, moving_average, progress, shuffled

BATCH = 64
PARTS = 2
RATE = 0.06
NOTHINGS = 4  # of each part
SMOOTHING = 0.1
TEMPERATURE = 0.65
SIZES = ((0.0, 96), (0.7, 112), (0.92, 128))  # from which share of the run on, which size in pixels


def train(run: Run, pictures: Pictures) -> nn.Module:
    """A PhotoCNN trained as `run` says, its weights averaged over the last steps."""
    torch.manual_seed(run.seed)
    random.seed(run.seed)
    torch.set_num_threads(1)
    network = PhotoCNN().to(memory_format=torch.channels_last)
    average = moving_average(network, 0.998)
    steps = run.steps(len(pictures), BATCH)
    optimiser = torch.optim.SGD(groups(network), lr=RATE, momentum=0.9, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.15, cycle_momentum=False)
    with ThreadPoolExecutor(PARTS) as pool:
        for step, (bar, index) in enumerate(zip(progress(run, steps), shuffled(len(pictures), BATCH), strict=False)):
            size = size_at(step / steps)
            parts = list(pool.map(partial(gradients, network, pictures, size), index.chunk(PARTS)))
            for parameter, *shares in zip(network.parameters(), *[grads for _, grads in parts], strict=True):
                parameter.grad = sum(shares) / PARTS
            optimiser.step()
            schedule.step()
            average.update_parameters(network)
            if step % 50 == 0:
                bar.set_postfix(loss=f"{parts[0][0]:.3f}", px=size)
            if step % 1000 == 999:
                torch.save(average.module.state_dict(), run.output / f"{run.name}.partial.pt")
    return sharpened(cast(PhotoCNN, average.module))


def gradients(network: PhotoCNN, pictures: Pictures, size: int, index: Tensor) -> tuple[float, list[Tensor]]:
    """The loss of part of a batch and its gradient. A thread for each part: they wait for each other once a step,
    not once an operation, which is what makes several threads slow on a busy machine."""
    x, targets = batch(pictures, index, size)
    with torch.autocast("cpu", torch.bfloat16):
        logits = network.logits(x)
    loss = F.cross_entropy(logits.float(), targets)
    return loss.item(), list(torch.autograd.grad(loss, list(network.parameters())))


@torch.no_grad()
def sharpened(network: PhotoCNN) -> PhotoCNN:
    """Smoothed and mixed targets teach too little confidence; dividing the scores by a temperature gives it back.

    Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", 2017.
    """
    network.dense.weight.div_(TEMPERATURE)
    network.dense.bias.div_(TEMPERATURE)
    return network


def groups(network: nn.Module) -> list[dict[str, object]]:
    """Weight decay for kernels and matrices, none for biases and normalisations."""
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    return [{"params": decayed, "weight_decay": 5e-4}, {"params": others, "weight_decay": 0.0}]


def size_at(share: float) -> int:
    """The size of the pictures when `share` of the run is over."""
    return [size for start, size in SIZES if start <= share][-1]


def batch(pictures: Pictures, index: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Augmented pictures (B, 3, size, size) and smoothed targets (B, 10); the last few are of nothing."""
    x = augment.random_crops(pictures.images[index], size) / 255
    targets = F.one_hot(pictures.labels[index], len(CLASSES)).float()
    targets = targets * (1 - SMOOTHING) + SMOOTHING / len(CLASSES)
    x, targets = augment.mixed(augment.jitter(x), targets)
    x[-NOTHINGS:] = nothings(x[-NOTHINGS:])
    targets[-NOTHINGS:] = 1 / len(CLASSES)
    return augment.normalised(x).contiguous(memory_format=torch.channels_last), targets
