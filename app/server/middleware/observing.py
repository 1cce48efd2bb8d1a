"""What an operator may know of each request: method, route, status and time, never an address or a picture's id."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATICS = "/static/"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answered:
    """A request and how it was answered.

    Attributes:
        method: of HTTP, or WEBSOCKET for a live channel, whose time is its length.
        route: as the server's own code names it, such as /api/images/{id}.
        status: of HTTP; 499 where the client left before the answer.
        seconds: until the last byte of the answer.
    """

    method: str
    route: str
    status: int
    seconds: float


Observer: TypeAlias = Callable[[Answered], None]


class Observed:
    """Middleware that tells `observers` of each request once it is over."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer], clock: Callable[[], float] = time.monotonic):
        self.app = app
        self.observers = observers
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began, status = self.clock(), 499

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            answered = Answered(scope.get("method", "WEBSOCKET"), route_of(scope), status, self.clock() - began)
            for observe in self.observers:
                observe(answered)


def route_of(scope: Scope) -> str:
    """The template of the route that answered; whatever a visitor wrote into the address is not in it."""
    if scope["path"].startswith(STATICS):
        return STATICS
    return str(getattr(scope.get("route"), "path", UNKNOWN))
