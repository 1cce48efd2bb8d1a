"""Operations on a network, against the same done by hand in PyTorch; and nobody else notices them."""

import copy
import json
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient
from torch import nn

from tests.app.features.test_networks_api import API, JSON, networks, tensors, told
from tests.models.examples import hooks_on


def given(looker: TestClient, name: str) -> torch.Tensor:
    return tensors(looker, f"{name}/input/sample-cat")["input"]


def by_hand(network: nn.Module, x: torch.Tensor, path: str, change: Any, call: int = 0) -> torch.Tensor:
    """What a copy of `network` says when `change` is made to one call of one module."""
    network, calls = copy.deepcopy(network), []

    def hook(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        calls.append(1)
        return change(output.clone()) if len(calls) == call + 1 else output

    network.get_submodule(path).register_forward_hook(hook)
    with torch.no_grad():
        return network(x)[0]


def muted(channels: list[int]) -> Any:
    def change(output: torch.Tensor) -> torch.Tensor:
        output[:, channels] = 0
        return output

    return change


def swapped(first: int, second: int) -> Any:
    def change(output: torch.Tensor) -> torch.Tensor:
        output[:, [first, second]] = output[:, [second, first]]
        return output

    return change


def scaled(channel: int, factor: float) -> Any:
    def change(output: torch.Tensor) -> torch.Tensor:
        output[:, channel] *= factor
        return output

    return change


def probabilities(looker: TestClient, name: str, *edits: dict[str, Any]) -> torch.Tensor:
    answer = told(looker, f"{name}/prediction/sample-cat", surgery=json.dumps(edits), limit=1000)
    found = sorted(answer["classes"], key=lambda one: one["index"])
    return torch.tensor([one["probability"] for one in found])


CHANGES = [
    ({"edit": "mute", "channels": [3, 4]}, muted([3, 4])),
    ({"edit": "scale", "channels": [5], "factor": -2}, scaled(5, -2)),
    ({"edit": "swap", "channels": [0, 7]}, swapped(0, 7)),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "change"), CHANGES)
@pytest.mark.parametrize("layer", ["conv1", "norm1", "block2.add", "block3.relu2", "dense"])
def test_a_changed_channel_changes_what_follows(looker: TestClient, edit: Any, change: Any, layer: str) -> None:
    module = networks(looker).shown("photo_cnn").module
    expected = by_hand(module, given(looker, "photo_cnn"), layer, change)
    found = probabilities(looker, "photo_cnn", {**edit, "layer": layer})
    assert torch.allclose(found, expected, atol=1e-6)
    if layer != "block3.relu2":  # some of its channels are dead
        assert not torch.equal(found, probabilities(looker, "photo_cnn"))


def test_one_call_of_a_module_is_changed_and_the_other_is_not(looker: TestClient) -> None:
    module, x = networks(looker).shown("resnet18").module, given(looker, "resnet18")
    for layer, call in (("layer1.0.relu", 0), ("layer1.0.relu:1", 1)):
        expected = by_hand(module, x, "layer1.0.relu", muted([1, 2, 3]), call).softmax(0)
        found = probabilities(looker, "resnet18", {"edit": "mute", "layer": layer, "channels": [1, 2, 3]})
        assert torch.allclose(found, expected, atol=1e-6)


def test_a_kernel_and_a_bias_are_replaced(looker: TestClient, one: str) -> None:
    module, kernel = copy.deepcopy(networks(looker).shown("digit_cnn").module), [[0.0] * 5, [1.0] * 5, *[[0.5] * 5] * 3]
    module.get_submodule("conv2").weight[3, 2] = torch.tensor(kernel)
    module.get_submodule("dense1").bias[7] = 0.75
    module.get_submodule("dense2").weight[1, 7] = -2.0
    edits = [
        {"edit": "kernel", "layer": "conv2", "output": 3, "input": 2, "values": kernel},
        {"edit": "bias", "layer": "dense1", "output": 7, "value": 0.75},
        {"edit": "kernel", "layer": "dense2", "output": 1, "input": 7, "values": -2},
    ]
    with torch.no_grad():
        x = tensors(looker, f"digit_cnn/input/{one}", center=False)["input"]
        expected = module(x)[0]
    answer = told(looker, f"digit_cnn/prediction/{one}", surgery=json.dumps(edits), center=False)
    for one in answer["classes"]:
        assert one["probability"] == pytest.approx(float(expected[one["index"]]), rel=1e-5)
        assert one["difference"] == pytest.approx(one["probability"] - one["original"], abs=1e-9)


