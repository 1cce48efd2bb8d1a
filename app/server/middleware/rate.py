"""How many requests one client may make, so that a runaway script does not keep the class waiting."""

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lente.app.errors import LenteError
from lente.app.i18n import N_
from lente.app.server.refusals import answer
from lente.app.server.shares import HERE

MOST_CLIENTS = 10_000
MOST_CHANNELS = 250
SECONDS_SAVED = 4
SHORTEST_SECONDS = 0.001
COSTS = {("POST", "/api/images"): 8, ("GET", "/api/networks/"): 4, ("POST", "/api/networks/"): 4}
MESSAGE_BYTES = 262_144


class TooMany(LenteError):
    status = 429

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.values["seconds"])}


class Buckets:
    """A bucket of tokens for each client: `rate` flow in each second, `most` fit in.

    Args:
        clock: seconds that never run backwards.
    """

    def __init__(self, rate: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.most, self.clock = rate, most, clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, tokens: float) -> float:
        """Takes tokens, or takes none and returns after how many seconds there will be enough; 0 where it took them."""
        now = self.clock()
        level, then = self._levels.pop(client, (self.most, now))
        level = min(self.most, level + self.rate * (now - then))
        missing = tokens - level
        self._levels[client] = (level if missing > 0 else -missing, now)
        if len(self._levels) > MOST_CLIENTS:
            self._levels.popitem(last=False)
        return max(0.0, missing / self.rate)


class RateLimit:
    """Middleware that answers 429 to a client whose bucket is empty. Pages, files and this computer itself are free.

    A client may have MOST_CHANNELS WebSockets open: a class behind one address has its own, and nobody takes all. Each
    message over one costs as a cheap request does, and as much again for every MESSAGE_BYTES; it is taken when there
    are tokens for it.

    Args:
        per_second: cheap requests a client may make in the long run; 0 for as many as it likes. Uploads and what runs
            a large network count for several.
    """

    def __init__(
        self, app: ASGIApp, per_second: float, clock: Callable[[], float] = time.monotonic, free: frozenset[str] = HERE
    ) -> None:
        self.app = app
        self.free = free
        self.channels: Counter[str] = Counter()
        self.buckets = Buckets(per_second, SECONDS_SAVED * per_second, clock) if per_second else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and (client := self._counted(scope)):
            await self._channel(client, scope, receive, send)
            return
        seconds = self._wait(scope) if scope["type"] == "http" else 0
        if not seconds:
            await self.app(scope, receive, send)
            return
        template = N_("Too many requests at once: try again in {seconds} s.")
        refusal = TooMany("too_many_requests", template, seconds=math.ceil(seconds))
        await answer(Request(scope), refusal)(scope, receive, send)

    async def _channel(self, client: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self.channels[client] >= MOST_CHANNELS:
            await send({"type": "websocket.close", "code": 1013, "reason": "too_many_channels"})
            return
        self.channels[client] += 1

        async def receive_in_time() -> Message:
            message = await receive()
            count = len(message.get("bytes") or message.get("text") or b"")
            while self.buckets and (seconds := self.buckets.take(client, self._message_cost(count))):
                await asyncio.sleep(max(seconds, SHORTEST_SECONDS))
            return message

        try:
            await self.app(scope, receive_in_time, send)
        finally:
            self.channels[client] -= 1
            self.channels += Counter()  # drops those that are 0

    def _message_cost(self, count: int) -> float:
        return min(1 + count / MESSAGE_BYTES, self.buckets.most if self.buckets else 0)

    def _counted(self, scope: Scope) -> str:
        """The address of a client that is not free, else ""."""
        client = scope.get("client")
        return client[0] if self.buckets and client and client[0] not in self.free else ""

    def _wait(self, scope: Scope) -> float:
        client = self._counted(scope)
        if not client or not scope["path"].startswith("/api/") or self.buckets is None:
            return 0
        return self.buckets.take(client, _cost(scope))


def _cost(scope: Scope) -> float:
    """How many cheap requests this one is worth."""
    asked = scope["method"], scope["path"]
    return next(
        (cost for (method, start), cost in COSTS.items() if asked[0] == method and asked[1].startswith(start)), 1
    )
