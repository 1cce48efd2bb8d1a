"""The one place where networks run.

Each lane is one thread with a bounded queue, so that a photo's forward pass never delays a digit's. torch takes seconds
to import: the lanes import it behind the first page, and `Compute.networks` waits until that is done.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, ParamSpec, TypeVar

from app.errors import Busy
from app.i18n import N_

if TYPE_CHECKING:
    from app.networks import Networks

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Lane:
    """A thread that runs one function after another, and refuses with Busy when `limit` are waiting."""

    def __init__(self, name: str, limit: int) -> None:
        self.limit = limit
        self.waiting = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """The result of `function(*arguments, **options)`, run in this lane's thread."""
        if self.waiting >= self.limit:
            raise Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=self.waiting)
        self.waiting += 1
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, lambda: function(*arguments, **options))
        work.add_done_callback(self._finished)
        return await asyncio.shield(work)

    def _finished(self, work: "asyncio.Future[R]") -> None:
        self.waiting -= 1
        if not work.cancelled():
            work.exception()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)


class MicroBatches(Generic[Item, Result]):
    """Gathers what arrives while the lane is at work and runs it as one batch.

    `function` takes a list of items and gives a list of results in the same order. An item must be valid before it
    is queued: a batch that fails fails for all of its items.
    """

    def __init__(self, lane: Lane, function: Callable[[Sequence[Item]], Sequence[Result]], largest: int = 64) -> None:
        self.lane = lane
        self.function = function
        self.largest = largest
        self._queue: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def run(self, item: Item) -> Result:
        """The result for `item`, computed together with whatever else is waiting."""
        if len(self._queue) >= self.lane.limit * self.largest:
            raise Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=len(self._queue))
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[: self.largest], self._queue[self.largest :]
            wanted = [(item, future) for item, future in batch if not future.cancelled()]
            try:
                results = await self.lane.run(self.function, [item for item, _ in wanted])
            except Exception as error:
                for _, future in wanted:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(wanted, results, strict=True):
                if not future.done():
                    future.set_result(result)


class Compute:
    """The lanes, and the networks that run in them.

    Attributes:
        small: for digits and latent codes, a millisecond or less each.
        large: for photographs.
        pictures: for decoding and encoding picture files.
        filters: for convolving and pooling pictures; like `pictures` it works before torch is loaded.
    """

    def __init__(self, limit: int, weights: Path = Path("var/weights")) -> None:
        self.weights = weights
        self.small = Lane("small", limit)
        self.large = Lane("large", limit)
        self.pictures = Lane("pictures", limit)
        self.filters = Lane("filters", limit)
        self._loading: asyncio.Task[Networks] | None = None

    def start(self) -> None:
        """Begins to import torch and to load the networks behind the first page."""
        self._loading = asyncio.create_task(self.large.run(_load, self.weights))

    async def networks(self) -> "Networks":
        """The loaded networks; waits for them while they are loading."""
        if self._loading is None:
            self.start()
        assert self._loading is not None
        return await asyncio.shield(self._loading)

    @property
    def ready(self) -> bool:
        return self.state == "ready"

    @property
    def state(self) -> Literal["loading", "ready", "failed"]:
        """Whether the networks can be used; "failed" where they could not be loaded."""
        if self._loading is None or not self._loading.done():
            return "loading"
        return "failed" if self._loading.exception() else "ready"

    async def run(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """Runs a blocking function that works on photographs."""
        return await self.large.run(function, *arguments, **options)

    async def close(self) -> None:
        if self._loading is not None:
            await asyncio.gather(self._loading, return_exceptions=True)
        if self.ready:
            (await self.networks()).long.close()
        for lane in (self.small, self.large, self.pictures, self.filters):
            lane.close()


def _load(weights: Path) -> "Networks":
    from app.networks import Networks

    return Networks(weights)
