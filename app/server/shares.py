"""What is held for clients: bounded for each of them, so that nobody takes all, and for all together."""

from collections import Counter

from starlette.types import Scope

HERE = frozenset({"127.0.0.1", "::1"})
"""This computer itself; a reverse proxy on it too, with everybody who comes through it."""


class Shares:
    """So many of something, bytes for example, of which one client may have a part.

    Args:
        each: for one client. This computer itself may have all.
        total: for all clients together.
    """

    def __init__(self, each: int, total: int) -> None:
        self.each, self.total = each, total
        self._held: Counter[str] = Counter()
        self._sum = 0

    def __len__(self) -> int:
        """How much is held for all."""
        return self._sum

    def take(self, client: str, amount: int) -> bool:
        """Holds so much more for the client; False, and nothing more is held, where that is beyond its part."""
        most = self.total if client in HERE else self.each
        if self._held[client] + amount > most or self._sum + amount > self.total:
            return False
        self._held[client] += amount
        self._sum += amount
        return True

    def give_back(self, client: str, amount: int) -> None:
        """So much of what was held is held no longer."""
        self._held[client] -= amount
        self._sum -= amount
        if not self._held[client]:
            del self._held[client]


class Held:
    """What is held of `shares` for one purpose of one client.

    Attributes:
        over: whether more was asked for than the client's part allows; nothing more is held then.
    """

    def __init__(self, shares: Shares, client: str) -> None:
        self._shares, self._client, self._amount = shares, client, 0
        self.over = False

    def take(self, amount: int) -> bool:
        """Holds so much more; False where that is beyond the client's part, or was before."""
        self.over = self.over or not self._shares.take(self._client, amount)
        self._amount += 0 if self.over else amount
        return not self.over

    def give_back(self, amount: int | None = None) -> None:
        """So much, or all, is held no longer."""
        amount = self._amount if amount is None else min(amount, self._amount)
        self._amount -= amount
        self._shares.give_back(self._client, amount)


def address(scope: Scope) -> str:
    """The network address of whoever asks."""
    client = scope.get("client")
    return client[0] if client else ""
