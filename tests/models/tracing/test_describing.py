"""Shapes, parameters and multiplications agree with torchvision's and PyTorch's own figures."""

import pytest
import torch
import torchvision
from torch import nn
from torch.nn.utils.parametrizations import weight_norm
from torch.utils.flop_counter import FlopCounterMode

from lente.models.tracing.describing import describe
from tests.models.examples import TORCHVISION, TUTORIALS, Shared, tutorial_network


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCHVISION)
def test_figures_agree_with_torchvisions(name: str) -> None:
    network = torchvision.models.get_model(name, weights=None).eval()
    meta = next(iter(torchvision.models.get_model_weights(name))).meta
    layers = describe(network, (3, 224, 224))
    assert sum(layer.parameters for layer in layers) == meta["num_params"]
    assert sum(layer.macs for layer in layers) / 1e9 == pytest.approx(meta["_ops"], rel=0.01)


@pytest.mark.parametrize("name", TUTORIALS)
def test_multiplications_agree_with_the_flop_counter(name: str) -> None:
    network = tutorial_network(name)
    layers = describe(network, (3, 16, 16))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 3, 16, 16))
    assert sum(layer.macs for layer in layers) * 2 == counter.get_total_flops()
    assert sum(layer.parameters for layer in layers) == sum(p.numel() for p in network.parameters())
    assert all(layer.receptive_field is not None for layer in layers)


def test_a_layer_is_described() -> None:
    network = torchvision.models.resnet18(weights=None).eval()
    layers = {layer.name: layer for layer in describe(network, (3, 224, 224))}
    first = layers["conv1"]
    assert (first.operation, first.module_type, first.shape) == ("conv2d", "Conv2d", (64, 112, 112))
    assert first.inputs == ("input",)
    assert (first.parameters, first.macs) == (9408, 9408 * 112 * 112)
    assert first.weights == {"conv1.weight": (64, 3, 7, 7)}
    assert first.settings["stride"] == [2, 2]
    assert first.receptive_field.size == (7, 7)
    assert layers["layer2.0.add"].inputs == ("layer2.0.bn2", "layer2.0.downsample.1")
    assert layers["maxpool"].settings["kernel_size"] == 3
    assert layers["fc"].shape == (1000,)


def test_shared_layers_count_their_parameters_once() -> None:
    layers = {layer.name: layer for layer in describe(Shared(), (3, 8, 8))}
    assert layers["conv"].parameters == 84
    assert layers["conv:1"].parameters == 0
    assert layers["conv:1"].weights == layers["conv"].weights
    assert layers["conv:1"].macs == layers["conv"].macs > 0


def test_parameters_from_which_a_weight_is_computed_belong_to_its_layer() -> None:
    layers = describe(nn.Sequential(weight_norm(nn.Conv2d(3, 4, 3)), nn.ReLU()), (3, 8, 8))
    assert {layer.operation: layer.parameters for layer in layers if layer.operation != "constant"} == {
        "conv2d": 4 * 27 + 4 + 4,
        "relu": 0,
    }
    assert sum(layer.parameters for layer in layers) == 4 * 27 + 4 + 4


def test_a_network_in_training_is_described_and_left_alone() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).train()
    assert len(describe(network, (3, 8, 8))) == 2
    assert network.training
    assert network[1].num_batches_tracked == 0
