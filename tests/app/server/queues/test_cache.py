"""What is kept because it may be asked for again has what large work leaves of one bound for both."""

import gc

from lente.app.server.queues.budget import SMALL_BYTES, Budget
from lente.app.server.queues.cache import Cache


class Thing:
    """Something to keep."""


def filled(cache: Cache[str, Thing], keys: str, count: int) -> Cache[str, Thing]:
    for key in keys:
        cache.put(key, Thing(), count)
    return cache


def test_the_latest_stay_as_far_as_their_bytes_go() -> None:
    cache = filled(Cache[str, Thing](100), "abc", 40)
    assert [*cache] == ["b", "c"]
    assert cache.get("b") is not None
    assert [*filled(cache, "d", 40)] == ["b", "d"]
    assert cache.get("a") is None
    assert cache.bytes == 80


def test_what_is_put_again_is_counted_once() -> None:
    cache = filled(Cache[str, Thing](100), "aab", 40)
    assert ([*cache], cache.bytes) == (["a", "b"], 80)


def test_what_is_larger_than_the_bound_is_not_kept_unless_some_stay_whatever_they_have() -> None:
    assert not filled(Cache[str, Thing](100), "ab", 500)
    assert [*filled(Cache[str, Thing](100, least=1), "ab", 500)] == ["b"]


def test_large_work_has_the_bytes_of_what_was_unasked_for_longest_whoever_kept_it() -> None:
    budget = Budget(most=100, small=10, whole=140)
    maps, pictures = Cache[str, Thing](60, budget), Cache[str, Thing](60, budget)
    filled(maps, "a", 30)
    filled(pictures, "b", 30)
    filled(maps, "c", 30)
    filled(pictures, "d", 30)
    assert maps.get("a") is not None
    with budget.of(60):
        assert ([*maps], [*pictures]) == (["a"], ["d"])
        assert budget.held + budget.kept == 120 <= budget.whole
    with budget.of(100):
        assert ([*maps], [*pictures]) == (["a"], [])


def test_what_is_kept_stays_while_there_is_room_beside_the_work() -> None:
    budget = Budget(most=100, small=10, whole=140)
    cache = filled(Cache[str, Thing](60, budget), "ab", 30)
    with budget.of(80), budget.of(9):
        assert [*cache] == ["a", "b"]


def test_what_comes_beside_large_work_is_kept_as_far_as_there_is_room() -> None:
    budget = Budget(most=100, small=10, whole=140)
    cache = Cache[str, Thing](60, budget)
    with budget.of(100):
        assert [*filled(cache, "abc", 20)] == ["b", "c"]
    assert [*filled(cache, "d", 20)] == ["b", "c", "d"]


def test_what_waits_for_its_memory_takes_none_from_what_is_kept() -> None:
    budget = Budget(most=100, small=10, whole=140, patience=0.01)
    cache = filled(Cache[str, Thing](60, budget), "ab", 20)
    with budget.of(100):
        waiting = budget._asked(60)  # noqa: SLF001
        assert (budget.waiting, [*cache]) == (1, ["a", "b"])
        budget._left(waiting)  # noqa: SLF001


def test_what_is_forgotten_while_somebody_uses_it_counts_until_they_let_it_go() -> None:
    budget = Budget(most=100, small=10, whole=125)
    cache = filled(Cache[str, Thing](60, budget), "ab", 30)
    used = cache.get("a")
    with budget.of(100):
        assert ([*cache], cache.bytes) == ([], 30)
        assert not filled(cache, "c", 30), "there is no room for it beside what is in use"
        del used
        gc.collect()
        assert cache.bytes == 0
        assert [*filled(cache, "d", 25)] == ["d"]


def test_a_class_with_photographs_keeps_all_that_its_caches_may_have() -> None:
    """Of the bounds as they are: what a network makes of the next photograph, and small work, cost nothing kept."""
    budget = Budget()
    cache = filled(Cache[str, Thing](192_000_000, budget), "ab", 96_000_000)
    filled(Cache[str, Thing](96_000_000, budget), "cd", 48_000_000)
    with budget.of(96_000_000), budget.of(SMALL_BYTES - 1):
        assert [*cache] == ["a", "b"]
        assert budget.held + budget.kept <= budget.whole
