"""The parts of a small cluster on this machine: Lente servers, Redis and nginx, each a process that may be killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.conftest import ROOT

HOST = "127.0.0.1"
PATIENCE_SECONDS = 400
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
REPLICAS = "server lente:8000 max_fails=1 fail_timeout=2s;"
LISTEN = "listen 8080 backlog=4096;"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as one:
        return int(one.getsockname()[1])


class Part:
    """A process that listens at `port`."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def start(self) -> Self:
        """Starts it and waits until it answers."""
        self.begin()
        return self.wait()

    def begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log, env=environment())

    def wait(self) -> Self:
        assert self.process is not None
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until, f"{self.command[0]} does not answer"
            time.sleep(0.05)
        return self

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Tells it to end, waits, and returns how many seconds that took."""
        began = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=120)
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        try:
            self.end()  # a killed nginx would leave its workers behind
        except subprocess.TimeoutExpired:
            self.end(signal.SIGKILL)


class Server(Part):
    """`lente serve`; it answers once its networks are loaded."""

    def __init__(self, folder: Path, store: str) -> None:
        super().__init__(folder)
        self.store = store

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def command(self) -> list[str]:
        return [
            sys.executable,
            "-m",
            "lente",
            "serve",
            "--port",
            str(self.port),
            "--store",
            self.store,
            "--wait-until-ready",
        ]

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


class Redis(Part):
    """redis-server as compose.yaml runs it: what it has confirmed is on the disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        super().__init__(folder)
        self.options = options

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    @property
    def command(self) -> list[str]:
        kept = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        bound = ["--maxmemory", "512mb", "--maxmemory-policy", "allkeys-lru"]
        return ["redis-server", "--bind", HOST, "--port", str(self.port), *kept, *bound, *self.options]


class Nginx(Part):
    """nginx with deploy/nginx.conf, of which nothing but the addresses is changed."""

    def __init__(self, folder: Path, servers: list[Server]) -> None:
        super().__init__(folder)
        self.servers = servers

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def command(self) -> list[str]:
        ours = "".join(REPLICAS.replace("lente:8000", f"{HOST}:{one.port}") for one in self.servers)
        assert NGINX.count(REPLICAS) == NGINX.count(LISTEN) == 1
        text = NGINX.replace(REPLICAS, ours).replace(LISTEN, LISTEN.replace("8080", f"{HOST}:{self.port}"))
        (self.folder / "nginx.conf").write_text(text)
        user = f"user {'root' if os.geteuid() == 0 else os.getlogin()};"
        directives = f"daemon off; {user} pid {self.folder / 'pid'};"
        return ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-e", "stderr", "-g", directives]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": f"{os.environ['PATH']}:/usr/sbin"}


def missing() -> list[str]:
    """Debian's packages of the programs that are not here."""
    wanted: dict[str, Any] = {"nginx": "nginx-light", "redis-server": "redis-server"}
    path = environment()["PATH"]
    return [package for program, package in wanted.items() if shutil.which(program, path=path) is None]
