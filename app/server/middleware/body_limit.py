"""Refuses a request's body while it is still arriving: once it is larger than what is accepted, or comes too slowly."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lente.app.errors import LenteError, TooLarge
from lente.app.i18n import N_

JSON_MEGABYTES = 4
PATIENCE_SECONDS = 20.0
SLOWEST_BYTES = 4000
_FORM_BYTES = 65_536


class TooSlow(LenteError):
    """A body that trickles in, and would keep its connection and its memory for hours."""

    status = 408


class BodyLimit:
    """Middleware that bounds bodies: files by `upload_megabytes`, JSON by JSON_MEGABYTES.

    A body has `patience` seconds, and one more for every SLOWEST_BYTES that came. The refusal is raised where the body
    is read, so it is answered like any other error of the route; the rest of the body is not waited for.
    """

    def __init__(self, app: ASGIApp, upload_megabytes: float, patience: float = PATIENCE_SECONDS) -> None:
        self.app = app
        self.upload_megabytes = upload_megabytes
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "")
        body = _Body(receive, self._most(kind), _template(kind), self.patience)
        body.announced(headers.get("content-length", ""))

        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start" and body.refused:
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        await self.app(scope, body.receive, send_and_close)

    def _most(self, kind: str) -> float:
        return JSON_MEGABYTES if "json" in kind else self.upload_megabytes


def _template(kind: str) -> str:
    if "multipart" not in kind:
        return N_("The request is too long: at most {most:g} MB of this kind are accepted.")
    return N_(
        "The file is too long: at most {most:g} MB are accepted. "
        "Make the picture smaller, or save it as JPEG, and send it again."
    )


class _Body:
    """The body of one request while it arrives."""

    def __init__(self, receive: Receive, megabytes: float, template: str, patience: float) -> None:
        self._receive = receive
        self.megabytes = megabytes
        self.template = template
        self.patience = patience
        self.refused = False
        self._arrived, self._whole, self._start = 0, False, 0.0
        self._length = 0

    def announced(self, length: str) -> None:
        self._length = int(length) if length.isdigit() and len(length) < 20 else 0

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        self._check(self._length)
        message = await self._in_time()
        self._arrived += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        self._check(self._arrived)
        return message

    async def _in_time(self) -> Message:
        now = asyncio.get_running_loop().time()
        self._start = self._start or now
        until = self._start + self.patience + self._arrived / SLOWEST_BYTES
        try:
            async with asyncio.timeout_at(until):
                return await self._receive()
        except TimeoutError:
            self.refused = True
            template = N_("The request came too slowly: {count} bytes in {seconds:.0f} s. Send it again.")
            seconds = until - self._start
            raise TooSlow("body_too_slow", template, count=self._arrived, seconds=seconds) from None

    def _check(self, count: int) -> None:
        if count > self.megabytes * 1e6 + _FORM_BYTES:
            self.refused = True
            raise TooLarge("body_too_large", self.template, most=self.megabytes)
