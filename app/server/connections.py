"""Connections that cannot be held open for nothing: bounded in number, each given a time to say what it wants.

An HTTP server must read a request before it can refuse it, so whoever opens thousands of connections and stays silent
would keep everybody else out. Here the one that was idle longest makes room for the next.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

REQUEST_SECONDS = 15.0
LINGER_SECONDS = 30.0
MOST_UNREAD = 8


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's connection, with `most` of them at once.

    A connection is idle until a request's head is there, and again after its answer. Idle ones are closed after
    `patience` seconds however slowly their bytes trickle in, and sooner where room is needed.
    """

    most = 1000
    patience = REQUEST_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.idle_since = self.loop.time()
        self._impatience: asyncio.TimerHandle | None = None
        self._upgraded = False
        self._wait()
        if len(self.connections) > self.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def connection_lost(self, error: Exception | None) -> None:
        self._unwait()
        super().connection_lost(error)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.idle_since = self.loop.time()
        self._wait()

    def handle_websocket_upgrade(self, *arguments: Any) -> None:
        self._upgraded = True  # a live channel may be silent as long as it likes
        self._unwait()
        super().handle_websocket_upgrade(*arguments)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)  # where nobody reads the answer

    @property
    def idle(self) -> bool:
        """Whether nothing is being answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _wait(self) -> None:
        """Starts the clock of an idle connection; stops that of one with a request."""
        if self._upgraded or not self.idle:
            self._unwait()
        elif self._impatience is None and not self.transport.is_closing():
            self._impatience = self.loop.call_later(self.patience, self.transport.abort)

    def _unwait(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def _make_room(self) -> None:
        idle = [one for one in self.connections if isinstance(one, Connection) and one.idle and one is not self]
        oldest = min(idle, key=lambda one: one.idle_since, default=self)
        oldest.transport.abort()
        self.connections.discard(oldest)


def connection_class(most: int) -> type[Connection]:
    """The class with its bound, as uvicorn wants it."""
    return type("Connection", (Connection,), {"most": most})


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's, which stops to listen while a message waits: here only while MOST_UNREAD of them wait."""

    def send_receive_event_to_app(self) -> None:
        listens_on = not self.read_paused and self.queue.qsize() < MOST_UNREAD
        if listens_on:
            self.read_paused = True
        super().send_receive_event_to_app()
        if listens_on:
            self.read_paused = False
