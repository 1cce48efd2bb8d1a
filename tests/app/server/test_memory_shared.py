"""Large work of every kind takes its memory from one budget: while that is taken it waits, and is told in time.

What is kept because it may be asked for again has what work leaves of a bound for both.
"""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image

from lente.app.features.networks import Networks
from lente.app.server.compute import Compute
from lente.app.server.queues.budget import SMALL_BYTES

NETWORK = "/api/networks/efficientnet_lite0"
KERNEL = [[0.5] * 3] * 3
MORE = itertools.count()  # each time another photograph, of which nothing is kept


def file(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (90, 160, 30)).save(made, "PNG")
    return made.getvalue()


Ask = Callable[[TestClient], Response]
LARGE: dict[str, Ask] = {
    "convolution": lambda it: it.post("/api/convolution", json={"image": "sample-galaxies", "kernel": KERNEL}),
    "pooling": lambda it: it.post("/api/pooling", json={"image": "sample-galaxies", "size": 2, "stride": 1}),
    "thumbnails": lambda it: it.get(f"{NETWORK}/thumbnails/sample-coffee?side=32"),
    "blame": lambda it: it.get(f"{NETWORK}/blame/sample-rocket?layer=stem_relu&class=3"),
    "attribution": lambda it: it.get(f"{NETWORK}/attribution/sample-coffee?method=saliency"),
    "visualisation": lambda it: it.get(f"{NETWORK}/visualisation?layer=stage4.block2.widen_relu&channel=1&steps=2"),
    "a photograph": lambda it: it.post("/api/images", files={"file": ("large.png", file(2400 + next(MORE), 2000))}),
    "a look at noise": lambda it: it.post("/api/diffusion/look", json={"x": [[0.5] * 784] * 60, "step": 9}),
    "a batch": lambda it: it.post("/api/learning/gradients", json={"pictures": [[0.5] * 784] * 32, "labels": [3] * 32}),
    "ablation": lambda it: it.get("/api/networks/squeezenet/ablation/sample-cat?layer=fire2.squeeze"),
}
SMALL: dict[str, Ask] = {
    "health": lambda it: it.get("/api/health"),
    "decode": lambda it: it.post("/api/latent/vae_2d/decode", json={"z": [[0.5, 1.0]]}),
    "a small convolution": lambda it: it.post("/api/convolution", json={"matrix": [[1, 2, 3]] * 3, "kernel": KERNEL}),
    "a small picture": lambda it: it.post("/api/images", files={"file": ("small.png", file(20, 30))}),
}


@pytest.fixture
def taken(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose memory for large work is all at work elsewhere, and which lets nobody wait for long."""
    compute: Compute[Any] = client.app.state.compute  # type: ignore[attr-defined]
    monkeypatch.setattr(compute.budget, "patience", 0.05)
    monkeypatch.setattr(compute.long, "patience", 0.05)
    with compute.budget.of(compute.budget.most, 60):
        yield client


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_told_that_the_server_is_busy(taken: TestClient, name: str) -> None:
    answer = LARGE[name](taken)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy"), answer.text[:300]


@pytest.mark.parametrize("name", SMALL)
def test_what_is_small_is_answered_all_the_same(taken: TestClient, name: str) -> None:
    assert SMALL[name](taken).is_success


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_answered_once_there_is_room(client: TestClient, name: str) -> None:
    answer = LARGE[name](client)
    assert answer.is_success, answer.text[:300]
    compute: Compute[Any] = client.app.state.compute  # type: ignore[attr-defined]
    assert compute.budget.held == compute.budget.waiting == 0


PHOTOGRAPHS = ("sample-cat", "sample-coffee", "sample-rocket")


@pytest.fixture
def networks(client: TestClient) -> Networks:
    """Those of a server that keeps nothing of what they made."""
    found: Networks = client.portal.call(client.app.state.compute.networks)  # type: ignore[attr-defined, union-attr]
    forget(found)
    return found


def forget(networks: Networks) -> None:
    for key in networks.captures.kept:
        networks.captures.kept.forget(key)


def look(client: TestClient, images: Sequence[str] = PHOTOGRAPHS) -> None:
    """Has a network look at photographs, which makes the server keep what it made of them."""
    for image in images:
        assert client.get(f"/api/networks/squeezenet/thumbnails/{image}?side=32").is_success


def kept(networks: Networks) -> list[bool]:
    """Of which photographs what the network made is kept."""
    found = [key[1] for key in networks.captures.kept if key[0] == "squeezenet"]
    return [image in found for image in PHOTOGRAPHS]


class Peak:
    """The most bytes at work and kept together when a large piece began."""

    def __init__(self, compute: Compute[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes, self._budget, self._look = 0, compute.budget, compute.budget._freed.look  # noqa: SLF001
        monkeypatch.setattr(compute.budget._freed, "look", self.look)  # noqa: SLF001

    def look(self, coming: int) -> None:
        self.bytes = max(self.bytes, self._budget.held + self._budget.kept)
        self._look(coming)


@pytest.mark.parametrize("name", LARGE)
def test_what_is_kept_gives_way_to_large_work(
    client: TestClient, networks: Networks, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute: Compute[Any] = client.app.state.compute  # type: ignore[attr-defined]
    peak = Peak(compute, monkeypatch)
    LARGE[name](client)
    alone, peak.bytes = peak.bytes, 0
    assert alone >= SMALL_BYTES
    forget(networks)
    look(client)
    assert kept(networks) == [True] * 3
    monkeypatch.setattr(compute.budget, "whole", max(alone, compute.budget.kept))  # no room for it beside all of them
    peak.bytes = 0
    assert LARGE[name](client).is_success
    assert SMALL_BYTES <= peak.bytes <= compute.budget.whole
    assert not kept(networks)[0], "what was unasked for longest is forgotten first"
    look(client, PHOTOGRAPHS[:1])


@pytest.mark.parametrize("name", SMALL)
def test_small_work_costs_nothing_that_is_kept(
    client: TestClient, networks: Networks, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(client)
    compute: Compute[Any] = client.app.state.compute  # type: ignore[attr-defined]
    assert SMALL[name](client).is_success
    monkeypatch.setattr(compute.budget, "whole", compute.budget.kept)
    assert SMALL[name](client).is_success
    assert kept(networks) == [True] * 3


def test_large_work_costs_nothing_that_is_kept_where_there_is_room_for_both(
    client: TestClient, networks: Networks
) -> None:
    look(client)
    for name in ("convolution", "pooling", "a photograph"):
        assert LARGE[name](client).is_success
    assert kept(networks) == [True] * 3
