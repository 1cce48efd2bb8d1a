"""What takes long to import is made in a thread behind the first page."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from starlette.types import ASGIApp, Receive, Scope, Send


class Behind:
    """An ASGI application that `make` makes in a thread; whoever asks for it before it is there waits."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._made: Future[ASGIApp] | None = None

    async def ready(self) -> ASGIApp:
        """The application, once it is made; begins to make it where nobody has."""
        if self._made is None:
            self._made = self._thread.submit(self._make)
            self._thread.shutdown(wait=False)
        if self._made.done():
            return self._made.result()
        return await asyncio.shield(asyncio.wrap_future(self._made))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self.ready())(scope, receive, send)


class ByPath:
    """Hands what begins with `prefix` to `there`, and the rest to `app`."""

    def __init__(self, app: ASGIApp, prefix: str, there: ASGIApp) -> None:
        self.app = app
        self.prefix = prefix
        self.there = there

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = self.there if scope.get("path", "").startswith(self.prefix) else self.app
        await chosen(scope, receive, send)