def test_later_maps_follow_and_their_difference_is_given(looker: TestClient) -> None:
    surgery = json.dumps([{"edit": "mute", "layer": "relu1", "channels": [0, 1, 2]}])
    path = "photo_cnn/activations/sample-cat"
    layers = ["conv1", "relu1", "block1.add"]
    before, after = (tensors(looker, path, layer=layers, surgery=each) for each in ("", surgery))
    difference = tensors(looker, path, layer=layers, surgery=surgery, difference=True)
    assert torch.equal(before["conv1"], after["conv1"])
    assert after["relu1"][:, :3].abs().max() == 0
    for layer in layers:
        assert torch.equal(difference[layer], after[layer] - before[layer])
    assert difference["block1.add"].abs().max() > 0


def test_numbers_add_up_after_surgery_too(looker: TestClient) -> None:
    surgery = json.dumps([{"edit": "scale", "layer": "norm1", "channels": [2], "factor": 3}])
    path, unit = "photo_cnn/explanation/sample-cat", "2,9,9"
    found = told(looker, path, surgery=surgery, layer="norm1", unit=unit)
    assert found["terms"][0]["weight"] == 3
    assert found["value"] == pytest.approx(3 * told(looker, path, layer="norm1", unit=unit)["value"], rel=1e-6)


def test_nobody_else_notices(looker: TestClient) -> None:
    module = networks(looker).shown("photo_cnn").module
    weights = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    before = probabilities(looker, "photo_cnn")
    probabilities(looker, "photo_cnn", {"edit": "kernel", "layer": "conv1", "output": 0, "values": [[9.0] * 7] * 7})
    probabilities(looker, "photo_cnn", {"edit": "mute", "layer": "block1.add", "channels": [0]})
    assert all(torch.equal(tensor, weights[name]) for name, tensor in module.state_dict().items())
    assert not hooks_on(module)
    fresh = tensors(looker, "photo_cnn/activations/sample-cat", layer="softmax", top=0, left=0, size=300)
    assert fresh["softmax"].shape == (1, 10)
    assert torch.equal(probabilities(looker, "photo_cnn"), before)


BAD = [
    ("{", "surgery_invalid", "{"),
    ('{"edit": "mute"}', "surgery_invalid", "mute"),
    ('[{"edit": "burn", "layer": "conv1"}]', "surgery_invalid", "burn"),
    ('[{"edit": "mute", "layer": "conv1"}]', "surgery_invalid", "channels"),
    ('[{"edit": "mute", "layer": "conv1", "channels": []}]', "surgery_invalid", "channels"),
    ('[{"edit": "mute", "layer": "conv1", "channels": [32]}]', "out_of_range", "31"),
    ('[{"edit": "mute", "layer": "conv1", "channels": [-1]}]', "out_of_range", "-1"),
    ('[{"edit": "mute", "layer": "conv1", "channels": [0], "more": 1}]', "surgery_invalid", "more"),
    ('[{"edit": "scale", "layer": "conv1", "channels": [0], "factor": 1e9}]', "surgery_invalid", "factor"),
    ('[{"edit": "scale", "layer": "conv1", "channels": [0], "factor": NaN}]', "surgery_invalid", ""),
    ('[{"edit": "swap", "layer": "conv1", "channels": [0]}]', "surgery_invalid", "channels"),
    ('[{"edit": "kernel", "layer": "conv1", "output": 0, "values": [[1, 2], [3, 4]]}]', "kernel_shape", "7 × 7"),
    ('[{"edit": "kernel", "layer": "conv1", "output": 0, "values": [[1, 2], [3]]}]', "kernel_shape", "7 × 7"),
    ('[{"edit": "kernel", "layer": "conv1", "output": 40, "values": 1}]', "out_of_range", "40"),
    ('[{"edit": "kernel", "layer": "relu1", "output": 0, "values": 1}]', "layer_without_weights", "relu1"),
    ('[{"edit": "bias", "layer": "conv1", "output": 0, "value": 1}]', "layer_without_weights", "bias"),
    (json.dumps([{"edit": "bias", "layer": "dense", "output": 0, "value": 1}] * 65), "surgery_too_long", "64"),
]  # fmt: skip


@pytest.mark.parametrize(("surgery", "code", "quoted"), BAD)
def test_a_surgery_that_does_not_fit_is_quoted(looker: TestClient, surgery: str, code: str, quoted: str) -> None:
    answer = looker.get(f"{API}/photo_cnn/prediction/sample-cat", params={"surgery": surgery}, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == code, answer.text
    assert quoted in answer.json()["error"]["message"]


def test_a_layer_made_between_modules_cannot_be_changed_and_that_is_said(looker: TestClient) -> None:
    surgery = '[{"edit": "mute", "layer": "layer1.0.add", "channels": [0]}]'
    answer = looker.get(f"{API}/resnet18/prediction/sample-cat", params={"surgery": surgery}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "layer_untouchable"
    unknown = '[{"edit": "mute", "layer": "nowhere", "channels": [0]}]'
    answer = looker.get(f"{API}/resnet18/prediction/sample-cat", params={"surgery": unknown}, headers=JSON)
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["error"]["message"]
