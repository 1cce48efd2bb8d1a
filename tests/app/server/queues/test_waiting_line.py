"""One client after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lente.app.server.queues.waiting_line import FairQueue


def test_a_client_with_much_waits_for_one_with_little() -> None:
    queue: FairQueue[str] = FairQueue()
    for item in ("a1", "a2", "a3"):
        queue.push("a", item)
    queue.push("b", "b1")
    queue.push("c", "c1")
    assert [queue.pop() for _ in range(5)] == ["a1", "b1", "c1", "a2", "a3"]
    with pytest.raises(IndexError):
        queue.pop()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())), st.sampled_from("abcd"))
def test_ahead_is_how_many_leave_before_a_newcomer(events: list[tuple[str, bool]], newcomer: str) -> None:
    queue: FairQueue[object] = FairQueue()
    for client, pops in events:
        queue.push(client, object())
        if pops:
            queue.pop()
    ahead, newest = queue.ahead(newcomer), object()
    queue.push(newcomer, newest)
    left = [queue.pop() for _ in range(len(queue))]
    assert left.index(newest) <= ahead  # fewer where a round has begun without the newcomer


def test_whoever_has_most_gives_way_to_whoever_has_less() -> None:
    queue: FairQueue[str] = FairQueue()
    for item in ("a1", "a2", "a3"):
        queue.push("a", item)
    assert queue.pop_surplus("a") is None
    assert queue.pop_surplus("b") == "a3"
    assert queue.pop_surplus("b") == "a2"
    assert queue.pop_surplus("b") is None
    assert len(queue) == 1


def test_what_is_taken_out_no_longer_waits() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.push("a", "a1")
    assert queue.remove("a", "a1")
    assert not queue.remove("a", "a1")
    assert not queue.remove("b", "b1")
    assert len(queue) == 0
