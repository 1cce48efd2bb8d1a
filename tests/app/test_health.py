"""Alive, and ready."""

import asyncio
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from lente.app.main import create_app
from lente.app.server.box import Box
from lente.app.server.compute import Compute
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST


def test_it_becomes_ready_and_says_what_runs(client: TestClient) -> None:
    for _ in range(600):
        answer = client.get("/api/health").json()
        if answer["status"] != "loading":
            break
        time.sleep(0.1)
    assert answer["status"] == "ready"
    assert {"digit_cnn", "vae_2d"} <= set(answer["networks"])
    assert answer["versions"]["torch"]


def no_networks(*_: object) -> Box:
    raise OSError("no such file")


def test_pages_answer_while_networks_load_and_when_they_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lente.app.features.networks.Networks", no_networks)
    with TestClient(create_app(Settings(store=tmp_path)), LOCALHOST, raise_server_exceptions=False) as client:
        assert client.get("/en/").status_code == 200
        assert client.get("/api/health").json()["status"] in ("loading", "failed")


def test_failed_is_told_from_loading() -> None:
    async def main() -> tuple[str, str]:
        compute = Compute(4, no_networks)
        compute.start()
        before = compute.state
        with pytest.raises(OSError, match="no such file"):
            await compute.networks()
        return before, compute.state

    assert asyncio.run(main()) == ("loading", "failed")
