"""What runs can be stopped, whoever waits longer than promised is told then, and long work takes turns."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from lente.app.errors import Busy
from lente.app.server.middleware.clients import client
from lente.app.server.queues.lanes import Lane
from lente.app.server.queues.long_work import Finished, LongWork, Progress
from lente.app.server.shares import Shares
from lente.models.stopping import Stopped, check


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Keeps a lane's thread at work until it is set."""
    gate = threading.Event()
    yield gate
    gate.set()


class Endless:
    """Work that ends when it is stopped, and only then."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.begun.set()
        try:
            while True:
                check()
                time.sleep(0.001)
        except Stopped:
            self.ended.set()
            raise


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 30), "it never came true"


def test_work_whose_client_left_is_stopped_and_the_next_runs() -> None:
    endless = Endless()

    async def main() -> int:
        lane = Lane("test", 4)
        leaving = asyncio.create_task(lane.run(endless))
        await until(endless.begun)
        leaving.cancel()
        return await asyncio.wait_for(lane.run(int), 30)

    assert asyncio.run(main()) == 0
    assert endless.ended.is_set()


def test_work_whose_time_is_up_is_stopped_and_refused() -> None:
    endless = Endless()

    async def main() -> None:
        lane = Lane("test", 4, longest=0.05)
        with pytest.raises(Busy, match=r"longer than 0\.05 s"):
            await lane.run(endless)
        assert await lane.run(int) == 0

    asyncio.run(main())
    assert endless.ended.is_set()


def test_whoever_waits_longer_than_promised_is_told_then_how_many_wait(gate: threading.Event) -> None:
    async def main() -> None:
        lane = Lane("test", 8, patience=0.05)
        first = asyncio.create_task(lane.run(gate.wait, 30))
        waiting = [asyncio.create_task(lane.run(int)) for _ in range(2)]
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert not gate.is_set(), "the lane is not free yet"
        assert [str(one) for one in told] == [
            "The server is busy: 2 requests are waiting.", "The server is busy: 1 requests are waiting.",
        ]  # fmt: skip
        assert all(isinstance(one, Busy) for one in told)
        gate.set()
        await first

    asyncio.run(main())


def test_a_server_that_ends_tells_those_who_wait_and_stops_what_runs() -> None:
    endless = Endless()

    async def main() -> None:
        lane = Lane("test", 4)
        tasks = [asyncio.create_task(lane.run(endless)), asyncio.create_task(lane.run(int))]
        await until(endless.begun)
        lane.close()
        for task in (*tasks, asyncio.create_task(lane.run(int))):
            with pytest.raises(Busy, match="ending"):
                await task
        await until(endless.ended)

    asyncio.run(main())


def parts(count: int, seconds: float) -> Callable[[Progress], str]:
    def work(progress: Progress) -> str:
        for part in range(count):
            progress(part, count)
            time.sleep(seconds)
        return "done"

    return work


async def asked(long: LongWork, whose: str, work: Callable[[Progress], str]) -> str:
    client.set(whose)
    return await long.result(work)


def test_long_work_of_one_client_keeps_no_other_waiting_until_it_ends() -> None:
    async def main() -> None:
        long = LongWork()
        greedy = [asyncio.create_task(asked(long, "a", parts(1_000_000, 0.01))) for _ in range(17)]
        await asyncio.sleep(0.1)
        assert sum(task.done() for task in greedy) == 17 - long.share, "of one client few are taken"
        assert await asyncio.wait_for(asyncio.create_task(asked(long, "b", parts(20, 0.01))), 30) == "done"
        assert sum(task.done() for task in greedy) == 17 - long.share
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)
        while long.waiting:
            await asyncio.sleep(0.01)
        assert await asked(long, "c", parts(1, 0)) == "done"
        long.close()

    asyncio.run(main())


def test_there_is_a_limit_to_the_long_work_of_all() -> None:
    async def main() -> None:
        long = LongWork()
        asks = [asked(long, f"client {number % 9}", parts(1_000_000, 0.01)) for number in range(27)]
        tasks = [asyncio.create_task(one) for one in asks]
        await asyncio.sleep(0.1)
        assert sum(task.done() for task in tasks) == 27 - long.limit
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(one, Busy) for one in results) == 27 - long.limit
        while long.waiting:
            await asyncio.sleep(0.01)
        long.close()

    asyncio.run(main())


def test_long_work_that_waits_too_long_is_told(gate: threading.Event) -> None:
    async def main() -> None:
        long = LongWork(patience=0.05)
        first = asyncio.create_task(asked(long, "a", lambda _progress: str(gate.wait(30))))
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="2 requests"):
            await asked(long, "a", parts(1, 0))
        gate.set()
        await first
        assert long.waiting == 0
        long.close()

    asyncio.run(main())


def test_long_work_ends_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lente.app.server.queues.long_work.LONGEST_SECONDS", 0.05)

    async def main() -> None:
        long = LongWork()
        with pytest.raises(Busy, match=r"longer than 0\.05 s"):
            await long.result(parts(1_000_000, 0.01))
        long.close()

    asyncio.run(main())


@pytest.mark.parametrize("reads", [False, True])
def test_who_takes_nothing_of_what_is_told_is_refused_and_the_work_ends(reads: bool) -> None:
    shares, ended = Shares(each=100, total=100), threading.Event()

    def work(progress: Progress) -> str:
        try:
            for done in range(1, 21):
                progress(done, 20, {"picture": "x" * 10})
                time.sleep(0.002 if reads else 0)
        finally:
            ended.set()
        return "whole"

    async def main() -> None:
        client.set("10.0.0.7")
        long = LongWork()
        steps = long.steps(work, shares)
        told = [await anext(steps)]
        if not reads:
            await until(ended)
            with pytest.raises(Busy, match="wait to be read"):
                told += [step async for step in steps]
            assert len(told) < 12
        else:
            told += [step async for step in steps]
            assert told[-1] == Finished("whole")
        assert len(shares) == 0
        long.close()

    asyncio.run(main())
