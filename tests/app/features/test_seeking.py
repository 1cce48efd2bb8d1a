"""What a map looks for, against what PyTorch's own hooks see."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image

from tests.app.features.test_networks_api import API, networks, tensors, told

MAP = {"layer": "relu1", "channel": 5}


def activation(looker: TestClient, pixels: torch.Tensor) -> torch.Tensor:
    """What map 5 of photo_cnn's relu1 gives for (3, S, S) in 0..1, seen by a hook."""
    shown, kept = networks(looker).shown("photo_cnn"), []
    mean, std = (torch.tensor(each)[:, None, None] for each in (shown.preparation.mean, shown.preparation.std))
    handle = shown.module.get_submodule("relu1").register_forward_hook(lambda *call: kept.append(call[2].clone()))
    with torch.no_grad():
        shown.module(((pixels - mean) / std)[None])
    handle.remove()
    return kept[0][0, 5]


def dream(looker: TestClient, **query: Any) -> tuple[torch.Tensor, dict[str, Any]]:
    facts = told(looker, "photo_cnn/visualisation", **MAP, **query)
    return torch.tensor(facts.pop("picture")), facts


def test_the_picture_moves_the_map_more_and_more(looker: TestClient) -> None:
    picture, facts = dream(looker, steps=40)
    assert picture.shape == (3, 128, 128)
    reached = activation(looker, picture)
    assert facts["strongest"] == pytest.approx(float(reached.max()), rel=1e-3)
    assert facts["mean"] == pytest.approx(float(reached.mean()), rel=1e-3)
    means = [float(activation(looker, dream(looker, steps=steps)[0]).mean()) for steps in (1, 10)]
    assert facts["mean"] > means[1] > means[0]


def test_the_opposite_silences_it_and_the_seed_repeats_it(looker: TestClient) -> None:
    up, _ = dream(looker, steps=12)
    again, _ = dream(looker, steps=12)
    other, _ = dream(looker, steps=12, seed=1)
    down, facts = dream(looker, steps=12, opposite=True)
    assert torch.equal(up, again)
    assert not torch.allclose(up, other, atol=0.05)
    assert facts["mean"] < float(activation(looker, up).mean())
    assert not torch.allclose(up, down, atol=0.05)


def test_it_is_shown_as_it_forms(looker: TestClient) -> None:
    query = {**MAP, "steps": 9}
    headers = {"Accept": "application/x-ndjson"}
    answer = looker.get(f"{API}/photo_cnn/visualisation", params=query, headers=headers)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    seen = [pixels(line["seen"]["picture"]) for line in lines if "seen" in line]
    assert len(seen) == 2
    assert all(each.shape == (128, 128, 3) for each in seen)
    assert np.ptp(seen[0].astype(int)) < np.ptp(seen[-1].astype(int)), "from grey on"
    assert pixels(lines[-1]["result"]["picture"]).shape == (128, 128, 3)


def pixels(address: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    assert address.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"layer": "relu1", "channel": 32}, 422, "out_of_range"),
        ({"layer": "relu1", "channel": -1}, 422, "out_of_range"),
        ({"layer": "relu99", "channel": 0}, 404, "unknown_layer"),
        ({"layer": "relu1", "channel": 0, "steps": 0}, 422, None),
        ({"layer": "relu1", "channel": 0, "seed": -1}, 422, None),
        ({"layer": "relu1", "channel": 0, "surgery": "[{}]"}, 422, "surgery_invalid"),
    ],
)
def test_what_there_is_not_is_refused(looker: TestClient, query: dict[str, Any], status: int, code: str | None) -> None:
    answer = looker.get(f"{API}/photo_cnn/visualisation", params=query)
    assert answer.status_code == (400 if code and status == 422 and answer.status_code == 400 else status), answer.text
    if code:
        assert answer.json()["error"]["code"] == code


def test_the_strongest_patches_are_the_largest_values_of_the_map(looker: TestClient) -> None:
    images = ["sample-cat", "sample-coffee", "sample-rings"]
    found = told(looker, "photo_cnn/patches/sample-cat", **MAP, other=images[1:])["patches"]
    maps = {image: tensors(looker, f"photo_cnn/activations/{image}", layer="relu1")["relu1"][0, 5] for image in images}
    assert {one["image"] for one in found} == set(images)
    assert [one["value"] for one in found] == sorted((one["value"] for one in found), reverse=True)
    assert found[0]["value"] == pytest.approx(max(float(each.max()) for each in maps.values()), rel=1e-5)
    for one in found:
        channel, row, column = one["unit"]
        assert channel == 5
        assert one["value"] == pytest.approx(float(maps[one["image"]][row, column]), rel=1e-5)
        top, left, bottom, right = one["box"]
        exact = told(looker, f"photo_cnn/field/{one['image']}", layer="relu1", unit=f"5,{row},{column}")["exact"]
        assert [top, left, bottom, right] == [exact[side] for side in ("top", "left", "bottom", "right")]


def test_neighbours_answer_alike_or_have_a_kernel_alike(looker: TestClient) -> None:
    images = ["sample-cat", "sample-coffee", "sample-rings"]
    found = told(looker, "photo_cnn/patches/sample-cat", **MAP, other=images[1:])["neighbours"]
    outputs = [tensors(looker, f"photo_cnn/activations/{image}", layer="relu1")["relu1"][0] for image in images]
    pooled = torch.cat([torch.nn.functional.adaptive_avg_pool2d(each, 14).flatten(1) for each in outputs], 1)
    with np.errstate(all="ignore"):
        correlations = np.nan_to_num(np.corrcoef(pooled.double().numpy())[5])
    kernels = networks(looker).shown("photo_cnn").module.get_submodule("conv1").weight.detach().flatten(1).numpy()
    cosines = kernels @ kernels[5] / np.linalg.norm(kernels, axis=1) / np.linalg.norm(kernels[5])
    for kind, values in (("response", correlations), ("kernel", cosines)):
        told_values = {one["channel"]: one["value"] for one in found[kind]}
        assert len(told_values) == 6
        assert 5 not in told_values
        for channel, value in told_values.items():
            assert value == pytest.approx(values[channel], abs=1e-4)
        rest = np.delete(values, [5, *told_values])
        assert min(told_values.values()) >= rest.max() - 1e-4


def test_too_many_pictures_are_refused(looker: TestClient) -> None:
    query = {**MAP, "other": [f"{i:064x}" for i in range(60)]}
    answer = looker.get(f"{API}/photo_cnn/patches/sample-cat", params=query)
    assert answer.json()["error"]["code"] == "too_many_pictures"
    assert "61" in answer.json()["error"]["message"]
