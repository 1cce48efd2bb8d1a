"""What goes wrong in a classroom, and what is left standing."""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from lente.app.errors import NotFound
from lente.app.main import create_app
from lente.app.pictures.store import Store
from lente.app.server.middleware.body_limit import BodyLimit
from lente.app.server.wire import unpacked
from lente.app.settings import Settings
from lente.models.networks import catalogue
from tests.app.conftest import LOCALHOST
from tests.app.pictures.test_store import png
from tests.app.running import FORM, Running, form, running, until
from tests.conftest import ROOT

DAY = 86_400

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file into which the server writes what it could not help."""
    return tmp_path_factory.mktemp("errors") / "errors.txt"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, errors: Path) -> Iterator[Running]:
    """A server with room for few connections."""
    with errors.open("w") as file, running(tmp_path_factory.mktemp("store"), "--connections", "40", errors=file) as it:
        yield it


def head(path: str, length: int) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\n\r\n"
    ).encode()


def descriptors(server: Running) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_whoever_leaves_in_the_middle_of_an_upload_leaves_nothing_behind(server: Running, errors: Path) -> None:
    picture = png(1, side=200)
    body = form(picture)
    assert server.upload(png(0))[0] == 201  # what decodes is there from now on
    before = descriptors(server)
    for part in (0, 10, len(body) // 2, len(body) - 1):
        with closing(server.connect()) as leaver:
            leaver.sendall(head("/api/images", len(body)) + body[:part])
    until(lambda: descriptors(server) <= before)
    assert server.ask("GET", f"/api/images/{hashlib.sha256(picture).hexdigest()}")[0] == 404
    assert server.upload(picture)[0] == 201
    assert "Traceback" not in errors.read_text()


SCOPE = {
    "type": "http", "method": "POST", "path": "/api/images", "query_string": b"", "http_version": "1.1",
    "headers": [(b"content-type", FORM["Content-Type"].encode()), (b"transfer-encoding", b"chunked")],
    "asgi": {"version": "3.0"},
}  # fmt: skip


def spoken_to(client: TestClient, receive: Callable[[], Awaitable[Message]]) -> list[Message]:
    """What the server sends while it reads what `receive` gives."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(client.app(SCOPE.copy(), receive, send))  # type: ignore[arg-type]
    return sent


def test_an_upload_that_trickles_in_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lente.app.main.BodyLimit", partial(BodyLimit, patience=0.1))
    parts = iter([form(b"")[:70]])

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": next(parts, b"-"), "more_body": True}

    with TestClient(create_app(Settings(store=tmp_path)), LOCALHOST) as client:
        sent = spoken_to(client, receive)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["error"]["code"] == "body_too_slow"


def test_leaving_is_no_failure_of_the_server(client: TestClient) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert all(message.get("status", 400) < 500 for message in spoken_to(client, receive))


def test_thousands_of_silent_connections_keep_nobody_out(server: Running) -> None:
    silent = []
    try:
        for _ in range(400):
            silent.append(server.connect())
            if len(silent) % 100 == 0:
                assert server.ask("GET", "/es/")[0] == 200
        assert descriptors(server) < 100, "those that wait longest make room"
        closed = [one for one in silent if _is_closed(one)]
        assert len(closed) >= 350
        assert not _is_closed(silent[-1])
    finally:
        for one in silent:
            one.close()
    assert server.ask("GET", "/es/")[0] == 200


def _is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0.001)
    try:
        return connection.recv(1) == b""
    except (TimeoutError, BlockingIOError):
        return False
    except ConnectionResetError:
        return True


def test_an_upload_goes_on_while_the_silent_are_sent_away(server: Running) -> None:
    body = form(png(2, side=100))
    with closing(server.connect()) as busy:
        busy.sendall(head("/api/images", len(body)) + body[:500])
        time.sleep(0.2)
        crowd = [server.connect() for _ in range(120)]
        busy.sendall(body[500:])
        assert b" 201 " in busy.recv(65536)
        for one in crowd:
            one.close()


IMPATIENT = """
import sys
from lente.app.server.connections import Connection
from lente.app.cli import main
Connection.patience = 0.3
main(sys.argv[1:])
"""


