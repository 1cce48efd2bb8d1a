"""Refuses a request's body while it is still arriving, once it is larger than what is accepted."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge
from app.i18n import N_

JSON_MEGABYTES = 4
_FORM_BYTES = 65_536


class BodyLimit:
    """Middleware that bounds bodies: files by `upload_megabytes`, JSON by JSON_MEGABYTES.

    The refusal is raised where the body is read, so it is answered like any other error of the route.
    """

    def __init__(self, app: ASGIApp, upload_megabytes: float) -> None:
        self.app = app
        self.upload_megabytes = upload_megabytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_json = "json" in headers.get("content-type", "")
        most = JSON_MEGABYTES if is_json else self.upload_megabytes
        most_bytes = most * 1e6 + (0 if is_json else _FORM_BYTES)
        announced = headers.get("content-length", "")
        arrived = 0

        async def receive_within_limit() -> Message:
            nonlocal arrived
            if announced.isdigit() and int(announced) > most_bytes:
                raise _refusal(most)
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > most_bytes:
                raise _refusal(most)
            return message

        await self.app(scope, receive_within_limit, send)


def _refusal(most: float) -> TooLarge:
    template = N_("The request is too long: at most {most:g} MB of this kind are accepted.")
    return TooLarge("body_too_large", template, most=most)
