"""A server that ends tells those whom it cannot answer any more to ask again: another one answers."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lente.app.server.queues.waiting_line import ending
from lente.app.server.refusals import answer


class Ending:
    """Middleware that answers 503 where the work on a request is stopped, as it is when the server's time is up."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                raise
            await answer(Request(scope), ending())(scope, receive, send)
