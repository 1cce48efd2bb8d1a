"""Runs over HTTP and the live channel: watched by anybody, changed by one, bounded."""

import asyncio
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from lente.app.learning.runs import runs as bounds
from lente.app.learning.runs.settings import Begun
from lente.app.server.wire import packed, unpacked
from lente.models.training.learner import Learner, Settings, mnist

Answer = dict[str, Any]
SMALL = {"digits": 200, "batch": 8, "seed": 4}
PATH = "/api/learning/runs"
PATIENCE = 30.0


def begin(client: TestClient, **settings: object) -> Answer:
    answer = client.post(PATH, json={**SMALL, **settings})
    assert answer.status_code == 201, answer.text
    found: Answer = answer.json()
    return found


@pytest.fixture
def run(client: TestClient) -> Iterator[Answer]:
    """A run of the fewest digits, paused at its start."""
    begun = begin(client)
    yield begun
    client.delete(f"{PATH}/{begun['id']}?key={begun['key']}")


def tell(client: TestClient, run: Answer, **told: object) -> Answer:
    answer = client.post(f"{PATH}/{run['id']}", json={"key": run["key"], **told})
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


def paused(client: TestClient, run: Answer) -> Answer:
    """Its state once it has come to the step at which it was to pause."""
    end = time.monotonic() + PATIENCE
    while (state := client.get(f"{PATH}/{run['id']}").json())["playing"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    return state


def test_a_run_that_is_paused_changed_and_watched_makes_the_learners_own_weights(
    client: TestClient, run: Answer
) -> None:
    tell(client, run, until=7)
    paused(client, run)
    tell(client, run, settings={"rate": 0.01}, until=20)
    client.post(f"{PATH}/{run['id']}/frame", json={"wants": ["kernels"]})
    assert paused(client, run)["step"] == 20
    torch.set_num_threads(1)
    own = Learner(Settings(**SMALL), mnist())  # type: ignore[arg-type]
    while own.steps < 20:
        if own.steps == 7:
            own.change(rate=0.01)
        own.step()
    tensors, facts = unpacked(client.get(f"{PATH}/{run['id']}/weights").content)
    assert facts["step"] == 20
    assert all(np.array_equal(tensors[name], theirs.numpy()) for name, theirs in own.network.state_dict().items())
    assert "CHANGES = {0: Settings(seed=4, rate=0.001" in client.get(f"{PATH}/{run['id']}/script").text


def test_a_dropped_connection_goes_on_where_it_was(client: TestClient, run: Answer) -> None:
    """Points come once each, over one channel and then another; what is not asked for does not come."""
    tell(client, run, until=10)
    paused(client, run)
    steps: list[int] = []
    for until in (10, 40):
        tell(client, run, until=until)
        paused(client, run)
        with client.websocket_connect("ws://localhost/api/live") as channel:
            asked = {"ask": "run", "id": 1, "run": run["id"], "have": len(steps), "version": -1, "wants": ["maps"]}
            channel.send_bytes(packed({"digit": np.zeros((28, 28), np.float32)}, asked))
            tensors, facts = unpacked(channel.receive_bytes())
            steps += [point["step"] for point in facts["points"]]
            assert facts["measured"] == len(steps)
            assert set(tensors) == {"maps", "probabilities"}
    assert steps == [0, 1, 2, 5, 10, 20, 30, 40]


def test_the_confusion_matrix_counts_all_test_digits_and_opens(client: TestClient, run: Answer) -> None:
    json = {"Accept": "application/json"}
    found = client.get(f"{PATH}/{run['id']}/confusion", headers=json).json()
    counts = np.array(found["counts"])
    assert counts.sum() == 10_000
    assert counts.trace() == found["right"]
    label, answer = np.unravel_index(int(counts.argmax()), counts.shape)
    cell = client.get(f"{PATH}/{run['id']}/digits?label={label}&answer={answer}&limit=5", headers=json).json()
    assert cell["total"] == counts.max()
    assert np.array(cell["images"]).shape == (5, 28, 28)


def test_mistakes_and_the_way_up_are_those_of_the_runs_network(client: TestClient, run: Answer) -> None:
    tell(client, run, until=20)
    assert paused(client, run)["step"] == 20
    own, known = Learner(Settings(**SMALL), mnist()), mnist()  # type: ignore[arg-type]
    torch.set_num_threads(1)
    own.turn(20, PATIENCE)
    with torch.no_grad():
        shares, answers = own.network(known.test_x).max(1)
    wrong = answers != known.test_labels
    json = {"Accept": "application/json"}
    found = client.get(f"{PATH}/{run['id']}/mistakes?limit=9", headers=json).json()
    assert [found["wrong"], found["total"], found["step"]] == [int(wrong.sum()), 10_000, 20]
    surest = int(torch.where(wrong, shares, -1).argmax())
    assert found["labels"][0] == known.test_labels[surest]
    assert found["answers"][0] == answers[surest]
    assert np.array(found["images"]).shape == (9, 28, 28)
    picture = known.test_x[0, 0]
    asked = {"picture": picture.flatten().tolist(), "target": 3, "steps": 2, "most": 8}
    way = client.post(f"{PATH}/{run['id']}/ascent", json=asked, headers=json).json()
    x = picture.clone().requires_grad_()
    (slope,) = torch.autograd.grad(own.network.logits(x[None, None])[0, 3], x)
    stepped = (picture + 8 / 255 * slope / slope.abs().max()).clamp(0, 1)
    assert np.allclose(way["pictures"][1], stepped, atol=1e-5)
    assert np.allclose(way["probabilities"][0], own.network(picture[None, None])[0].detach(), atol=1e-5)


def test_gradients_are_asked_of_a_network_that_learns(client: TestClient, run: Answer) -> None:
    path = "/api/learning/gradients/weight?parameter=dense2.bias&index=3"
    own = client.post(path, json={"digits": [7], "run": run["id"]}).json()
    trained = client.post(path, json={"digits": [7]}).json()
    assert own["total"] != trained["total"]
    known = mnist()
    share = Learner(Settings(**SMALL), known).network(known.images[7:8] / 255)[0, 3].item()  # type: ignore[arg-type]
    assert own["total"] == pytest.approx(share - float(known.labels[7] == 3), rel=1e-4)


def test_only_its_owner_changes_a_run(client: TestClient, run: Answer) -> None:
    answer = client.post(f"{PATH}/{run['id']}", json={"key": "another", "until": 9})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_your_run")
    assert client.delete(f"{PATH}/{run['id']}?key=another").status_code == 403
    assert "key" not in client.get(f"{PATH}/{run['id']}").json()


@pytest.mark.parametrize(
    ("settings", "quoted"),
    [({"rate": 1000}, "1000"), ({"batch": 0}, "0"), ({"digits": 60_001}, "60001"), ({"optimiser": "newton"}, "newton")],
)
def test_settings_out_of_range_are_told(client: TestClient, settings: Answer, quoted: str) -> None:
    answer = client.post(PATH, json=settings)
    assert answer.status_code == 422
    assert quoted in answer.json()["error"]["message"]


def test_of_many_that_begin_at_once_no_more_are_there_than_there_may_be(client: TestClient) -> None:
    runs = client.app.state.services.runs  # type: ignore[attr-defined]

    async def all_at_once() -> list[Any]:
        many = (runs.begin(Begun(**SMALL)) for _ in range(12))
        return await asyncio.gather(*many, return_exceptions=True)

    assert client.portal is not None
    begun = [one for one in client.portal.call(all_at_once) if isinstance(one, bounds.Run)]
    for run in begun:
        client.delete(f"{PATH}/{run.id}?key={run.key}")
    assert len(begun) == bounds.MOST_OF_ONE


def metadata(file: bytes) -> str:
    """The facts of a safetensors file, as they are written there."""
    with io.BytesIO(file) as read:
        header = json.loads(read.read(int.from_bytes(read.read(8), "little")))
    return str(header["__metadata__"]["json"])


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.safetensors"])
def test_a_run_that_flies_off_is_told_in_what_a_browser_can_read(client: TestClient, accept: str) -> None:
    run = begin(client, relu=False, rate=100, optimiser="momentum", batch=1)
    tell(client, run, until=100)
    paused(client, run)
    answer = client.post(
        f"{PATH}/{run['id']}/frame",
        json={"wants": ["kernels", "maps"], "digit": [0.5] * 784},
        headers={"Accept": accept},
    )
    assert answer.status_code == 200, answer.text
    told = answer.text if "json" in accept else metadata(answer.content)
    last = json.loads(told, parse_constant=pytest.fail)["points"][-1]
    assert last["test_loss"] is None, "nobody knows how large it is"
    client.delete(f"{PATH}/{run['id']}?key={run['key']}")


def test_a_run_that_is_no_more_is_told_and_one_too_many_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_ONE", 1)
    run = begin(client)
    answer = client.post(PATH, json=SMALL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_many_runs")
    assert client.delete(f"{PATH}/{run['id']}?key={run['key']}").status_code == 204
    answer = client.get(f"{PATH}/{run['id']}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_run")
    run = begin(client)
    monkeypatch.setattr(bounds, "IDLE_SECONDS", -1.0)  # whatever was not watched just now is forgotten
    assert begin(client)["id"] != run["id"]
    monkeypatch.undo()
    assert client.get(f"{PATH}/{run['id']}").status_code == 404
