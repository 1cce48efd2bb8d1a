"""Uploaded pictures, kept in a folder under the SHA-256 of their file.

The file is kept as it came and decoded again when it is needed: nothing is lost, every value is the file's own, and
keeping a photograph costs no encoding. The folder is bounded in bytes and in age, and what was used longest ago goes
first. Files appear whole or not at all, so servers may share a folder and may be killed at any time.

When a picture was used is its file's time, told by a clock that follows no jumps of the system's. A time that lies
ahead, or more than a year back, says that some clock was wrong: such a picture counts as used now.
"""

import hashlib
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lente.app.errors import LenteError, NotFound
from lente.app.i18n import N_
from lente.app.pictures import samples
from lente.app.pictures.decoding import Limits, Picture, Tensor, check_bytes, encoded, read_picture, resized, to_tensor
from lente.app.pictures.metadata import without_metadata
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.cache import Cache
from lente.app.settings import Settings
from lente.models.phrases import Phrase, shortened

Array = np.ndarray[Any, np.dtype[Any]]

NOT_KEPT = N_("The server cannot keep the picture: {reason}. Pictures that are there already still work.")
NOT_DELETED = N_("The server cannot delete the picture: {reason}.")

MEMORY_BYTES = 96_000_000  # one of the largest that are accepted

_ID = re.compile(r"[0-9a-f]{64}")
_PARTIAL = re.compile(r"\.[0-9a-f]{64}\.\d+\.\d+")
_WHOLE = "whole"  # beside the longest sides of tensors
_BLOCK_BYTES = 4096
_LEFTOVER_SECONDS = 3600
_DAY = 86_400.0
_AHEAD_SECONDS = 60.0
_BELIEVED_SECONDS = 366 * _DAY
_REASONS = (
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Permission denied"),
)


class StoreFailed(LenteError):
    """The folder takes no more: its disk is full, or it may not be written to."""

    status = 507


@dataclass(frozen=True)
class _Kept:
    """A picture's file: when it was used, its bytes on the disk, where it is."""

    used: float
    bytes: int
    path: str


@dataclass(frozen=True)
class StoredImage:
    """An uploaded picture: its id, and its size in pixels once it is upright."""

    id: str
    width: int
    height: int


