"""Many small requests as one batch."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from lente.app.server.middleware.clients import client
from lente.app.server.queues.lanes import Runs
from lente.app.server.queues.waiting_line import PATIENCE_SECONDS, Job, WaitingLine

Item = TypeVar("Item")
Result = TypeVar("Result")


class MicroBatches(Generic[Item, Result]):
    """Gathers what arrives while the lane is at work and runs it as one batch, some of each client.

    `function` takes a list of items and gives a list of results in the same order. An item must be valid before it
    is queued: a batch that fails fails for all of its items.
    """

    def __init__(
        self,
        lane: Runs,
        function: Callable[[Sequence[Item]], Sequence[Result]],
        largest: int = 64,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lane = lane
        self.function = function
        self.largest = largest
        self._clock = clock
        self._line: WaitingLine[Item, Result] = WaitingLine(lane.limit * largest, patience, clock)
        self._running: asyncio.Task[None] | None = None
        self.sizes: Counter[int] = Counter()

    @property
    def refused(self) -> int:
        """How many were told that the batches' lane is busy."""
        return self._line.refused

    async def run(self, item: Item) -> Result:
        """The result for `item`, computed together with whatever else is waiting. Raises Busy."""
        job = self._line.join(client.get(), item)
        if self._running is None:
            self._running = asyncio.create_task(self._drain())
        return await self._line.result(job)

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # others may be about to ask
        while batch := self._batch():
            began = self._clock()
            self.sizes[len(batch)] += 1
            try:
                results = await self.lane.submit("", partial(self.function, [job.item for job in batch]))
            except Exception as error:
                for job in batch:
                    job.fail(error)
            else:
                for job, result in zip(batch, results, strict=True):
                    job.finish(result)
            self._line.worked(self._clock() - began, len(batch))
            await asyncio.sleep(0)
        self._running = None

    def _batch(self) -> list[Job[Item, Result]]:
        jobs: list[Job[Item, Result]] = []
        while len(jobs) < self.largest and (job := self._line.next()) is not None:
            jobs.append(job)
        return jobs
