"""What whoever runs the server can know: metrics that Prometheus' own reader understands, a log with nobody in it."""

import asyncio
import io
import json
import logging
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from lente.app.main import create_app
from lente.app.server.operating.logs import REQUESTS, AsJson
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST
from tests.app.running import until


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server with metrics and a log in JSON."""
    settings = Settings(store=tmp_path_factory.mktemp("store"), metrics_port=1, log_format="json", queue=2)
    with TestClient(create_app(settings), LOCALHOST, raise_server_exceptions=False) as client:
        yield client


def samples(client: TestClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    text = generate_latest(client.app.state.metrics.registry).decode()  # type: ignore[attr-defined]
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def picture() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(5).integers(0, 256, (9, 7, 3), dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


def decode(client: TestClient) -> int:
    codes = np.zeros((1, 2), np.float32).tobytes()
    kind = {"Content-Type": "application/octet-stream", "Accept": "application/json"}
    return int(client.post("/api/latent/vae_2d/decode", content=codes, headers=kind).status_code)


def test_requests_are_counted_by_route_never_by_what_a_visitor_wrote(watched: TestClient) -> None:
    id = watched.post("/api/images", files={"file": picture()}).json()["id"]
    assert watched.get(f"/api/images/{id}").status_code == 200
    assert watched.get("/api/images/nothing-like-this").status_code == 404
    assert watched.get("/somewhere/private").status_code == 404
    assert watched.get("/en/").status_code == 200
    found = samples(watched)
    assert found["lente_request_seconds_count", "POST", "/api/images", "201"] == 1
    assert found["lente_request_seconds_count", "GET", "/api/images/{id}", "200"] == 1
    assert found["lente_request_seconds_count", "GET", "/api/images/{id}", "404"] == 1
    assert found["lente_request_seconds_count", "GET", "unknown", "404"] == 1
    assert found["lente_request_seconds_sum", "POST", "/api/images", "201"] > 0
    labels = " ".join(part for key in found for part in key)
    assert id not in labels
    assert "private" not in labels


@contextmanager
def full(client: TestClient) -> Iterator[None]:
    """The lane of picture files has as much to do as it takes."""
    lane, over = client.app.state.services.compute.pictures, threading.Event()  # type: ignore[attr-defined]
    assert client.portal is not None
    jobs = [client.portal.start_task_soon(lane.run, over.wait) for _ in range(lane.limit)]
    until(lambda: lane.waiting == lane.limit)
    try:
        yield
    finally:
        over.set()
        for job in jobs:
            job.result()


def test_batches_lanes_and_refusals(watched: TestClient) -> None:
    for _ in range(3):
        assert decode(watched) == 200
    found = samples(watched)
    assert found["lente_ready",] == 1
    assert found["lente_batch_size_sum", "dragging"] == 3
    assert found["lente_batch_size_bucket", "dragging", "1.0"] <= found["lente_batch_size_bucket", "dragging", "+Inf"]
    assert found["lente_waiting", "large"] == 0
    assert found["lente_waiting_limit", "large"] == 2
    assert found["lente_refused_total", "pictures"] == 0
    with full(watched):
        assert watched.post("/api/images", files={"file": picture()}).status_code == 503
        assert samples(watched)["lente_waiting", "pictures"] == 2
    assert samples(watched)["lente_refused_total", "pictures"] == 1
    assert samples(watched)["lente_request_seconds_count", "POST", "/api/images", "503"] == 1


def test_a_line_of_the_log_says_what_happened_and_not_to_whom(
    watched: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, REQUESTS):
        watched.get("/api/images/my-secret?size=12", headers={"X-Forwarded-For": "203.0.113.7"})
    lines = [json.loads(AsJson().format(record)) for record in caplog.records if record.name == REQUESTS]
    (line,) = lines
    assert line.pop("milliseconds") > 0
    assert line.pop("time").endswith("+00:00")
    expected = {"level": "info", "logger": REQUESTS, "method": "GET", "route": "/api/images/{id}", "status": 404}
    assert line == expected


def test_an_error_in_the_log_names_its_place() -> None:
    try:
        raise ValueError("broken " + "x" * 9999)
    except ValueError:
        record = logging.LogRecord("lente", logging.ERROR, "", 0, "it failed", (), sys.exc_info())
    line = json.loads(AsJson().format(record))
    assert line["message"] == "it failed"
    assert line["error"].startswith("ValueError: broken")
    assert len(line["error"]) < 400
    assert "test_operating.py" in line["trace"][0]


@pytest.mark.slow
def test_the_server_answers_metrics_on_their_own_port_and_logs_json(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command: list[Any] = [
        sys.executable, "-m", "lente", "serve", "--port", "0", "--store", tmp_path,
        "--metrics-port", str(port), "--log-format", "json",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[3]
            urllib.request.urlopen(f"{address}en/", timeout=60).read()
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{address}metrics", timeout=60)
            told = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60).read().decode()
        finally:
            server.terminate()
        _, errors = server.communicate(timeout=60)
    assert {family.name for family in text_string_to_metric_families(told)} >= {"lente_request_seconds", "lente_ready"}
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["status"] for line in lines if line["logger"] == REQUESTS] == [200, 404]


def test_a_request_that_an_ending_server_gives_up_is_told_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr("lente.app.api.create_api", lambda *_arguments: over.wait())  # the API never comes

    async def main() -> list[Any]:
        app = create_app(Settings(store=tmp_path))
        told: list[Any] = []

        async def send(message: Any) -> None:
            told.append(message)

        async def receive() -> Any:
            await asyncio.sleep(60)

        headers = [(b"host", b"localhost"), (b"accept-language", b"es")]
        path = {
            "path": "/api/health",
            "raw_path": b"/api/health",
            "query_string": b"",
            "root_path": "",
            "method": "GET",
        }
        scope = {"type": "http", "headers": headers, "client": ("127.0.0.1", 9), **path}
        asking = asyncio.create_task(app(scope, receive, send))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        over.set()
        return told

    start, body = asyncio.run(main())[:2]
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]
    assert json.loads(body["body"])["error"]["message"] == "El servidor se está cerrando: inténtalo de nuevo."


def test_without_the_settings_nothing_is_measured(client: TestClient) -> None:
    assert not hasattr(client.app.state, "metrics")  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(("option", "value"), [("--log-format", "xml"), ("--store", "mysql://here/0")])
def test_settings_that_cannot_be_used_are_quoted(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Settings.parse([option, value])
    assert value in capsys.readouterr().err
