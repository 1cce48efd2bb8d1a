"""Memory for all large pieces of work together: each takes its bytes before it begins, or waits until they are free.

A lane or a turn bounds what works at one moment; what several of them take at once would add up all the same. A piece
takes everything that it needs in one go and holds nothing while it waits, so that no two wait for one another. What is
kept only because it may be asked for again gives way: it has what work leaves of a bound for both.
"""

import asyncio
import math
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from lente.app.errors import Busy
from lente.app.i18n import N_
from lente.app.server.memory import Kept
from lente.app.server.queues.waiting_line import PATIENCE_SECONDS
from lente.models.stopping import Stopped, current

MOST_BYTES = 400_000_000
LONG_BYTES = 150_000_000
SMALL_BYTES = 16_000_000
WHOLE_BYTES = 500_000_000
PEAK_BYTES = 950_000_000  # of the server, with what comes: beyond it what is freed is given back before


class Keeps(Protocol):
    """Something that keeps what may be asked for again."""

    @property
    def bytes(self) -> int: ...

    @property
    def oldest(self) -> float: ...

    def forget_oldest(self) -> None: ...


class _Piece:
    """Work that wants `count` bytes, for `long` or not; `room` is done once it has them."""

    def __init__(self, count: int, long: bool) -> None:
        self.count, self.long = count, long
        self.room: Future[None] = Future()

    def cancel(self) -> None:
        """It waits no longer."""
        self.room.cancel()


class Budget:
    """Bytes that large pieces of work share, first come, first served; threads and the event loop may ask for them.

    What waits for a piece that takes long is passed by those that fit beside that.

    Args:
        most: bytes for all together. A piece that wants more works when no other does.
        long: of these, for all pieces that take long: what is short has the rest, and goes before those that wait.
        small: what wants less never waits, and is not counted.
        patience: seconds that a piece may wait.
        whole: bytes for what is at work and what is kept, together.
    """

    def __init__(
        self,
        most: int = MOST_BYTES,
        long: int = LONG_BYTES,
        small: int = SMALL_BYTES,
        patience: float = PATIENCE_SECONDS,
        whole: int = WHOLE_BYTES,
    ) -> None:
        self.most, self.long, self.small, self.patience, self.whole = most, long, small, patience, whole
        self._lock = threading.Lock()
        self._line: deque[_Piece] = deque()
        self._held = self._held_long = 0
        self._keepers: list[Keeps] = []
        self._freed = Kept(PEAK_BYTES)

    @property
    def held(self) -> int:
        """The bytes of what is at work."""
        return self._held

    @property
    def kept(self) -> int:
        """The bytes of what may be asked for again."""
        return sum(keeper.bytes for keeper in self._keepers)

    @property
    def waiting(self) -> int:
        """How many pieces wait."""
        return len(self._line)

    def shares_with(self, keeper: Keeps) -> None:
        """From here on what `keeper` keeps gives way to what is at work."""
        self._keepers.append(keeper)

    def make_room(self) -> None:
        """Has what was unasked for longest forgotten, until there is room for the rest beside what is at work."""
        with self._lock:
            self._make_room()

    def _make_room(self) -> None:
        while self._held + self.kept > self.whole:
            keeper = min(self._keepers, key=lambda one: one.oldest, default=None)
            if keeper is None or keeper.oldest == math.inf:  # what is in use stays
                return
            keeper.forget_oldest()

    @contextmanager
    def of(self, count: int, patience: float | None = None, long: bool = False) -> Iterator[None]:
        """Within the block this thread's work has `count` bytes. Raises Busy, and Stopped where nobody waits for it."""
        piece = self._asked(count, long)
        try:
            with current().on_stop(piece.cancel):
                self._wait(piece, self.patience if patience is None else patience)
            if piece.count:
                self._freed.look(piece.count)
            yield
        finally:
            self._left(piece)

    def _wait(self, piece: _Piece, patience: float) -> None:
        try:
            piece.room.result(patience)
        except CancelledError:
            raise Stopped from None
        except TimeoutError:
            raise self._busy() from None

    @asynccontextmanager
    async def coming(self, count: int) -> AsyncIterator[None]:
        """The same for what the event loop gives to a thread. Raises Busy."""
        piece = self._asked(count)
        try:
            await self._coming(piece)
            yield
        finally:
            self._left(piece)

    async def _coming(self, piece: _Piece) -> None:
        if piece.room.done():
            return
        try:
            async with asyncio.timeout(self.patience):
                await asyncio.wrap_future(piece.room)
        except TimeoutError:
            raise self._busy() from None

    def _asked(self, count: int, long: bool = False) -> _Piece:
        piece = _Piece(min(count, self.long if long else self.most) if count >= self.small else 0, long)
        with self._lock:
            if piece.count:
                before = len(self._line) if long else sum(not other.long for other in self._line)
                self._line.insert(before, piece)
                self._let_in()
            else:
                piece.room.set_result(None)
        return piece

    def _left(self, piece: _Piece) -> None:
        with self._lock:
            if piece in self._line:
                self._line.remove(piece)
            elif piece.count:
                self._hold(piece, -1)
            self._let_in()

    def _let_in(self) -> None:
        """The first in the line, and those behind it, as far as there is room."""
        for piece in list(self._line):
            if self._fits(piece):
                self._line.remove(piece)
                self._hold(piece, 1)
                self._make_room()
                if piece.room.set_running_or_notify_cancel():
                    piece.room.set_result(None)
            elif not self._waits_for_long(piece):
                return

    def _waits_for_long(self, piece: _Piece) -> bool:
        """Whether it would fit but for those that take long: until they are done it holds up nobody."""
        return not piece.long and self._held - self._held_long + piece.count <= self.most

    def _fits(self, piece: _Piece) -> bool:
        fits_among_long = not piece.long or self._held_long + piece.count <= self.long
        return fits_among_long and self._held + piece.count <= self.most

    def _hold(self, piece: _Piece, times: int) -> None:
        self._held += times * piece.count
        self._held_long += times * piece.count if piece.long else 0

    def _busy(self) -> Busy:
        return Busy("busy", N_("The server is busy: {waiting} requests are waiting."), waiting=max(1, self.waiting))
