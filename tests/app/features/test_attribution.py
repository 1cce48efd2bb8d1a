"""Which part of a picture speaks for a class, against gradients and occlusions of the tests' own."""

import asyncio
import json
import threading
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from lente.app.server.queues.long_work import CancelledWork, Finished, LongWork, Progress
from tests.app.features.test_networks_api import API, JSON, networks, tensors, told

pytestmark = pytest.mark.slow


def attribution(looker: TestClient, name: str, **query: Any) -> tuple[torch.Tensor, dict[str, Any]]:
    answer = told(looker, f"{name}/attribution/sample-cat", **query)
    return torch.tensor(answer.pop("attribution")), answer


def logits_of(looker: TestClient, name: str) -> Any:
    module = networks(looker).shown(name).module
    return getattr(module, "logits", module)


@pytest.mark.parametrize(
    ("name", "layer", "path", "call"),
    [
        ("photo_cnn", "block3.add", "block3.add", 0),
        ("photo_cnn", "conv1", "conv1", 0),
        ("resnet18", "layer3.0.bn1", "layer3.0.bn1", 0),
        ("resnet18", "layer3.0.relu:1", "layer3.0.relu", 1),
    ],
)
def test_grad_cam_is_the_maps_weighted_by_their_mean_gradient(
    looker: TestClient, name: str, layer: str, path: str, call: int
) -> None:
    x = tensors(looker, f"{name}/input/sample-cat")["input"].requires_grad_()
    module, kept = networks(looker).shown(name).module, []

    def keep(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        kept.append(output)
        return output.clone()  # what follows in place leaves the kept one alone

    handle = module.get_submodule(path).register_forward_hook(keep)
    logits_of(looker, name)(x)[0, 4].backward(inputs=kept)
    handle.remove()
    map_ = kept[call]
    expected = (map_ * map_.grad.mean((2, 3), keepdim=True)).sum(1)[0]
    found, facts = attribution(looker, name, method="grad_cam", layer=layer, **{"class": 4})
    assert facts["layer"] == layer
    assert facts["class"] == 4
    assert torch.allclose(found, expected, rtol=1e-3, atol=1e-5 * float(expected.detach().abs().max()))


def test_grad_cam_of_a_unit_looks_at_what_the_unit_comes_from(looker: TestClient) -> None:
    found, facts = attribution(looker, "photo_cnn", method="grad_cam", target="block2.conv1@3,5,5")
    assert facts["layer"] == "block1.relu2"
    assert found.abs().max() > 0
    query = {"method": "grad_cam", "target": "block2.conv1@3,5,5", "layer": "block3.add"}
    refusal = looker.get(f"{API}/photo_cnn/attribution/sample-cat", params=query)
    assert refusal.status_code == 422
    assert "block3.add" in refusal.json()["error"]["message"]


def test_what_is_asked_about_a_map_is_the_sum_of_its_numbers(looker: TestClient) -> None:
    layer = tensors(looker, "photo_cnn/activations/sample-cat", layer="block2.conv1")["block2.conv1"]
    height, width = layer.shape[-2:]
    _, facts = attribution(looker, "photo_cnn", method="saliency", target=f"block2.conv1@3,0:{height},0:{width}")
    assert facts["logit"] == pytest.approx(layer[0, 3].sum().item(), rel=1e-4)
    _, facts = attribution(looker, "photo_cnn", method="saliency", target="block2.conv1@3,2:7,0:4")
    assert facts["logit"] == pytest.approx(layer[0, 3, 2:7, 0:4].sum().item(), rel=1e-4)


def test_grad_cam_reaches_an_addition_by_its_reader(looker: TestClient) -> None:
    added, _ = attribution(looker, "resnet18", method="grad_cam", layer="layer3.0.add", **{"class": 4})
    assert added.shape == (14, 14)
    assert added.abs().max() > 0


def test_a_network_tells_which_layers_can_be_asked(looker: TestClient) -> None:
    layers = {one["name"]: one for one in told(looker, "squeezenet1_1")["layers"]}
    asked = {True: "features.3.expand3x3_activation", False: "flatten"}
    for reachable, name in asked.items():
        assert layers[name]["reachable"] is reachable
        query = {"method": "grad_cam", "layer": name}
        answer = looker.get(f"{API}/squeezenet1_1/attribution/sample-cat", params=query, headers=JSON)
        assert answer.status_code == (200 if reachable else 422), answer.text


def test_saliency_is_the_largest_gradient_of_the_channels(looker: TestClient) -> None:
    x = tensors(looker, "photo_cnn/input/sample-cat")["input"].requires_grad_()
    logits_of(looker, "photo_cnn")(x)[0, 2].backward()
    found, _ = attribution(looker, "photo_cnn", method="saliency", **{"class": 2})
    assert torch.allclose(found, x.grad[0].abs().amax(0), rtol=1e-4, atol=1e-7)


def test_integrated_gradients_add_up_to_what_the_logit_gains(looker: TestClient) -> None:
    found, facts = attribution(looker, "photo_cnn", method="integrated_gradients", baseline="black", steps=64)
    gained = facts["logit"] - facts["baseline_logit"]
    assert float(found.sum()) == pytest.approx(facts["sum"], rel=1e-3, abs=1e-5)
    assert facts["sum"] - gained == pytest.approx(facts["convergence_delta"], abs=1e-4)
    assert abs(facts["convergence_delta"]) < 0.1 * max(abs(gained), found.abs().max())
    shown = networks(looker).shown("photo_cnn").preparation
    black = torch.tensor([-mean / std for mean, std in zip(shown.mean, shown.std, strict=True)])
    with torch.no_grad():
        start = logits_of(looker, "photo_cnn")(black[None, :, None, None].expand(1, 3, 128, 128))
    assert facts["baseline_logit"] == pytest.approx(float(start[0, facts["class"]]), abs=1e-5)


def test_occlusion_is_what_the_logit_loses(looker: TestClient) -> None:
    query = {"method": "occlusion", "window": 64, "stride": 64, "baseline": "mean", "class": 1}
    found, facts = attribution(looker, "photo_cnn", **query)
    assert facts["places"] == 4
    x = tensors(looker, "photo_cnn/input/sample-cat")["input"]
    with torch.no_grad():
        whole = logits_of(looker, "photo_cnn")(x)[0, 1]
        covered = x.clone()
        covered[..., :64, 64:] = 0
        lost = whole - logits_of(looker, "photo_cnn")(covered)[0, 1]
    assert torch.allclose(found[:64, 64:], lost.expand(64, 64), atol=1e-5)


def test_random_weights_give_another_answer(looker: TestClient) -> None:
    trained, _ = attribution(looker, "photo_cnn", method="grad_cam", **{"class": 1})
    random, facts = attribution(looker, "photo_cnn", method="grad_cam", randomise=True, **{"class": 1})
    assert facts["randomised"]
    correlation = np.corrcoef(trained.flatten(), random.flatten())[0, 1]
    assert abs(correlation) < 0.95
    again, _ = attribution(looker, "photo_cnn", method="grad_cam", **{"class": 1})
    assert torch.equal(trained, again)


@pytest.mark.parametrize(
    ("name", "layer"), [("photo_cnn", "block2.add"), ("squeezenet1_1", "features.3.expand1x1_activation")]
)
def test_a_channels_effect_is_what_muting_it_takes_away(looker: TestClient, name: str, layer: str) -> None:
    answer = told(looker, f"{name}/ablation/sample-cat", layer=layer, **{"class": 3})
    for channel in (0, 7, 30, len(answer["probability"]) - 1):
        surgery = json.dumps([{"edit": "mute", "layer": layer, "channels": [channel]}])
        classes = told(looker, f"{name}/prediction/sample-cat", surgery=surgery, limit=1000)["classes"]
        found = next(one for one in classes if one["index"] == 3)
        assert answer["probability"][channel] == pytest.approx(-found["difference"], abs=1e-6)


def test_steps_are_told_and_the_last_has_the_result(looker: TestClient) -> None:
    query = {"method": "occlusion", "window": 64, "stride": 32}
    headers = {"Accept": "application/x-ndjson"}
    answer = looker.get(f"{API}/photo_cnn/attribution/sample-cat", params=query, headers=headers)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    assert len(lines) >= 4
    assert lines[-1]["done"] == lines[-1]["total"] == 10
    plain, _ = attribution(looker, "photo_cnn", **query)
    assert torch.allclose(torch.tensor(lines[-1]["result"]["attribution"]), plain)


def test_work_ends_when_nobody_waits_for_it() -> None:
    ended, parts = threading.Event(), []

    def work(progress: Progress) -> None:
        try:
            for part in range(1_000_000):
                progress(part, 1_000_000)
                parts.append(part)
        except CancelledWork:
            ended.set()
            raise

    async def visit() -> None:
        long = LongWork()
        steps = long.steps(work)
        async for step in steps:
            assert not isinstance(step, Finished)
            if step.done > 3:
                break
        await steps.aclose()  # type: ignore[attr-defined]
        assert await asyncio.to_thread(ended.wait, 30)
        while long.waiting:
            await asyncio.sleep(0)
        long.close()

    asyncio.run(visit())
    assert len(parts) < 1_000_000


def test_a_browser_that_leaves_ends_the_work(looker: TestClient) -> None:
    """Drives the application as a server does: the connection is closed after the second line."""
    app: Any = looker.app
    lines: list[bytes] = []

    async def visit() -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not lines:
                await asyncio.sleep(0)
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message.get("body"):
                lines.append(message["body"])
            if len(lines) == 2:
                left.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "path": f"{API}/photo_cnn/attribution/sample-cat", "raw_path": b"", "root_path": "", "scheme": "http",
            "query_string": b"method=occlusion&window=8&stride=1", "headers": [(b"accept", b"application/x-ndjson")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "app": app,
        }  # fmt: skip
        await app(scope, receive, send)

    assert looker.portal is not None
    looker.portal.call(visit)
    assert 2 <= len(lines) < 1000
    assert b'"result"' not in b"".join(lines)


BAD = [
    ("attribution/sample-cat?method=magic", 422, "invalid", "magic"),
    ("attribution/sample-cat?method=saliency&class=10", 422, "out_of_range", "10"),
    ("attribution/sample-cat?method=grad_cam&layer=flatten", 422, "layer_without_maps", "256"),
    ("attribution/sample-cat?method=grad_cam&layer=nowhere", 404, "unknown_layer", "nowhere"),
    ("attribution/sample-cat?method=occlusion&window=129", 422, "occlusion_window", "129"),
    ("attribution/sample-cat?method=occlusion&window=8&stride=9", 422, "occlusion_window", "9"),
    ("attribution/sample-cat?method=integrated_gradients&steps=1", 422, "invalid", "1"),
    ("attribution/sample-cat?method=integrated_gradients&baseline=pink", 422, "invalid", "pink"),
    ("ablation/sample-cat?layer=nowhere", 404, "unknown_layer", "nowhere"),
    ("ablation/sample-cat?layer=conv1&class=-1", 422, "out_of_range", "-1"),
]


@pytest.mark.parametrize(("path", "status", "code", "quoted"), BAD)
def test_bad_questions_are_quoted(looker: TestClient, path: str, status: int, code: str, quoted: str) -> None:
    answer = looker.get(f"{API}/photo_cnn/{path}", headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert quoted in answer.json()["error"]["message"]
