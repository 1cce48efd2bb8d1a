"""A second thread on another processor, that takes a share of the work."""

from __future__ import annotations

import ctypes
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

Job = Callable[[], object]


class Beside:
    """A thread that stands ready to help whoever has a pile of jobs.

    Linux likes to wake a thread on the processor of the thread that wakes it. There a few milliseconds of work would
    wait for as many others, so the thread beside is told to keep off that processor.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._native_id = self._thread.submit(threading.get_native_id).result()
        self._processors: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
        self._current_processor = _current_processor()
        self._kept_off: int | None = None

    def share(self, jobs: Iterable[Job]) -> None:
        """Does all jobs: this thread and the one beside take the next one each, until none is left.

        Where the other processor is busy, this thread does what the other cannot. Raises what a job raises.
        """
        pile = deque(jobs)
        self._keep_off()
        other = self._thread.submit(_work_off, pile)
        try:
            _work_off(pile)
        finally:
            if not other.cancel():
                other.result()

    def _keep_off(self) -> None:
        current = self._current_processor()
        others = self._processors - {current}
        if current != self._kept_off and others:
            with suppress(OSError):  # it may not be allowed, or the processors may have been taken away
                os.sched_setaffinity(self._native_id, others)
            self._kept_off = current

    def close(self) -> None:
        self._thread.shutdown()


def _work_off(pile: deque[Job]) -> None:
    while True:
        try:
            job = pile.popleft()
        except IndexError:
            return
        job()


def _current_processor() -> Callable[[], int | None]:
    """Tells the number of the processor that runs this thread, where the system does."""
    try:
        known: Callable[[], int] = ctypes.PyDLL(None).sched_getcpu
    except (AttributeError, OSError, TypeError):
        return lambda: None
    return known
