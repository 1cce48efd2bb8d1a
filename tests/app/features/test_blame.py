"""What comes back from the loss to maps and weights of photo networks, against torch's own way back."""

from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from torch.nn import functional

from tests.app.features.test_attribution import logits_of
from tests.app.features.test_networks_api import API, JSON, networks, tensors, told

pytestmark = pytest.mark.slow
NETWORKS = [("photo_cnn", "conv1"), ("squeezenet1_1", "features.3.expand3x3")]


@pytest.mark.parametrize(("name", "layer"), NETWORKS)
def test_a_map_and_its_weight_get_back_what_torch_says(looker: TestClient, name: str, layer: str) -> None:
    x = tensors(looker, f"{name}/input/sample-cat")["input"]
    module, kept = networks(looker).shown(name).module, []

    def keep(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        kept.append(output)
        return output.clone()  # what follows in place leaves the kept one alone

    handle = module.get_submodule(layer).register_forward_hook(keep)
    weight = module.get_submodule(layer).weight.requires_grad_()
    with torch.enable_grad():
        loss = functional.cross_entropy(logits_of(looker, name)(x), torch.tensor([3]))
    handle.remove()
    back, gradient = torch.autograd.grad(loss, [kept[0], weight])
    weight.requires_grad_(False)
    channel = int(back[0].abs().amax((1, 2)).argmax())
    found = told(looker, f"{name}/blame/sample-cat", layer=layer, channel=channel, **{"class": 3})
    scale = float(back.abs().max())
    assert found["loss"] == pytest.approx(loss.item(), rel=1e-4)
    assert np.allclose(found["came_back"], back[0, channel], rtol=1e-3, atol=1e-5 * scale)
    assert found["unit"][0] == channel
    assert found["sum"]["total"] == pytest.approx(float(back[0][tuple(found["unit"])]), rel=1e-3, abs=1e-6 * scale)
    index = tuple(found["index"])
    assert gradient[index].abs() == gradient[channel].abs().max()
    assert found["weight"]["total"] == pytest.approx(gradient[index].item(), rel=1e-3)
    assert np.allclose(found["kernel"], gradient[index[:2]], rtol=1e-3, atol=1e-4 * float(gradient.abs().max()))


def test_a_place_and_a_weight_are_ones_own_choice(looker: TestClient) -> None:
    asked = {"layer": "conv1", "channel": 2, "place": "5,6", "weight": "2,1,0,3", "limit": 4}
    found = told(looker, "photo_cnn/blame/sample-cat", **asked)
    assert found["unit"] == [2, 5, 6]
    assert found["index"] == [2, 1, 0, 3]
    assert len(found["weight"]["terms"]) <= 4
    assert found["class"] == int(np.argmax(networks_answer(looker)))


def networks_answer(looker: TestClient) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    x = tensors(looker, "photo_cnn/input/sample-cat")["input"]
    with torch.no_grad():
        answer: np.ndarray[tuple[int], np.dtype[np.float32]] = logits_of(looker, "photo_cnn")(x)[0].numpy()
    return answer


def test_each_number_of_a_vector_is_a_map_of_one_pixel(looker: TestClient) -> None:
    x = tensors(looker, "photo_cnn/input/sample-cat")["input"]
    kept: list[torch.Tensor] = []
    handle = networks(looker).shown("photo_cnn").module.dense.register_forward_hook(lambda *call: kept.append(call[2]))
    with torch.enable_grad():
        loss = functional.cross_entropy(logits_of(looker, "photo_cnn")(x.requires_grad_()), torch.tensor([3]))
    handle.remove()
    (back,) = torch.autograd.grad(loss, kept)
    found = told(looker, "photo_cnn/blame/sample-cat", layer="dense", channel=7, **{"class": 3})
    assert found["unit"] == [7]
    assert found["sum"]["total"] == pytest.approx(float(back[0, 7]), rel=1e-3)


@pytest.mark.parametrize(
    ("query", "code", "quoted"),
    [
        ("layer=conv1&channel=900", "out_of_range", "900"),
        ("layer=conv1&place=5,600", "unknown_unit", "5,600"),
        ("layer=conv1&place=a", "bad_place", "a"),
        ("layer=conv1&weight=0,9,0,0", "bad_index", "9"),
        ("layer=conv1&class=5000", "bad_label", "5000"),
        ("layer=nowhere", "unknown_layer", "nowhere"),
    ],
)
def test_bad_questions_are_quoted(looker: TestClient, query: str, code: str, quoted: str) -> None:
    answer = looker.get(f"{API}/photo_cnn/blame/sample-cat?{query}", headers=JSON)
    error = answer.json()["error"]
    assert error["code"] == code, answer.text
    assert quoted in error["message"]
