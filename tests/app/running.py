"""A real server in a process of its own, on a free port of 127.0.0.1."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Running:
    """A server: its process, its port, and what asks it."""

    process: "subprocess.Popen[str]"
    port: int

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def upload(self, picture: bytes) -> tuple[int, bytes]:
        return self.ask("POST", "/api/images", form(picture), **FORM)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def form(picture: bytes) -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + picture + b"\r\n--x--\r\n"


@contextmanager
def running(store: Path, *options: str, program: str = "-m lente", errors: Any = None) -> Iterator[Running]:
    """Runs `python PROGRAM serve OPTIONS` until the block ends."""
    command = [sys.executable, *program.split(" ", 1), "serve", "--port", "0", "--store", str(store), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[3]
            yield Running(process, int(address.rstrip("/").rsplit(":", 1)[1]))
        finally:
            process.kill()


def until(condition: Any, seconds: float = 60) -> None:
    """Waits until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
