"""What is kept only because it may be asked for again: it gives way to what is at work."""

import math
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from lente.app.server.queues.budget import Budget

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass
class _Kept(Generic[Value]):
    """A value of so many `bytes`, and when it was asked for last."""

    value: Value
    bytes: int
    asked: float


class Cache(Generic[Key, Value]):
    """The latest values, up to `most` bytes: what was unasked for longest is forgotten first. Threads may share it.

    Args:
        budget: of memory, shared with large work, to which it gives way.
        least: how many stay, the latest, however many bytes they have, unless large work needs these.
    """

    def __init__(self, most: int, budget: Budget | None = None, least: int = 0) -> None:
        self.most, self.least = most, least
        self._budget = budget
        self._kept: OrderedDict[Key, _Kept[Value]] = OrderedDict()
        self._bytes = 0
        self._used: list[tuple[weakref.ref[Value], int]] = []  # forgotten
        self._lock = threading.Lock()
        if budget is not None:
            budget.shares_with(self)

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[Key]:
        """The keys of what is kept now, the longest unasked first."""
        with self._lock:
            return iter(list(self._kept))

    @property
    def bytes(self) -> int:
        """What it keeps, and what it forgot while somebody used it, as long as they do."""
        with self._lock:
            self._used = [(value, count) for value, count in self._used if value() is not None]
            return self._bytes + sum(count for _, count in self._used)

    @property
    def oldest(self) -> float:
        """When what was unasked for longest was asked for; infinite where nothing is kept."""
        with self._lock:
            return next((one.asked for one in self._kept.values()), math.inf)

    def get(self, key: Key) -> Value | None:
        """The value, which stays a while longer; None where it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            found.asked = time.monotonic()
            return found.value

    def put(self, key: Key, value: Value, count: int) -> None:
        """Keeps `value`, of `count` bytes, as far as the bounds allow."""
        with self._lock:
            self._forget(key)
            self._kept[key] = _Kept(value, count, time.monotonic())
            self._bytes += count
            while self._bytes > self.most and len(self._kept) > self.least:
                self._forget(next(iter(self._kept)))
        if self._budget is not None:
            self._budget.make_room()

    def forget(self, key: Key) -> None:
        with self._lock:
            self._forget(key)

    def forget_oldest(self) -> None:
        """Forgets what was unasked for longest."""
        with self._lock:
            if self._kept:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        if key in self._kept:
            count, value = self._kept[key].bytes, weakref.ref(self._kept[key].value)
            del self._kept[key]
            self._bytes -= count
            if value() is not None:
                self._used.append((value, count))
