"""What takes long to make, and of which there is one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class Once(Generic[R]):
    """What `make` makes: begun when it is first asked for, and once, however many ask meanwhile.

    Where it fails, all who wait are told why, and whoever asks next tries again.
    """

    def __init__(self, make: Callable[[], Coroutine[Any, Any, R]]) -> None:
        self._make = make
        self._making: asyncio.Task[R] | None = None

    async def __call__(self) -> R:
        if self._making is None or _failed(self._making):
            self._making = asyncio.create_task(self._make())
        return await asyncio.shield(self._making)  # who leaves takes it from nobody else


def _failed(task: "asyncio.Task[Any]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