def test_a_head_that_trickles_in_is_cut_off(tmp_path: Path) -> None:
    script = tmp_path / "impatient.py"
    script.write_text(IMPATIENT)
    with running(tmp_path / "store", program=str(script)) as server, closing(server.connect()) as slow:
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\n" * 9:
            try:
                slow.sendall(bytes([byte]))
                time.sleep(0.02)
            except (BrokenPipeError, ConnectionResetError):
                break
        else:
            pytest.fail("it listens for ever")
        assert server.ask("GET", "/es/")[0] == 200


STUCK = """
import sys, threading
from lente.app import run
from lente.app.cli import main
from lente.app.pictures.store import Store
run.LAST_SECONDS = 20  # a busy machine needs more than a moment to tell those who wait
Store.put = lambda self, data: threading.Event().wait(600)
main(sys.argv[1:])
"""


def test_told_to_end_it_ends_whatever_runs_and_those_who_wait_are_told(tmp_path: Path) -> None:
    script = tmp_path / "stuck.py"
    script.write_text(STUCK)
    body = form(png(1))
    with running(tmp_path / "store", program=str(script)) as server:
        server.ask("GET", "/api/images")
        with closing(server.connect()) as one, closing(server.connect()) as other:
            for waiting in (one, other):
                waiting.sendall(head("/api/images", len(body)) + body)
            time.sleep(0.5)
            server.process.terminate()
            for waiting in (one, other):
                answer = waiting.recv(65536)
                assert b" 503 " in answer
                assert b"retry-after" in answer.lower()
        assert server.process.wait(timeout=30) in (-signal.SIGTERM, -signal.SIGKILL)


def test_killed_under_load_it_comes_back_with_whole_pictures(tmp_path: Path) -> None:
    pictures = {hashlib.sha256(data).hexdigest(): data for data in (png(seed, side=60) for seed in range(60))}
    kept = []
    with running(tmp_path) as server:
        server.ask("GET", "/api/images")

        def work(some: list[bytes]) -> None:
            for data in some:
                try:
                    status, answer = server.upload(data)
                except OSError:
                    return
                if status == 201:
                    kept.append(json.loads(answer)["id"])

        threads = [threading.Thread(target=work, args=(list(pictures.values())[i::3],)) for i in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: len(kept) >= 5)
        server.kill()
        for thread in threads:
            thread.join()
    with running(tmp_path) as server:
        for id in kept:
            assert server.ask("GET", f"/api/images/{id}")[0] == 200, "what was promised is still there"
        for path in tmp_path.iterdir():
            if not path.name.startswith("."):
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        assert server.upload(next(iter(pictures.values())))[0] == 201


def test_two_servers_share_one_store(tmp_path: Path) -> None:
    with running(tmp_path) as one, running(tmp_path) as other:
        ids = [json.loads((one if seed % 2 else other).upload(png(seed))[1])["id"] for seed in range(6)]
        for server in (one, other):
            assert [server.ask("GET", f"/api/images/{id}")[0] for id in ids] == [200] * 6


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 100 kB."""
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_what_is_there_still_works(full_disk: Path) -> None:
    app = create_app(Settings(store=full_disk))
    with TestClient(app, LOCALHOST, raise_server_exceptions=False) as client:
        answers = [
            client.post("/api/images", files={"file": png(seed, side=100)}, headers={"accept-language": "es"})
            for seed in range(5)
        ]
        kept = [answer.json()["id"] for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert kept
        assert {answer.status_code for answer in refused} == {507}
        error = refused[0].json()["error"]
        assert error["code"] == "store_failed"
        assert "No queda espacio" in error["message"]
        assert str(full_disk) not in refused[0].text
        for id in kept:
            assert client.get(f"/api/images/{id}").status_code == 200
        assert client.get("/es/").status_code == 200
    assert not [path for path in full_disk.iterdir() if path.name.startswith(".")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Moves the system's clock by some seconds, and the one that only runs forward by others."""
    wall, steady = time.time, time.monotonic

    def move(jump: float, passed: float) -> None:
        monkeypatch.setattr("lente.app.pictures.store.time.time", lambda: wall() + jump + passed)
        monkeypatch.setattr("lente.app.pictures.store.time.monotonic", lambda: steady() + passed)

    return move


def found(settings: Settings, id: str) -> bool:
    try:
        Store(settings).get(id)
    except NotFound:
        return False
    return True


def there(settings: Settings) -> set[str]:
    return {path.name for path in settings.store.iterdir()}


