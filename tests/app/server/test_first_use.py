"""What is read from the box when it is first asked for keeps nobody else waiting."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from lente.app.main import create_app
from lente.app.settings import Settings
from lente.models.mnist import reader
from lente.models.mnist.reader import training_digits
from lente.models.networks import catalogue
from tests.app.conftest import LOCALHOST

Ask = Callable[[TestClient], Response]

CODE = np.array([[0.5, 1.0]], np.float32).tobytes()
BYTES = {"Content-Type": "application/octet-stream"}
OTHERS: dict[str, Ask] = {
    "a hand over the map": lambda client: client.post("/api/latent/vae_2d/decode", content=CODE, headers=BYTES),
    "a digit being drawn": lambda client: client.post(
        "/api/digits/values", content=np.full(784, 0.5, np.float32).tobytes(), headers=BYTES
    ),
    "a photograph": lambda client: client.get("/api/networks/photo_cnn/prediction/sample-cat"),
}
FIRST: dict[str, Ask] = {
    "another latent space": lambda client: client.get("/api/latent/autoencoder_2d"),
    "a space made of all test digits": lambda client: client.get("/api/latent/pca"),
    "test digits": lambda client: client.get("/api/latent/digits/0"),
    "how well digits are rebuilt": lambda client: client.get("/api/latent/vae_2d/errors"),
    "the film of a training": lambda client: client.get("/api/latent/vae_2d/film"),
    "a moment of the film": lambda client: client.get("/api/latent/vae_2d/film/0/grid"),
    "gradients of a training digit": lambda client: client.post("/api/learning/gradients", json={"digits": [0]}),
    "another network for photographs": lambda client: client.get("/api/networks/squeezenet/prediction/sample-cat"),
    "diffusion": lambda client: client.post("/api/diffusion/sample", json={"steps": 1}),
    "how far diffusion is off": lambda client: client.get("/api/diffusion/errors"),
    "diffusion in the plane": lambda client: client.get("/api/diffusion/plane"),
}


class Gate:
    """Holds up whoever reads from the box while it is `shut`."""

    def __init__(self) -> None:
        self.open, self.reached = threading.Event(), threading.Event()
        self.open.set()

    def shut(self) -> None:
        self.open.clear()
        self.reached.clear()

    def before(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def held(*arguments: Any, **options: Any) -> Any:
            if not self.open.is_set():
                self.reached.set()
            assert self.open.wait(60)
            return read(*arguments, **options)

        return held


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    for module, name in ((reader, "read"), (catalogue, "load"), (catalogue, "codes"), (catalogue, "film")):
        monkeypatch.setattr(module, name, gate.before(getattr(module, name)))
    training_digits.cache_clear()
    yield gate
    gate.open.set()


@pytest.mark.parametrize("first", FIRST)
def test_whoever_asks_for_something_first_keeps_nobody_waiting(tmp_path: Path, gate: Gate, first: str) -> None:
    with TestClient(create_app(Settings(store=tmp_path)), LOCALHOST) as client, ThreadPoolExecutor(1) as visitor:
        for name, ask in OTHERS.items():
            assert ask(client).status_code == 200, name
        gate.shut()
        asked = visitor.submit(FIRST[first], client)
        try:
            assert gate.reached.wait(60)
            for name, ask in OTHERS.items():
                assert ask(client).status_code == 200, name
            assert not asked.done()
        finally:
            gate.open.set()
        assert asked.result(60).status_code == 200


@pytest.mark.parametrize("again", FIRST)
def test_whoever_asks_for_it_again_waits_for_nobody(tmp_path: Path, gate: Gate, again: str) -> None:
    with TestClient(create_app(Settings(store=tmp_path)), LOCALHOST) as client, ThreadPoolExecutor(1) as visitor:
        assert FIRST[again](client).status_code == 200
        gate.shut()
        asked = visitor.submit(client.get, "/api/latent/autoencoder_4d")
        try:
            assert gate.reached.wait(60)
            assert FIRST[again](client).status_code == 200
            assert not asked.done()
        finally:
            gate.open.set()
        assert asked.result(60).status_code == 200
