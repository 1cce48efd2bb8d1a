"""Lanes and micro-batches."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from app.compute import Lane, MicroBatches
from app.errors import Busy


def test_what_arrives_while_the_lane_works_runs_as_one_batch() -> None:
    sizes: list[int] = []
    open_gate = threading.Event()

    def double(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        open_gate.wait(10)
        return [2 * item for item in items]

    async def main() -> list[int]:
        batches = MicroBatches(Lane("test", 4), double)
        first = asyncio.create_task(batches.run(0))
        while not sizes:
            await asyncio.sleep(0)
        rest = [asyncio.create_task(batches.run(item)) for item in range(1, 21)]
        await asyncio.sleep(0)
        open_gate.set()
        return await asyncio.gather(first, *rest)

    assert asyncio.run(main()) == [2 * item for item in range(21)]
    assert sizes == [1, 20]


def test_an_item_that_fails_does_not_stop_the_next() -> None:
    def refuse_negatives(items: Sequence[int]) -> list[int]:
        if min(items) < 0:
            raise ValueError("negative")
        return list(items)

    async def main() -> int:
        batches = MicroBatches(Lane("test", 4), refuse_negatives)
        with pytest.raises(ValueError, match="negative"):
            await batches.run(-1)
        return await batches.run(7)

    assert asyncio.run(main()) == 7


def test_a_full_lane_refuses_and_recovers() -> None:
    gate = threading.Event()

    async def main() -> None:
        lane = Lane("test", 2)
        waiting = [asyncio.create_task(lane.run(gate.wait, 10)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await lane.run(int)
        assert refused.value.headers == {"Retry-After": "1"}
        gate.set()
        await asyncio.gather(*waiting)
        assert await lane.run(int) == 0

    asyncio.run(main())
