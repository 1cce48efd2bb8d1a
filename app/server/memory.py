"""Memory that the C library keeps instead of returning it to the system after every picture."""

import ctypes
import mmap
from pathlib import Path

SOON_SECONDS = 0.02  # what takes less leaves too little behind to be looked for
KEPT_BYTES = 800_000_000  # held by the server, from which on what is freed is no longer kept
WORTH_BYTES = 50_000_000

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def keep_freed_memory(limit: int = 1 << 30) -> bool:
    """Let this process keep up to `limit` bytes that it freed, for the next pictures; False where there is no glibc.

    Recording copies tens of megabytes per picture. Fetching them afresh from the system, page by page, costs several
    times the copying itself. Call it once, when the program starts and before its threads do.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    settings = ((_M_TRIM_THRESHOLD, limit), (_M_MMAP_THRESHOLD, limit), (_M_ARENA_MAX, 1))
    return all(mallopt(ctypes.c_int(key), ctypes.c_int(value)) == 1 for key, value in settings)


def give_back_freed_memory() -> bool:
    """Returns to the system what was freed and is kept; False where there is no glibc, or nothing was to return.

    What is unpacked once, weights or a data set, takes several times what stays of it.
    """
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):
        return False


def held_bytes() -> int:
    """What this process holds that mirrors no file; 0 where there is no /proc."""
    try:
        _, resident, shared, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * mmap.PAGESIZE


class Kept:
    """What is freed and kept: no more than the process may hold, so many bytes.

    Pieces of work of many sizes leave holes between one another, which none that follows fits into. While they are
    given back nobody gets memory, for tens of milliseconds: what is left is in use, and is not looked through again
    until there is much more.
    """

    def __init__(self, limit: int = KEPT_BYTES, worth: int = WORTH_BYTES) -> None:
        self._limit, self._worth = limit, worth
        self._left = 0

    def look(self, coming: int = 0) -> None:
        """Gives back what is freed where the process holds more than it may, with what is `coming` to it, and more than
        was left the last time."""
        if held_bytes() > max(self._limit - coming, self._left + self._worth):
            give_back_freed_memory()
            self._left = held_bytes()
