"""A layer taken away: the file opens, says where it comes from, and its lines of PyTorch make the same numbers."""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from safetensors import safe_open

from lente.models import pretrained
from lente.models.networks import catalogue
from tests.app.features.test_networks_api import API, JSON, tensors, told

pytestmark = pytest.mark.slow

SURGERY = json.dumps(
    [
        {"edit": "mute", "layer": "conv1", "channels": [0, 3]},
        {"edit": "swap", "layer": "layer1.0.relu:1", "channels": [4, 5]},
        {"edit": "scale", "layer": "layer1.0.relu", "channels": [2], "factor": 1.5},
        {"edit": "kernel", "layer": "layer1.1.conv1", "output": 1, "input": 2, "values": [[0.1] * 3] * 3},
        {"edit": "bias", "layer": "bn1", "output": 1, "value": 0.25},
    ]
)
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("photo_cnn", "block2.add", {}),
    ("photo_cnn", "relu1", {"top": 20, "left": 30.5, "size": 200}),
    ("photo_cnn", "conv1", {"mean": [0.1, -0.2, 0.3], "std": [0.5, 1, 2]}),
    ("resnet18", "layer2.0.relu:1", {}),
    ("resnet18", "layer1.0.add", {}),
    ("resnet18", "layer2.0.bn2", {"surgery": SURGERY}),
    ("squeezenet1_1", "features.3.cat", {}),
    ("digit_cnn", "dense1", {"center": False}),
]


@pytest.mark.parametrize("case", CASES)
def test_its_lines_make_the_same_numbers(
    looker: TestClient,
    one: str,
    box: Path,
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[str, str, dict[str, Any]],
) -> None:
    name, layer, query = case
    image = one if name == "digit_cnn" else "sample-cat"
    code = told(looker, f"{name}/manifest/{image}", layer=layer, **query)["code"]
    exported = looker.get(f"{API}/{name}/export/{image}", params={"layer": layer, **query})
    (tmp_path / "layer.npz").write_bytes(exported.content)
    picture = looker.get(f"/api/images/{image}", headers={"Accept": "image/png"})
    (tmp_path / "picture.png").write_bytes(picture.content)
    if name in pretrained.pretrained():
        (tmp_path / "checkpoints").mkdir()
        file = pretrained.pretrained()[name].file
        (tmp_path / "checkpoints" / file).symlink_to(shelf / file)
        monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(catalogue, "load", partial(catalogue.load, folder=box))
    monkeypatch.chdir(tmp_path)
    made: dict[str, Any] = {}
    exec(compile(code, "recipe.py", "exec"), made)
    expected = tensors(looker, f"{name}/activations/{image}", layer=layer, **query)[layer]
    assert torch.allclose(made["output"], expected, rtol=1e-4, atol=1e-5)


def test_npz_opens_in_numpy_with_its_manifest(looker: TestClient) -> None:
    answer = looker.get(f"{API}/photo_cnn/export/sample-cat", params={"layer": "conv1"})
    assert 'filename="photo_cnn-conv1.npz"' in answer.headers["content-disposition"]
    opened = np.load(io.BytesIO(answer.content), allow_pickle=False)
    manifest = json.loads(str(opened["manifest"]))
    assert opened["conv1"].shape == tuple(manifest["shape"]) == (1, 32, 64, 64)
    assert opened["input"].shape == (1, 3, 128, 128)
    assert (manifest["network"], manifest["image"]) == ("photo_cnn", "sample-cat")
    assert manifest["crop"]["size"] == 300
    assert manifest["versions"]["torch"] == torch.__version__.partition("+")[0]
    found = tensors(looker, "photo_cnn/activations/sample-cat", layer="conv1")["conv1"]
    assert np.array_equal(opened["conv1"], found.numpy())


def test_safetensors_have_the_manifest_in_their_metadata(looker: TestClient, tmp_path: Path) -> None:
    query = {"layer": "conv1", "format": "safetensors"}
    (tmp_path / "layer").write_bytes(looker.get(f"{API}/photo_cnn/export/sample-cat", params=query).content)
    with safe_open(tmp_path / "layer", framework="pt") as file:
        assert json.loads(file.metadata()["json"])["layer"] == "conv1"
        assert file.get_tensor("conv1").shape == (1, 32, 64, 64)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"layer": "nowhere"}, 404, "unknown_layer"),
        ({"layer": "conv1", "format": "zip"}, 422, "invalid"),
        ({}, 422, "missing"),
    ],
)
def test_a_file_that_cannot_be_made_is_an_error(looker: TestClient, query: Any, status: int, code: str) -> None:
    answer = looker.get(f"{API}/photo_cnn/export/sample-cat", params=query, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
