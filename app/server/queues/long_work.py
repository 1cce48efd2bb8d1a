"""Work that takes seconds: in threads of their own, in turns, telling how far it is, ended when nobody waits for it."""

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from lente.app.errors import Busy
from lente.app.i18n import N_
from lente.app.server.memory import Kept
from lente.app.server.middleware.clients import client
from lente.app.server.middleware.held import unread
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.waiting_line import ending
from lente.app.server.shares import Held, Shares
from lente.models.stopping import Stopped, Token, under

R = TypeVar("R")

LIMIT = 16
SHARE = 4
AT_ONCE = 4
LONGEST_SECONDS = 120.0
PATIENCE_SECONDS = 30.0
TURN_SECONDS = 0.05


class CancelledWork(Stopped):
    """Raised inside work whose visitor has gone."""


@dataclass(frozen=True)
class Step:
    """`done` of `total` parts are done; `seen` is what can be shown of them already."""

    done: int
    total: int
    seen: dict[str, Any] | None = None

    @property
    def size(self) -> int:
        """Characters of what can be shown: pictures are long texts."""
        return sum(len(one) for one in (self.seen or {}).values() if isinstance(one, str))


@dataclass(frozen=True)
class Finished(Generic[R]):
    """The last thing that work tells."""

    result: R


