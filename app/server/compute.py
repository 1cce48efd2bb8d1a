"""The one place where networks run.

Each lane is one thread with a bounded queue, so that a photo's forward pass never delays a digit's. torch takes seconds
to import: that is done behind the first page, and `Compute.networks` waits until then.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, cast

from lente.app.server.memory import SOON_SECONDS, give_back_freed_memory
from lente.app.server.queues.alike import Alike
from lente.app.server.queues.batches import MicroBatches
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.lanes import Here, Lane, Runs
from lente.app.server.queues.long_work import LongWork
from lente.app.server.queues.once import Once
from lente.app.server.queues.shared import SharedWork
from lente.app.server.queues.waiting_line import PATIENCE_SECONDS
from lente.models.convolution.second_thread import Beside

if TYPE_CHECKING:
    from lente.app.server.box import Box

ENDING_SECONDS = 0.3

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")
Result = TypeVar("Result")
Networks_co = TypeVar("Networks_co", bound="Box", covariant=True)


class Compute(Generic[Networks_co]):
    """The lanes, and the networks that run in them.

    Args:
        limit: how many may wait in each lane.
        load: imports torch and loads the networks; called in a thread.
        patience: seconds that one may wait.

    Attributes:
        here: for a few latent codes, a tenth of a millisecond.
        small: for digits and more latent codes, a millisecond or so.
        large: for photographs.
        loading: for reading weights and data from the box, once each: whoever computes does not wait for it.
        pictures: for decoding and encoding picture files.
        reading: for bodies of JSON, one after another: while one is read nothing else is done.
        filters: for convolving and pooling pictures; like `pictures` it works before torch is loaded.
        beside: shares the work of `filters`.
        budget: of memory, for large pieces of work in any of these.
        long: for what takes seconds, and tells how far it is.
        alike: what many ask in the same words at the same moment.
        shared: long work that gives the same to all who ask for it in the same words.
        batches: what gathers small requests, by name.
    """

    def __init__(self, limit: int, load: Callable[[], Networks_co], patience: float = PATIENCE_SECONDS) -> None:
        self._load_networks = load
        self.here = Here(limit)
        self.small = Lane("small", limit, patience)
        self.large = Lane("large", limit, patience, patient=True)
        self.loading = Lane("loading", limit, patience)
        self.pictures = Lane("pictures", limit, patience)
        self.reading = Lane("reading", limit, patience)
        self.filters = Lane("filters", limit, patience)
        self.beside = Beside()
        self.budget = Budget(patience=patience)
        self.long = LongWork(budget=self.budget)
        self.alike = Alike()
        self.shared = SharedWork(budget=self.budget)
        self.batches: dict[str, MicroBatches[Any, Any]] = {}
        self._loading: asyncio.Task[Networks_co] | None = None
        self._read: dict[str, Once[Any]] = {}

    def start(self) -> None:
        """Begins to import torch and to load the networks behind the first page, unless that has begun."""
        if self._loading is not None:
            return
        self._loading = asyncio.create_task(self._load())

    async def _load(self) -> Networks_co:
        networks = await asyncio.to_thread(lightly, self._load_networks)
        for lane in (self.small, self.large, self.loading):
            await lane.run(_one_thread)
        _one_thread()
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it for garbage again and again stops everything for 0.1 s
        return networks

    async def networks(self) -> Networks_co:
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

    async def load(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """Runs a blocking function that reads from the box what is not there yet."""
        return await self.loading.run(lightly, partial(function, *arguments, **options))

    async def read_once(self, name: str, function: Callable[[], R]) -> R:
        """What `function` reads from the box, kept under `name`: whoever asks for it again waits for nobody."""
        kept: Once[R] = self._read.setdefault(name, Once(partial(self.load, function)))
        return await kept()

    async def in_parts(self, begin: "Callable[[], Generator[None, None, R]]") -> R:
        """What a generator on photographs returns: wherever it yields, others with photographs have their turn."""
        work = await self.run(begin)
        while True:
            over, result = await self.run(_next_part, work)
            if over:
                return cast(R, result)

    def gathered(
        self, name: str, lane: Runs, function: Callable[[Sequence[Item]], Sequence[Result]]
    ) -> MicroBatches[Item, Result]:
        """Batches called `name` that `function` computes in `lane`; the operator can see them."""
        batches = self.batches[name] = MicroBatches(lane, function)
        return batches

    @property
    def lanes(self) -> dict[str, Lane]:
        """Every lane with a thread, by name."""
        lanes = (self.small, self.large, self.loading, self.pictures, self.reading, self.filters)
        return {lane.name: lane for lane in lanes}

    async def close(self) -> None:
        """Stops what runs; waits a moment for it to end, for what is told it to be told, and no longer."""
        gc.unfreeze()
        self.long.close()
        at_work: list[asyncio.Future[Any]] = [self._loading] if self._loading is not None else []
        at_work += [asyncio.wrap_future(end) for lane in self.lanes.values() if (end := lane.close()) is not None]
        self.beside.close()
        if at_work:
            await asyncio.wait(at_work, timeout=ENDING_SECONDS)


def lightly(load: Callable[[], R]) -> R:
    """What `load` returns; the memory that it took on the way is the system's again, where it took any time."""
    began = time.monotonic()
    loaded = load()
    if time.monotonic() - began > SOON_SECONDS:
        give_back_freed_memory()
    return loaded


def _next_part(work: Generator[None, None, R]) -> tuple[bool, R | None]:
    """Whether it was the last one, and its result."""
    try:
        next(work)
    except StopIteration as last:
        return True, last.value
    return False, None


def _one_thread() -> None:
    """From here on an operation takes one thread where this thread begins it: two are slower for small networks."""
    import torch

    torch.set_num_threads(1)
