"""serve(settings): listens, says where, and runs until it is told to end; within two seconds of that it has."""

import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from importlib.util import find_spec
from types import FrameType
from typing import Any

import uvicorn

from lente.app.main import create_app
from lente.app.server.connections import connection_class, socket_class
from lente.app.server.operating.logs import write_as_json
from lente.app.settings import Settings

BACKLOG = 2048
MESSAGE_BYTES = 4_000_000
ENDING_SECONDS = 1
LAST_SECONDS = 1.8
_AT_ONCE = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows knows the other alone, and ends at once


def serve(settings: Settings) -> None:
    """Runs the server. Ends the program where the port is taken."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # numpy's own threads cost a small product more than they save
    check_extras(settings)
    check_proxies(os.environ.get("FORWARDED_ALLOW_IPS", ""))
    listener = _listen(settings)
    settings = replace(settings, port=listener.getsockname()[1])
    _allow_descriptors(settings.connections)
    app = create_app(settings)
    open_to_operator(app.state.metrics if settings.metrics_port else None, settings)
    tell(settings)
    config = uvicorn.Config(
        app, log_level="warning", backlog=BACKLOG, http=connection_class(settings.connections),
        server_header=False, ws=socket_class(app.state.shares), ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False, timeout_graceful_shutdown=ENDING_SECONDS,
        log_config=log_config(settings),
    )  # fmt: skip
    Server(config).run(sockets=[listener])


class Server(uvicorn.Server):
    """uvicorn's, which has ended LAST_SECONDS after it was told to, whatever runs in its threads then."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            last = threading.Timer(LAST_SECONDS, os.kill, [os.getpid(), _AT_ONCE])
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def _listen(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.address else socket.AF_INET)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what a killed server leaves is no hindrance
    try:
        listener.bind((settings.address, settings.port))
        if not settings.wait_until_ready:
            listener.listen(BACKLOG)
    except OSError as error:
        where = f"Port {settings.port} of {settings.address}"
        sys.exit(f"{where} cannot be used ({error.strerror}): choose another with --port.")
    # Without it the second half of an answer waits 40 ms for the first to be confirmed; what is accepted inherits it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def tell(settings: Settings) -> None:
    """Prints where the server is and, with --lan, how the room finds it."""
    host = "localhost" if settings.address in ("127.0.0.1", "0.0.0.0") else settings.address
    host = f"[{host}]" if ":" in host else host
    print(f"Lente is at http://{host}:{settings.port}/  (Ctrl+C ends it)", flush=True)
    if settings.lan:
        _invite(settings.port)


def _invite(port: int) -> None:
    from lente.app.pages import lan

    found = [f"http://{address}:{port}/" for address in lan.addresses()]
    if not found:
        print("This computer is in no network yet: the others cannot reach it.", flush=True)
        return
    print(f"The others of this network find it at {' or '.join(found)}\n", flush=True)
    code = lan.printed(found[0], coloured=sys.stdout.isatty())
    if _can_show(code):
        print(code, flush=True)
    print(f"\nFor the projector: http://localhost:{port}/es/aula or /en/classroom", flush=True)


def _can_show(text: str) -> bool:
    """Whether the terminal's encoding has all its letters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _allow_descriptors(connections: int) -> None:
    """Lets this process have as many open files as it has connections, and some more."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 512
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def check_extras(settings: Settings) -> None:
    """Ends the program where a setting needs a library that is not installed."""
    wanted = {
        "redis": ("redis", settings.shares_uploads, f"--store {settings.store}"),
        "metrics": ("prometheus_client", settings.metrics_port, f"--metrics-port {settings.metrics_port}"),
    }
    for extra, (library, needed, option) in wanted.items():
        if needed and find_spec(library) is None:
            sys.exit(f"{option} needs one more library: pip install 'lente[{extra}]'")


def check_proxies(named: str) -> None:
    """Ends the program where everybody would be believed who they say they ask for."""
    if "*" in named:
        sys.exit(
            f"FORWARDED_ALLOW_IPS={named} lets anybody pass for anybody: name your proxies, by their addresses or by "
            "their network, such as 10.0.0.0/8."
        )


def open_to_operator(metrics: Any, settings: Settings) -> None:
    """Sets the log's format and answers at the metrics' port. Ends the program where that port is taken."""
    if settings.log_format == "json":
        write_as_json()
    if settings.metrics_port:
        try:
            metrics.serve(settings.metrics_port, settings.address)
        except OSError as error:
            port = settings.metrics_port
            sys.exit(f"Port {port} cannot be used ({error.strerror}): choose another with --metrics-port.")


def log_config(settings: Settings) -> dict[str, Any] | None:
    """How uvicorn writes its log: in its own way, or as everything else does."""
    return None if settings.log_format == "json" else uvicorn.config.LOGGING_CONFIG
