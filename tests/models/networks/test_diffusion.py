"""The diffusion network: shapes, what it is told, and that every unit of it adds up."""

import random

import pytest
import torch

from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet, ToldUNet
from lente.models.tracing.explaining import explain
from lente.models.tracing.recording import record


def test_shapes() -> None:
    fresh = DiffusionUNet().eval()
    x = torch.randn(2, 1, 28, 28)
    assert fresh(x, torch.tensor([1, 1000]), torch.tensor([0, NO_CLASS])).shape == x.shape


def test_it_fits_the_box() -> None:
    assert (catalogue.FOLDER / "diffusion.safetensors").stat().st_size <= 4_000_000


def test_told_beforehand_it_is_the_same_network() -> None:
    torch.manual_seed(0)
    fresh, told = DiffusionUNet().eval(), ToldUNet(400, 3).eval()
    told.load_state_dict(fresh.state_dict())
    x = torch.randn(2, 1, 28, 28)
    assert torch.equal(told(x), fresh(x, torch.full((2,), 400), torch.full((2,), 3)))


def test_every_unit_adds_up() -> None:
    torch.manual_seed(0)
    network = ToldUNet(400, 3).requires_grad_(False).eval()
    recording = record(network, torch.randn(1, 1, 28, 28))
    chance = random.Random(0)
    for _ in range(1000):
        one = chance.choice(recording.records[1:])
        unit = tuple(chance.randrange(size) for size in one.shape[1:])
        found = explain(recording, one.name, unit)
        assert one.output is not None
        assert found.value == one.output[(0, *unit)].item()
        assert found.total() == pytest.approx(found.value, rel=1e-4, abs=1e-4), (one.name, unit)
