"""A queue that nobody can fill for the others: first in, first out for each client, and one client after the other."""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """What waits, by client; `pop` goes round the clients."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[Item]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def push(self, client: str, item: Item) -> None:
        """Puts `item` at the end of its client's line."""
        self._lines.setdefault(client, deque()).append(item)
        self._count += 1

    def pop(self) -> Item:
        """The first item of the client whose turn it is. IndexError where nothing waits."""
        if not self._lines:
            raise IndexError("nothing waits")
        client = next(iter(self._lines))
        item = self._lines[client].popleft()
        self._lines.move_to_end(client)
        self._took(client)
        return item

    def remove(self, client: str, item: Item) -> bool:
        """Takes `item` out, wherever it stands; False where it does not wait."""
        try:
            self._lines[client].remove(item)
        except (KeyError, ValueError):
            return False
        self._took(client)
        return True

    def waiting(self, client: str) -> int:
        """How many items of `client` wait."""
        return len(self._lines.get(client, ()))

    def ahead(self, client: str) -> int:
        """How many items would be popped before one that `client` pushed now."""
        own = self.waiting(client)
        return own + sum(min(len(line), own + 1) for other, line in self._lines.items() if other != client)

    def pop_surplus(self, client: str) -> Item | None:
        """The newest item of whoever has the most waiting, if that is more than one above what `client` has."""
        if not self._lines:
            return None
        heaviest = max(self._lines, key=lambda one: len(self._lines[one]))
        if self.waiting(heaviest) <= self.waiting(client) + 1:
            return None
        item = self._lines[heaviest].pop()
        self._took(heaviest)
        return item

    def _took(self, client: str) -> None:
        self._count -= 1
        if not self._lines[client]:
            del self._lines[client]
