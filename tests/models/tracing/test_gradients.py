"""Gradients written out add up to what torch.autograd says, whatever the network."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import squeezenet1_1

from lente.models.errors import ModelError, Unexplained
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.photo_cnn import PhotoCNN
from lente.models.tracing.gradients import Backward, backward, by_picture, explain_unit, explain_weight
from lente.models.tracing.recording import record

DIGIT_LAYERS = ("input", "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "dense1", "relu3", "dense2")


def alive(network: nn.Module) -> nn.Module:
    """With statistics of its own where it has batch normalisation, as a trained network has."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
    return network.eval()


def scores(network: nn.Module, x: Tensor) -> Tensor:
    found: Tensor = network.logits(x) if hasattr(network, "logits") else network(x)  # type: ignore[operator]
    return found


def both(network: nn.Module, x: Tensor, labels: list[int]) -> tuple[Backward, dict[str, Tensor]]:
    """Ours, and torch's own gradient of every parameter; "loss" is the loss."""
    loss = functional.cross_entropy(scores(network, x), torch.tensor(labels))
    names = dict(network.named_parameters())
    theirs = torch.autograd.grad(loss, list(names.values()))
    return backward(record(network, x), labels), {**dict(zip(names, theirs, strict=True)), "loss": loss.detach()}


@pytest.fixture(scope="module")
def digits() -> tuple[Backward, dict[str, Tensor], nn.Module, Tensor]:
    torch.manual_seed(0)
    network, x = DigitCNN().eval(), torch.rand(3, 1, 28, 28)
    return *both(network, x, [3, 7, 3]), network, x


def close(total: float, theirs: Tensor, index: tuple[int, ...]) -> None:
    """To 1e-4, of the value or of a thousandth of the tensor's largest: float32 rounds its sums to that."""
    value = float(theirs[index])
    assert abs(total - value) <= 1e-4 * max(abs(value), 1e-3 * float(theirs.abs().max())), index


def test_every_kind_of_weight_of_the_digit_network_adds_up(
    digits: tuple[Backward, dict[str, Tensor], nn.Module, Tensor],
) -> None:
    back, theirs, network, _ = digits
    assert back.loss == pytest.approx(float(theirs["loss"]), rel=1e-6)
    dice = random.Random(1)
    for name, parameter in network.named_parameters():
        assert torch.allclose(back.parameters()[name], theirs[name], rtol=1e-4, atol=1e-8), name
        for _ in range(8):
            index = tuple(dice.randrange(size) for size in parameter.shape)
            explanation = explain_weight(back, name, index)
            close(explanation.total(), theirs[name], index)
            assert by_picture(explanation, 3).sum() == pytest.approx(explanation.total())


def test_a_kernels_terms_are_what_came_in_times_what_came_back(
    digits: tuple[Backward, dict[str, Tensor], nn.Module, Tensor],
) -> None:
    """Place by place: the pixel that lay under the weight, and torch's gradient of the map there."""
    back, _, network, x = digits
    assert isinstance(network, DigitCNN)
    made = network.conv1(x)
    rest = nn.Sequential(*list(network.children())[1:-1])
    loss = functional.cross_entropy(rest(made), torch.tensor([3, 7, 3]))
    (came_back,) = torch.autograd.grad(loss, made)
    explanation = explain_weight(back, "conv1.weight", (4, 0, 0, 2))
    for term, picture in list(zip(explanation.terms(), explanation.places[:, 0], strict=True))[::97]:
        _, row, column = term.unit
        assert term.layer == "conv1"
        assert term.input == pytest.approx(float(x[picture, 0, row - 2, column]))
        assert term.weight == pytest.approx(float(came_back[picture, 4, row, column]), rel=1e-4, abs=1e-9)
    assert len(explanation) == 3 * 26 * 28  # two rows of places have padding under it


def test_what_comes_back_walks_from_the_pixels_to_the_loss(
    digits: tuple[Backward, dict[str, Tensor], nn.Module, Tensor],
) -> None:
    back, _, _, _ = digits
    dice = random.Random(2)
    for layer, after in zip(DIGIT_LAYERS, [*DIGIT_LAYERS[1:], None], strict=True):
        shape = back.recording.unit_shape(back.recording.record(layer))
        for picture in (0, 2):
            unit = tuple(dice.randrange(size) for size in shape)
            explanation = explain_unit(back, layer, unit, picture)
            assert explanation.value == float(back[layer][(picture, *unit)])
            assert explanation.error() < 1e-4
            assert {term.layer for term in explanation.terms()} == {after}
    probability = explain_unit(back, "dense2", (7,), 1).terms()[0].input
    assert probability == pytest.approx(float(back.probabilities[1, 7]))
    assert explain_unit(back, "dense2", (7,), 1).value == pytest.approx((probability - 1) / 3, rel=1e-5)


