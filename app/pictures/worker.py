"""The process that decodes: a file in at the standard input, its pixels out. `lente.app.pictures.decoder` starts it.

It may use so much memory and so much of a processor's time; who uses more is ended by the system. A request is a head
(REQUEST: bytes of the file, megabytes and megapixels accepted) and the file. An answer is a line of JSON: `error`, or
`height` and `width`, and the pixels follow: in the stream itself, or from `start` on in `file`, which is memory; then
lines tell up to which byte they are there, so that they are read while the rest is being written. Before a picture is
decoded that takes LARGE_BYTES or more, a line tells its `megapixels` and how many `bytes`, and GO is waited for.
"""

import io
import json
import os
import signal
import struct
import sys
import time
from contextlib import suppress
from typing import IO, Any, cast

from PIL import Image

from lente.app.errors import BadPicture, LenteError, TooLarge
from lente.app.pictures.decoding import Limits, decoded
from lente.app.server.memory import Kept, keep_freed_memory
from lente.models.phrases import Phrase

REQUEST = struct.Struct("<Qdd")
GO = b"g"
LARGE_BYTES = 16_000_000
TOO_HEAVY = 3
MEMORY_BYTES = 512_000_000
SECONDS = 2.0
SECONDS_FOR_A_MEGAPIXEL = 0.3
KINDS = {kind.__name__: kind for kind in (BadPicture, TooLarge)}

_HEAP_BYTES = 140_000_000  # kept for the next: as much as a turned photograph of 12 megapixels takes
_SHARED_BYTES = 50_000_000
_STEP_BYTES = 4_000_000


def told(error: LenteError) -> dict[str, Any]:
    """An error as JSON takes it; `heard` makes it again."""
    values = {name: _told_value(value) for name, value in error.values.items()}
    return {"kind": type(error).__name__, "code": error.code, "template": error.sentence.template, "values": values}


def heard(error: dict[str, Any]) -> LenteError:
    """The error that `told` told."""
    values = {name: _heard_value(value) for name, value in error["values"].items()}
    return KINDS[error["kind"]](error["code"], error["template"], **values)


def _told_value(value: Any) -> Any:
    return {"template": value.template, "values": value.values} if isinstance(value, Phrase) else value


def _heard_value(value: Any) -> Any:
    return Phrase(value["template"], **value["values"]) if isinstance(value, dict) else value


def main() -> None:
    """Answers until nobody asks any more."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    shared = os.fdopen(os.memfd_create("pictures"), "wb", buffering=0) if "--share" in sys.argv else None
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this process
    keep_freed_memory(_HEAP_BYTES)
    _limit_memory()
    freed = Kept(_HEAP_BYTES)

    def begin(megapixels: float, count: int) -> None:
        _limit_time(megapixels)
        if count >= LARGE_BYTES:
            _tell(answers, megapixels=megapixels, bytes=count)
            answers.flush()
            requests.read(len(GO))

    while head := requests.read(REQUEST.size):
        count, megabytes, megapixels = REQUEST.unpack(head)
        _limit_time(0)
        try:
            _answer(decoded(requests.read(count), Limits(megabytes, megapixels), begin), answers, shared)
        except LenteError as error:
            _tell(answers, error=told(error))
        except MemoryError:
            sys.exit(TOO_HEAVY)
        answers.flush()
        freed.look()


def _answer(image: Image.Image, answers: IO[bytes], shared: IO[bytes] | None) -> None:
    facts = {"height": image.height, "width": image.width}
    if shared is None:
        _tell(answers, **facts)
        answers.write(image.tobytes())
        return
    if shared.tell() > _SHARED_BYTES:
        shared.truncate(_SHARED_BYTES)
    shared.seek(0)
    start = len(b"P6\n%d %d\n255\n" % image.size)
    _tell(answers, **facts, file=f"/proc/{os.getpid()}/fd/{shared.fileno()}", start=start)
    listened_to = _Told(shared, start + 3 * image.height * image.width, answers)
    image.save(cast(IO[bytes], listened_to), "PPM")  # a short head, then the pixels


class _Told(io.RawIOBase):
    """Writes to `file`, and tells `listener` up to where, now and then and at the `end`."""

    def __init__(self, file: IO[bytes], end: int, listener: IO[bytes]) -> None:
        self._file, self._end, self._listener = file, end, listener
        self._written, self._next = 0, _STEP_BYTES

    def write(self, part: Any) -> int:
        self._written += self._file.write(part)
        if self._written >= min(self._next, self._end):
            self._listener.write(b"%d\n" % self._written)
            self._listener.flush()
            self._next = self._written + _STEP_BYTES
        return len(part)


def _tell(answers: IO[bytes], **facts: Any) -> None:
    answers.write(json.dumps(facts).encode() + b"\n")


def _limit_memory() -> None:
    """From here on the process may take MEMORY_BYTES more than it has, where the system counts that."""
    with suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/status") as status:
            has = next(1024 * int(line.split()[1]) for line in status if line.startswith("VmData"))
        resource.setrlimit(resource.RLIMIT_DATA, (has + MEMORY_BYTES, has + MEMORY_BYTES))


def _limit_time(megapixels: float) -> None:
    """From here on the process may take so many seconds of a processor for a picture of that size."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        seconds = SECONDS + SECONDS_FOR_A_MEGAPIXEL * megapixels
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))


if __name__ == "__main__":
    main()
