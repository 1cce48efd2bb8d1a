"""Lanes and micro-batches: bounded, fair, in time, and nothing done for those who left."""

import asyncio
import threading
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest

from lente.app.errors import Busy
from lente.app.server.compute import Compute
from lente.app.server.middleware.clients import client
from lente.app.server.queues.batches import MicroBatches
from lente.app.server.queues.lanes import Here, Lane


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Keeps a lane's thread at work until it is set."""
    gate = threading.Event()
    yield gate
    gate.set()


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def of(whose: str, lane: Lane, ran: list[str], name: str) -> "asyncio.Task[None]":
    """A task of the client `whose` that runs in `lane` and writes its name down."""

    async def ask() -> None:
        client.set(whose)
        await lane.run(ran.append, name)

    return asyncio.create_task(ask())


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


def test_clients_take_turns_in_a_lane(gate: threading.Event) -> None:
    ran: list[str] = []

    async def main() -> None:
        lane = Lane("test", 16)
        first = asyncio.create_task(lane.run(gate.wait, 10))
        greedy = [of("a", lane, ran, f"a{i}") for i in range(4)]
        await asyncio.sleep(0)
        modest = [of("b", lane, ran, "b0"), of("c", lane, ran, "c0")]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *greedy, *modest)

    asyncio.run(main())
    assert ran == ["a0", "b0", "c0", "a1", "a2", "a3"]


def test_a_full_lane_takes_from_who_has_most(gate: threading.Event) -> None:
    ran: list[str] = []

    async def main() -> list[BaseException | None]:
        lane = Lane("test", 5)
        first = asyncio.create_task(lane.run(gate.wait, 10))
        greedy = [of("a", lane, ran, f"a{i}") for i in range(4)]
        await asyncio.sleep(0)
        modest = of("b", lane, ran, "b0")
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(first, *greedy, modest, return_exceptions=True)  # type: ignore[return-value]

    results = asyncio.run(main())
    assert [isinstance(one, Busy) for one in results] == [False, False, False, False, True, False]
    assert ran == ["a0", "b0", "a1", "a2"]


def test_a_batch_holds_some_of_each_client(gate: threading.Event) -> None:
    batches: list[list[str]] = []

    def note(items: Sequence[str]) -> Sequence[str]:
        batches.append(list(items))
        gate.wait(10)
        return items

    async def main() -> None:
        gathered = MicroBatches(Lane("test", 4), note, largest=2)

        async def ask(name: str) -> str:
            client.set(name[0])
            return await gathered.run(name)

        first = asyncio.create_task(ask("z"))
        while not batches:
            await asyncio.sleep(0)
        rest = [asyncio.create_task(ask(name)) for name in ("a0", "a1", "a2", "b0")]
        await asyncio.sleep(0)
        gate.set()
        assert await asyncio.gather(first, *rest) == ["z", "a0", "a1", "a2", "b0"]

    asyncio.run(main())
    assert batches == [["z"], ["a0", "b0"], ["a1", "a2"]]


def test_what_waited_too_long_is_refused_and_not_computed(gate: threading.Event) -> None:
    clock, ran = Clock(), list[str]()

    async def main() -> None:
        lane = Lane("test", 4, patience=2, clock=clock)
        first = asyncio.create_task(lane.run(gate.wait, 10))
        late = of("a", lane, ran, "late")
        await asyncio.sleep(0)
        clock.now = 2.5
        gate.set()
        await first
        with pytest.raises(Busy):
            await late
        await lane.run(ran.append, "in time")

    asyncio.run(main())
    assert ran == ["in time"]


def test_what_could_not_be_answered_in_time_is_refused_at_once(gate: threading.Event) -> None:
    clock, ran = Clock(), list[str]()

    def slow() -> None:
        clock.now += 10

    async def main() -> None:
        lane = Lane("test", 16, patience=3, clock=clock)
        await lane.run(slow)  # from now on 2 s each are expected
        first = asyncio.create_task(lane.run(gate.wait, 10))
        waiting = of("a", lane, ran, "second")
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await lane.run(ran.append, "third")
        assert refused.value.headers == {"Retry-After": "4"}
        gate.set()
        await asyncio.gather(first, waiting)

    asyncio.run(main())
    assert ran == ["second"]


def test_work_whose_client_left_is_not_begun(gate: threading.Event) -> None:
    ran: list[str] = []

    async def main() -> None:
        lane = Lane("test", 3)
        first = asyncio.create_task(lane.run(gate.wait, 10))
        leaving, staying = of("a", lane, ran, "left"), of("b", lane, ran, "stayed")
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.sleep(0)
        assert lane.waiting == 2  # there is room again at once
        gate.set()
        await asyncio.gather(first, staying)

    asyncio.run(main())
    assert ran == ["stayed"]


def test_a_batch_leaves_out_who_left(gate: threading.Event) -> None:
    batches: list[list[int]] = []

    def note(items: Sequence[int]) -> Sequence[int]:
        batches.append(list(items))
        gate.wait(10)
        return items

    async def main() -> None:
        gathered = MicroBatches(Lane("test", 4), note)
        tasks = [asyncio.create_task(gathered.run(0))]
        while not batches:
            await asyncio.sleep(0)
        tasks += [asyncio.create_task(gathered.run(item)) for item in (1, 2)]
        await asyncio.sleep(0)
        tasks.pop(1).cancel()
        gate.set()
        assert await asyncio.gather(*tasks) == [0, 2]

    asyncio.run(main())
    assert batches == [[0], [2]]


def test_what_runs_in_the_event_loop_is_gathered_too() -> None:
    sizes: list[int] = []

    def halve(items: Sequence[int]) -> Sequence[float]:
        sizes.append(len(items))
        return [10 / item for item in items]

    async def main() -> None:
        batches = MicroBatches(Here(4), halve)
        assert await asyncio.gather(*(batches.run(item) for item in (1, 2, 5))) == [10, 5, 2]
        with pytest.raises(ZeroDivisionError):
            await batches.run(0)
        assert await batches.run(4) == 2.5

    asyncio.run(main())
    assert sizes == [3, 1, 1]


def test_work_in_parts_lets_others_have_their_turn_between_two_of_them() -> None:
    ran: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def parts() -> Generator[None, None, str]:
        for part in range(3):
            yield
            begun.set()
            assert go_on.wait(30)
            ran.append(f"part {part}")
        return "whole"

    async def main() -> str:
        compute: Compute[Any] = Compute(8, lambda: None)
        client.set("a")
        long = asyncio.create_task(compute.in_parts(parts))
        assert await asyncio.to_thread(begun.wait, 30)
        other = of("b", compute.large, ran, "other")
        await asyncio.sleep(0)
        go_on.set()
        await other
        found = await long
        await compute.close()
        return found

    assert asyncio.run(main()) == "whole"
    assert ran == ["part 0", "other", "part 1", "part 2"]
