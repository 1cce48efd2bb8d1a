"""Large work of every kind takes its memory from one budget: while that is taken it waits, and is told in time."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image

from lente.app.server.compute import Compute

NETWORK = "/api/networks/efficientnet_lite0"
KERNEL = [[0.5] * 3] * 3


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
    "a photograph": lambda it: it.post("/api/images", files={"file": ("large.png", file(2400, 2000))}),
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
