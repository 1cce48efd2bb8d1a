"""Who waits for a network: bounded, fair between clients, and nobody longer than can be borne.

A request is refused with Busy (503 and Retry-After) rather than answered too late: at once where so many are ahead of
it that its time would run out, and when its turn comes where it has. One whose client has left is forgotten.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from lente.app.errors import Busy
from lente.app.i18n import N_

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE_SECONDS = 10.0
LONGEST_RETRY_SECONDS = 10
NEWEST_SHARE = 0.2


class Job(Generic[Item, Result]):
    """What somebody waits for: `result` comes, fails, or is cancelled by whoever leaves.

    Attributes:
        until: by the clock of its line; not begun later.
    """

    __slots__ = ("client", "item", "result", "until")

    def __init__(self, client: str, item: Item, until: float) -> None:
        self.client, self.item, self.until = client, item, until
        self.result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    def finish(self, result: Result) -> None:
        if not self.result.done():
            self.result.set_result(result)

    def fail(self, error: BaseException) -> None:
        if not self.result.done():
            self.result.set_exception(error)


class WaitingLine(Generic[Item, Result]):
    """Jobs in the order in which they should run.

    Args:
        limit: jobs that may wait.
        patience: seconds that one may wait.
        clock: seconds that never run backwards.
    """

    def __init__(
        self, limit: int, patience: float = PATIENCE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit, self.patience, self.clock = limit, patience, clock
        self._queue: FairQueue[Job[Item, Result]] = FairQueue()
        self._pace = 0.0
        self.refused = 0

    def __len__(self) -> int:
        return len(self._queue)

    def join(self, client: str, item: Item, at_work: int = 0) -> Job[Item, Result]:
        """A job at the end of its client's line; `at_work` are being done already. Raises Busy.

        Where the line is full, whoever has the most in it gives way to a client who has less.
        """
        waiting = len(self._queue) + at_work
        if self._pace * waiting > self.patience < self._pace * (self._queue.ahead(client) + at_work):
            raise self.busy(at_work)
        if waiting >= self.limit:
            surplus = self._queue.pop_surplus(client)
            if surplus is None:
                raise self.busy(at_work)
            surplus.fail(self.busy(at_work))
        job: Job[Item, Result] = Job(client, item, self.clock() + self.patience)
        self._queue.push(client, job)
        return job

    async def result(self, job: Job[Item, Result]) -> Result:
        """What comes of `job`; whoever is cancelled while it waits takes it out of the line."""
        try:
            return await job.result
        except asyncio.CancelledError:
            self._queue.remove(job.client, job)
            raise
        except Exception:
            del job.result  # the error's frames know the job: what they hold would wait for the garbage collector
            raise

    def next(self) -> Job[Item, Result] | None:
        """The job whose turn it is; those that waited too long are refused. None where nobody waits."""
        while self._queue:
            job = self._queue.pop()
            if job.result.done():
                continue
            if self.clock() <= job.until:
                return job
            job.fail(self.busy())
        return None

    def worked(self, seconds: float, jobs: int = 1) -> None:
        """Remembers how long `jobs` took, to know how long others will wait."""
        self._pace += NEWEST_SHARE * (seconds / jobs - self._pace)

    def busy(self, at_work: int = 0) -> Busy:
        """The refusal, which says when to come back: when what waits now should be done. It is counted."""
        self.refused += 1
        waiting = len(self._queue) + at_work
        error = Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=waiting)
        error.retry_after_seconds = min(max(1, math.ceil(waiting * self._pace)), LONGEST_RETRY_SECONDS)
        return error


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
