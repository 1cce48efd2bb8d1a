"""Where functions run: each lane one after another, in a thread of its own or between two turns of the event loop."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from lente.app.server.memory import SOON_SECONDS, Kept
from lente.app.server.middleware.clients import client
from lente.app.server.queues.waiting_line import PATIENCE_SECONDS, WORK_SECONDS, Job, WaitingLine
from lente.models.stopping import Token, under

P = ParamSpec("P")
R = TypeVar("R")


class Runs(Protocol):
    """Anything that runs functions for the event loop."""

    limit: int

    async def submit(self, whose: str, work: Callable[[], R]) -> R: ...


class Lane:
    """A thread that runs one function after another; where many wait, one of each client in turn.

    Args:
        limit: how many may wait, the one that runs included.
        patience: seconds that one may wait before it is refused.
        longest: seconds that one may run before it is stopped: at its next look at its token (models/stopping.py).
        patient: whether the thread gives way to the others where the processor is short.
    """

    def __init__(
        self,
        name: str,
        limit: int,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        patient: bool = False,
        longest: float = WORK_SECONDS,
    ) -> None:
        self.name, self.limit = name, limit
        self._line: WaitingLine[Callable[[], Any], Any] = WaitingLine(limit, patience, clock, longest)
        self._clock = clock
        self._kept = Kept()
        self._running: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name, initializer=_give_way if patient else None)

    @property
    def waiting(self) -> int:
        """How many wait, the one that runs included."""
        return len(self._line)

    @property
    def refused(self) -> int:
        """How many were told that the lane is busy."""
        return self._line.refused

    async def run(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """The result of `function(*arguments, **options)`, run in this lane's thread. Raises Busy."""
        return await self.submit(client.get(), partial(function, *arguments, **options))

    async def submit(self, whose: str, work: Callable[[], R]) -> R:
        """The result of `work()`, which is done for the client `whose`.

        Cancelled before its turn, it is not begun; cancelled afterwards, it is stopped.
        """
        job = self._line.join(whose, work)
        self._next()
        return await self._line.result(job)  # type: ignore[no-any-return]

    def _next(self) -> None:
        if self._line.at_work or (job := self._line.next()) is None:
            return
        self._running = self._thread.submit(self._work, job, asyncio.get_running_loop())

    def _work(self, job: Job[Callable[[], Any], Any], loop: asyncio.AbstractEventLoop) -> None:
        """In the thread: does the job and wakes the event loop, once."""
        began = self._clock()
        with suppress(RuntimeError):  # the loop may be closed: the server did not wait
            # No name for the outcome: an error would be held by a frame that it holds.
            loop.call_soon_threadsafe(self._worked, job, *_outcome(job.item, job.token), self._clock() - began)
        if self._clock() - began > SOON_SECONDS:
            self._kept.look()

    def _worked(
        self, job: Job[Callable[[], Any], Any], result: Any, error: BaseException | None, seconds: float
    ) -> None:
        self._line.worked(seconds)
        if error is None:
            job.finish(result)
        else:
            job.fail(error)
        self._next()

    def close(self) -> "Future[None] | None":
        """Stops what runs and returns what will be done when it has ended; nothing that waits is begun any more."""
        self._line.end()
        self._thread.shutdown(wait=False)
        return self._running


def _outcome(work: Callable[[], R], token: Token) -> tuple[R | None, BaseException | None]:
    """What `work` returns, or what it raises."""
    try:
        with under(token):
            return work(), None
    except BaseException as error:
        return None, error


class Here:
    """Runs functions at once, in the event loop itself: for what costs less than changing threads, 0.1 ms or so."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    async def run(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """The result of `function(*arguments, **options)`."""
        return function(*arguments, **options)

    async def submit(self, _whose: str, work: Callable[[], R]) -> R:
        return work()


def _give_way() -> None:
    """Linux lets one thread be less urgent than the others of its process."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
