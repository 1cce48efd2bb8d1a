"""Runs of a network that learns: bounded in number, steps and idle time, in a lane of their own, in turns."""

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lente.app.errors import Busy, Forbidden, NotFound, TooLarge
from lente.app.i18n import N_
from lente.app.learning.runs.settings import MOST_STEPS, Begun, Told
from lente.app.server.compute import Compute, lightly
from lente.app.server.middleware.clients import client
from lente.app.server.queues.lanes import Lane
from lente.app.server.queues.once import Once
from lente.models.phrases import shortened

if TYPE_CHECKING:
    from lente.models.training.learner import Data, Learner

R = TypeVar("R")

MOST_RUNS = 8
MOST_OF_ONE = 4
TURN_SECONDS = 0.04
IDLE_SECONDS = 900.0
UNWATCHED_SECONDS = 60.0
LINE = 256
PICTURE_BYTES = 130_000  # of a batch while it is learnt from, as measured
DATA_BYTES = 170_000_000  # of all digits while they are unpacked, as measured


class Run:
    """One run, and who may tell it what to do.

    Attributes:
        key: whoever has it may change the run; its id alone lets one watch.
        until: the step at which it pauses.
        version: grows with whatever a watcher may notice.
        seen: when somebody last asked for it.
    """

    def __init__(self, whose: str, learner: "Learner", now: float) -> None:
        self.id, self.key, self.whose = secrets.token_urlsafe(9), secrets.token_urlsafe(18), whose
        self.learner = learner
        self.until = 0
        self.version = 0
        self.seen = now

    @property
    def playing(self) -> bool:
        return self.learner.steps < self.until

    def state(self) -> dict[str, Any]:
        """What is told of it, without its key."""
        facts = {"id": self.id, "version": self.version, "playing": self.playing, "most_steps": MOST_STEPS}
        return {**facts, **self.learner.as_dict()}


class Runs:
    """All runs of a server.

    Args:
        compute: waits for the networks, which import torch.
        clock: seconds that never run backwards.
    """

    def __init__(self, compute: "Compute[Any]", clock: Callable[[], float] = time.monotonic) -> None:
        self.lane = Lane("learning", LINE, patience=60.0, patient=True)
        self._compute, self._clock = compute, clock
        self._runs: dict[str, Run] = {}
        self._coming: list[str] = []
        self._work: asyncio.Task[None] | None = None
        self._data = Once(self._read)

    async def begin(self, settings: Begun) -> Run:
        """A new run, paused at its first step. Raises TooLarge where there are as many as there may be."""
        self._forget()
        whose = client.get()
        self._check_room(whose)
        self._coming.append(whose)
        try:
            data = await self._data()
            from lente.models.training.learner import Learner, Settings

            chosen = Settings(**settings.model_dump(exclude_none=True))
            learner = await self.lane.submit(whose, lambda: Learner(chosen, data))
        finally:
            self._coming.remove(whose)
        run = Run(whose, learner, self._clock())
        self._runs[run.id] = run
        return run

    def _check_room(self, whose: str) -> None:
        """Runs that are being made count like those that are there."""
        everybody = [*self._coming, *(run.whose for run in self._runs.values())]
        own = everybody.count(whose)
        if len(everybody) >= MOST_RUNS or own >= MOST_OF_ONE:
            template = N_(
                "There are {found} runs already, as many as there may be: end one, or come back when one is forgotten, "
                "{minutes:g} minutes after it was last watched."
            )
            found = own if own >= MOST_OF_ONE else len(everybody)
            raise TooLarge("too_many_runs", template, found=found, minutes=IDLE_SECONDS / 60)

    def find(self, id: str) -> Run:
        """The run of that id. NotFound where there is none, or none any more."""
        run = self._runs.get(id)
        if run is None:
            template = N_(
                "There is no run {id}: it was ended, or forgotten after {minutes:g} minutes. Begin a new one."
            )
            raise NotFound("unknown_run", template, id=shortened(id), minutes=IDLE_SECONDS / 60)
        run.seen = self._clock()
        return run

    async def tell(self, id: str, told: Told) -> Run:
        """Changes a run, lets it go on or pauses it. Forbidden for those who do not have its key."""
        run = self._own(id, told.key)
        if changed := told.settings.model_dump(exclude_none=True):
            await self.do(run, lambda: run.learner.change(**changed))
        if told.pause:
            run.until = run.learner.steps
        elif told.until is not None:
            run.until = min(told.until, MOST_STEPS)
        run.version += 1
        self._go_on()
        return run

    def end(self, id: str, key: str) -> None:
        """Forgets a run at once."""
        run = self._own(id, key)
        run.until = 0
        del self._runs[run.id]

    async def do(self, run: Run, work: Callable[[], R]) -> R:
        """Something with the run's learner, between two of its turns."""
        return await self.lane.submit(run.id, work)

    def _own(self, id: str, key: str) -> Run:
        run = self.find(id)
        if not secrets.compare_digest(run.key.encode(), key.encode()):
            raise Forbidden("not_your_run", N_("Only the browser that began this run may change it; you may watch it."))
        return run

    def _go_on(self) -> None:
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._turns())

    async def _turns(self) -> None:
        """A turn of each run that plays, again and again, until none does."""
        while playing := [run for run in self._runs.values() if run.playing]:
            for run in playing:
                if self._clock() - run.seen > UNWATCHED_SECONDS:
                    run.until = 0
                    continue
                with suppress(Busy):
                    await self.do(run, partial(self._turn, run, run.until))
                run.version += 1

    def _turn(self, run: Run, until: int) -> None:
        with self._compute.budget.of(run.learner.settings.batch * PICTURE_BYTES):
            run.learner.turn(until, TURN_SECONDS)

    def _forget(self) -> None:
        """Whatever nobody has watched for long."""
        now = self._clock()
        self._runs = {id: run for id, run in self._runs.items() if now - run.seen <= IDLE_SECONDS}

    async def _read(self) -> "Data":
        await self._compute.networks()
        from lente.models.training.learner import mnist

        await self.lane.submit("", _one_thread)
        async with self._compute.budget.coming(DATA_BYTES):
            return await self.lane.submit("", partial(lightly, mnist))

    def close(self) -> None:
        """Ends all of them, for the server ends."""
        if self._work is not None:
            self._work.cancel()
        self._runs.clear()
        self.lane.close()


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
