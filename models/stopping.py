"""Work that can be stopped between its parts: whoever starts it holds a token, and loops look at it.

A thread inside a library cannot be ended from outside. What takes long is therefore done in parts, bands of rows or
steps, with `check()` between them: it raises Stopped in the thread whose token was stopped, and does nothing elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(Exception):
    """Raised inside work that nobody waits for any more."""


class Token:
    """Stops one piece of work, from any thread.

    A piece that runs outside this process can say how it is ended: `on_stop`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self._enders: list[Callable[[], None]] = []

    @property
    def stopped(self) -> bool:
        return self._stopped

    def stop(self) -> None:
        """Ends the work at its next `check`."""
        with self._lock:
            self._stopped, enders = True, self._enders
            self._enders = []
        for end in enders:
            end()

    def check(self) -> None:
        """Raises Stopped once `stop` was called."""
        if self._stopped:
            raise Stopped

    @contextmanager
    def on_stop(self, end: Callable[[], None]) -> Iterator[None]:
        """Within the block `stop` calls `end` too, at once where it was called already."""
        with self._lock:
            late = self._stopped
            if not late:
                self._enders.append(end)
        try:
            if late:
                end()
            yield
        finally:
            with self._lock:
                if end in self._enders:
                    self._enders.remove(end)


_NEVER = Token()
_current: ContextVar[Token] = ContextVar("token", default=_NEVER)


def current() -> Token:
    """The token of the work that this thread does; one that is never stopped where nobody set any."""
    return _current.get()


def check() -> None:
    """Raises Stopped where this thread's work was stopped."""
    _current.get().check()


@contextmanager
def under(token: Token) -> Iterator[None]:
    """Within the block `token` is the thread's."""
    before = _current.set(token)
    try:
        yield
    finally:
        _current.reset(before)
