"""The API of diffusion, against plain PyTorch and hostile input."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load, save

from lente.app.server.queues.shared import SharedWork
from lente.app.services import Services
from lente.models.diffusion.sampling import Sampler
from lente.models.diffusion.schedule import Schedule
from lente.models.mnist import reader
from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet

API = "/api/diffusion"
NDJSON = {"Accept": "application/x-ndjson"}


def network() -> DiffusionUNet:
    loaded = catalogue.load("diffusion")
    assert isinstance(loaded, DiffusionUNet)
    return loaded


def post(client: TestClient, path: str, **body: Any) -> dict[str, np.ndarray]:
    answer = client.post(f"{API}/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return load(answer.content)


def refused(client: TestClient, path: str, status: int = 422, **body: Any) -> str:
    answer = client.post(f"{API}/{path}", json=body)
    assert answer.status_code == status, answer.text
    return str(answer.json()["error"]["message"])


def noise_of(client: TestClient, seed: int, count: int = 1) -> np.ndarray:
    return load(client.get(f"{API}/noise?seed={seed}&count={count}").content)["noise"]


def test_the_schedule_is_told_with_the_facts(client: TestClient) -> None:
    answer = client.get(API)
    told, schedule = load(answer.content), Schedule.cosine()
    np.testing.assert_array_equal(told["a"], schedule.a)
    np.testing.assert_array_equal(told["s"], schedule.s)
    facts = client.get(API, headers={"Accept": "application/json"}).json()
    assert facts["parameters"] == sum(weights.numel() for weights in network().parameters())


@pytest.mark.parametrize("path", ["", "/noise?seed=3"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(API + path)
    assert first.content
    again = client.get(API + path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_look_is_what_the_network_finds(client: TestClient) -> None:
    x = noise_of(client, 4, 2)
    found = post(client, "look", x=x.tolist(), step=700, labels=[3, NO_CLASS], guidance=2.5)
    at, trained = torch.full((2,), 700), network()
    told = trained(torch.from_numpy(x), at, torch.tensor([3, NO_CLASS]))
    untold = trained(torch.from_numpy(x), at, torch.full((2,), NO_CLASS))
    velocity = untold + 2.5 * (told - untold)
    schedule = Schedule.cosine()
    np.testing.assert_allclose(found["told"], told, atol=1e-4)
    np.testing.assert_allclose(found["untold"], untold, atol=1e-4)
    np.testing.assert_allclose(found["noise"], schedule.noise(torch.from_numpy(x), velocity, at), atol=1e-3)
    clean = schedule.clean(torch.from_numpy(x), velocity, at).clamp(-1, 1)
    np.testing.assert_allclose(found["estimate"], clean, atol=1e-3)


def test_samples_are_what_the_sampler_makes(client: TestClient) -> None:
    body = {"count": 2, "steps": 4, "kind": "ancestral", "seed": 9, "labels": [1, 8], "guidance": 2}
    found = post(client, "sample", **body, wants=["x", "after", "fresh"])
    x = torch.from_numpy(noise_of(client, 9, 2))
    np.testing.assert_array_equal(found["x"][0], x)
    np.testing.assert_array_equal(found["x"][1:], found["after"][:-1])
    generator = torch.Generator().manual_seed(9)
    torch.randn(2 * 784, generator=generator)  # what the pictures began with
    sampler = Sampler(network(), Schedule.cosine(), 4, "ancestral", 2)
    *_, last = sampler.run(x, torch.tensor([1, 8]), generator=generator)
    np.testing.assert_allclose(found["images"], (last.after.clamp(-1, 1) + 1) / 2, atol=1e-3)


def test_the_same_seed_gives_the_same_digit(client: TestClient) -> None:
    one, again, other = (post(client, "sample", steps=3, seed=seed)["images"] for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.1


def test_each_moment_comes_as_it_forms(client: TestClient) -> None:
    body = {"count": 3, "steps": 5, "wants": ["estimate_bytes", "x"]}
    answer = client.post(f"{API}/sample", json=body, headers=NDJSON)
    *steps, last = [json.loads(line) for line in answer.text.splitlines()]
    assert [(step["done"], step["total"]) for step in steps] == [(i, 5) for i in range(1, 6)]
    first = load(base64.b64decode(steps[0]["seen"]["moment"]))
    assert first["estimate_bytes"].dtype == np.uint8
    np.testing.assert_array_equal(first["x"], noise_of(client, 0, 3))
    images = load(base64.b64decode(last["result"]["images"]))["images"]
    np.testing.assert_array_equal(images, post(client, "sample", **body)["images"])


def test_a_picture_with_noise_is_begun_from_there(client: TestClient) -> None:
    picture = reader.values(reader.digits(train=False).images[:1])
    body = {"pictures": picture.tolist(), "start": 300, "seed": 2}
    found = post(client, "sample", **body, steps=20, wants=["x"])
    assert len(found["x"]) == 6
    step = torch.tensor([300])
    x = Schedule.cosine().noisy(2 * torch.from_numpy(picture)[:, None] - 1, torch.from_numpy(noise_of(client, 2)), step)
    np.testing.assert_allclose(found["x"][0], x, atol=1e-6)


def test_noise_that_is_given_takes_the_place_of_the_seeds(client: TestClient) -> None:
    noise = noise_of(client, 3, 2)
    given = client.post(
        f"{API}/sample",
        content=save({"noise": noise}, {"json": json.dumps({"steps": 3})}),
        headers={"Content-Type": "application/vnd.safetensors"},
    )
    np.testing.assert_array_equal(
        load(given.content)["images"], post(client, "sample", count=2, steps=3, seed=3)["images"]
    )


def test_the_more_noise_the_farther_off_it_is(client: TestClient) -> None:
    told = client.get(f"{API}/errors").json()
    assert told["steps"] == sorted(told["steps"])
    thirds = [np.mean(part) for part in np.array_split(told["errors"], 3)]
    assert thirds[0] < thirds[1] < thirds[2]
    # What it leaves of a little noise is sharp: nearer to the digit than a grey level of eight.
    assert told["errors"][1] < (2 / 8) ** 2


BAD = [
    ("sample", {"count": 0}, "count is 0; a whole number from 1 to 100 is accepted."),
    ("sample", {"steps": 251}, "steps is 251; a whole number from 1 to 250 is accepted."),
    ("sample", {"kind": "euler"}, "kind is 'euler'; ddim, ancestral are accepted."),
    ("sample", {"guidance": 11}, "guidance is 11; a number from 0 to 10 is accepted."),
    ("sample", {"guidance": "much"}, "guidance is 'much'; a number from 0 to 10 is accepted."),
    ("sample", {"seed": -1}, "seed is -1; a whole number"),
    ("sample", {"labels": 11}, "labels is 11; a class from 0 to 9, or 10 for any digit"),
    ("sample", {"labels": [1, 2], "count": 3}, "labels is"),
    ("sample", {"start": 0}, "start is 0; a whole number from 1 to 1000 is accepted."),
    ("sample", {"wants": ["x", "everything"]}, "wants is 'everything'"),
    ("sample", {"noise": [[1, 2], [3, 4]]}, "noise has the shape 2 × 2; N × 28 × 28 is accepted."),
    ("sample", {"noise": [], "count": 1}, "noise is []; a list with at least one entry is accepted."),
    ("sample", {"pictures": np.full((1, 28, 28), 2).tolist()}, "pictures[0][0][0] is 2; numbers from 0 to 1"),
    ("sample", {"known": np.zeros((1, 28, 28)).tolist()}, "pictures is missing."),
    ("look", {}, "x is None; a list with at least one entry is accepted."),
    ("look", {"x": np.zeros((1, 28, 28)).tolist(), "step": 1001}, "step is 1001; a whole number from 1 to 1000"),
    ("look", {"x": np.full((1, 28, 28), 1e9).tolist()}, "x[0][0][0] is 1e+09"),
]


@pytest.mark.parametrize(("path", "body", "words"), BAD)
def test_what_cannot_be_used_is_quoted(client: TestClient, path: str, body: dict[str, Any], words: str) -> None:
    assert words in refused(client, path, **body)


def test_work_and_memory_are_bounded(client: TestClient) -> None:
    said = refused(client, "sample", 413, count=100, steps=60, guidance=2)
    assert said == "100 pictures in 60 steps take 12000 passes through the network; at most 10000 are accepted."
    assert "bytes; at most" in refused(
        client, "sample", 413, count=100, steps=100, wants=["x", "noise", "estimate", "after"]
    )
    assert "too many" not in refused(client, "look", 413, x=np.zeros((101, 28, 28)).tolist())


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[1]", b'{"count": '])
def test_a_body_that_is_none_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post(f"{API}/sample", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    torn = client.post(f"{API}/sample", content=body, headers={"Content-Type": "application/vnd.safetensors"})
    assert torn.status_code == 422


def test_the_features_page_shows_it_with_the_noise_put_in(client: TestClient) -> None:
    digit = reader.digits(train=False).images[7]
    file = io.BytesIO()
    Image.fromarray(digit).save(file, "PNG")
    image = client.post("/api/images", files={"file": file.getvalue()}).json()["id"]
    path = "/api/networks/diffusion.400.3.7"
    given = load(client.get(f"{path}/input/{image}").content)["input"]
    clean = 2 * torch.from_numpy(reader.values(digit))[None, None] - 1
    x = Schedule.cosine().noisy(clean, torch.from_numpy(noise_of(client, 7)), torch.tensor([400]))
    np.testing.assert_allclose(given, x, atol=1e-6)
    answer = load(client.get(f"{path}/activations/{image}?layer=leave").content)["leave"]
    found = post(client, "look", x=x.tolist(), step=400, labels=3)["velocity"]
    np.testing.assert_allclose(answer.reshape(28, 28), found[0, 0], atol=1e-4)


@pytest.mark.parametrize("name", ["diffusion.0.3.1", "diffusion.5.11.1", "diffusion.", "diffusion.1.1.1.1"])
def test_a_name_that_tells_nothing_is_refused(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/networks/{name}")
    assert answer.status_code == 404
    assert name in answer.json()["error"]["message"]


def test_what_a_seed_decides_is_drawn_once_for_all_who_ask(client: TestClient) -> None:
    body = {"count": 2, "steps": 3, "seed": 77, "labels": 4, "wants": ["x"]}
    first = client.post(f"{API}/sample", json=body, headers=NDJSON).content
    kept = shared(client).size
    assert client.post(f"{API}/sample", json=body, headers=NDJSON).content == first
    assert shared(client).size == kept > 0
    client.post(f"{API}/sample", json={**body, "seed": 78}, headers=NDJSON)
    assert shared(client).size > kept


@pytest.mark.parametrize("own", [{"pictures": [[[0.5] * 28] * 28]}, {"noise": [[[0.5] * 28] * 28]}])
def test_nothing_that_a_visitor_drew_is_kept(client: TestClient, own: dict[str, Any]) -> None:
    client.post(f"{API}/sample", json={"steps": 2}, headers=NDJSON)
    kept = shared(client).size
    lines = client.post(f"{API}/sample", json={"steps": 2, "start": 500, **own}, headers=NDJSON).content.splitlines()
    assert "images" in json.loads(lines[-1])["result"]
    assert shared(client).size == kept


def shared(client: TestClient) -> SharedWork:
    services: Services = client.app.state.services  # type: ignore[attr-defined]
    return services.compute.shared
