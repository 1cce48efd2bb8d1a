"""The API's live channel: see lente.app.live.channel."""

from fastapi import APIRouter
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from lente.app.live.channel import Live


class Channel:
    """The live channel as an ASGI application; hosts and origins are checked before it is reached."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Live(scope, receive, send).run()


router = APIRouter(routes=[WebSocketRoute("/api/live", Channel())])
