"""The log as JSON, one object a line: what happened, never whose address or which picture."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from lente.app.server.middleware.observing import Answered

REQUESTS = "lente.requests"
LONGEST = 300


class AsJson(logging.Formatter):
    """A record as JSON: time, level, logger, message, an error's type and the lines that it came through."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told |= getattr(record, "request", None) or {"message": record.getMessage()[:LONGEST]}
        if record.exc_info and (error := record.exc_info[1]) is not None:
            told["error"] = f"{type(error).__name__}: {error}"[:LONGEST]
            lines = traceback.extract_tb(error.__traceback__)
            told["trace"] = [f"{line.filename}:{line.lineno} {line.name}" for line in lines]
        return json.dumps(told, ensure_ascii=False)


def write_as_json() -> None:
    """Makes the process write everything it logs as JSON, to the standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(REQUESTS).setLevel(logging.INFO)


def log_request(answered: Answered) -> None:
    """Writes down one request."""
    request = {
        "method": answered.method,
        "route": answered.route,
        "status": answered.status,
        "milliseconds": round(1000 * answered.seconds, 1),
    }
    logging.getLogger(REQUESTS).info("request", extra={"request": request})