class Store:
    """Keeps uploaded pictures and finds them, and the samples, again by their ids.

    Args:
        settings: folder, its bound in megabytes, and the largest file and picture accepted.
        read: decodes a file; see `read_picture`.
        budget: of memory, shared with large work, to which decoded pictures give way.
    """

    def __init__(
        self,
        settings: Settings,
        read: Callable[[bytes, Limits], Picture] = read_picture,
        budget: Budget | None = None,
    ) -> None:
        self._reads = read
        self.folder = Path(settings.store)
        self.most_bytes = settings.store_megabytes * 1_000_000
        self.most_seconds = settings.store_days * _DAY
        self.limits = Limits(settings.upload_megabytes, settings.upload_megapixels)
        self._memory: Cache[tuple[str, object], Array] = Cache(MEMORY_BYTES, budget)
        self._lock = threading.Lock()
        self._room = 0
        self._started = time.time() - time.monotonic()

    def put(self, data: bytes) -> StoredImage:
        """Keeps the picture file `data`, without what it says beside its picture; the same file gives the same id.

        Raises:
            BadPicture, TooLarge: see `read_picture`; nothing is kept.
            StoreFailed: the disk is full or read-only.
        """
        check_bytes(len(data), self.limits)
        clean = without_metadata(data)
        picture = None if clean is None else self._memory.get((hashlib.sha256(clean).hexdigest(), _WHOLE))
        if picture is None:
            picture = _frozen(self.decoded(data if clean is None else clean))
        data = encoded(picture, "PNG") if clean is None else clean
        id = hashlib.sha256(data).hexdigest()
        self._keep(id, data)
        self._memory.put((id, _WHOLE), picture, picture.nbytes)
        return StoredImage(id, picture.shape[1], picture.shape[0])

    def delete(self, id: str) -> None:
        """Forgets the uploaded picture that bears `id`; NotFound where there is none. Samples stay."""
        if not _ID.fullmatch(id) or not self._delete(id):
            raise _unknown(id)
        for key in self._memory:
            if key[0] == id:
                self._memory.forget(key)

    def decoded(self, data: bytes) -> Picture:
        """The picture in the file `data`, which is not kept. BadPicture, TooLarge."""
        return self._reads(data, self.limits)

    def get(self, id: str) -> Picture:
        """The picture that bears `id`, (H, W, 3), not to be written to; NotFound if there is none any more."""
        picture = self._memory.get((id, _WHOLE))
        if picture is None:
            picture = _frozen(self._read(id))
            self._memory.put((id, _WHOLE), picture, picture.nbytes)
        return picture

    def tensor(self, id: str, longest: int | None = None) -> Tensor:
        """The picture that bears `id`, its longer side at most `longest`, as (3, H, W) with values 0..1.

        Not to be written to.
        """
        values = self._memory.get((id, longest))
        if values is None:
            picture = self.get(id)
            values = _frozen(to_tensor(resized(picture, longest) if longest else picture))
            self._memory.put((id, longest), values, values.nbytes)
        return values

    def at_hand(self, id: str, longest: int | None = None) -> Tensor | None:
        """What `tensor` gives, where it has to read, decode or scale nothing now."""
        return self._memory.get((id, longest))

    def _read(self, id: str) -> Picture:
        if id in samples.SAMPLES:
            return samples.SAMPLES[id].read()
        data = self._data(id) if _ID.fullmatch(id) else None
        if data is None:
            raise _unknown(id)
        return self._reads(data, replace(self.limits, megabytes=math.inf))  # a PNG may be larger than what came

    def _delete(self, id: str) -> bool:
        """Whether it was there."""
        try:
            (self.folder / id).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreFailed("store_failed", NOT_DELETED, reason=Phrase(str(error.strerror))) from error
        return True

    def _data(self, id: str) -> bytes | None:
        path = self.folder / id
        try:
            data = path.read_bytes()
            os.utime(path, (self.now, self.now))
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == id else None

    def _keep(self, id: str, data: bytes) -> None:
        if self._data(id) is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(data))
            _write_whole(self.folder / id, data, self.now)
        except OSError as error:
            raise StoreFailed("store_failed", NOT_KEPT, reason=Phrase(str(error.strerror))) from error

    def _make_room(self, count: int) -> None:
        """Evicts the oldest files until `count` bytes fit; looks at the folder only when its last look is used up."""
        count = max(count, _BLOCK_BYTES)
        with self._lock:
            if self._room < count:
                self._room = min(self._evict(self.most_bytes - count), self.most_bytes // 8) + count
            self._room -= count

    @property
    def now(self) -> float:
        """Seconds since 1970 as the system had it when the store was opened, and as many as went by since."""
        return self._started + time.monotonic()

    def sweep(self) -> None:
        """Deletes what nobody has looked at for too long."""
        with self._lock, suppress(OSError):
            self._room = min(self._evict(self.most_bytes), self.most_bytes // 8)

    def _evict(self, most_bytes: int) -> int:
        """Deletes what is too old, then the oldest until `most_bytes` are left; returns how many more would fit."""
        kept = sorted(self._believed(), key=lambda one: one.used)
        total = sum(one.bytes for one in kept)
        for one in kept:
            if total <= most_bytes and self.now - one.used <= self.most_seconds:
                break
            _delete(one.path)
            total -= one.bytes
        return most_bytes - total

    def _believed(self) -> Iterator[_Kept]:
        """The folder's pictures; those with an impossible time get this one, in their order."""
        now = self.now
        for one in sorted(_pictures(self.folder), key=lambda one: one.used):
            if -_AHEAD_SECONDS <= now - one.used <= _BELIEVED_SECONDS:
                yield one
                continue
            with suppress(FileNotFoundError):
                os.utime(one.path, (now, now))
            yield replace(one, used=now)


def _unknown(id: str) -> NotFound:
    template = N_("There is no picture called {id}. Upload it again.")
    return NotFound("unknown_image", template, id=shortened(id, 24))


def _pictures(folder: Path) -> Iterator[_Kept]:
    """Every picture of the folder; what a killed server left half written is deleted on the way."""
    for entry in os.scandir(folder) if folder.is_dir() else ():
        try:
            status = entry.stat()
        except FileNotFoundError:  # another server was faster
            continue
        if _ID.fullmatch(entry.name):
            yield _Kept(status.st_mtime, max(status.st_size, _BLOCK_BYTES), entry.path)
        elif _PARTIAL.fullmatch(entry.name) and abs(time.time() - status.st_mtime) > _LEFTOVER_SECONDS:
            _delete(entry.path)


def _delete(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _write_whole(path: Path, data: bytes, used: float) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        partial.write_bytes(data)
        os.utime(partial, (used, used))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _frozen(picture: Array) -> Array:
    picture.flags.writeable = False
    return picture
