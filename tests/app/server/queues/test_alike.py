"""What many ask in the same words at the same moment is computed once; nobody pays for another's leaving or refusal."""

import asyncio

import pytest

from lente.app.errors import Busy
from lente.app.server.queues.alike import Alike
from lente.app.server.queues.waiting_line import ending


class Work:
    """Counts how often it was begun, and gives that number once it is let go."""

    def __init__(self) -> None:
        self.begun, self.stopped = 0, 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return number


async def begun(alike: Alike, work: Work, count: int, key: str = "same") -> list["asyncio.Task[int]"]:
    asks = [asyncio.create_task(alike.run(key, work)) for _ in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return asks


def test_thirty_who_ask_the_same_at_once_are_given_one_answer() -> None:
    async def main() -> None:
        alike, work, other = Alike(), Work(), Work()
        asks = await begun(alike, work, 30)
        others = await begun(alike, other, 1, "another")
        work.go.set()
        other.go.set()
        assert await asyncio.gather(*asks, *others) == [1] * 31
        assert (work.begun, other.begun, len(alike)) == (1, 1, 0)
        assert await alike.run("same", work) == 2, "what was asked before is not kept"

    asyncio.run(asyncio.wait_for(main(), 30))


def test_who_leaves_takes_nothing_from_those_who_stay() -> None:
    async def main() -> None:
        alike, work = Alike(), Work()
        first, second = await begun(alike, work, 2)
        first.cancel()
        await asyncio.wait([first])
        work.go.set()
        assert await second == 1
        assert not work.stopped

    asyncio.run(asyncio.wait_for(main(), 30))


def test_what_nobody_waits_for_any_more_is_stopped_and_begun_anew_for_the_next() -> None:
    async def main() -> None:
        alike, work = Alike(), Work()
        for ask in await begun(alike, work, 3):
            ask.cancel()
        await asyncio.sleep(0)
        (next_one,) = await begun(alike, work, 1)
        work.go.set()
        assert await next_one == 2
        assert work.stopped == 1

    asyncio.run(asyncio.wait_for(main(), 30))


def test_who_shares_with_one_who_is_refused_asks_anew() -> None:
    async def main() -> None:
        alike, tries = Alike(), [0]

        async def refused_once() -> int:
            tries[0] += 1
            number = tries[0]
            await asyncio.sleep(0)
            if number == 1:
                raise ending()
            return number

        first, *others = [asyncio.create_task(alike.run("same", refused_once)) for _ in range(4)]
        with pytest.raises(Busy):
            await first
        assert await asyncio.gather(*others) == [2, 2, 2]

    asyncio.run(asyncio.wait_for(main(), 30))
