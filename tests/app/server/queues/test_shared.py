"""What many ask for in the same words is done once, told to all of them, and kept within a bound."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest

from lente.app.errors import Busy
from lente.app.server.queues.shared import SharedWork
from lente.app.server.shares import Shares

SHARES = Shares(1000, 1000)


class Counting:
    """Work of so many lines, which waits before the last until it is let go."""

    def __init__(self, lines: int = 3) -> None:
        self.lines, self.begun, self.ended = lines, 0, 0
        self.go = asyncio.Event()

    async def __call__(self) -> AsyncIterator[bytes]:
        self.begun += 1
        try:
            for line in range(self.lines - 1):
                yield b"%d\n" % line
            await self.go.wait()
            yield b"last\n"
        finally:
            self.ended += 1


async def all_of(shared: SharedWork, key: str, begin: Callable[[], AsyncIterator[bytes]]) -> list[bytes]:
    return [line async for line in shared.lines(key, begin, SHARES)]


async def first_of(lines: AsyncIterator[bytes]) -> bytes:
    return await anext(lines)


def test_who_asks_for_the_same_gets_the_same_lines_of_one_work() -> None:
    async def main() -> None:
        shared, work = SharedWork(), Counting()
        both = [asyncio.create_task(all_of(shared, "two", work)) for _ in range(2)]
        await asyncio.sleep(0)
        work.go.set()
        whole = [b"0\n", b"1\n", b"last\n"]
        assert await asyncio.gather(*both) == [whole, whole]
        assert await all_of(shared, "two", work) == whole
        assert work.begun == 1
        assert await all_of(shared, "other", work) == whole
        assert work.begun == 2

    asyncio.run(asyncio.wait_for(main(), 30))


def test_it_goes_on_while_one_waits_and_ends_with_the_last() -> None:
    async def main() -> None:
        shared, work = SharedWork(), Counting()
        async with aclosing(shared.lines("one", work, SHARES)) as staying:  # type: ignore[type-var]
            async with aclosing(shared.lines("one", work, SHARES)) as leaving:  # type: ignore[type-var]
                assert await first_of(staying) == await first_of(leaving) == b"0\n"
            await asyncio.sleep(0)
            assert (work.begun, work.ended) == (1, 0)
            assert "one" in shared
        while not work.ended:
            await asyncio.sleep(0)
        assert "one" not in shared
        work.go.set()
        assert len(await all_of(shared, "one", work)) == 3
        assert work.begun == 2

    asyncio.run(asyncio.wait_for(main(), 30))


def test_where_it_fails_all_are_told_and_the_next_tries_again() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"0\n"
        raise ValueError("no room")

    async def main() -> None:
        shared, work = SharedWork(), Counting(1)
        both = [asyncio.create_task(all_of(shared, "it", failing)) for _ in range(2)]
        for task in both:
            with pytest.raises(ValueError, match="no room"):
                await task
        work.go.set()
        assert await all_of(shared, "it", work) == [b"last\n"]

    asyncio.run(asyncio.wait_for(main(), 30))


def test_no_more_is_kept_than_the_bound() -> None:
    async def main() -> None:
        shared, work = SharedWork(most=20), Counting(3)  # 9 bytes each
        work.go.set()
        for key in ("a", "b", "a", "c"):
            await all_of(shared, key, work)
            assert shared.size <= 20
        assert ["a" in shared, "b" in shared, "c" in shared] == [True, False, True]

    asyncio.run(asyncio.wait_for(main(), 30))


def test_who_does_not_read_is_refused_and_holds_nothing() -> None:
    async def main() -> None:
        shared, work, shares = SharedWork(), Counting(9), Shares(10, 10)
        work.go.set()
        async with aclosing(shared.lines("long", work, shares)) as lines:  # type: ignore[type-var]
            assert await first_of(lines) == b"0\n"
            while not work.ended:
                await asyncio.sleep(0)
            with pytest.raises(Busy):
                await first_of(lines)
        assert len(shares) == 0
        assert "long" not in shared

    asyncio.run(asyncio.wait_for(main(), 30))
