"""Impatience ends connections that never say what they want, never a live channel on which nobody drags."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.sync.client import connect

from lente.app.server.connections import connection_class

PATIENCE = 0.3


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Says again what it is told, over a WebSocket."""
    while (message := await receive())["type"] != "websocket.disconnect":
        kind = "websocket.accept" if message["type"] == "websocket.connect" else "websocket.send"
        await send({"type": kind, **({} if kind == "websocket.accept" else {"text": message["text"]})})


@pytest.fixture
def port() -> Iterator[int]:
    hasty = connection_class(10)
    hasty.patience = PATIENCE
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(echo, http=hasty, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.mark.slow
def test_a_silent_channel_stays_open_where_a_silent_connection_does_not(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as silent, connect(f"ws://127.0.0.1:{port}", proxy=None) as live:
        time.sleep(5 * PATIENCE)
        live.send("still there?")
        assert live.recv(timeout=30) == "still there?"
        silent.settimeout(30)
        assert silent.recv(1) == b""
