"""Work that takes seconds: in a thread of its own, telling how far it is, ended when nobody waits for it any more."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from lente.app.errors import Busy
from lente.app.i18n import N_

R = TypeVar("R")


class CancelledWork(Exception):
    """Raised inside work whose visitor has gone."""


@dataclass(frozen=True)
class Step:
    """`done` of `total` parts are done."""

    done: int
    total: int


@dataclass(frozen=True)
class Finished(Generic[R]):
    """The last thing that work tells."""

    result: R


class Progress:
    """What work calls after each part: `progress(3, 40)`. Raises CancelledWork where it should end."""

    def __init__(self, tell: Callable[[Step], object] = lambda _step: None) -> None:
        self._tell = tell
        self._cancelled = threading.Event()

    def __call__(self, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise CancelledWork
        self._tell(Step(done, total))

    def cancel(self) -> None:
        self._cancelled.set()


class LongWork:
    """One thread for long work, and a bounded number that waits for it."""

    def __init__(self, limit: int = 16) -> None:
        self.limit = limit
        self.waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="long")

    def check(self) -> None:
        """Raises Busy where too many wait."""
        if self.waiting >= self.limit:
            raise Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=self.waiting)

    async def steps(self, work: Callable[[Progress], R]) -> AsyncIterator[Step | Finished[R]]:
        """How far `work` is, again and again, then its result. Closing the iterator ends the work at its next part."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[Step | None] = asyncio.Queue()
        progress = Progress(lambda step: loop.call_soon_threadsafe(told.put_nowait, step))
        self.waiting += 1
        future = loop.run_in_executor(self._thread, work, progress)
        future.add_done_callback(lambda _: self._ended(told, future))
        try:
            while (step := await told.get()) is not None:
                yield step
            yield Finished(await future)
        finally:
            progress.cancel()
            future.cancel()

    async def result(self, work: Callable[[Progress], R]) -> R:
        """The result of `work`."""
        self.check()
        async for step in self.steps(work):
            if isinstance(step, Finished):
                return step.result
        raise CancelledWork

    def _ended(self, told: "asyncio.Queue[Step | None]", future: "asyncio.Future[R]") -> None:
        self.waiting -= 1
        told.put_nowait(None)
        if not future.cancelled():
            future.exception()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
