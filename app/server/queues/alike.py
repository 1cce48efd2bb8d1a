"""What many ask in the same words at once, as a class that opens one page does: computed once, for all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from lente.app.errors import Busy

R = TypeVar("R")


class _Asked:
    """An answer that is under way, and how many wait for it."""

    def __init__(self, answer: "asyncio.Future[Any]") -> None:
        self.answer, self.waiting = answer, 0


class Alike:
    """Answers that are under way, by what was asked. Nothing is kept once it is there."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Asked] = {}

    def __len__(self) -> int:
        """How many different ones are under way."""
        return len(self._under_way)

    @property
    def waiting(self) -> int:
        """How many wait for them."""
        return sum(asked.waiting for asked in self._under_way.values())

    async def run(self, key: Hashable, begin: Callable[[], Awaitable[R]]) -> R:
        """What `begin` gives, or what is under way for the same key.

        It is begun in the name of the first who asks, and ends early where all who waited have left. Whoever shares the
        answer of one who is refused asks anew, in its own name. Raises what `begin` raises.
        """
        first = key not in self._under_way
        asked = self._under_way[key] if not first else self._begun(key, begin)
        asked.waiting += 1
        try:
            return await asyncio.shield(asked.answer)
        except Busy:
            if first:
                raise
        finally:
            asked.waiting -= 1
            if not asked.waiting:
                self._forget(key, asked)
                asked.answer.cancel()
        return await self.run(key, begin)

    def _begun(self, key: Hashable, begin: Callable[[], Awaitable[Any]]) -> _Asked:
        asked = self._under_way[key] = _Asked(asyncio.ensure_future(begin()))
        asked.answer.add_done_callback(lambda _: self._forget(key, asked))
        return asked

    def _forget(self, key: Hashable, asked: _Asked) -> None:
        if self._under_way.get(key) is asked:
            del self._under_way[key]
