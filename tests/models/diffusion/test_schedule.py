"""The schedule's sums, against what its formulas say."""

import math

import pytest
import torch
from torch import Tensor

from lente.models.diffusion.schedule import STEPS, Schedule

ALL = torch.arange(STEPS + 1)


def some(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(count, 1, 28, 28, generator=generator) * 2 - 1, torch.randn(count, 1, 28, 28, generator=generator)


def test_the_squares_of_the_shares_make_one() -> None:
    schedule = Schedule.cosine()
    assert schedule.a.shape == schedule.s.shape == (STEPS + 1,)
    torch.testing.assert_close(schedule.a.square() + schedule.s.square(), torch.ones(STEPS + 1), atol=1e-6, rtol=0)


def test_it_begins_with_the_picture_and_ends_with_noise() -> None:
    schedule = Schedule.cosine()
    assert (schedule.a[0].item(), schedule.s[0].item()) == (1.0, 0.0)
    assert schedule.a[STEPS].item() < 0.01
    assert (schedule.a.diff() < 0).all()
    assert (schedule.s.diff()[:-1] > 0).all()


def test_it_is_the_cosine_of_nichol_and_dhariwal() -> None:
    def kept(share: float) -> float:
        return math.cos((share + 0.008) / 1.008 * math.pi / 2) ** 2

    for step in (1, 100, 500, 900, 990):
        expected = math.sqrt(kept(step / STEPS) / kept(0))
        assert Schedule.cosine().a[step].item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("step", [1, 250, 500, 999])
def test_noisy_pictures_have_the_mean_and_the_variance_that_the_formula_says(step: int) -> None:
    schedule = Schedule.cosine()
    clean, _ = some(1)
    count = 4000
    noise = torch.randn(count, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    x = schedule.noisy(clean.expand(count, -1, -1, -1), noise, torch.full((count,), step))
    a, s = schedule.a[step], schedule.s[step]
    # Five standard errors: of 784 means and variances the farthest is some four away.
    assert (x.mean(0) - a * clean[0]).abs().max() < 5 * s / math.sqrt(count)
    assert (x.var(0) / s**2 - 1).abs().max() < 5 * math.sqrt(2 / count)


def test_picture_and_noise_follow_from_the_velocity() -> None:
    schedule, step = Schedule.cosine(), torch.tensor([1, 300, 700, 1000])
    clean, noise = some(4)
    x, velocity = schedule.noisy(clean, noise, step), schedule.velocity(clean, noise, step)
    torch.testing.assert_close(schedule.clean(x, velocity, step), clean, atol=1e-5, rtol=0)
    torch.testing.assert_close(schedule.noise(x, velocity, step), noise, atol=1e-5, rtol=0)
