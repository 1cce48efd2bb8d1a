"""Refuses a request's body while it is still arriving: once it is larger than what is accepted, or comes too slowly."""

import asyncio
from collections.abc import Callable
from functools import partial

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lente.app.errors import Busy, LenteError, TooLarge
from lente.app.i18n import N_
from lente.app.server.shares import Shares, address

JSON_MEGABYTES = 4
FILES = ("/api/images", "/api/digits", "/api/convolution/frame")
"""Where files are sent to; everything else is JSON, or as short."""
PATIENCE_SECONDS = 20.0
SLOWEST_BYTES = 4000
_FORM_BYTES = 65_536


class TooSlow(LenteError):
    """A body that trickles in, and would keep its connection and its memory for hours."""

    status = 408


class BodyLimit:
    """Middleware that bounds bodies: by `upload_megabytes` where files are sent to, by JSON_MEGABYTES elsewhere.

    A body has `patience` seconds, and one more for every SLOWEST_BYTES that came, but never more than `patience` to
    come: who stops is not waited for. The refusal is raised where the body is read, so it is answered like any other
    error of the route; the rest of the body is not waited for.

    Args:
        shares: of bytes; a body is among its client's until the request is answered.
    """

    def __init__(
        self, app: ASGIApp, upload_megabytes: float, shares: Shares, patience: float = PATIENCE_SECONDS
    ) -> None:
        self.app = app
        self.upload_megabytes = upload_megabytes
        self.shares = shares
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "")
        client, most = address(scope), self._most(scope["path"])
        body = _Body(receive, most, _template(kind), self.patience, partial(self.shares.take, client))
        body.announced(headers.get("content-length", ""))

        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start" and body.refused:
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        try:
            await self.app(scope, body.receive, send_and_close)
        finally:
            self.shares.give_back(client, body.held)

    def _most(self, path: str) -> float:
        return self.upload_megabytes if path in FILES else JSON_MEGABYTES


def _template(kind: str) -> str:
    if "multipart" not in kind:
        return N_("The request is too long: at most {most:g} MB of this kind are accepted.")
    return N_(
        "The file is too long: at most {most:g} MB are accepted. "
        "Make the picture smaller, or save it as JPEG, and send it again."
    )


class _Body:
    """The body of one request while it arrives."""

    def __init__(
        self, receive: Receive, megabytes: float, template: str, patience: float, take: Callable[[int], bool]
    ) -> None:
        self._receive = receive
        self.megabytes = megabytes
        self.template = template
        self.patience = patience
        self.refused = False
        self._take = take
        self.held = 0
        self._arrived, self._whole, self._start, self._until = 0, False, 0.0, 0.0
        self._length = 0

    def announced(self, length: str) -> None:
        self._length = int(length) if length.isdigit() and len(length) < 20 else 0

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        self._check(self._length)
        message = await self._in_time()
        count = len(message.get("body", b""))
        self._arrived += count
        self._whole = not message.get("more_body", False)
        self._check(self._arrived)
        if not self._take(count):
            self.refused = True
            raise Busy("too_much_sent", N_("Too much is being sent from this address at once: try again."))
        self.held += count
        return message

    async def _in_time(self) -> Message:
        now = asyncio.get_running_loop().time()
        if not self._start:
            self._start, self._until = now, now + self.patience
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.refused = True
            template = N_("The request came too slowly: {count} bytes in {seconds:.0f} s. Send it again.")
            seconds = self._until - self._start
            raise TooSlow("body_too_slow", template, count=self._arrived, seconds=seconds) from None
        earned = len(message.get("body", b"")) / SLOWEST_BYTES
        self._until = min(self._until + earned, asyncio.get_running_loop().time() + self.patience)
        return message

    def _check(self, count: int) -> None:
        if count > self.megabytes * 1e6 + _FORM_BYTES:
            self.refused = True
            raise TooLarge("body_too_large", self.template, most=self.megabytes)
