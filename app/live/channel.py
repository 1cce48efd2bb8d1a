"""The live channel: what a page asks while a hand moves, over one WebSocket.

Each message is a safetensors file, as everywhere (see app/server/wire.py). An ask has among its facts `ask`, what is
wanted (see app/live/asks.py), `id`, a whole number that grows, and perhaps `stream`: of what is asked in one stream
only the newest is answered, what it overtook is dropped before it is computed, and the last is always answered. An
answer has the `id` that it answers; where it has an `error` (its `code` and `message`) no tensors come with it.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import Headers, QueryParams
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from lente.app.errors import BadInput, LenteError, TooLarge, known
from lente.app.i18n import N_, preferred
from lente.app.live.asks import ASKS, Tensors
from lente.app.live.newest import Newest
from lente.app.server.middleware.held import unread
from lente.app.server.shares import Shares, address
from lente.app.server.wire import packed, unpacked
from lente.app.services import Services
from lente.models.phrases import shortened

MOST_BYTES = 2_000_000
MOST_STREAMS = 32
TOGETHER = 16  # messages taken at once where so many wait: the newest wins among them, and others come in between
TOGETHER_BYTES = 1_000_000
LARGE_BYTES = 1_000_000  # an answer that is put together in a thread


@dataclass(frozen=True)
class Ask:
    """One message of a page."""

    id: int
    ask: str
    stream: str
    tensors: Tensors
    facts: dict[str, Any]


class Live:
    """One page's channel, as an ASGI application is given it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._services: Services = scope["app"].state.services
        self._shares: Shares = scope["app"].state.shares
        self._client = address(scope)
        self._streams: dict[str, Newest[Ask]] = {}
        wanted = QueryParams(scope["query_string"]).get("language")
        self._language = preferred(wanted or Headers(scope=scope).get("accept-language", ""))

    async def run(self) -> None:
        """Answers until the page has gone."""
        await self._receive()
        await self._send({"type": "websocket.accept"})
        taken = 0.0
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                content = message.get("bytes") or (message.get("text") or "").encode()
                await self._take(content)
                taken += 1 / TOGETHER + len(content) / TOGETHER_BYTES
                if taken >= 1:
                    taken = 0.0
                    await asyncio.sleep(0)
        finally:
            for stream in self._streams.values():
                stream.cancel()

    async def _take(self, message: bytes) -> None:
        try:
            ask = read_ask(message)
            stream = self._streams.get(ask.stream) or self._new_stream(ask.stream)
        except LenteError as error:
            await self._tell(packed({}, self._refusal(None, error)))
        else:
            stream.push(ask)

    def _new_stream(self, name: str) -> Newest[Ask]:
        if len(self._streams) >= MOST_STREAMS:
            self._streams = {name: stream for name, stream in self._streams.items() if not stream.idle}
        if len(self._streams) >= MOST_STREAMS:
            template = N_("The channel is busy with {most} streams already: use one of them again.")
            raise TooLarge("too_many_streams", template, most=MOST_STREAMS)
        self._streams[name] = Newest(self._answer)
        return self._streams[name]

    async def _answer(self, ask: Ask) -> None:
        try:
            tensors, facts = await ASKS[ask.ask](self._services, ask.tensors, ask.facts)
            large = sum(tensor.nbytes for tensor in tensors.values()) > LARGE_BYTES
            told = {"id": ask.id, **facts}
            answer = await asyncio.to_thread(packed, tensors, told) if large else packed(tensors, told)
        except Exception as error:
            refusal = known(error)
            if refusal.status == 500:
                logging.getLogger("lente").error("live channel: %s", ask.ask, exc_info=error)
            answer = packed({}, self._refusal(ask.id, refusal))
        if not self._shares.take(self._client, len(answer)):
            await self._tell(packed({}, self._refusal(ask.id, unread())))
            return
        try:
            await self._tell(answer)
        finally:
            self._shares.give_back(self._client, len(answer))

    async def _tell(self, answer: bytes) -> None:
        with suppress(OSError):  # the page has gone; whoever receives learns it too
            await self._send({"type": "websocket.send", "bytes": answer})

    def _refusal(self, id: int | None, error: LenteError) -> dict[str, Any]:
        told: dict[str, Any] = {**error.told(self._language), "status": error.status}
        if after := error.headers.get("Retry-After"):
            told["retry_after"] = int(after)
        return {"id": id, "error": told}


def read_ask(message: bytes) -> Ask:
    """A message as an Ask. BadInput where it is none, TooLarge where it has more than MOST_BYTES."""
    if len(message) > MOST_BYTES:
        template = N_("The message has {found} bytes; at most {most} are accepted.")
        raise TooLarge("message_too_large", template, found=len(message), most=MOST_BYTES)
    try:
        tensors, facts = unpacked(message)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        template = N_("The message cannot be read ({reason}). A safetensors file is accepted.")
        raise BadInput("message_unreadable", template, reason=shortened(str(error))) from error
    id, ask = facts.get("id"), facts.get("ask")
    if type(id) is not int or not isinstance(ask, str) or ask not in ASKS:
        template = N_("id is {id} and ask is {ask}; a whole number, and one of {accepted}, are accepted.")
        accepted = ", ".join(ASKS)
        raise BadInput("ask_unknown", template, ask=shortened(ask), id=shortened(id), accepted=accepted)
    return Ask(id, ask, str(facts.get("stream", ask))[:100], tensors, facts)


class Channel:
    """The live channel as an ASGI application; hosts and origins are checked before it is reached."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Live(scope, receive, send).run()


router = APIRouter(routes=[WebSocketRoute("/api/live", Channel())])
