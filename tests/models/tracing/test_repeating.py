"""A recording that is made by the calls of another is the one that watching the network again would give."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lente.models.networks import catalogue
from lente.models.stopping import Stopped, Token, under
from lente.models.tracing.recording import record
from lente.models.tracing.repeating import repeat, repeats
from tests.models.tracing.test_recording import copied_by_hooks


@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet"])
def test_what_is_repeated_equals_what_hooks_copy(name: str) -> None:
    network = catalogue.build(name).eval()
    grey, picture = torch.zeros(1, 3, 64, 64), torch.randn(1, 3, 64, 64)
    plan = record(network, grey)
    assert repeats(plan, picture)
    again, anew, oracle = repeat(plan, picture), record(network, picture), copied_by_hooks(network, picture)
    assert len(oracle) > 60
    for layer, output in oracle.items():
        assert torch.equal(again[layer], output), layer
    assert again.layers == anew.layers
    for layer, output in anew.outputs().items():
        assert torch.equal(again[layer], output), layer
    assert torch.equal(again.returned, network(picture))
    assert torch.equal(again.output(again.answers[()]), again.returned)
    assert torch.equal(again["input"], picture)
    assert not again.returned.requires_grad


def test_a_repeated_recording_keeps_its_input_when_the_picture_changes() -> None:
    plan, picture = record(nn.Conv2d(3, 2, 1), torch.zeros(1, 3, 4, 4)), torch.ones(1, 3, 4, 4)
    again = repeat(plan, picture)
    picture.zero_()
    assert (again["input"] == 1).all()
    assert (plan["input"] == 0).all()


class Bent(nn.Module):
    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.layer = nn.Conv2d(3, 3, 1)

    def forward(self, x: Tensor) -> Any:
        y: Tensor = self.layer(x)
        match self.what:
            case "branch":
                return F.relu(y) if x.sum() > 0 else y.sigmoid()
            case "number":
                return y * y.max().item()
            case "numpy":
                return y + torch.from_numpy(y.detach().numpy().copy())
            case "dice":
                return y + torch.rand(3, 1, 1)
            case "dropout":
                return F.dropout(y, 0.5, True)
            case "overwritten":
                return F.relu(y, inplace=True)
            case "constant":
                return y * torch.arange(3.0)[:, None, None]
            case "dict":
                return {"out": y}
        return F.relu(y)


@pytest.mark.parametrize("what", ["branch", "number", "numpy", "dice", "dropout", "overwritten", "constant", "dict"])
def test_no_network_is_repeated_whose_calls_a_number_may_change(what: str) -> None:
    x = torch.randn(1, 3, 4, 4)
    assert repeats(record(Bent("plain"), x), x)
    assert not repeats(record(Bent(what), x), x)


def test_another_shape_or_kind_of_number_is_not_repeated() -> None:
    plan = record(Bent("plain"), torch.zeros(1, 3, 4, 4))
    assert repeats(plan, torch.ones(1, 3, 4, 4))
    assert not repeats(plan, torch.ones(2, 3, 4, 4))
    assert not repeats(plan, torch.ones(1, 3, 4, 5))
    assert not repeats(plan, torch.ones(1, 3, 4, 4, dtype=torch.float64))


def test_repeating_ends_where_nobody_waits_any_more() -> None:
    plan, token = record(Bent("plain"), torch.zeros(1, 3, 4, 4)), Token()
    token.stop()
    with under(token), pytest.raises(Stopped):
        repeat(plan, torch.ones(1, 3, 4, 4))
