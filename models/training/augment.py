"""Random changes of photographs that leave what they show."""

import math
import random

import torch
import torch.nn.functional as F
from torch import Tensor

from lente.models.networks.photo_cnn import MEAN, STD


def random_crops(images: Tensor, size: int, smallest: float = 0.25) -> Tensor:
    """(B, 3, H, W) uint8 to (B, 3, size, size) uint8: a random part of each, at least `smallest` of its area."""
    return torch.stack([random_crop(image, size, smallest) for image in images])


def random_crop(image: Tensor, size: int, smallest: float) -> Tensor:
    """One random part, its sides at most 4 to 3, resized with antialiasing and mirrored half of the time."""
    height, width = image.shape[-2:]
    area = random.uniform(smallest, 1) * height * width
    ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
    h, w = min(height, round(math.sqrt(area / ratio))), min(width, round(math.sqrt(area * ratio)))
    top, left = random.randint(0, height - h), random.randint(0, width - w)
    part = image[None, :, top : top + h, left : left + w]
    part = F.interpolate(part, (size, size), mode="bilinear", antialias=True)[0]
    return part.flip(-1) if random.random() < 0.5 else part


def jitter(x: Tensor, strength: float = 0.3) -> Tensor:
    """Brightness, contrast and saturation of (B, 3, H, W) in 0..1, each by a random factor about 1."""
    factors = 1 + strength * (2 * torch.rand(3, len(x), 1, 1, 1) - 1)
    x = x * factors[0]
    x = torch.lerp(x.mean((1, 2, 3), keepdim=True), x, factors[1])
    return torch.lerp(x.mean(1, keepdim=True), x, factors[2]).clamp(0, 1)


def normalised(x: Tensor) -> Tensor:
    """(B, 3, H, W) in 0..1, less MEAN, over STD."""
    return (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def mixed(x: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Each picture with a little of another, and the targets likewise. Zhang et al., "mixup", 2017."""
    share = float(torch.distributions.Beta(0.2, 0.2).sample())
    order = torch.randperm(len(x))
    return torch.lerp(x[order], x, share), torch.lerp(targets[order], targets, share)
