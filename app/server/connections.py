"""Connections that cannot be held open for nothing: bounded in number, each given a time to say what it wants.

An HTTP server must read a request before it can refuse it, so whoever opens thousands of connections and stays silent
would keep everybody else out. Here one of the client that has the most makes room for the next: the one that was idle
longest. Who asks and then does not read is dropped: so many bytes must go out in each WRITING_SECONDS.
"""

import asyncio
from collections import Counter
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from lente.app.server.shares import Shares

REQUEST_SECONDS = 15.0
LINGER_SECONDS = 30.0
WRITING_SECONDS = 10.0
WRITTEN_BYTES = 200_000
MOST_UNREAD = 8
MOST_UNREAD_BYTES = 2_000_000
MOST_OF_FRAME = 14


class Reader:
    """Whether the other side reads: `transport` is cut off where, with enough to send, too little goes out."""

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        self._transport, self._seconds = transport, seconds
        self._left = 0
        self._timer: asyncio.TimerHandle | None = None

    def behind(self) -> None:
        """There is more to send than is taken."""
        if self._timer is None:
            self._wait()

    def caught_up(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._left = self._transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._left - self._transport.get_write_buffer_size() < WRITTEN_BYTES:
            self._transport.abort()
        else:
            self._wait()


class Watched(asyncio.Protocol):
    """What HTTP and live channels have in common: that who does not read what is sent is dropped, see Reader."""

    writing = WRITING_SECONDS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._reader = Reader(cast(asyncio.Transport, transport), self.writing)  # uvloop's is one in all but name

    def connection_lost(self, error: Exception | None) -> None:
        self._reader.caught_up()
        super().connection_lost(error)

    def pause_writing(self) -> None:
        self._reader.behind()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._reader.caught_up()
        super().resume_writing()


class Connection(Watched, AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's connection, with `most` of them at once.

    A connection is idle until a request's head is there, and again after its answer. Idle ones are closed after
    `patience` seconds however slowly their bytes trickle in, and sooner where room is needed. One whose answer is not
    read is closed too: see Reader.
    """

    most = 1000
    patience = REQUEST_SECONDS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
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
        """Closes an idle connection of whoever has the most, or of whoever else has one."""
        count = Counter(_host(one) for one in self.connections)
        idle = [one for one in self.connections if isinstance(one, Connection) and one.idle and one is not self]
        chosen = min(idle, key=lambda one: (-count[_host(one)], one.idle_since), default=self)
        if count[_host(self)] > count[_host(chosen)] + 1:
            chosen = self  # its own others are all at work
        chosen.transport.abort()
        self.connections.discard(chosen)


def _host(connection: Any) -> str:
    return connection.client[0] if connection.client else ""


def connection_class(most: int) -> type[Connection]:
    """The class with its bound, as uvicorn wants it."""
    return type("Connection", (Connection,), {"most": most})


class Socket(Watched, WebSocketsSansIOProtocol):
    """uvicorn's, which stops to listen while a message waits: here while MOST_UNREAD of them do, or too many bytes.

    What was sent is read before more is sent, or the channel is closed: see Reader. What has come and is not taken yet
    is counted among its client's bytes, and the channel is closed where they are too many.
    """

    shares = Shares(MOST_UNREAD_BYTES, MOST_UNREAD_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._held = self._waiting = 0
        self._host = _host(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._let_go(self._held)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self.shares.take(self._host, len(data)):
            self.transport.abort()
            return
        self._held += len(data)
        super().data_received(data)

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # who does not read is told nothing more

    def send_receive_event_to_app(self) -> None:
        self._waiting += sum(map(len, self.frames))
        listens_on = not self.read_paused and self.queue.qsize() < MOST_UNREAD and self._waiting < MOST_UNREAD_BYTES
        if listens_on:
            self.read_paused = True
        super().send_receive_event_to_app()
        if listens_on:
            self.read_paused = False

    async def receive(self) -> Any:
        message = await super().receive()
        said: Any = message.get("bytes") or message.get("text") or b""
        count = len(said)
        self._waiting = max(0, self._waiting - count)
        everything = self.queue.empty() and not self.frames
        self._let_go(self._held if everything else min(self._held, count + MOST_OF_FRAME))
        return message

    async def send(self, message: Any) -> None:
        await super().send(message)
        await self.writable.wait()

    def _let_go(self, count: int) -> None:
        self._held -= count
        self.shares.give_back(self._host, count)


def socket_class(shares: Shares) -> type[Socket]:
    """The class with what its bytes are counted in, as uvicorn wants it."""
    return type("Socket", (Socket,), {"shares": shares})