def test_shut_and_beaten_units_get_nothing_and_say_from_where(
    digits: tuple[Backward, dict[str, Tensor], nn.Module, Tensor],
) -> None:
    back, _, _, _ = digits
    before, after = back.recording["conv1"][0], back.recording["pool1"][0]
    shut = tuple(int(i) for i in (before < 0).nonzero()[0])
    (term,) = explain_unit(back, "conv1", shut).terms()
    assert (term.layer, term.unit, term.weight) == ("relu1", shut, 0.0)
    opened = back.recording["relu1"][0]
    windows = opened.unfold(1, 2, 2).unfold(2, 2, 2).flatten(3)
    assert torch.equal(windows.amax(-1), after)
    c, i, j = (int(n) for n in ((windows > 0).sum(-1) == 4).nonzero()[0])
    weights = [explain_unit(back, "relu1", (c, 2 * i + k // 2, 2 * j + k % 2)).terms()[0].weight for k in range(4)]
    assert weights == [float(k == int(windows[c, i, j].argmax())) for k in range(4)]


@pytest.mark.slow
@pytest.mark.parametrize(("make", "side"), [(PhotoCNN, 64), (squeezenet1_1, 80)], ids=["photo_cnn", "squeezenet1_1"])
def test_two_hundred_weights_of_networks_for_photographs_add_up(make: type[nn.Module], side: int) -> None:
    torch.manual_seed(1)
    network = alive(make())
    x = torch.randn(1, 3, side, side)
    back, theirs = both(network, x, [5])
    dice = random.Random(3)
    names = [name for name in theirs if name != "loss"]
    for name in dice.choices(names, k=200):
        index = tuple(dice.randrange(size) for size in theirs[name].shape)
        close(explain_weight(back, name, index).total(), theirs[name], index)
    for layer in dice.choices([one for one in back.gradients() if one != "input"], k=40):
        unit = tuple(dice.randrange(size) for size in back.recording.unit_shape(back.recording.record(layer)))
        assert explain_unit(back, layer, unit).error() < 1e-4


class Odd(nn.Module):
    """Scores behind an operation that nobody has explained."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.dense = nn.Linear(2, 4)

    def forward(self, x: Tensor) -> Tensor:
        inner = torch.special.bessel_j0(self.conv(x)).mean((2, 3))
        found: Tensor = self.dense(inner)
        return found


def test_what_is_not_known_on_the_way_is_named() -> None:
    back = backward(record(Odd(), torch.rand(2, 1, 6, 6)), [0, 3])
    assert explain_weight(back, "dense.weight", (1, 0)).error() < 1e-4
    with pytest.raises(Unexplained, match="bessel_j0"):
        explain_weight(back, "conv.weight", (0, 0, 1, 1))
    with pytest.raises(Unexplained, match="bessel_j0"):
        explain_unit(back, "conv", (0, 1, 1))


@contextmanager
def told(code: str) -> Iterator[None]:
    with pytest.raises(ModelError) as caught:
        yield
    assert caught.value.code == code


def test_bad_input_is_told(digits: tuple[Backward, dict[str, Tensor], nn.Module, Tensor]) -> None:
    back, _, _, _ = digits
    with told("bad_label"):
        backward(back.recording, [1, 2, 10])
    with told("bad_label"):
        backward(back.recording, [1, 2])
    with told("unknown_parameter"):
        explain_weight(back, "conv9.weight", (0,))
    with told("bad_index"):
        explain_weight(back, "conv1.weight", (0, 0, 5, 0))
    with told("bad_unit"):
        explain_unit(back, "conv1", (0, 28, 0))
    with told("no_classes"):
        backward(record(nn.Conv2d(1, 1, 3), torch.rand(1, 1, 5, 5)), [0])


def test_a_weight_that_is_used_twice_has_the_terms_of_both_uses() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x: Tensor) -> Tensor:
            found: Tensor = self.conv(torch.relu(self.conv(x))).mean(3).flatten(1)
            return found

    torch.manual_seed(2)
    network = Twice()
    back, theirs = both(network, torch.rand(2, 1, 4, 4), [0, 2])
    explanation = explain_weight(back, "conv.weight", (0, 0, 1, 2))
    close(explanation.total(), theirs["conv.weight"], (0, 0, 1, 2))
    assert {term.layer for term in explanation.terms()} == {"conv", "conv:1"}
    assert np.isfinite(explanation.products).all()
