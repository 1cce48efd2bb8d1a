"""Who asks: so that no client's work keeps another's waiting, and none is done for a client who has left."""

import asyncio
from contextlib import suppress
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROMPT_SECONDS = 0.02

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
    """One request, from its first byte until it is answered or nobody waits for it any more.

    The connection is watched once its body has come, and only while the answer takes longer than PROMPT_SECONDS.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._left = asyncio.Event()
        self._answering = self._empty = False
        self._work = asyncio.current_task()
        self._later: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        if not _has_body(Headers(scope=scope)):
            self._empty = True
            self._watch_later()
        try:
            await app(scope, self.receive, self.send)
        except asyncio.CancelledError:
            if not self._left.is_set() or self._work is None or self._work.uncancel():
                raise
        except ClientDisconnect:  # in the middle of its body: there is nobody to answer
            pass
        finally:
            self._forget()

    async def receive(self) -> Message:
        if self._empty:
            self._empty = False
            return {"type": "http.request", "body": b"", "more_body": False}
        if self._later is not None:
            return await self._rest()
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._left.set()
        elif not message.get("more_body", False):
            self._watch_later()
        return message

    async def _rest(self) -> Message:
        """After the body nothing comes but the end."""
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self._answering = True
        await self._send(message)

    def _watch_later(self) -> None:
        self._later = asyncio.get_running_loop().call_later(PROMPT_SECONDS, self._begin_to_watch)

    def _begin_to_watch(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        with suppress(Exception):  # a body that breaks the rules fails where it is read
            while (await self._receive())["type"] != "http.disconnect":
                pass
        self._left.set()
        if self._work is not None and not self._answering:
            self._work.cancel()

    def _forget(self) -> None:
        """What holds one another would keep what was sent until garbage is next collected."""
        if self._later is not None:
            self._later.cancel()
        if self._watching is not None:
            self._watching.cancel()
        self._work = self._later = self._watching = None


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
