"""torchvision's weights files: fetched when asked for, checked, kept in one folder."""

import os
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from torch import nn

from lente.app.errors import LenteError, Unavailable
from lente.app.i18n import N_
from lente.models.errors import ModelError
from lente.models.pretrained import Pretrained, check, load

_BLOCK = 1 << 18
_PATIENCE_SECONDS = 20


class _Stopped(Exception):
    pass


@dataclass
class Fetch:
    """A download: how far it is, and how it ended where it failed."""

    total: int
    bytes: int = 0
    stop: bool = False
    error: LenteError | None = None
    state: Literal["fetching", "checking", "failed", "done"] = "fetching"


class Weights:
    """The weights files in `folder`, and the downloads that fill it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._fetches: dict[str, Fetch] = {}
        self._lock = threading.Lock()

    @property
    def told(self) -> str:
        """The folder as visitors may know it: without what lies above it on this computer."""
        return f"…/{self.folder.name}" if self.folder.is_absolute() else self.folder.as_posix()

    def load(self, source: Pretrained) -> nn.Module:
        """The network with its weights; Unavailable says what to do where the file is missing or wrong."""
        try:
            return load(source, self.folder)
        except ModelError as error:
            raise self._unavailable(error.code, source) from error

    def here(self, source: Pretrained) -> bool:
        """Whether the file is in the folder; it is checked when it is loaded."""
        return (self.folder / source.file).is_file()

    def state(self, source: Pretrained) -> dict[str, Any]:
        """Where the file is or how far its download is."""
        fetch = self._fetches.get(source.name)
        state = fetch.state if fetch and fetch.state != "done" else "present" if self.here(source) else "absent"
        size = fetch or Fetch(round(source.megabytes * 1e6))
        facts = {"file": source.file, "folder": self.told, "url": source.url if fetch else None}
        return {"state": state, **facts, "bytes": size.bytes, "total": size.total}

    def error(self, source: Pretrained) -> LenteError | None:
        """Why the last download failed, if it did."""
        fetch = self._fetches.get(source.name)
        return fetch.error if fetch else None

    def fetch(self, source: Pretrained) -> threading.Thread | None:
        """Starts the download in a thread of its own; None where it runs already."""
        with self._lock:
            running = self._fetches.get(source.name)
            if running and running.state in ("fetching", "checking"):
                return None
            fetch = self._fetches[source.name] = Fetch(round(source.megabytes * 1e6))
        thread = threading.Thread(target=self._run, args=(source, fetch), name=f"fetch-{source.name}", daemon=True)
        thread.start()
        return thread

    def stop(self, source: Pretrained) -> None:
        """Ends the download, if one runs; what has come is thrown away."""
        if fetch := self._fetches.get(source.name):
            fetch.stop = True

    def _run(self, source: Pretrained, fetch: Fetch) -> None:
        partial = self.folder / f".{source.file}.{os.getpid()}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _download(source.url, partial, fetch)
            fetch.state = "checking"
            with partial.open("rb") as file:
                check(source, file)
            partial.replace(self.folder / source.file)
            fetch.state = "done"
        except _Stopped:
            self._fetches.pop(source.name, None)
        except ModelError as error:
            fetch.error, fetch.state = self._unavailable(error.code, source), "failed"
        except Exception as error:  # no network, no disk, a proxy that answers with a page
            fetch.error, fetch.state = self._unavailable("weights_unreachable", source, _reason(error)), "failed"
        finally:
            partial.unlink(missing_ok=True)

    def _unavailable(self, code: str, source: Pretrained, reason: str = "") -> Unavailable:
        facts = {"title": source.title, "file": source.file, "folder": self.told, "digits": source.sha256}
        if code == "weights_unreachable":  # torchvision, which takes seconds to import, has been asked already
            facts |= {"url": source.url, "reason": reason}
        return Unavailable(code, _TEMPLATES[code], **facts)


def _download(url: str, partial: Path, fetch: Fetch) -> None:
    with urllib.request.urlopen(url, timeout=_PATIENCE_SECONDS) as answer, partial.open("wb") as file:
        fetch.total = int(answer.headers.get("Content-Length") or fetch.total)
        while block := answer.read(_BLOCK):
            if fetch.stop:
                raise _Stopped
            file.write(block)
            fetch.bytes += len(block)
            if fetch.bytes > 2 * fetch.total:
                raise OSError("more bytes come than were announced")


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", None) or error
    return str(getattr(cause, "strerror", None) or cause)


_TEMPLATES = {
    "weights_missing": N_(
        "The weights of {title} are not here yet. Fetch them, or put the file {file} into the folder {folder}."
    ),
    "weights_altered": N_(
        "The file {file} in {folder} is damaged or another: its SHA-256 does not start with {digits}. Fetch it again."
    ),
    "weights_foreign": N_("The file {file} in {folder} does not hold the weights of {title}. Fetch it again."),
    "weights_unreachable": N_(
        "The weights of {title} could not be fetched ({reason}). Without internet, put the file {file} "
        "into the folder {folder}; it comes from {url}"
    ),
}
