"""A class as a load: many clients in one thread that waits for its sockets and does little else.

What is sent is encoded beforehand and what comes back is hardly read: the load leaves the processor to the server.
"""

import base64
import heapq
import itertools
import json
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from safetensors.numpy import save

KEPT = 4096
PAUSE_SECONDS = 0.02


@dataclass
class Tally:
    """What became of what one kind of client asked. `seconds` are the latencies of what was answered."""

    asked: int = 0
    overtaken: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return len(self.seconds)

    @property
    def lost(self) -> int:
        """Asked, and neither answered nor overtaken by a newer one nor refused."""
        return self.asked - self.answered - self.overtaken - self.refused - len(self.errors)

    def forget(self) -> None:
        """Begins again, once everything is warm."""
        self.asked = self.overtaken = self.refused = 0
        self.errors, self.seconds = [], []

    def milliseconds(self, percentile: float) -> float:
        return 1000 * float(np.percentile(self.seconds, percentile)) if self.seconds else float("nan")


class Client(Protocol):
    """Something that has a socket, and acts when it is its turn."""

    socket: socket.socket
    hold: bool

    def start(self, now: float) -> None:
        """Begins to act, after a pause perhaps."""

    def act(self) -> float | None:
        """Sends what is due; the time at which it wants to act again, None for not before something arrives."""

    def arrived(self) -> float | None:
        """Reads; the time at which it wants to act next, None for as planned."""


class Channel:
    """A page's live channel that sends its messages in turn, `rate` times a second, or each after the last answer.

    Args:
        messages: encoded by `ask`, so that they bear the ids 0, 1, 2, ... up to their number.
        rate: messages a second; None for the next as soon as the last is answered.
    """

    def __init__(
        self, address: tuple[str, int], messages: Sequence[bytes], rate: float | None, tally: Tally, source: str = ""
    ) -> None:
        self.socket = _connect(address, source)
        _upgrade(self.socket, address)
        self.socket.setblocking(False)
        self.hold = False
        self._messages, self._rate, self._tally = messages, rate, tally
        self._next, self._oldest = 0, 0
        self._sent = [0.0] * len(messages)
        self._unsent = b""
        self._buffer = bytearray()
        self._due = 0.0

    def start(self, now: float) -> None:
        self.hold = False
        self._due = now + (np.random.random() / self._rate if self._rate else 0)

    def act(self) -> float | None:
        now = time.perf_counter()
        if not self.hold and now >= self._due:
            index = self._next % len(self._messages)
            self._sent[index] = self._due if self._rate else now
            self._next += 1
            self._tally.asked += 1
            self._send(self._messages[index])
            self._due += 1 / self._rate if self._rate else 0
        elif self._unsent:
            self._send(b"")
        if self._unsent:
            return now + 0.001
        return None if self._rate is None or self.hold else self._due

    def _send(self, message: bytes) -> None:
        self._unsent += message
        with suppress(BlockingIOError):
            self._unsent = self._unsent[self.socket.send(self._unsent) :]

    def arrived(self) -> float | None:
        self._buffer += self.socket.recv(1 << 18)
        found = False
        while (message := take_frame(self._buffer)) is not None:
            found = True
            self._note(message)
        return time.perf_counter() if found and self._rate is None else None

    def _note(self, message: bytes) -> None:
        now = time.perf_counter()
        start = message.find(b'id\\": ') + 6
        id = int(message[start : start + 6].split(b"}")[0].split(b",")[0])
        if message.find(b"error", 0, 200) >= 0:
            return self._fail(id, message)
        index = self._oldest + (id - self._oldest) % len(self._messages)
        self._tally.overtaken += index - self._oldest
        self._oldest = index + 1
        self._tally.seconds.append(now - self._sent[id])

    def _fail(self, id: int, message: bytes) -> None:
        self._oldest = self._oldest + (id - self._oldest) % len(self._messages) + 1
        if b"503" in message:
            self._tally.refused += 1
        else:
            self._tally.errors.append(message[:300].decode(errors="replace"))


class Caller:
    """A client over HTTP that makes the requests that `requests` gives, one after the other, with a pause after each.

    `requests` is a generator that is sent each answer's body; it gives (name of the tally, the request, pause).
    """

    def __init__(
        self, address: tuple[str, int], requests: Any, tallies: Callable[[str], Tally], source: str = ""
    ) -> None:
        self.socket = _connect(address, source)
        self.hold = False
        self._requests, self._tallies = requests, tallies
        self._buffer = bytearray()
        self._name, self._request, self._pause = next(requests)
        self._began: float | None = None
        self._due = 0.0

    def start(self, now: float) -> None:
        self.hold = False
        self._due = now + self._pause * np.random.random()

    def act(self) -> float | None:
        now = time.perf_counter()
        if self._began is not None or self.hold:
            return None
        if now < self._due:
            return self._due
        self._began = now
        self._tallies(self._name).asked += 1
        self.socket.sendall(self._request)
        return None

    def arrived(self) -> float | None:
        part = self.socket.recv(1 << 18)
        self._buffer += part
        if not part:
            raise ConnectionError(f"closed by the server after {bytes(self._buffer[:200])!r}")
        answer = take_answer(self._buffer)
        if answer is None or self._began is None:
            return None
        status, retry, body = answer
        tally, began, now = self._tallies(self._name), self._began, time.perf_counter()
        self._began = None
        if status == 503:
            tally.refused += 1
            self._due = now + retry  # the same again: a page would do so
            return self._due
        if status >= 400:
            tally.errors.append(body[:200].decode(errors="replace"))
        else:
            tally.seconds.append(now - began)
        self._due = now + self._pause
        self._name, self._request, self._pause = self._requests.send(body)
        return self._due


