"""A class opens the features page at the same moment, on a server that has just been started."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from lente.app.main import create_app
from lente.app.pages.early import EARLY
from lente.app.server.queues.alike import Alike
from lente.app.settings import Settings
from lente.models.networks import catalogue
from tests.app.conftest import LOCALHOST
from tests.app.features.test_networks_api import networks
from tests.app.server.test_first_use import Gate

VISITORS = 30


def test_thirty_first_visits_are_computed_once_and_all_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    monkeypatch.setattr(catalogue, "load", gate.before(catalogue.load))
    asks = [(early.address, {"Accept": early.accept}) for early in EARLY["features"]] * VISITORS
    app = create_app(Settings(store=tmp_path, queue=8))
    with TestClient(app, LOCALHOST) as client, ThreadPoolExecutor(len(asks)) as visitors:
        loaded = networks(client)
        compute, before = app.state.services.compute, loaded.captures.passes
        gate.shut()
        answers = [visitors.submit(client.get, address, headers=headers) for address, headers in asks]
        try:
            _until_they_wait(compute.alike, len(asks))
        finally:
            gate.open.set()
        assert {answer.result(120).status_code for answer in answers} == {200}
        assert len({answer.result().content for answer in answers}) == len(EARLY["features"])
        assert loaded.captures.passes == before + 1
        assert not any(lane.refused for lane in compute.lanes.values())


def _until_they_wait(alike: Alike, count: int) -> None:
    end = time.monotonic() + 60
    while alike.waiting < count:
        assert time.monotonic() < end, f"{alike.waiting} of {count} wait"
        time.sleep(0.01)
