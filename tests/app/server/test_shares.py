"""Nobody takes all: bytes on their way in and out, connections, and messages, each bounded for one client."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from lente.app.server.connections import connection_class, socket_class
from lente.app.server.middleware.body_limit import BodyLimit
from lente.app.server.middleware.held import Unsent
from lente.app.server.middleware.rate import RateLimit
from lente.app.server.shares import Shares
from tests.app.running import until

MEGABYTE = 1_000_000


def test_a_client_has_its_part_and_all_have_no_more_than_there_is() -> None:
    shares = Shares(each=6, total=10)
    assert shares.take("a", 6)
    assert not shares.take("a", 1)
    assert not shares.take("b", 5)
    assert shares.take("b", 4)
    shares.give_back("a", 6)
    assert not shares.take("a", 7)
    shares.give_back("b", 4)
    assert shares.take("127.0.0.1", 10), "behind this computer's own proxy there may be a class"
    shares.give_back("127.0.0.1", 10)
    assert len(shares) == 0


def scope(client: str = "10.0.0.7", path: str = "/api/images", **more: Any) -> Scope:
    return {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [],
        "client": (client, 5), **more,
    }  # fmt: skip


async def read_whole(_scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def pieces(count: int, then: Callable[[], Any]) -> Receive:
    left = iter(range(count))

    async def receive() -> Message:
        if next(left, None) is None:
            await then()
        return {"type": "http.request", "body": bytes(MEGABYTE), "more_body": True}

    return receive


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def nowhere(_message: Message) -> None:
    pass


def raised(app: Any, scope: Scope, receive: Receive) -> Any:
    """What is raised where the body is read."""

    async def main() -> None:
        await asyncio.wait_for(app(scope, receive, nowhere), 30)

    with pytest.raises(Exception) as error:  # noqa: PT011, its code is looked at
        asyncio.run(main())
    return error.value


def test_a_body_that_stops_is_not_waited_for_however_much_came() -> None:
    app = BodyLimit(read_whole, 20, Shares(100 * MEGABYTE, 100 * MEGABYTE), patience=0.1)
    assert raised(app, scope(), pieces(19, asyncio.Event().wait)).code == "body_too_slow"


def test_bodies_on_their_way_are_bounded_for_each_client() -> None:
    shares = Shares(5 * MEGABYTE, 100 * MEGABYTE)
    app = BodyLimit(read_whole, 20, shares)
    error = raised(app, scope(), pieces(6, asyncio.Event().wait))
    assert (error.code, error.status) == ("too_much_sent", 503)
    assert len(shares) == 0, "what is over is forgotten"


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/octet-stream", "multipart/form-data"])
def test_the_bound_on_a_body_is_the_routes_whatever_it_calls_itself(client: TestClient, kind: str) -> None:
    answer = client.post("/api/latent/vae_2d/decode", content=bytes(5 * MEGABYTE), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_answers_that_nobody_reads_are_bounded_for_each_client() -> None:
    async def large(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", str(MEGABYTE).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(MEGABYTE)})

    async def main() -> list[int]:
        held, statuses = Unsent(large, Shares(2 * MEGABYTE, 100 * MEGABYTE)), list[int]()
        read = asyncio.Event()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            elif statuses[-1] == 200:
                await read.wait()

        asks = [asyncio.create_task(held(scope(whose), nothing, send)) for whose in ("a", "a", "a", "b")]
        await asyncio.sleep(0.05)
        read.set()
        await asyncio.gather(*asks)
        await held(scope("a"), nothing, send)
        return statuses

    assert sorted(asyncio.run(main())) == [200, 200, 200, 200, 503]


class Served:
    """A server of one application, with its connections."""

    def __init__(self, app: Any, **how: Any) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", log_level="critical", timeout_graceful_shutdown=5, **how)
        )
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]})
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> "Served":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join()

    @property
    def open(self) -> int:
        return len(self.server.server_state.connections)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))


@pytest.fixture
def hasty() -> type:
    made = connection_class(12)
    made.writing = 0.3
    return made


@pytest.mark.slow
def test_an_answer_that_nobody_reads_is_cut_off(hasty: type) -> None:
    async def huge(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(50 * MEGABYTE)})

    with Served(huge, http=hasty) as served, closing(served.connect()) as deaf:
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: served.open == 1)
        until(lambda: served.open == 0)


@pytest.mark.slow
def test_a_channel_whose_messages_nobody_reads_is_closed(hasty: type) -> None:
    ended = threading.Event()

    async def talkative(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "bytes": bytes(MEGABYTE)})
        finally:
            ended.set()

    impatient = socket_class(Shares(MEGABYTE, MEGABYTE))
    impatient.writing = 0.3
    head = (
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with Served(talkative, http=hasty, ws=impatient) as served, closing(served.connect()) as deaf:
        deaf.sendall(head)
        assert ended.wait(30)


@pytest.mark.slow
def test_who_opens_too_many_connections_closes_their_own(hasty: type) -> None:
    async def short(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    with Served(short, http=hasty, timeout_keep_alive=60) as served:
        few, many = [served.connect() for _ in range(3)], list[socket.socket]()
        for one in few:
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" in one.recv(1000)
        for _ in range(60):
            many.append(served.connect("127.0.0.2"))
        until(lambda: served.open <= 12)
        time.sleep(0.2)
        for one in few:
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" in one.recv(1000)
        for one in (*few, *many):
            one.close()


@pytest.mark.parametrize(("size", "seconds"), [(1, 6), (MEGABYTE, 44)])
def test_messages_of_a_channel_count_as_requests_do(size: int, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now, asleep = 0.0, asyncio.sleep

    async def passing(amount: float) -> None:
        nonlocal now
        now += amount
        await asleep(0)

    monkeypatch.setattr("lente.app.server.middleware.rate.asyncio.sleep", passing)

    async def reader(_scope: Scope, receive: Receive, _send: Send) -> None:
        for _ in range(1000):
            await receive()

    async def message() -> Message:
        return {"type": "websocket.receive", "bytes": bytes(size)}

    limit = RateLimit(reader, 100, clock=lambda: now)
    asyncio.run(limit({"type": "websocket", "client": ("10.0.0.7", 5), "path": "/"}, message, nowhere))
    assert round(now) == seconds
