"""Pictures out of noise that start from a picture, keep a part of one, or give one back.

Start from a picture: noise is put into it up to a step in the middle, and taken out from there (Meng, He, Song, Song,
Wu, Zhu and Ermon, "SDEdit", 2021: https://arxiv.org/abs/2108.01073): `Schedule.noisy`, then `Sampler.run` from that
step.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor

from lente.models.diffusion.sampling import Moment, Sampler


def filled(
    sampler: Sampler,
    x: Tensor,
    known: Tensor,
    mask: Tensor,
    classes: Tensor,
    generator: torch.Generator,
    again: int = 1,
) -> Iterator[Moment]:
    """Step after step from noise x (B, 1, 28, 28) to pictures that are `known` where `mask` is 1, new where it is 0.

    Known pixels are, after each step, what the known picture is with so much noise in it. Each step is done `again`
    times, with the noise of that step put back between: so the new part hears of the known one (Lugmayr, Danelljan,
    Romero, Yu, Timofte and Van Gool, "RePaint", 2022, algorithm 1: https://arxiv.org/abs/2201.09865).

    Args:
        known: (B, 1, 28, 28) in -1..1; what it is where the mask is 0 plays no part.
        mask: (B, 1, 28, 28) of ones and zeros.
        classes: what the pictures shall be, (B,).
        generator: gives the noise of the known pixels and that which is put back.
        again: times that each step is done, 1 or more.
    """
    schedule = sampler.schedule
    for step, earlier in pairwise(sampler.steps()):
        for time in range(again):
            moment = sampler.step(x, step, earlier, classes, generator)
            noise = torch.randn(x.shape, generator=generator)
            there = schedule.noisy(known, noise, torch.full((len(x),), earlier))
            moment = replace(moment, after=torch.where(mask > 0, there, moment.after))
            yield moment
            x = moment.after
            if time + 1 < again and earlier:
                share = schedule.a[step] / schedule.a[earlier]
                x = share * x + (1 - share.square()).sqrt() * torch.randn(x.shape, generator=generator)


def inverted(sampler: Sampler, clean: Tensor, classes: Tensor) -> Iterator[Tensor]:
    """The way back: the noise out of which DDIM makes these pictures, nearly. x (B, 1, 28, 28) after each step upwards.

    Each step takes the velocity at its beginning for that of its whole length, as DDIM does at the other end: the more
    steps, the nearer do both ways come (Song, Meng and Ermon, 2020, section 4.3: https://arxiv.org/abs/2010.02502).

    Args:
        clean: (B, 1, 28, 28) in -1..1.
        classes: what they are, (B,), or NO_CLASS.
    """
    schedule, x = sampler.schedule, clean
    for step, later in pairwise(reversed(sampler.steps())):
        a, s = schedule.a[step], schedule.s[step]
        velocity = sampler.predict(x, max(step, 1), classes).velocity  # the network knows no step 0
        x = schedule.a[later] * (a * x - s * velocity) + schedule.s[later] * (s * x + a * velocity)
        yield x
