"""Newest wins, and the last is always answered."""

import asyncio

from lente.app.live.newest import Newest


def test_what_was_overtaken_is_dropped_and_the_last_is_answered() -> None:
    answered: list[int] = []
    began = 0

    async def main() -> None:
        free, done = asyncio.Event(), asyncio.Event()

        async def answer(item: int) -> None:
            nonlocal began
            began += 1
            await free.wait()
            answered.append(item)
            if item == 9:
                done.set()

        stream = Newest(answer)
        for item in range(6):
            stream.push(item)
            await asyncio.sleep(0)
        free.set()
        while len(answered) < 2:
            await asyncio.sleep(0)
        stream.push(9)
        await asyncio.wait_for(done.wait(), 10)

    asyncio.run(main())
    assert answered == [0, 5, 9]
    assert began == 3


def test_nothing_is_answered_after_the_end() -> None:
    answered: list[int] = []

    async def main() -> None:
        async def answer(item: int) -> None:
            await asyncio.sleep(0)
            answered.append(item)

        stream = Newest(answer)
        stream.push(1)
        stream.push(2)
        await asyncio.sleep(0)
        stream.cancel()
        for _ in range(5):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert answered == []
