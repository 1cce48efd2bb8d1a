"""Answers that wait for a slow reader: as many bytes of them as a client's part allows."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lente.app.errors import Busy
from lente.app.i18n import N_
from lente.app.server.refusals import answer
from lente.app.server.shares import Held, Shares, address

LARGE_BYTES = 65_536


class Unsent:
    """Middleware that counts an answer among its client's bytes until it is sent; 503 where they are too many.

    How long a reader may take is the connection's to say: lente.app.server.connections.
    """

    def __init__(self, app: ASGIApp, shares: Shares) -> None:
        self.app, self.shares = app, shares

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        held = _Answer(send, self.shares, address(scope))
        try:
            await self.app(scope, receive, held.send)
        finally:
            held.give_back()
        if held.refused:
            await answer(Request(scope), unread())(scope, receive, send)


def unread() -> Busy:
    """What is said to a client for whom too many bytes wait."""
    return Busy("too_much_unread", N_("Too many answers wait to be read: read them, or wait until they are sent."))


class _Answer:
    def __init__(self, send: Send, shares: Shares, client: str) -> None:
        self._send, self._held = send, Held(shares, client)

    @property
    def refused(self) -> bool:
        return self._held.over

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            length = Headers(raw=list(message.get("headers", ()))).get("content-length", "0")
            count = int(length) if length.isdigit() else 0
            self._held.take(count)
        if self.refused:
            return
        if len(message.get("body", b"")) > LARGE_BYTES and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            message = {"type": message["type"], "body": b""}  # sent once most of the first has been
        await self._send(message)

    def give_back(self) -> None:
        self._held.give_back()