def test_a_picture_is_kept_for_the_days_promised_since_it_was_looked_at(
    tmp_path: Path, clock: Callable[[float, float], None]
) -> None:
    settings = Settings(store=tmp_path, store_days=7)
    store = Store(settings)
    _, seen = store.put(png(1)), store.put(png(2)).id
    clock(0, 6 * DAY)
    assert found(settings, seen)
    clock(0, 8 * DAY)
    store.sweep()
    assert there(settings) == {seen}
    clock(0, 15 * DAY)
    Store(settings).sweep()
    assert there(settings) == set()


@pytest.mark.parametrize("jump", [-40 * 365 * DAY, -3 * DAY, 3 * DAY, 40 * 365 * DAY])
def test_a_jump_of_the_clock_loses_nothing(jump: float, tmp_path: Path, clock: Callable[[float, float], None]) -> None:
    settings = Settings(store=tmp_path, store_days=7)
    running = Store(settings)
    early = running.put(png(1)).id
    clock(jump, 60)
    late = running.put(png(2)).id
    running.sweep()
    assert there(settings) == {early, late}
    restarted = Store(settings)
    restarted.sweep()
    assert there(settings) == {early, late}
    clock(jump, 8 * DAY)
    restarted.sweep()
    assert there(settings) == set(), "and it is not kept for ever either"


def test_after_a_jump_the_oldest_still_go_first(tmp_path: Path, clock: Callable[[float, float], None]) -> None:
    settings = Settings(store=tmp_path, store_megabytes=1)
    store = Store(settings)
    ids = []
    for seed in range(30):
        clock(-10 * 365 * DAY if seed > 10 else 0, 10 * seed)
        ids.append(store.put(png(seed, side=128)).id)
    kept = [id in there(settings) for id in ids]
    assert kept == sorted(kept)
    assert 15 <= sum(kept) < 30


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the box, to be damaged."""
    folder = tmp_path / "weights"
    shutil.copytree(catalogue.FOLDER, folder)
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    return folder


def _remove(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


LATENT = [
    ("GET", "grid?rows=2&columns=2&classes=true", None),
    ("POST", "sample", {"count": 2}),
    ("POST", "interpolation", {"start": [0, 0], "end": [1, 1]}),
]


def ready(client: TestClient) -> bool:
    return bool(client.get("/api/health").json()["status"] == "ready")


@pytest.mark.parametrize("damage", [_remove, _truncate, _alter])
def test_damaged_weights_cost_one_network_and_not_the_server(
    damage: Callable[[Path], None], weights: Path, tmp_path: Path
) -> None:
    """At the start (digits) and while it runs (the photo network), until the file is whole again."""
    damage(weights / "digit_cnn.safetensors")
    app = create_app(Settings(store=tmp_path / "store"))
    with TestClient(app, LOCALHOST, raise_server_exceptions=False) as client:
        until(lambda: ready(client))
        spanish = {"accept-language": "es"}
        refused = client.get("/api/networks/digit_cnn", headers=spanish)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "network_incomplete"
        assert "digit_cnn" in refused.json()["error"]["message"]
        assert str(weights) not in refused.text
        for ask in LATENT:
            answer = client.request(ask[0], f"/api/latent/vae_2d/{ask[1]}", json=ask[2])
            assert answer.status_code == 200, "a latent space does without what the digit network reads"
            assert "images" in unpacked(answer.content)[0]
        damage(weights / "photo_cnn.safetensors")
        assert client.get("/api/networks/photo_cnn", headers=spanish).status_code == 409
        assert client.post("/api/latent/vae_2d/decode", json={"z": [[0, 0]]}).status_code == 200
        for name in ("digit_cnn", "photo_cnn"):
            shutil.copy(ROOT / "models" / "weights" / f"{name}.safetensors", weights)
            assert client.get(f"/api/networks/{name}").status_code == 200, "no restart is needed"


def test_damage_to_a_network_that_runs_changes_no_answer(weights: Path, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(store=tmp_path / "store")), LOCALHOST) as client:
        until(lambda: ready(client))
        ask = partial(client.post, "/api/latent/vae_2d/decode", json={"z": [[0.5, -1.0]]})
        before = ask().content
        for path in weights.glob("vae_2d*"):
            _truncate(path)
        assert ask().content == before
