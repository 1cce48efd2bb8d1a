"""Who asks: so that no client's work keeps another's waiting, and none is done for a client who has left."""

import asyncio
from contextlib import suppress
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

client: ContextVar[str] = ContextVar("client", default="")
"""The network address of whoever the running task works for."""


class Clients:
    """Middleware that names each request's client, and ends a request whose client leaves before it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            client.set(scope["client"][0] if scope.get("client") else "")
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Visit(receive, send).run(self.app, scope)


class _Visit:
    """One request, from its first byte until it is answered or nobody waits for it any more."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._left = asyncio.Event()
        self._answering = self._empty = False
        self._work: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        self._work = asyncio.ensure_future(app(scope, self.receive, self.send))
        if not _has_body(Headers(scope=scope)):
            self._empty = True
            self._watching = asyncio.create_task(self._watch())
        try:
            await self._work
        except asyncio.CancelledError:
            if not self._left.is_set():
                raise
        finally:
            if self._watching is not None:
                self._watching.cancel()
            self._work = self._watching = None  # else only the garbage collector would free what was sent

    async def receive(self) -> Message:
        if self._empty:
            self._empty = False
            return {"type": "http.request", "body": b"", "more_body": False}
        if self._watching is not None:
            return await self._rest()
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._left.set()
        elif not message.get("more_body", False):
            self._watching = asyncio.create_task(self._watch())
        return message

    async def _rest(self) -> Message:
        """After the body nothing comes but the end."""
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self._answering = True
        await self._send(message)

    async def _watch(self) -> None:
        with suppress(Exception):  # a body that breaks the rules fails where it is read
            while (await self._receive())["type"] != "http.disconnect":
                pass
        self._left.set()
        if self._work is not None and not self._answering:
            self._work.cancel()


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
