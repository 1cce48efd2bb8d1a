"""The terms shown make the value shown, for any unit, and every term's input is what the layer before computed."""

import random

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lente.models.errors import ModelError
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.tracing.explaining import Explanation, explain
from lente.models.tracing.recording import Recording, record
from tests.models.examples import TORCHVISION, TUTORIALS, recorded, tutorial_network

pytestmark = pytest.mark.slow


def random_units(recording: Recording, count: int, seed: int = 0) -> list[tuple[str, tuple[int, ...]]]:
    """Units of all layers in turn."""
    dice = random.Random(seed)
    layers = recording.layers * (count // len(recording.layers) + 1)
    shapes = [recording.unit_shape(recording.record(layer)) for layer in layers[:count]]
    return [(layer, tuple(dice.randrange(n) for n in shape)) for layer, shape in zip(layers, shapes, strict=False)]


def check(recording: Recording, explanation: Explanation, tolerance: float) -> None:
    assert explanation.error() < tolerance, (explanation.layer, explanation.unit)
    for term in explanation.terms(limit=3, order="contribution"):
        if term.layer is not None:
            source = recording[term.layer]
            whole = (0, *term.unit) if recording.has_batch(recording.record(term.layer)) else term.unit
            assert float(source[whole]) == term.input, (explanation.layer, term)


def test_a_thousand_units_of_the_digit_network_add_up() -> None:
    torch.manual_seed(0)
    recording = record(DigitCNN().eval(), torch.rand(1, 1, 28, 28))
    assert recording.layers[:3] == ["conv1", "relu1", "pool1"]
    for layer, unit in random_units(recording, 1000):
        check(recording, explain(recording, layer, unit), 1e-5)


@pytest.mark.parametrize("name", TORCHVISION)
def test_a_thousand_units_of_torchvisions_networks_add_up(name: str) -> None:
    recording = recorded(name)
    for layer, unit in random_units(recording, 1000):
        check(recording, explain(recording, layer, unit), 1e-4)


@pytest.mark.parametrize("name", TUTORIALS)
def test_all_operations_of_tutorials_add_up(name: str) -> None:
    torch.manual_seed(3)
    recording = record(tutorial_network(name), torch.randn(1, 3, 16, 16))
    for layer, unit in random_units(recording, 20 * len(recording.layers)):
        check(recording, explain(recording, layer, unit), 1e-5)


def test_a_convolution_shows_its_kernel_as_it_is_applied() -> None:
    layer = nn.Conv2d(2, 3, 3, padding=1)
    recording = record(nn.Sequential(layer), torch.randn(1, 2, 5, 5))
    corner = explain(recording, "0", (1, 0, 4))
    assert corner.shape == (2, 3, 3)
    assert np.allclose(corner.weights.reshape(2, 3, 3), layer.weight[1].detach().numpy())
    padding = [term.unit for term in corner.terms() if term.layer is None]
    assert padding == [
        (c, y, x) for c in range(2) for y in (-1, 0, 1) for x in (3, 4, 5) if not (0 <= y < 5 and 0 <= x < 5)
    ]
    assert corner.bias == pytest.approx(layer.bias[1].item())
    parts = F.conv2d(recording["input"].transpose(0, 1), layer.weight[1][:, None], padding=1)
    assert corner.by_channel() == pytest.approx([parts[c, c, 0, 4].item() for c in range(2)], rel=1e-5)


def test_contributions_come_largest_first_and_a_page_at_a_time() -> None:
    recording = record(nn.Sequential(nn.Flatten(), nn.Linear(48, 2)), torch.randn(1, 3, 4, 4))
    explanation = explain(recording, "1", [1])
    sizes = [abs(term.product) for term in explanation.terms(order="contribution")]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == len(explanation) == 48
    assert explanation.terms(limit=5, order="contribution", start=5) == explanation.terms(order="contribution")[5:10]
    plain = explanation.as_dict(limit=4, order="contribution")
    assert (plain["count"], len(plain["terms"]), plain["unit"]) == (48, 4, [1])
    assert set(plain["terms"][0]) == {"input", "weight", "product", "layer", "unit", "kind"}


def test_one_can_walk_from_a_probability_to_a_pixel() -> None:
    recording = record(DigitCNN().eval(), torch.rand(1, 1, 28, 28))
    layer, unit = recording.layers[-1], (3,)
    steps = [layer]
    while layer != "input":
        explanation = explain(recording, layer, unit)
        term = next(term for term in explanation.terms(order="contribution") if term.layer is not None)
        layer, unit = term.layer, term.unit
        assert len(recording.unit_shape(recording.record(layer))) == len(unit)
        steps.append(layer)
    assert steps == ["softmax", "dense2", "relu3", "dense1", "flatten", "pool2", "relu2", "conv2", "pool1", "relu1",
                     "conv1", "input"]  # fmt: skip
    pixel = explain(recording, "input", unit)
    assert (pixel.combine, pixel.value, len(pixel)) == ("input", float(recording["input"][0][unit]), 0)


def test_softmax_gives_the_exponentials() -> None:
    recording = record(nn.Sequential(nn.Softmax(dim=1)), torch.tensor([[1.0, 3.0, 2.0]]))
    explanation = explain(recording, "0", (2,))
    assert explanation.combine == "softmax"
    assert explanation.inputs.tolist() == [1, 3, 2]
    assert explanation.products == pytest.approx(np.exp([-2, 0, -1]))
    assert explanation.products[explanation.own] / explanation.products.sum() == pytest.approx(explanation.value)


def test_max_pooling_names_the_winner() -> None:
    x = torch.tensor([[[[7.0, 3, 5, 2], [8, 7, 1, 6], [4, 9, 3, 9], [0, 8, 4, 5]]]])
    explanation = explain(record(nn.Sequential(nn.MaxPool2d(2)), x), "0", (0, 0, 0))
    assert [(term.input, term.weight, term.unit) for term in explanation.terms()] == [
        (7, 0, (0, 0, 0)),
        (3, 0, (0, 0, 1)),
        (8, 1, (0, 1, 0)),
        (7, 0, (0, 1, 1)),
    ]


def test_batch_normalisation_states_its_statistics() -> None:
    norm = nn.BatchNorm2d(2).eval()
    norm.running_mean, norm.running_var = torch.tensor([1.0, 2.0]), torch.tensor([4.0, 9.0])
    norm.weight.data, norm.bias.data = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 5.0])
    x = torch.randn(1, 2, 3, 3)
    explanation = explain(record(nn.Sequential(norm), x), "0", (1, 2, 0))
    assert explanation.details["mean"] == 2
    assert explanation.details["variance"] == 9
    assert explanation.weights[0] == pytest.approx(1, rel=1e-5)
    assert explanation.bias == pytest.approx(3, rel=1e-5)


