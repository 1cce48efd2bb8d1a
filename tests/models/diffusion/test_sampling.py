"""Sampling, against a plain loop of PyTorch that knows nothing of ours but the network and the schedule."""

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from lente.models.diffusion.sampling import ANCESTRAL, DDIM, Sampler, noise
from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet


@pytest.fixture(scope="module")
def random_network() -> DiffusionUNet:
    torch.manual_seed(3)
    return DiffusionUNet().requires_grad_(False).eval()


@pytest.fixture(scope="module")
def trained() -> DiffusionUNet:
    network = catalogue.load("diffusion")
    assert isinstance(network, DiffusionUNet)
    return network


def plainly(network: nn.Module, count: int, labels: Tensor, kind: str, guidance: float, seed: int) -> Tensor:
    """The pictures that sampling ends with, as one would write it down from the papers."""
    schedule = Schedule.cosine()
    generator = torch.Generator().manual_seed(seed)
    x = torch.stack([torch.randn(1, 28, 28, generator=generator) for _ in labels])
    steps = [round(STEPS * (count - i) / count) for i in range(count + 1)]
    for now, then in pairwise(steps):
        a, s = schedule.a[now].item(), schedule.s[now].item()
        b, r = schedule.a[then].item(), schedule.s[then].item()
        at = torch.full((len(x),), now)
        anything = torch.full_like(labels, 10)
        if guidance == 1:
            v = network(x, at, labels)
        elif guidance == 0:
            v = network(x, at, anything)
        else:
            told, untold = network(torch.cat([x, x]), torch.cat([at, at]), torch.cat([labels, anything])).chunk(2)
            v = untold + guidance * (told - untold)
        clean = (a * x - s * v).clamp(-1, 1)
        rest = (x - a * clean) / s
        sigma = r / s * math.sqrt(max(0.0, 1 - (a / b) ** 2)) if kind == ANCESTRAL else 0.0
        x = b * clean + math.sqrt(max(0.0, r**2 - sigma**2)) * rest
        if sigma:
            x = x + sigma * torch.randn(x.shape, generator=generator)
    return x


@pytest.mark.parametrize("kind", [DDIM, ANCESTRAL])
@pytest.mark.parametrize("guidance", [0.0, 1.0, 3.0])
def test_sampling_is_the_plain_loop_bit_for_bit(random_network: DiffusionUNet, kind: str, guidance: float) -> None:
    labels = torch.tensor([3, 7])
    x, generator = noise(2, 5)
    *_, last = Sampler(random_network, Schedule.cosine(), 6, kind, guidance).run(x, labels, generator=generator)
    assert torch.equal(last.after, plainly(random_network, 6, labels, kind, guidance, 5))


def test_guidance_1_is_the_network_that_is_told_and_0_the_one_that_is_not(random_network: DiffusionUNet) -> None:
    x, labels, at = noise(2, 1)[0], torch.tensor([4, 9]), torch.full((2,), 600)
    schedule = Schedule.cosine()
    told = Sampler(random_network, schedule, guidance=1).predict(x, 600, labels)
    untold = Sampler(random_network, schedule, guidance=0).predict(x, 600, labels)
    assert torch.equal(told.velocity, random_network(x, at, labels))
    assert torch.equal(untold.velocity, random_network(x, at, torch.full((2,), NO_CLASS)))
    near = Sampler(random_network, schedule, guidance=1.000001).predict(x, 600, labels)
    torch.testing.assert_close(near.velocity, told.velocity, atol=1e-4, rtol=0)


def test_a_picture_does_not_depend_on_how_many_follow() -> None:
    assert torch.equal(noise(3, 8)[0][:1], noise(1, 8)[0])


@pytest.mark.parametrize("kind", [DDIM, ANCESTRAL])
def test_each_step_is_the_sum_that_is_shown(random_network: DiffusionUNet, kind: str) -> None:
    schedule = Schedule.cosine()
    x, generator = noise(1, 2)
    for one in Sampler(random_network, schedule, 5, kind).run(x, torch.tensor([1]), generator=generator):
        a, s = schedule.a[one.step], schedule.s[one.step]
        torch.testing.assert_close(a * one.estimate + s * one.remaining, one.x, atol=1e-5, rtol=0)
        fresh = torch.zeros_like(x) if one.fresh is None else one.fresh
        kept = math.sqrt(max(0.0, schedule.s[one.earlier].item() ** 2 - one.sigma**2))
        made = schedule.a[one.earlier] * one.estimate + kept * one.remaining + one.sigma * fresh
        torch.testing.assert_close(made, one.after, atol=1e-5, rtol=0)


def test_what_is_left_is_read_as_the_digit_that_was_asked_for(trained: DiffusionUNet) -> None:
    labels = torch.arange(10).repeat_interleave(4)
    x, generator = noise(len(labels), 0)
    *_, last = Sampler(trained, Schedule.cosine()).run(x, labels, generator=generator)
    read = catalogue.load("digit_cnn")((last.after.clamp(-1, 1) + 1) / 2).argmax(1)
    assert (read == labels).float().mean() >= 0.9


def test_the_guess_settles_on_the_way(trained: DiffusionUNet) -> None:
    labels = torch.arange(10)
    x, generator = noise(10, 4)
    moments = list(Sampler(trained, Schedule.cosine()).run(x, labels, generator=generator))
    off = torch.tensor([(one.estimate - moments[-1].after).square().mean() for one in moments])
    thirds = [part.mean().item() for part in off.tensor_split(3)]
    assert thirds[0] > thirds[1] > thirds[2]
