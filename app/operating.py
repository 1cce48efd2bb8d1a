"""What whoever runs the server asked for: the log's format, metrics, a store that several servers share."""

import sys
from importlib.util import find_spec
from typing import Any

import uvicorn

from lente.app.server.operating.logs import write_as_json
from lente.app.settings import Settings


def check_extras(settings: Settings) -> None:
    """Ends the program where a setting needs a library that is not installed."""
    wanted = {
        "redis": ("redis", settings.shares_uploads, f"--store {settings.store}"),
        "metrics": ("prometheus_client", settings.metrics_port, f"--metrics-port {settings.metrics_port}"),
    }
    for extra, (library, needed, option) in wanted.items():
        if needed and find_spec(library) is None:
            sys.exit(f"{option} needs one more library: pip install 'lente[{extra}]'")


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