def run(clients: Sequence[Client], seconds: float, until: Callable[[], bool] = lambda: False) -> float:
    """Lets the clients act for so long, then waits for what they still wait for; how long they acted."""
    selector = selectors.DefaultSelector()
    order = itertools.count()
    start = time.perf_counter()
    queue = [(start, next(order), client) for client in clients]
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.start(start)
    while (now := time.perf_counter()) < start + seconds and not until():
        _act(queue, order, now)
        wait = min(PAUSE_SECONDS, max(0.0, queue[0][0] - time.perf_counter())) if queue else PAUSE_SECONDS
        _read(selector, queue, order, wait)
    took = time.perf_counter() - start
    for client in clients:
        client.hold = True
    quiet = time.perf_counter() + 2
    while time.perf_counter() < quiet:
        _act(queue, order, time.perf_counter())
        if _read(selector, queue, order, PAUSE_SECONDS):
            quiet = time.perf_counter() + 2
    selector.close()
    return took


def _act(queue: list[tuple[float, int, Client]], order: Iterator[int], now: float) -> None:
    while queue and queue[0][0] <= now:
        client = heapq.heappop(queue)[2]
        if (due := client.act()) is not None:
            heapq.heappush(queue, (due, next(order), client))


def _read(
    selector: selectors.BaseSelector, queue: list[tuple[float, int, Client]], order: Iterator[int], wait: float
) -> bool:
    events = selector.select(wait)
    for key, _ in events:
        if (due := key.data.arrived()) is not None:
            heapq.heappush(queue, (due, next(order), key.data))
    return bool(events)


def asks(tensors: Sequence[dict[str, Any]], count: int = KEPT, **facts: Any) -> list[bytes]:
    """`count` messages of the live channel, encoded as a browser sends them: each with its id and one of `tensors`."""
    return [_frame(save(tensors[id % len(tensors)], {"json": json.dumps({**facts, "id": id})})) for id in range(count)]


def request(method: str, path: str, body: bytes = b"", kind: str = "application/json", accept: str = "*/*") -> bytes:
    """A request's bytes."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def upload(file: bytes) -> bytes:
    """The request that uploads a picture."""
    edge = b"lente-bench"
    head = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n' % edge
    body = head + file + b"\r\n--%s--\r\n" % edge
    return request("POST", "/api/images", body, f"multipart/form-data; boundary={edge.decode()}")


def _connect(address: tuple[str, int], source: str) -> socket.socket:
    connection = socket.create_connection(address, 30, (source, 0) if source else None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _upgrade(connection: socket.socket, address: tuple[str, int]) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    head = f"GET /api/live HTTP/1.1\r\nHost: localhost:{address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    connection.sendall(f"{head}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(1)
    if b" 101 " not in answer[:20]:
        raise ConnectionError(f"no live channel: {answer[:200]!r}")


def _frame(payload: bytes) -> bytes:
    """A client's WebSocket frame (RFC 6455, section 5.2), masked as it must be."""
    length = len(payload)
    if length < 126:
        head = bytes([0x82, 0x80 | length])
    elif length < 1 << 16:
        head = bytes([0x82, 0xFE]) + length.to_bytes(2, "big")
    else:
        head = bytes([0x82, 0xFF]) + length.to_bytes(8, "big")
    mask = np.frombuffer(b"\x5a\xc3\x17\x88", np.uint8)
    masked = np.frombuffer(payload, np.uint8) ^ np.resize(mask, length)
    return head + mask.tobytes() + masked.tobytes()


def take_frame(buffer: bytearray) -> bytes | None:
    """The next binary message of the server's, taken out of `buffer`; None where it is not whole yet."""
    while len(buffer) >= 2:
        size, start = buffer[1], 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < start + size:
            return None
        kind, payload = buffer[0] & 15, bytes(buffer[start : start + size])
        del buffer[: start + size]
        if kind == 2:
            return payload
        if kind == 8:
            raise ConnectionError(f"the server closed the channel: {payload!r}")
    return None


def take_answer(buffer: bytearray) -> tuple[int, float, bytes] | None:
    """Status, seconds to wait and body of the next answer, taken out of `buffer`; None where it is not whole yet."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end]).lower()
    length = int(_header(head, b"content-length", b"0"))
    if len(buffer) < end + 4 + length:
        return None
    body = bytes(buffer[end + 4 : end + 4 + length])
    del buffer[: end + 4 + length]
    return int(head[9:12]), float(_header(head, b"retry-after", b"1")), body


def _header(head: bytes, name: bytes, default: bytes) -> bytes:
    start = head.find(b"\r\n" + name + b":")
    return default if start < 0 else head[start + len(name) + 3 :].split(b"\r\n", 1)[0].strip()
