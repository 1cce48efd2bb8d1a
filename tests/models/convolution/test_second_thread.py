"""Jobs shared by two threads: each done once, all done at the end, errors told."""

import threading
from functools import partial

import pytest

from lente.models.convolution.second_thread import Beside


def test_every_job_is_done_once_before_the_pile_is_handed_back(beside: Beside) -> None:
    for count in (0, 1, 2, 500):
        done: list[int] = []
        beside.share([partial(done.append, i) for i in range(count)])
        assert sorted(done) == list(range(count))


def test_two_threads_work_at_the_same_time(beside: Beside) -> None:
    meeting = threading.Barrier(2, timeout=30)  # one thread alone waits here in vain
    beside.share([meeting.wait, meeting.wait])


def test_a_busy_helper_is_not_waited_for(beside: Beside) -> None:
    free, both, done = threading.Event(), threading.Barrier(3, timeout=30), []

    def keep_busy() -> None:
        both.wait()
        free.wait(timeout=30)

    other = threading.Thread(target=beside.share, args=([keep_busy, keep_busy],))
    other.start()
    both.wait()
    beside.share([lambda: done.append(1)])
    assert done == [1]
    assert other.is_alive()
    free.set()
    other.join()


@pytest.mark.parametrize("place", [0, 1])
def test_an_error_of_either_thread_is_raised(beside: Beside, place: int) -> None:
    meeting, names = threading.Barrier(2, timeout=30), []

    def fail_in_one() -> None:
        meeting.wait()
        names.append(threading.current_thread().name)
        if threading.current_thread().name.startswith("beside") == bool(place):
            raise ValueError("a job that fails")

    with pytest.raises(ValueError, match="a job that fails"):
        beside.share([fail_in_one, fail_in_one])
    assert len(names) == 2
