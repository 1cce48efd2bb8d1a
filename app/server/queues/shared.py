"""Work that many ask for in the same words: done once, told to all of them, and kept for those who ask later."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import aclosing

from lente.app.server.middleware.clients import client
from lente.app.server.middleware.held import unread
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.cache import Cache
from lente.app.server.shares import Held, Shares

MOST_BYTES = 32_000_000


class _Told:
    """What one piece of work tells, line after line, to however many follow it."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self.lines: list[bytes] = []
        self.fault: Exception | None = None
        self._more = asyncio.Event()
        self._followers: set[Held] = set()  # what waits to be read by each
        self._telling = asyncio.create_task(self._tell(lines))

    @property
    def done(self) -> bool:
        return self._telling.done()

    @property
    def failed(self) -> bool:
        """Whether it will never be whole."""
        return self.fault is not None or bool(self._telling.cancelling()) or self._telling.cancelled()

    @property
    def size(self) -> int:
        return sum(len(line) for line in self.lines)

    async def follow(self, shares: Shares) -> AsyncIterator[bytes]:
        """The lines from the first; the work ends early where all who followed it have gone. Raises Busy for one who
        does not read."""
        follower = Held(shares, client.get())
        follower.take(self.size)
        self._followers.add(follower)
        try:
            at, ended = 0, False
            while not ended:
                more, ended = self._more, self.done
                while at < len(self.lines):
                    yield self.lines[at]
                    follower.give_back(len(self.lines[at]))
                    at += 1
                    if follower.over:
                        raise unread()
                if not ended:
                    await more.wait()
            if self.fault:
                raise self.fault
        finally:
            follower.give_back()
            self._followers.discard(follower)
            if not self._followers:
                self._telling.cancel()

    async def _tell(self, lines: AsyncIterator[bytes]) -> None:
        try:
            async with aclosing(lines):  # type: ignore[type-var]
                async for line in lines:
                    self.lines.append(line)
                    for follower in self._followers:
                        follower.take(len(line))
                    if all(follower.over for follower in self._followers):
                        raise unread()
                    self._wake()
        except Exception as fault:
            self.fault = fault
        finally:
            asyncio.get_running_loop().call_soon(self._wake)  # once this task is done

    def _wake(self) -> None:
        more, self._more = self._more, asyncio.Event()
        more.set()


class SharedWork:
    """Pieces of work by what was asked for; finished ones are kept up to `most` bytes, the longest unasked go first.

    Args:
        budget: of memory, shared with large work, to which the finished ones give way.
    """

    def __init__(self, most: int = MOST_BYTES, budget: Budget | None = None) -> None:
        self._finished: Cache[Hashable, _Told] = Cache(most, budget)
        self._under_way: dict[Hashable, _Told] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether the work for `key` is done or under way."""
        return self._told(key) is not None

    @property
    def size(self) -> int:
        """The bytes of all that is kept."""
        return self._finished.bytes + sum(told.size for told in self._under_way.values())

    async def lines(
        self, key: Hashable, begin: Callable[[], AsyncIterator[bytes]], shares: Shares
    ) -> AsyncIterator[bytes]:
        """The lines of the work for `key`: of that which is there, or else of what `begin` begins.

        What is told and not read yet is held in the client's part of `shares`. Raises Busy where that is too much.
        """
        told = self._told(key)
        if told is None:
            told = self._under_way[key] = _Told(begin())
        try:
            async with aclosing(told.follow(shares)) as lines:  # type: ignore[type-var]
                async for line in lines:
                    yield line
        finally:
            self._tidy()

    def _told(self, key: Hashable) -> _Told | None:
        told = self._under_way.get(key) or self._finished.get(key)
        return None if told is None or told.failed else told

    def _tidy(self) -> None:
        for key, told in list(self._under_way.items()):
            if told.failed or told.done:
                del self._under_way[key]
            if told.done and not told.failed:
                self._finished.put(key, told, told.size)