class Turns:
    """Lets one of several threads work at a time. `next` gives way to those that wait, once TURN_SECONDS are over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False
        self._since = 0.0

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        """Within the block the thread works when it is its turn."""
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def next(self) -> float:
        """Gives way where it is time; returns the seconds that others had."""
        now = self._clock()
        if not self._waiting or now - self._since < TURN_SECONDS:
            return 0.0
        self._pass_on()
        self._take()
        return self._since - now

    def _take(self) -> None:
        with self._lock:
            mine = threading.Event() if self._taken else None
            self._taken = True
            if mine is not None:
                self._waiting.append(mine)
        if mine is not None:
            mine.wait()
        self._since = self._clock()

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


class Progress:
    """What work calls after each part: `progress(3, 40)`.

    Raises CancelledWork where the work should end, and Busy where it has worked for more than LONGEST_SECONDS; others
    have their turns meanwhile.
    """

    def __init__(self, tell: Callable[[Step], object] = lambda _step: None, turns: Turns | None = None) -> None:
        self._tell = tell
        self._turns = turns or Turns()
        self._until: float | None = None
        self.token = Token()

    def __call__(self, done: int, total: int, seen: dict[str, Any] | None = None) -> None:
        now = time.monotonic()
        self._until = (self._until or now + LONGEST_SECONDS) + self._turns.next()
        if self.token.stopped:
            raise CancelledWork
        if now > self._until:
            template = N_("This took longer than {seconds:g} s and was stopped: ask for less at once.")
            raise Busy("time_is_up", template, seconds=LONGEST_SECONDS)
        self._tell(Step(done, total, seen))

    def cancel(self) -> None:
        self.token.stop()


class _Piece:
    """Long work that waits to be begun, or is at work."""

    def __init__(self, whose: str, progress: Progress, begun: "asyncio.Future[None]") -> None:
        self.whose, self.progress, self.begun = whose, progress, begun


class _Told:
    """What a piece has told and nobody has taken yet, counted among its client's bytes where there are `shares`.

    Where they are too many, `full` is called and whoever takes what is told is refused. Called in the event loop alone.
    """

    def __init__(self, shares: Shares | None, full: Callable[[], object]) -> None:
        everything = Shares(sys.maxsize, sys.maxsize)
        self._held, self._full = Held(everything if shares is None else shares, client.get()), full
        self._queue: asyncio.Queue[Step | Busy | None] = asyncio.Queue()
        self._closed = False

    def put(self, step: Step) -> None:
        if self._closed or self._held.over:
            return
        if self._held.take(step.size):
            self._queue.put_nowait(step)
        else:
            self._queue.put_nowait(unread())
            self._full()

    def end(self) -> None:
        """Nothing more is told."""
        self._queue.put_nowait(None)

    async def steps(self) -> AsyncIterator[Step]:
        """One after another; each is counted until the next is asked for. Raises Busy where too many wait."""
        while (step := await self._queue.get()) is not None:
            if isinstance(step, Busy):
                raise step
            yield step
            self._held.give_back(step.size)

    def close(self) -> None:
        """Nobody takes anything any more."""
        self._closed = True
        self._held.give_back()


class LongWork:
    """Threads for long work, which take turns, and a bounded number that waits for them.

    Args:
        limit: pieces of work at most, those at work included.
        share: pieces of one client at most; one of them is at work.
        at_once: how many are at work.
        patience: seconds that one may wait until it is begun.
        budget: what large pieces take their memory from.
    """

    def __init__(
        self,
        limit: int = LIMIT,
        share: int = SHARE,
        at_once: int = AT_ONCE,
        patience: float = PATIENCE_SECONDS,
        budget: Budget | None = None,
    ) -> None:
        self.limit, self.share, self.at_once, self.patience = limit, share, at_once, patience
        self._budget = budget or Budget()
        self._line: list[_Piece] = []
        self._working: list[_Piece] = []
        self._turns = Turns()
        self._kept = Kept()
        self._closed = False
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="long")

    @property
    def waiting(self) -> int:
        """How many wait, those at work included."""
        return len(self._line) + len(self._working)

    def check(self) -> None:
        """Raises Busy where too many wait, or too many of this client, or the server ends."""
        if self._closed:
            raise ending()
        whose = client.get()
        own = self._own(whose, [*self._line, *self._working])
        if own >= self.share or self.waiting >= self.limit:
            waiting = own if own >= self.share else self.waiting
            raise Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=waiting)

    async def steps(
        self, work: Callable[[Progress], R], shares: Shares | None = None, room: int = 0
    ) -> AsyncIterator[Step | Finished[R]]:
        """How far `work`, which takes `room` bytes, is, again and again, then its result. Closing the iterator ends the
        work at its next part.

        What waits to be taken is held in the client's part of `shares`: who takes nothing is refused, the work ends.
        """
        loop = asyncio.get_running_loop()
        progress = Progress(lambda step: loop.call_soon_threadsafe(told.put, step), self._turns)
        told = _Told(shares, progress.cancel)
        piece = _Piece(client.get(), progress, loop.create_future())
        await self._begin(piece)
        future = loop.run_in_executor(self._threads, self._run, work, progress, room)
        future.add_done_callback(partial(self._ended, piece, told))
        try:
            async for step in told.steps():
                yield step
            yield Finished(await future)
        finally:
            progress.cancel()
            told.close()

    async def result(self, work: Callable[[Progress], R], room: int = 0) -> R:
        """The result of `work`, which takes `room` bytes."""
        self.check()
        async for step in self.steps(work, room=room):
            if isinstance(step, Finished):
                return step.result
        raise CancelledWork

    def _run(self, work: Callable[[Progress], R], progress: Progress, room: int) -> R:
        try:
            # Its memory first: who has a turn and waits for memory would keep those from working who have it.
            with under(progress.token), self._budget.of(room, self.patience, long=True), self._turns.taking_part():
                return work(progress)
        finally:
            self._kept.look()

    async def _begin(self, piece: _Piece) -> None:
        """Waits until the piece may begin, one of each client at once."""
        self._line.append(piece)
        self._next()
        try:
            async with asyncio.timeout(self.patience):
                await piece.begun
        except BaseException as error:
            busy = Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=self.waiting)
            self._leave(piece)
            if isinstance(error, TimeoutError):
                raise busy from None
            raise

    def _next(self) -> None:
        for piece in list(self._line):
            if len(self._working) < self.at_once and not self._own(piece.whose, self._working):
                self._line.remove(piece)
                self._working.append(piece)
                if not piece.begun.done():
                    piece.begun.set_result(None)

    def _leave(self, piece: _Piece) -> None:
        (self._line if piece in self._line else self._working).remove(piece)
        self._next()

    def _own(self, whose: str, pieces: list[_Piece]) -> int:
        return sum(piece.whose == whose for piece in pieces)

    def _ended(self, piece: _Piece, told: _Told, future: "asyncio.Future[Any]") -> None:
        self._leave(piece)
        told.end()
        if not future.cancelled():
            future.exception()

    def close(self) -> None:
        """Ends what is at work at its next part; does not wait for it. What waits is told."""
        self._closed = True
        for piece in self._line:
            if not piece.begun.done():
                piece.begun.set_exception(ending())
        for piece in self._working:
            piece.progress.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
