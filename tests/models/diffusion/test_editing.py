"""Pictures that start from a picture, keep a part of one, or give one back: against loops in plain PyTorch."""

import pytest
import torch
from torch import Tensor

from lente.models.diffusion.editing import filled, inverted
from lente.models.diffusion.sampling import Sampler, noise
from lente.models.diffusion.schedule import Schedule
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet

THREE = torch.tensor([3, 3])


@pytest.fixture
def sampler() -> Sampler:
    """With a network that has learnt nothing: what it answers is as definite as what a trained one does."""
    torch.manual_seed(0)
    return Sampler(DiffusionUNet().eval().requires_grad_(False), Schedule.cosine(), count=5)


@pytest.fixture
def clean() -> Tensor:
    return torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.fixture
def mask() -> Tensor:
    mask = torch.ones(2, 1, 28, 28)
    mask[..., 14:, :] = 0
    return mask


@pytest.mark.parametrize("again", [1, 3])
def test_filling_in_is_algorithm_1_of_repaint(sampler: Sampler, clean: Tensor, mask: Tensor, again: int) -> None:
    x, generator = noise(2, 5)
    *_, last = filled(sampler, x, clean, mask, THREE, generator, again)

    a, s, network = sampler.schedule.a, sampler.schedule.s, sampler.network
    x, generator = noise(2, 5)
    for step, earlier in [(1000, 800), (800, 600), (600, 400), (400, 200), (200, 0)]:
        for time in range(again):
            v = network(x, torch.tensor([step, step]), THREE)
            x0 = (a[step] * x - s[step] * v).clamp(-1, 1)
            new = a[earlier] * x0 + s[earlier] * (x - a[step] * x0) / s[step]
            known = a[earlier] * clean + s[earlier] * torch.randn(2, 1, 28, 28, generator=generator)
            x = mask * known + (1 - mask) * new
            if earlier and time < again - 1:
                beta = 1 - (a[step] / a[earlier]) ** 2
                x = (1 - beta).sqrt() * x + beta.sqrt() * torch.randn(2, 1, 28, 28, generator=generator)
    torch.testing.assert_close(last.after, x, rtol=0, atol=1e-3)


def test_what_is_known_is_kept_to_the_last_bit(sampler: Sampler, clean: Tensor, mask: Tensor) -> None:
    x, generator = noise(2, 5)
    *_, last = filled(sampler, x, clean, mask, THREE, generator)
    assert torch.equal(last.after[mask == 1], clean[mask == 1])
    assert not torch.isclose(last.after[mask == 0], clean[mask == 0]).any(dim=0).all()


def test_what_was_rubbed_out_plays_no_part(sampler: Sampler, clean: Tensor, mask: Tensor) -> None:
    pictures = []
    for beneath in (clean, torch.where(mask > 0, clean, -clean)):
        x, generator = noise(2, 5)
        *_, last = filled(sampler, x, beneath, mask, THREE, generator)
        pictures.append(last.after)
    assert torch.equal(*pictures)


def test_the_way_back_is_ddim_upwards(sampler: Sampler, clean: Tensor) -> None:
    *_, found = inverted(sampler, clean, THREE)
    a, s, x = sampler.schedule.a, sampler.schedule.s, clean
    for step, later in [(0, 200), (200, 400), (400, 600), (600, 800), (800, 1000)]:
        v = sampler.network(x, torch.tensor([max(step, 1)] * 2), THREE)
        x = a[later] * (a[step] * x - s[step] * v) + s[later] * (s[step] * x + a[step] * v)
    torch.testing.assert_close(found, x, rtol=0, atol=1e-3)


def test_there_and_back_ends_nearer_to_where_it_began_the_more_steps_there_are(sampler: Sampler, clean: Tensor) -> None:
    apart = []
    for count in (10, 60):
        many = Sampler(sampler.network, sampler.schedule, count)
        classes = torch.tensor([NO_CLASS] * 2)
        *_, x = inverted(many, 0.5 * clean, classes)
        *_, last = many.run(x, classes)
        apart.append((last.after - 0.5 * clean).square().mean().sqrt().item())
    assert apart[1] < apart[0]


def test_guidance_goes_from_not_told_to_told_and_past_it(sampler: Sampler) -> None:
    x = noise(2, 5)[0]
    step, untold, told = torch.tensor([700, 700]), torch.tensor([NO_CLASS] * 2), THREE
    without, with_class = (sampler.network(x, step, classes) for classes in (untold, told))
    for guidance in (0.0, 1.0, 4.0):
        found = Sampler(sampler.network, sampler.schedule, guidance=guidance).predict(x, 700, told).velocity
        torch.testing.assert_close(found, without + guidance * (with_class - without), rtol=0, atol=1e-4)
