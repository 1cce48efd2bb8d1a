"""Servers and Redis die, come back and are replaced while people drag and upload: nobody loses anything."""

import signal
import time
from contextlib import ExitStack

from tests.cluster.clients import Drag, Uploads
from tests.cluster.conftest import Cluster


class Crowd:
    """Two hands that drag and two people who upload, at once."""

    def __init__(self, url: str, first_seed: int) -> None:
        self.hands = [Drag(url) for _ in range(2)]
        self.uploads = [Uploads(url, first_seed + 1_000_000 * i) for i in range(2)]
        self._stack = ExitStack()

    def __enter__(self) -> "Crowd":
        for one in [*self.hands, *self.uploads]:
            self._stack.enter_context(one)
        time.sleep(4)  # everybody is under way
        return self

    def __exit__(self, *error: object) -> None:
        time.sleep(2)
        self._stack.close()

    def check(self, cluster: Cluster, faults: int) -> None:
        """Nothing lost, the last movement answered, at most a retry for each of `faults`."""
        for hand in self.hands:
            assert hand.told["lost"] == []
            assert hand.told["retried"] <= faults
            assert hand.told["lastAnswered"] == hand.told["last"]
            assert hand.told["answered"] + hand.told["overtaken"] == hand.told["asked"]
        for one in self.uploads:
            assert one.lost == []
            assert len(one.seeds) > 10
            for server in cluster.servers:
                assert one.gone(server.url) == []


def test_one_is_killed_and_another_is_restarted_under_load(cluster: Cluster) -> None:
    killed, restarted, _ = cluster.servers
    with Crowd(cluster.url, 1) as crowd:
        killed.end(signal.SIGKILL)
        time.sleep(2)
        restarted.end()
        restarted.start()
        killed.start()
    crowd.check(cluster, faults=2)


def test_redis_is_killed_and_away_for_ten_seconds(cluster: Cluster) -> None:
    with Crowd(cluster.url, 10_000_000) as crowd:
        cluster.redis.end(signal.SIGKILL)
        time.sleep(10)
        cluster.redis.start()
        time.sleep(4)
    crowd.check(cluster, faults=0)
    assert all(one.retries > 0 for one in crowd.uploads)
    assert all(hand.told["longestSilence"] < 5000 for hand in crowd.hands), "dragging needs no Redis"
