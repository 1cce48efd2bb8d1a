"""Who waits for a network: bounded, fair between clients, and nobody longer than can be borne.

A request is refused with Busy (503 and Retry-After) rather than answered too late: at once where so many are ahead of
it that its time would run out, and as soon as it has. One whose client has left is forgotten; where it was at work
already, that work is stopped.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, Self, TypeVar

from lente.app.errors import Busy
from lente.app.i18n import N_
from lente.models.stopping import Token

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE_SECONDS = 10.0
LONGEST_RETRY_SECONDS = 10
NEWEST_SHARE = 0.2
WORK_SECONDS = 30.0


class Job(Generic[Item, Result]):
    """What somebody waits for: `result` comes, fails, or is cancelled by whoever leaves.

    Attributes:
        until: by the clock of its line; not begun later.
        token: stops its work once that has begun.
        limit: the end of its patience while it waits, then the end of its time.
    """

    __slots__ = ("client", "item", "limit", "result", "token", "until")

    def __init__(self, client: str, item: Item, until: float) -> None:
        self.client, self.item, self.until = client, item, until
        self.token = Token()
        self.limit: asyncio.TimerHandle | None = None
        self.result: asyncio.Future[Result] | None = asyncio.get_running_loop().create_future()

    @property
    def done(self) -> bool:
        """Whether nobody waits for a result any more."""
        return self.result is None or self.result.done()

    def limited(self, seconds: float, over: Callable[[Self], object]) -> None:
        """Calls `over` after so many seconds, in place of what was to be called before."""
        self.free()
        self.limit = asyncio.get_running_loop().call_later(seconds, over, self)

    def free(self) -> None:
        """Nothing is called any more."""
        if self.limit is not None:
            self.limit.cancel()
            self.limit = None

    def finish(self, result: Result) -> None:
        self.free()
        if self.result is not None and not self.result.done():
            self.result.set_result(result)

    def fail(self, error: BaseException) -> None:
        self.free()
        if self.result is not None and not self.result.done():
            self.result.set_exception(error)


class WaitingLine(Generic[Item, Result]):
    """Jobs in the order in which they should run.

    Args:
        limit: jobs that may wait.
        patience: seconds that one may wait.
        clock: seconds that never run backwards.
        longest: seconds that one may be at work, before it is stopped.
    """

    def __init__(
        self,
        limit: int,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        longest: float = WORK_SECONDS,
    ) -> None:
        self.limit, self.patience, self.clock, self.longest = limit, patience, clock, longest
        self._queue: FairQueue[Job[Item, Result]] = FairQueue()
        self._pace = 0.0
        self._began = 0.0
        self._begun: set[Job[Item, Result]] = set()
        self._closed = False
        self.refused = 0

    def __len__(self) -> int:
        """How many wait, those at work included."""
        return len(self._queue) + len(self._begun)

    @property
    def at_work(self) -> int:
        """How many are being done."""
        return len(self._begun)

    def join(self, client: str, item: Item) -> Job[Item, Result]:
        """A job at the end of its client's line. Raises Busy.

        Where the line is full, whoever has the most in it gives way to a client who has less.
        """
        if self._closed:
            raise ending()
        waiting = len(self)
        if self._pace * waiting > self.patience < self._pace * (self._queue.ahead(client) + self.at_work):
            raise self.busy()
        if waiting >= self.limit:
            surplus = self._queue.pop_surplus(client)
            if surplus is None:
                raise self.busy()
            surplus.fail(self.busy())
        job: Job[Item, Result] = Job(client, item, self.clock() + self.patience)
        job.limited(self.patience, self._waited)
        self._queue.push(client, job)
        return job

    async def result(self, job: Job[Item, Result]) -> Result:
        """What comes of `job`; whoever is cancelled while it waits takes it out of the line, or stops its work."""
        assert job.result is not None
        try:
            return await job.result
        except asyncio.CancelledError:
            self._queue.remove(job.client, job)
            job.free()
            job.token.stop()
            raise
        except Exception:
            job.result = None  # the error's frames know the job: what they hold would wait for the garbage collector
            raise

    def next(self) -> Job[Item, Result] | None:
        """The job whose turn it is; those that waited too long are refused. None where nobody waits."""
        while self._queue:
            job = self._queue.pop()
            if job.done:
                continue
            if self.clock() <= job.until:
                self._begin(job)
                return job
            job.fail(self.busy())
        return None

    def worked(self, seconds: float, jobs: int = 1) -> None:
        """What is at work is done: remembers how long `jobs` took, to know how long others will wait."""
        self._begun.clear()
        self._pace += NEWEST_SHARE * (seconds / jobs - self._pace)

    def busy(self) -> Busy:
        """The refusal, which says when to come back: when what waits now should be done. It is counted."""
        self.refused += 1
        error = Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=len(self))
        error.retry_after_seconds = min(max(1, math.ceil(self._ahead())), LONGEST_RETRY_SECONDS)
        return error

    def end(self) -> None:
        """Tells everybody that the server ends, and stops what is at work; whoever comes now is told too."""
        self._closed = True
        for job in [*self._begun, *(self._queue.pop() for _ in range(len(self._queue)))]:
            job.token.stop()
            job.fail(ending())

    def _begin(self, job: Job[Item, Result]) -> None:
        self._begun.add(job)
        self._began = self.clock()
        job.limited(self.longest, self._overran)

    def _waited(self, job: Job[Item, Result]) -> None:
        if self._queue.remove(job.client, job):
            job.fail(self.busy())

    def _overran(self, job: Job[Item, Result]) -> None:
        job.token.stop()
        template = N_("This took longer than {seconds:g} s and was stopped: ask for less at once.")
        job.fail(Busy("time_is_up", template, seconds=self.longest))

    def _ahead(self) -> float:
        """Seconds until what waits now should be done; what is at work will take as long again as it has."""
        expected = len(self) * self._pace
        return max(expected, self.clock() - self._began) if self.at_work else expected


def ending() -> Busy:
    """What is told to those whom the server cannot answer any more: another one may."""
    return Busy("ending", N_("The server is ending: try again."))


class FairQueue(Generic[Item]):
    """What waits, by client; `pop` goes round the clients."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[Item]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def push(self, client: str, item: Item) -> None:
        """Puts `item` at the end of its client's line."""
        self._lines.setdefault(client, deque()).append(item)
        self._count += 1

    def pop(self) -> Item:
        """The first item of the client whose turn it is. IndexError where nothing waits."""
        if not self._lines:
            raise IndexError("nothing waits")
        client = next(iter(self._lines))
        item = self._lines[client].popleft()
        self._lines.move_to_end(client)
        self._took(client)
        return item

    def remove(self, client: str, item: Item) -> bool:
        """Takes `item` out, wherever it stands; False where it does not wait."""
        try:
            self._lines[client].remove(item)
        except (KeyError, ValueError):
            return False
        self._took(client)
        return True

    def waiting(self, client: str) -> int:
        """How many items of `client` wait."""
        return len(self._lines.get(client, ()))

    def ahead(self, client: str) -> int:
        """How many items would be popped before one that `client` pushed now."""
        own = self.waiting(client)
        return own + sum(min(len(line), own + 1) for other, line in self._lines.items() if other != client)

    def pop_surplus(self, client: str) -> Item | None:
        """The newest item of whoever has the most waiting, if that is more than one above what `client` has."""
        if not self._lines:
            return None
        heaviest = max(self._lines, key=lambda one: len(self._lines[one]))
        if self.waiting(heaviest) <= self.waiting(client) + 1:
            return None
        item = self._lines[heaviest].pop()
        self._took(heaviest)
        return item

    def _took(self, client: str) -> None:
        self._count -= 1
        if not self._lines[client]:
            del self._lines[client]
