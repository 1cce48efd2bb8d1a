"""The API of gradients against torch's own."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from torch import nn
from torch.nn import functional

from lente.models.mnist import reader
from lente.models.networks import catalogue

Answer = dict[str, Any]
ASKED = {"digits": [4, 9]}


def ask(client: TestClient, path: str, body: Answer | None = None) -> Answer:
    answer = client.post(f"/api/learning/gradients{path}", json=body or ASKED, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


@pytest.fixture(scope="module")
def theirs() -> tuple[nn.Module, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The digit network, two digits, their labels and torch's gradient of conv1's kernels."""
    network = catalogue.load("digit_cnn").eval().requires_grad_()
    known = reader.digits(train=True)
    x = torch.from_numpy(reader.values(known.images[[4, 9]]))[:, None]
    labels = torch.from_numpy(known.labels[[4, 9]].astype(np.int64))
    (gradient,) = torch.autograd.grad(functional.cross_entropy(network.logits(x), labels), [network.conv1.weight])  # type: ignore[operator, union-attr, list-item]
    return network, x, labels, gradient


Theirs = tuple[nn.Module, torch.Tensor, torch.Tensor, torch.Tensor]


def test_a_weights_gradient_is_torchs_and_its_pictures_add_up(client: TestClient, theirs: Theirs) -> None:
    index = tuple(int(i) for i in np.unravel_index(int(theirs[3].abs().argmax()), theirs[3].shape))
    found = ask(client, f"/weight?parameter=conv1.weight&index={','.join(map(str, index))}")
    assert found["total"] == pytest.approx(float(theirs[3][index]), rel=1e-4)
    assert sum(found["by_picture"]) == pytest.approx(found["total"])
    term = found["terms"][0]
    assert term["product"] == pytest.approx(term["input"] * term["weight"])
    everything = ask(client, "")
    assert np.allclose(everything["conv1.weight"], theirs[3], rtol=1e-4, atol=1e-7)
    assert np.array(everything["conv1"])[term["picture"]][tuple(term["unit"])] == pytest.approx(term["weight"])


def test_gradients_of_digits_are_the_same_by_their_places_and_come_once(client: TestClient) -> None:
    by_places = client.get("/api/learning/gradients?digits=4&digits=9", headers={"Accept": "application/json"})
    assert by_places.json() == ask(client, "")
    tag = {"If-None-Match": by_places.headers["etag"]}
    again = client.get("/api/learning/gradients?digits=4&digits=9", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/learning/gradients?digits=4", headers=tag).status_code == 200


@pytest.mark.parametrize(
    "question",
    [
        "/unit?layer=dense2&unit=7",
        "/weight?parameter=dense2.bias&index=3",
        "/step?parameter=dense2.bias&index=3&rate=0.5&by=0.01",
    ],
)
def test_what_is_asked_of_digits_by_their_places_is_the_same_and_comes_once(client: TestClient, question: str) -> None:
    path = f"/api/learning/gradients{question}&digits=4&digits=9"
    by_places = client.get(path)
    assert by_places.json() == ask(client, question)
    again = client.get(path, headers={"If-None-Match": by_places.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_drawing_of_ones_own_is_a_picture_too(client: TestClient) -> None:
    pixels = [0.0] * 784
    pixels[14 * 28 : 14 * 28 + 20] = [1.0] * 20
    found = ask(client, "/unit?layer=dense2&unit=7", {"pictures": [pixels], "labels": [7]})
    right = found["details"]["probability"]
    assert found["value"] == pytest.approx(right - 1, rel=1e-5)


def test_nudging_agrees_with_the_gradient_and_a_step_lowers_the_loss(client: TestClient, theirs: Theirs) -> None:
    network, x, labels, gradient = theirs
    index = tuple(int(i) for i in np.unravel_index(int(gradient.abs().argmax()), gradient.shape))
    place = ",".join(map(str, index))
    found = ask(client, f"/step?parameter=conv1.weight&index={place}&rate=0.05&by=0.0001")
    slope = found["slope"]
    assert abs(slope["slope"] - found["gradient"]) <= slope["error"] + 1e-4 * abs(found["gradient"])
    assert found["new"] == pytest.approx(found["weight"] - 0.05 * found["gradient"])
    assert found["loss_after"] < found["loss"]
    moved = copy.deepcopy(network)
    with torch.no_grad():
        moved.conv1.weight[index] = found["new"]  # type: ignore[operator, union-attr, index]
        loss = functional.cross_entropy(moved.logits(x), labels)  # type: ignore[operator]
    assert found["loss_after"] == pytest.approx(float(loss), rel=1e-4, abs=1e-7)
    assert found["slice"]["losses"][20] == pytest.approx(found["loss"])
    assert found["others"]["count"] == 1000


def test_a_slice_of_two_weights_is_what_torch_finds_there(client: TestClient, theirs: Theirs) -> None:
    """A corner and the middle of the plane, and one step of descent of both weights at once."""
    weights = [{"parameter": "conv1.weight", "index": [0, 0, 2, 2]}, {"parameter": "dense2.bias", "index": [3]}]
    found = ask(client, "/slice", {**ASKED, "weights": weights, "reach": 0.5, "rate": 2})
    losses = np.array(found["losses"])
    assert losses.shape == (17, 17)
    network, x, labels, gradient = theirs
    moved = copy.deepcopy(network).double().requires_grad_(False)

    def loss(first: float, second: float) -> float:
        moved.load_state_dict(network.state_dict())
        moved.conv1.weight[0, 0, 2, 2] += first  # type: ignore[operator, union-attr, index]
        moved.dense2.bias[3] += second  # type: ignore[operator, union-attr, index]
        return float(functional.cross_entropy(moved.logits(x.double()), labels))  # type: ignore[operator]

    assert losses[8, 8] == pytest.approx(loss(0, 0), rel=1e-5, abs=1e-9)
    assert losses[0, 16] == pytest.approx(loss(-0.5, 0.5), rel=1e-5)
    assert found["gradients"][0] == pytest.approx(float(gradient[0, 0, 2, 2]), rel=1e-4)
    step = [-2 * slope for slope in found["gradients"]]
    assert found["new"] == pytest.approx([old + move for old, move in zip(found["old"], step, strict=True)])
    assert found["loss_after"] == pytest.approx(loss(*step), rel=1e-5)


@pytest.mark.parametrize(
    ("path", "body", "code", "quoted"),
    [
        ("", {}, "pictures_count", "0"),
        ("", {"pictures": [[0.0] * 784]}, "labels_count", "1"),
        ("", {"digits": [60_000]}, "invalid", "60000"),
        ("/weight?parameter=conv9.weight&index=0", ASKED, "unknown_parameter", "conv9"),
        ("/weight?parameter=conv1.weight&index=0,0,9,9", ASKED, "bad_index", "9"),
        ("/unit?layer=conv1&unit=0,x", ASKED, "bad_place", "0,x"),
        ("/unit?layer=conv1&unit=0,40,1", ASKED, "bad_unit", "40"),
        ("/step?parameter=conv1.bias&index=0&by=0", ASKED, "nudge_too_small", "0"),
    ],
)
def test_bad_input_is_told(client: TestClient, path: str, body: Answer, code: str, quoted: str) -> None:
    answer = client.post(f"/api/learning/gradients{path}", json=body)
    assert answer.status_code in (404, 422), answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert quoted in error["message"]
