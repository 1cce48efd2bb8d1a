"""Work ends where its client leaves; the middleware alone, as a server speaks to it."""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from app.clients import Clients, client

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
