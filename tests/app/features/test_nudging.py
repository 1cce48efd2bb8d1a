"""The nudge that turns an answer, and curves that say whether an explanation is any good."""

import base64
import io
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image

from lente.models.features import curves, nudge
from tests.app.features.test_networks_api import API, networks, tensors, told


class Linear(torch.nn.Module):
    """Two classes by the sum of all pixels: what turns it can be said exactly."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = x.sum((1, 2, 3)) - 0.5 * x[0].numel()
        return torch.stack([total, -total], 1)


def test_the_smallest_nudge_of_a_linear_network_is_the_known_one() -> None:
    picture = torch.full((3, 4, 4), 0.5 + 3.0 / 255)  # three grey levels above the border
    found = nudge.smallest(Linear(), picture, [0], lambda: None)
    assert found.turned
    assert found.epsilon == pytest.approx(3, abs=0.3)
    assert float((found.picture - picture).abs().max()) <= found.epsilon / 255 + 1e-6
    assert not nudge.nudged(Linear(), picture, [0], 2.5, lambda: None).turned


def test_nothing_turns_what_is_far_away() -> None:
    found = nudge.smallest(Linear(), torch.full((3, 4, 4), 0.9), [0], lambda: None)
    assert not found.turned
    assert found.epsilon == nudge.LARGEST


def test_the_picture_that_is_told_really_turns_the_network(looker: TestClient) -> None:
    answer = told(looker, "photo_cnn/nudge/sample-cat", other="resnet18")
    before, after = (answer[name]["classes"] for name in ("before", "after"))
    assert before[0]["index"] == answer["class"]
    assert answer["turned"] is (after[0]["index"] != answer["class"])
    assert answer["largest_change"] <= answer["epsilon"] + 1e-3
    old, new = (pixels(answer[name]["picture"]) for name in ("before", "after"))
    given = tensors(looker, "photo_cnn/input/sample-cat")["pixels"]
    assert np.array_equal(old, (255 * given).round().byte().permute(1, 2, 0).numpy())
    assert np.abs(new.astype(int) - old).max() <= np.ceil(answer["epsilon"])
    network = networks(looker).shown("photo_cnn")
    mean, std = (torch.tensor(each)[:, None, None] for each in (network.preparation.mean, network.preparation.std))
    with torch.no_grad():
        said = network.module(((given - mean) / std)[None])[0]
    assert before[0]["probability"] == pytest.approx(float(said.max()), abs=1e-4)
    assert {each["index"] for each in answer["before"]["second"]} <= set(range(1000))


def pixels(address: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("photo_cnn/nudge/sample-cat", {"epsilon": 99}, 422),
        ("photo_cnn/nudge/sample-cat", {"epsilon": "nan"}, 422),
        ("photo_cnn/nudge/sample-cat", {"other": "nobody"}, 404),
        ("digit_cnn/nudge/sample-seven", {}, 422),
        ("photo_cnn/faithfulness/sample-cat", {"method": "grad_cam", "class": 10}, 422),
        ("photo_cnn/faithfulness/sample-cat", {"method": "tea_leaves"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(looker: TestClient, path: str, query: dict[str, Any], status: int) -> None:
    answer = looker.get(f"{API}/{path}", params=query)
    assert answer.status_code in (status, 400 if status == 422 else status), answer.text


def test_a_curve_follows_its_order() -> None:
    """A network that sees one pixel: deletion drops where that pixel's turn comes, insertion rises there."""
    whole, grey = torch.ones(1, 8, 8), torch.zeros(1, 8, 8)
    attribution = torch.arange(64.0).reshape(8, 8)

    def probability(x: torch.Tensor) -> torch.Tensor:
        return x[:, 0, 7, 7]

    first = curves.curve(probability, whole, grey, attribution, lambda: None)
    last = curves.curve(probability, whole, grey, -attribution, lambda: None)
    assert first == [1.0] + [0.0] * curves.PARTS
    assert last == [1.0] * curves.PARTS + [0.0]
    assert curves.area(first) == pytest.approx(np.trapezoid(first, dx=1 / curves.PARTS))
    assert curves.area(first) < curves.area(last)


def test_curves_begin_and_end_with_what_the_network_says(looker: TestClient) -> None:
    answer = told(looker, "photo_cnn/faithfulness/sample-cat", method="saliency")
    x = tensors(looker, "photo_cnn/input/sample-cat")["input"]
    with torch.no_grad():
        whole = float(networks(looker).shown("photo_cnn").module(x)[0, answer["class"]])
    for name in ("attribution", "random", "randomised"):
        found = answer[name]
        assert found["deletion"][0] == pytest.approx(whole, rel=1e-4)
        assert found["insertion"][-1] == pytest.approx(whole, rel=1e-4)
        for kind in ("deletion", "insertion"):
            assert len(found[kind]) == curves.PARTS + 1
            area = np.trapezoid(found[kind], dx=1 / curves.PARTS)
            assert found[f"{kind}_area"] == pytest.approx(area, rel=1e-5)