def test_statistics_of_the_batch_explain_a_network_in_training() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5)).train()
    recording = record(network, torch.randn(3, 3, 8, 8))
    for layer, unit in random_units(recording, 100):
        for picture in range(3):
            explanation = explain(recording, layer, unit, picture)
            assert explanation.error() < 1e-5
            assert explanation.value == float(recording[layer][picture][unit])


def test_each_picture_of_a_batch_is_explained_by_itself() -> None:
    network, x = tutorial_network("multi_branch"), torch.randn(4, 3, 16, 16)
    together, alone = record(network, x), record(network, x[2:3])
    one, other = (explain(each, "add", (3, 4, 5), picture) for each, picture in ((together, 2), (alone, 0)))
    assert one.value == pytest.approx(other.value, rel=1e-5)
    assert one.terms()[0].input == pytest.approx(other.terms()[0].input, rel=1e-5)


@pytest.mark.parametrize("unit", [(0, 0), (9, 0, 0), (0, 0, -1), (0, 0, 14), (0, 0.5, 0), ("a", 0, 0)])
def test_a_unit_out_of_range_is_quoted_with_the_shape(unit: tuple[int, ...]) -> None:
    recording = record(tutorial_network("multi_branch"), torch.randn(1, 3, 14, 14))
    with pytest.raises(ModelError, match=r"is not in 'large', whose shape is \[4, 14, 14\]") as caught:
        explain(recording, "large", unit)
    assert (caught.value.code, caught.value.field) == ("bad_unit", "unit")


class Unusual(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.fft.fft(x).real


def test_an_operation_that_is_not_known_is_named() -> None:
    recording = record(nn.Sequential(Unusual()), torch.randn(1, 3, 4, 4))
    with pytest.raises(ModelError, match=r"fft_fft in Unusual") as caught:
        explain(recording, recording.layers[0], (0, 0, 0))
    assert caught.value.code == "unexplained"


def test_a_layer_whose_input_was_not_kept_says_so() -> None:
    recording = record(nn.Sequential(nn.ReLU(), nn.Conv2d(3, 1, 1)), torch.randn(1, 3, 4, 4), ["1"])
    with pytest.raises(ModelError, match=r"the output of '0' was not kept"):
        explain(recording, "1", (0, 0, 0))
