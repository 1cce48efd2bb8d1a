"""Work ends where its client leaves, and what was sent is forgotten; as a server speaks to an application."""

import asyncio
import gc
import json
import re
import weakref
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from lente.app.main import create_app
from lente.app.server.middleware.clients import Clients, client
from lente.app.settings import Settings

GET: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "client": ("10.0.0.7", 5), "headers": []}
POST = {**GET, "method": "POST", "headers": [(b"content-length", b"4")]}


class Line:
    """What a server and an application say to each other."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[str] = []

    async def send(self, message: Message) -> None:
        self.sent.append(message["type"])


def ended(scope: dict[str, Any], messages: list[Message], answers_first: bool = False) -> tuple[list[str], list[str]]:
    """What becomes of a request that would never end by itself, once `messages` have come; and what was sent."""
    told: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(client.get())
        if scope["method"] == "POST":
            told.append((await receive())["type"])
        if answers_first:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            told.append((await receive())["type"])
            return
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def main() -> list[str]:
        line = Line()
        visit = asyncio.create_task(Clients(application)(scope, line.heard.get, line.send))
        for message in messages:
            line.heard.put_nowait(message)
        await asyncio.wait_for(visit, 10)
        return line.sent

    sent = asyncio.run(main())
    return told, sent


def test_a_client_who_leaves_ends_the_work() -> None:
    gone: list[Message] = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]
    assert ended(GET, gone) == (["10.0.0.7", "cancelled"], [])


def test_a_client_who_leaves_after_the_body_ends_the_work() -> None:
    gone: list[Message] = [{"type": "http.request", "body": b"1234"}, {"type": "http.disconnect"}]
    assert ended(POST, gone) == (["10.0.0.7", "http.request", "cancelled"], [])


def test_an_answer_that_has_begun_is_told_and_not_cut_off() -> None:
    gone: list[Message] = [{"type": "http.request", "body": b"1234"}, {"type": "http.disconnect"}]
    told, sent = ended(POST, gone, answers_first=True)
    assert told == ["10.0.0.7", "http.request", "http.disconnect"]
    assert sent == ["http.response.start"]


@pytest.mark.parametrize(
    ("method", "path", "asked", "status"),
    [
        ("POST", "/api/convolution", {"matrix": [[1, 2], [3, 4]], "kernel": [[1]]}, 200),
        ("POST", "/api/convolution", {"matrix": [[1, 2], [3, 4]], "kernel": [["one"]]}, 422),
        ("GET", "/api/images/sample-cat", None, 200),
        ("GET", "/es/convolucion", None, 200),
    ],
)
def test_nothing_of_an_answer_waits_for_the_garbage_collector(
    method: str, path: str, asked: Any, status: int, tmp_path: Path
) -> None:
    body = json.dumps(asked).encode() if asked else b""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())] if asked else []
    scope = {**GET, "method": method, "path": path, "query_string": b"", "http_version": "1.1", "headers": headers}

    async def ask(app: Any) -> "weakref.ref[Connection]":
        connection = Connection(body)
        await app(scope, connection.receive, connection.send)
        await asyncio.sleep(0.1)  # what watched it ends
        assert connection.status == status
        return weakref.ref(connection)

    async def main() -> "weakref.ref[Connection]":
        app = create_app(Settings(store=tmp_path))
        async with app.router.lifespan_context(app):
            await app.state.api.ready()
            await ask(app)  # what is kept for ever is kept from now on
            gc.disable()
            try:
                return await ask(app)
            finally:
                gc.enable()

    assert asyncio.run(main())() is None


# What stands for the names in addresses: things that there are.
NAMED = {"space": "vae_2d", "name": "digit_cnn", "image": "sample-cat"}


def test_whoever_leaves_in_the_middle_of_a_body_is_no_fault_of_the_server(tmp_path: Path) -> None:
    half = {"type": "http.request", "body": b"[", "more_body": True}

    async def left(app: Any, path: str) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4000")]
        scope = {**POST, "path": path, "query_string": b"", "http_version": "1.1", "headers": headers}
        messages: list[Message] = [half, {"type": "http.disconnect"}]

        async def receive() -> Message:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        await app(scope, receive, Line().send)

    async def main() -> int:
        app = create_app(Settings(store=tmp_path))
        async with app.router.lifespan_context(app):
            api = await app.state.api.ready()
            takes = [path for path, methods in api.openapi()["paths"].items() if "post" in methods]
            for path in takes:
                await left(app, re.sub(r"{(\w+)}", lambda name: NAMED.get(name[1], "x"), path))
            return len(takes)

    assert asyncio.run(main()) > 20


class Connection:
    """A client that stays."""

    def __init__(self, body: bytes) -> None:
        self.bodies = [body]
        self.status = 0

    async def receive(self) -> Message:
        if not self.bodies:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": self.bodies.pop(), "more_body": False}

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
