"""Large pieces of work share their memory: who does not fit waits, and holds nothing while it does."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from lente.app.errors import Busy
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.long_work import Finished, LongWork, Progress
from lente.models.stopping import Stopped, Token, under
from tests.app.running import until

AT_ALL = 30  # seconds until what should come at once has failed to


def at_work(
    budget: Budget, count: int, token: Token | None = None, long: bool = False
) -> tuple[threading.Event, threading.Event]:
    """A thread with a piece of `count` bytes: an event that tells that it works, and one that ends it."""
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        with suppress(Busy, Stopped), under(token or Token()), budget.of(count, AT_ALL, long):
            begun.set()
            end.wait(AT_ALL)

    threading.Thread(target=work, daemon=True).start()
    return begun, end


def waits(
    budget: Budget, count: int, token: Token | None = None, long: bool = False
) -> tuple[threading.Event, threading.Event]:
    """The same of a piece that has to wait, once it does."""
    before = budget.waiting
    events = at_work(budget, count, token, long)
    until(lambda: budget.waiting == before + 1, AT_ALL)
    return events


def test_pieces_that_fit_work_at_once_and_one_that_does_not_waits() -> None:
    budget = Budget(most=100, small=10)
    first, end_first = at_work(budget, 60)
    assert first.wait(AT_ALL)
    second, _ = at_work(budget, 40)
    assert second.wait(AT_ALL)
    third, _ = waits(budget, 50)
    assert not third.is_set()
    assert budget.held == 100
    end_first.set()
    assert third.wait(AT_ALL)
    assert budget.held == 90


def test_what_is_small_never_waits_and_is_not_counted() -> None:
    budget = Budget(most=100, small=10)
    first, _ = at_work(budget, 100)
    assert first.wait(AT_ALL)
    waits(budget, 50)
    with budget.of(9, patience=0):
        assert budget.held == 100


def test_one_larger_than_all_works_alone() -> None:
    budget = Budget(most=100, small=10)
    first, end_first = at_work(budget, 20)
    assert first.wait(AT_ALL)
    large, end_large = waits(budget, 1000)
    later, _ = waits(budget, 20)
    end_first.set()
    assert large.wait(AT_ALL)
    assert not later.is_set()
    end_large.set()
    assert later.wait(AT_ALL)


def test_who_came_first_is_not_passed_by_who_needs_less() -> None:
    budget = Budget(most=100, small=10)
    first, end_first = at_work(budget, 60)
    assert first.wait(AT_ALL)
    large, end_large = waits(budget, 80)
    little, _ = waits(budget, 30)
    end_first.set()
    assert large.wait(AT_ALL)
    assert not little.is_set()
    end_large.set()
    assert little.wait(AT_ALL)


def test_who_waited_long_enough_is_told_and_holds_up_nobody() -> None:
    budget = Budget(most=100, small=10, patience=0.05)
    first, _ = at_work(budget, 60)
    assert first.wait(AT_ALL)
    with pytest.raises(Busy) as refused, budget.of(80):
        raise AssertionError("there is no room for it")
    assert refused.value.status == 503
    assert budget.waiting == 0
    with budget.of(40):
        assert budget.held == 100


def test_who_is_stopped_while_it_waits_leaves_the_line() -> None:
    budget, token = Budget(most=100, small=10), Token()
    first, _ = at_work(budget, 60)
    assert first.wait(AT_ALL)
    stopped, _ = waits(budget, 80, token)
    later, _ = waits(budget, 40)
    token.stop()
    assert later.wait(AT_ALL)
    assert not stopped.is_set()
    assert budget.held == 100


def test_work_that_fails_gives_back_what_it_had() -> None:
    budget = Budget(most=100, small=10)
    with pytest.raises(ValueError, match="no"), budget.of(70):
        raise ValueError("no")
    assert budget.held == 0


def test_the_event_loop_waits_in_the_same_line() -> None:
    async def main() -> None:
        budget = Budget(most=100, small=10, patience=0.05)
        first, end_first = at_work(budget, 60)
        assert await asyncio.to_thread(first.wait, AT_ALL)
        with pytest.raises(Busy):
            async with budget.coming(50):
                raise AssertionError("there is no room for it")
        budget.patience = AT_ALL
        waiting = asyncio.create_task(_held(budget, 50))
        left = asyncio.create_task(_held(budget, 90))
        while budget.waiting < 2:
            await asyncio.sleep(0)
        left.cancel()
        end_first.set()
        assert await waiting == 50
        assert (budget.held, budget.waiting) == (0, 0)
        async with budget.coming(9):
            assert budget.held == 0

    asyncio.run(main())


async def _held(budget: Budget, count: int) -> int:
    async with budget.coming(count):
        return budget.held


def test_long_work_has_its_memory_before_its_turn() -> None:
    """One that works and one that waits for its memory: were a turn taken first, neither would go on."""

    async def main() -> list[str]:
        budget = Budget(most=100, small=10)
        long, order = LongWork(at_once=2, budget=budget), list[str]()

        def first(progress: Progress) -> None:
            until(lambda: budget.waiting == 1, AT_ALL)
            for part in range(5):
                progress(part, 5)
            order.append("first")

        async def finish(work: Callable[[Progress], None], whose: str) -> None:
            from lente.app.server.middleware.clients import client

            client.set(whose)
            async for step in long.steps(work, room=80):
                if isinstance(step, Finished):
                    return

        both = finish(first, "a"), finish(lambda _progress: order.append("second"), "b")
        await asyncio.wait_for(asyncio.gather(*(asyncio.create_task(one) for one in both)), AT_ALL)
        long.close()
        return order

    assert asyncio.run(main()) == ["first", "second"]


def test_what_takes_long_leaves_room_for_what_is_short_and_gives_way_to_it() -> None:
    budget = Budget(most=100, long=60, small=10)
    first, end_first = at_work(budget, 50, long=True)
    assert first.wait(AT_ALL)
    second, _ = waits(budget, 20, long=True)
    short, end_short = at_work(budget, 50)
    assert short.wait(AT_ALL)
    shorter, _ = waits(budget, 60)
    end_first.set()
    until(lambda: budget.held == 50, AT_ALL)
    assert not second.is_set()
    end_short.set()
    assert shorter.wait(AT_ALL)
    assert second.wait(AT_ALL)


def test_what_waits_for_long_work_holds_up_nobody() -> None:
    budget = Budget(most=100, long=60, small=10)
    first, end_first = at_work(budget, 50, long=True)
    assert first.wait(AT_ALL)
    large, end_large = waits(budget, 90)
    short, end_short = at_work(budget, 40)
    assert short.wait(AT_ALL)
    assert not large.is_set()
    end_first.set()
    end_short.set()
    assert large.wait(AT_ALL)
    end_large.set()


def test_the_bounds_are_those_of_the_documents() -> None:
    budget = Budget()
    assert (budget.most, budget.whole, budget.patience) == (400_000_000, 500_000_000, 10)
