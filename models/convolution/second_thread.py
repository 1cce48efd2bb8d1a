"""A second thread on another processor, that takes a share of the work."""

from __future__ import annotations

import ctypes
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

SPIN_SECONDS = 0.0005

Job = Callable[[], object]


class Beside:
    """A thread that stands ready to help whoever has a pile of jobs.

    Linux likes to wake a thread on the processor of the thread that wakes it. There a few milliseconds of work would
    wait for as many others, so the thread beside is told to keep off that processor.
    """

    def __init__(self) -> None:
        self._piles: SimpleQueue[_Pile | None] = SimpleQueue()
        self._thread = Thread(target=self._help, name="beside", daemon=True)
        self._thread.start()
        self._processors: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
        self._current_processor = _current_processor()
        self._kept_off: int | None = None

    def share(self, jobs: Iterable[Job]) -> None:
        """Does all jobs: this thread and the one beside take the next one each, until none is left.

        Where the other processor is busy, this thread does what the other cannot. Raises what a job raises.
        """
        pile = _Pile(jobs)
        self._keep_off()
        self._piles.put(pile)
        try:
            pile.work_off()
        finally:
            pile.finish()

    def _help(self) -> None:
        while (pile := self._piles.get()) is not None:
            pile.help()

    def _keep_off(self) -> None:
        current = self._current_processor()
        if current == self._kept_off:
            return
        if (others := self._processors - {current}) and self._thread.native_id:
            with suppress(OSError):  # it may not be allowed, or the processors may have been taken away
                os.sched_setaffinity(self._thread.native_id, others)
        self._kept_off = current

    def close(self) -> None:
        """Lets the thread end after its pile; does not wait for that."""
        self._piles.put(None)


class _Pile:
    """Jobs, of which two threads take the next one each; `_helped` is locked while the helper is at them."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = deque(jobs)
        self._helped = Lock()
        self._error: BaseException | None = None

    def work_off(self) -> None:
        while self._jobs:
            try:
                job = self._jobs.popleft()
            except IndexError:
                return
            job()

    def help(self) -> None:
        with self._helped:
            try:
                self.work_off()
            except BaseException as error:
                self._error = error

    def finish(self) -> None:
        """Waits for the helper's last job. A helper that has not begun finds no job any more."""
        self._wait()
        if self._error is not None:
            raise self._error

    def _wait(self) -> None:
        # To fall asleep and be woken costs a tenth of a millisecond, as much as what is waited for.
        until = time.perf_counter() + SPIN_SECONDS
        while self._helped.locked() and time.perf_counter() < until:
            time.sleep(0)  # lets the helper have the interpreter's lock
        with self._helped:
            pass


def _current_processor() -> Callable[[], int | None]:
    """Tells the number of the processor that runs this thread, where the system does."""
    try:
        known: Callable[[], int] = ctypes.PyDLL(None).sched_getcpu
    except (AttributeError, OSError, TypeError):
        return lambda: None
    return known
