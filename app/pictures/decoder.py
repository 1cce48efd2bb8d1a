"""Decodes pictures in a process of its own, which may be ended: a file can ask for more time or memory than it shows.

The process is kept warm and takes one file after another; its limits are in `lente.app.pictures.worker`. Work whose
time is up, or for which nobody waits any more, ends it too, and the next file gets a new one. On Linux the pixels come
through memory that both processes see. Where the system has no such limits (Windows), time alone is bounded.
"""

import json
import os
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from lente.app.errors import Busy, LenteError
from lente.app.pictures.decoding import Limits, Picture, check_bytes, damaged, too_heavy, too_slow
from lente.app.pictures.formats import description
from lente.app.pictures.worker import GO, REQUEST, TOO_HEAVY, heard
from lente.app.server.queues.budget import Budget
from lente.models.stopping import Stopped, current

PIXEL_BYTES = 6  # of what was decoded, on its way there and here
ROOM_SECONDS = 3.0  # that a large one waits for its memory: other pictures wait behind it
_PACKAGES = Path(__file__).parents[3]  # lente/app/pictures/decoder.py
_TOO_SLOW = {-24, -9}  # SIGXCPU, and SIGKILL where the system did not wait for it


class Decoder:
    """Reads pictures as `read_picture` does; threads may share it, one at a time is served.

    Args:
        budget: what large pictures take their memory from, there and here.

    Attributes:
        shares: whether both processes see the memory that the pixels come through; through the pipe they take more.
    """

    module = "lente.app.pictures.worker"
    shares = hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir()

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def read(self, data: bytes, limits: Limits) -> Picture:
        """See `read_picture`; TooLarge too where decoding takes more time or memory than it may."""
        check_bytes(len(data), limits)
        with self._lock:
            process = self._started()
            with current().on_stop(process.kill), ExitStack() as room:
                try:
                    return self._picture(process, data, limits, room)
                except (Busy, Stopped):  # it waits for leave to go on
                    process.kill()
                    process.wait()
                    raise
                except LenteError:
                    raise
                except (OSError, ValueError, EOFError, KeyError):  # it ended in the middle
                    process.kill()
                    process.wait()
                    current().check()
                    raise _why(process.returncode, data) from None
                finally:
                    if process.poll() is not None:
                        self._start()

    def _picture(self, process: "subprocess.Popen[bytes]", data: bytes, limits: Limits, room: ExitStack) -> Picture:
        """What the process answers; a large picture's part of the budget is taken into `room`."""
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(REQUEST.pack(len(data), limits.megabytes, limits.megapixels))
        process.stdin.write(data)
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline() or "{}")
        if "megapixels" in answer:
            count = int(answer["megapixels"] * 1e6) * PIXEL_BYTES + answer["bytes"]
            room.enter_context(self._budget.of(count, min(self._budget.patience, ROOM_SECONDS)))
            process.stdin.write(GO)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline() or "{}")
        if "error" in answer:
            raise heard(answer["error"])
        return _pixels(process.stdout, answer)

    def warm(self) -> None:
        """Starts the process, so that the first picture does not wait for it."""
        with self._lock:
            self._started()

    def close(self) -> None:
        """Ends the process."""
        with self._starting:
            self._closed = True
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            _shut(self._process)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._start()
        if self._process is None or self._closed:
            raise Stopped
        return self._process

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", self.module, *(["--share"] if self.shares else [])]
        paths = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]))
        environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with self._starting:
            if self._process is not None:
                _shut(self._process)
            if not self._closed:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
                )


def _pixels(stream: IO[bytes], answer: dict[str, Any]) -> Picture:
    shape = answer["height"], answer["width"], 3
    picture = np.empty(shape, np.uint8)
    pixels = picture.data.cast("B")
    if "file" not in answer:
        _fill(pixels, stream)
        return picture
    start, done = answer["start"], 0
    with open(answer["file"], "rb", buffering=0) as memory:
        memory.seek(start)
        while done < len(pixels):
            before, done = done, int(stream.readline()) - start
            _fill(pixels[before:done], memory)
    return picture


def _fill(left: memoryview, source: IO[bytes]) -> None:
    while left:
        count = source.readinto(left)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        left = left[count:]


def _why(code: int, data: bytes) -> LenteError:
    """What a file did to the process that ended with `code` while it was decoded."""
    format = str(description(data))
    if code in _TOO_SLOW:
        return too_slow(format)
    return too_heavy(format) if code == TOO_HEAVY else damaged(format)


def _shut(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()
