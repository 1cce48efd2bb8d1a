"""Pictures out of noise, step by step.

One formula for both kinds (Song, Meng and Ermon, "Denoising diffusion implicit models", 2020, equation 12:
https://arxiv.org/abs/2010.02502), from step t to an earlier one:

    x' = a' x0 + sqrt(s'^2 - sigma^2) e + sigma z,    z from N(0, I)

where x0 is the estimate of the clean picture, cut to -1..1, and e the noise that then remains, (x - a x0) / s. DDIM:
sigma = 0. Ancestral (Ho, Jain and Abbeel, 2020): sigma = s'/s sqrt(1 - (a / a')^2).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet

DDIM, ANCESTRAL = "ddim", "ancestral"
KINDS = (DDIM, ANCESTRAL)
SIDE = 28


@dataclass(frozen=True)
class Predicted:
    """What the network answers to x, as velocities (B, 1, 28, 28): guided, told the class and not told it.

    `told` is None where guidance is 0, `untold` where it is 1: there the network runs once only.
    """

    velocity: Tensor
    told: Tensor | None
    untold: Tensor | None


@dataclass(frozen=True)
class Moment:
    """One step of B pictures, from `step` to `earlier`: x (B, 1, 28, 28) becomes `after`.

    Attributes:
        noise: what the network takes for noise in x.
        estimate: the clean picture that follows from it, cut to -1..1.
        remaining: the noise beside that estimate, (x - a estimate) / s; the same as `noise` where nothing was cut.
        sigma: how much fresh noise is put in; `fresh` is that noise, None where sigma is 0.
    """

    step: int
    earlier: int
    x: Tensor
    predicted: Predicted
    noise: Tensor
    estimate: Tensor
    remaining: Tensor
    sigma: float
    fresh: Tensor | None
    after: Tensor


@dataclass(frozen=True)
class Sampler:
    """A network and the way in which pictures are taken out of noise.

    Attributes:
        count: how many steps, 1 to STEPS, spread evenly over the schedule.
        kind: DDIM or ANCESTRAL.
        guidance: 0 takes no notice of the class, 1 is the network told it, more exaggerates the difference.
    """

    network: DiffusionUNet
    schedule: Schedule
    count: int = 25
    kind: str = DDIM
    guidance: float = 1.0

    def steps(self, start: int = STEPS) -> list[int]:
        """The steps that are visited, from `start` down to 0: as many of `count` as its share of the way."""
        count = max(1, math.ceil(self.count * start / STEPS))
        return [round(start * (count - i) / count) for i in range(count + 1)]

    def run(
        self, x: Tensor, classes: Tensor, start: int = STEPS, generator: torch.Generator | None = None
    ) -> Iterator[Moment]:
        """Step after step from x (B, 1, 28, 28) at `start` to a clean picture, told classes (B,)."""
        for step, earlier in pairwise(self.steps(start)):
            moment = self.step(x, step, earlier, classes, generator)
            yield moment
            x = moment.after

    def step(
        self, x: Tensor, step: int, earlier: int, classes: Tensor, generator: torch.Generator | None = None
    ) -> Moment:
        """x (B, 1, 28, 28) at `step` brought to an `earlier` one; `generator` gives the fresh noise of ANCESTRAL."""
        a, s = self.schedule.a[step].item(), self.schedule.s[step].item()
        next_a, next_s = self.schedule.a[earlier].item(), self.schedule.s[earlier].item()
        predicted = self.predict(x, step, classes)
        estimate = (a * x - s * predicted.velocity).clamp(-1, 1)
        remaining = (x - a * estimate) / s
        sigma = next_s / s * math.sqrt(max(0.0, 1 - (a / next_a) ** 2)) if self.kind == ANCESTRAL else 0.0
        after = next_a * estimate + math.sqrt(max(0.0, next_s**2 - sigma**2)) * remaining
        fresh = torch.randn(x.shape, generator=generator) if sigma else None
        after = after if fresh is None else after + sigma * fresh
        noise = s * x + a * predicted.velocity
        return Moment(step, earlier, x, predicted, noise, estimate, remaining, sigma, fresh, after)

    def predict(self, x: Tensor, step: int, classes: Tensor) -> Predicted:
        """The velocity that the network finds in x (B, 1, 28, 28), told classes (B,), with guidance w:
        untold + w (told - untold).

        Ho and Salimans, "Classifier-free diffusion guidance", 2022: https://arxiv.org/abs/2207.12598
        """
        steps, anything = torch.full((len(x),), step), torch.full_like(classes, NO_CLASS)
        if self.guidance == 1:
            told = self.network(x, steps, classes)
            return Predicted(told, told, None)
        if self.guidance == 0:
            untold = self.network(x, steps, anything)
            return Predicted(untold, None, untold)
        both = self.network(torch.cat([x, x]), torch.cat([steps, steps]), torch.cat([classes, anything]))
        told, untold = both.chunk(2)
        return Predicted(untold + self.guidance * (told - untold), told, untold)


def noise(count: int, seed: int) -> tuple[Tensor, torch.Generator]:
    """`count` pictures of noise (B, 1, 28, 28), whatever comes after each, and the generator for the rest."""
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([torch.randn(1, SIDE, SIDE, generator=generator) for _ in range(count)]), generator
