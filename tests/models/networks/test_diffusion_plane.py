"""Diffusion in the plane: the best answer against autograd and torch's distributions, and the network against it."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from lente.models.diffusion import mixture
from lente.models.diffusion.schedule import Schedule
from lente.models.networks import catalogue
from lente.models.networks.diffusion_plane import PlaneDiffusion
from lente.models.training.diffusion_plane import MEASURED, NAME, SPACE, answer, flow

RARE = 0.01
SHUFFLES = 999


@pytest.fixture(scope="module")
def network() -> PlaneDiffusion:
    found = catalogue.load(NAME)
    assert isinstance(found, PlaneDiffusion)
    return found


@pytest.fixture(scope="module")
def points(network: PlaneDiffusion) -> Tensor:
    return network.points(catalogue.codes(SPACE).mu)


def shares(step: int) -> tuple[float, float]:
    schedule = Schedule.cosine()
    return schedule.a[step].item(), schedule.s[step].item()


@pytest.mark.parametrize("step", [1000, 700, 300, 60])
def test_the_score_is_the_gradient_of_the_mixtures_log_density(points: Tensor, step: int) -> None:
    a, s = shares(step)
    some = points[:500].double()
    x = torch.randn(20, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(step), requires_grad=True)
    bells = Independent(Normal(a * some, torch.full_like(some, s)), 1)
    density = MixtureSameFamily(Categorical(torch.ones(len(some))), bells).log_prob(x)
    (slope,) = torch.autograd.grad(density.sum(), x)
    torch.testing.assert_close(mixture.score(x.detach(), some, a, s), slope, rtol=1e-6, atol=1e-6)


def test_the_points_have_a_standard_deviation_of_1_along_both_axes(points: Tensor) -> None:
    torch.testing.assert_close(points.mean(0), torch.zeros(2), rtol=0, atol=1e-3)
    torch.testing.assert_close(points.std(0), torch.ones(2), rtol=0, atol=1e-3)


@pytest.mark.parametrize("step", MEASURED)
def test_no_answer_is_better_than_the_best_and_the_networks_is_close(
    network: PlaneDiffusion, points: Tensor, step: int
) -> None:
    a, s = shares(step)
    random = torch.Generator().manual_seed(step)
    clean = points[torch.randint(len(points), (2000,), generator=random)]
    noise = torch.randn(clean.shape, generator=random)
    x, true = a * clean + s * noise, a * noise - s * clean
    own, best = answer(network, x, a, s), mixture.velocity(x, points, a, s)
    least = F.mse_loss(best, true)
    assert least < F.mse_loss(own, true) + 2e-3  # they differ by less than 2,000 draws can tell at the noisy steps
    assert least < F.mse_loss(best + 0.2, true)
    figures = catalogue.card(NAME).figures
    assert F.mse_loss(own, best).item() == pytest.approx(figures[f"velocity_error_between_{step}"], rel=0.5, abs=0.003)
    assert F.mse_loss(own, true).item() == pytest.approx(figures[f"velocity_error_{step}"], rel=0.15)


def test_points_that_flow_out_of_noise_lie_as_the_codes_do(network: PlaneDiffusion, points: Tensor) -> None:
    """A thousand of them cannot be told from a thousand codes, what they were can."""
    random = torch.Generator().manual_seed(2026)
    codes = points[torch.randperm(len(points), generator=random)[:1000]]
    start = torch.randn(1000, 2, generator=random)
    ends = flow(lambda x, a, s: answer(network, x, a, s), start, Schedule.cosine())
    assert chance_of_being_alike(ends, codes) > RARE
    assert chance_of_being_alike(start, codes) < RARE


def chance_of_being_alike(ours: Tensor, theirs: Tensor) -> float:
    """How often two crowds, shuffled into one another, are as far apart as they are, by the energy distance.

    Szekely and Rizzo, "Testing for equal distributions in high dimension", 2004.
    """
    together = torch.cat([ours, theirs])
    far = torch.cdist(together, together).double()
    dice = torch.Generator().manual_seed(1)
    side = torch.cat([torch.ones(len(ours)), -torch.ones(len(theirs))]).double()
    sides = torch.stack([side, *(side[torch.randperm(len(side), generator=dice)] for _ in range(SHUFFLES))])
    apart = -((sides @ far) * sides).sum(1)  # of two crowds of one size that is their energy distance, but for a factor
    return float((apart >= apart[0]).double().mean())


def test_neighbours_mostly_end_at_the_same_digit(network: PlaneDiffusion) -> None:
    side = torch.linspace(-1.5, 1.5, 31)
    ends = flow(lambda x, a, s: answer(network, x, a, s), torch.cartesian_prod(side, side), Schedule.cosine())
    pictures = catalogue.load(SPACE).decode(ends * network.std + network.mean)  # type: ignore[operator]
    digits = catalogue.load("digit_cnn")(pictures).argmax(1).reshape(31, 31)
    same = torch.cat([(digits[1:] == digits[:-1]).flatten(), (digits[:, 1:] == digits[:, :-1]).flatten()])
    assert 0.7 < same.float().mean() < 0.99
    assert len(digits.unique()) >= 8
