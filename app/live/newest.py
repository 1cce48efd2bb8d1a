"""Newest wins: what a hand that moves asks for. static/js/shared/newest.js is the same in the browser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Newest(Generic[Item]):
    """Answers one item after another; of those that come meanwhile only the newest, and always the last.

    Args:
        answer: must not raise.
    """

    def __init__(self, answer: Callable[[Item], Awaitable[None]]) -> None:
        self._answer = answer
        self._waiting: Item | None = None
        self._work: asyncio.Task[None] | None = None

    def push(self, item: Item) -> None:
        """Takes the place of whatever waits."""
        self._waiting = item
        if self._work is None:
            self._work = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while (item := self._waiting) is not None:
            self._waiting = None
            await self._answer(item)
        self._work = None

    @property
    def idle(self) -> bool:
        """Whether everything is answered."""
        return self._work is None

    def cancel(self) -> None:
        """Nothing is answered any more."""
        self._waiting = None
        if self._work is not None:
            self._work.cancel()
