"""The store that replicas share: uploads in Redis, each under the SHA-256 of its file.

Redis bounds it: each upload expires when nobody has looked at it for `store_days`, and Redis started with
`--maxmemory 512mb --maxmemory-policy allkeys-lru` forgets what was used longest ago. While Redis is away, what a
server has in its own memory still works, and the rest is answered 503 with Retry-After.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import TypeVar, cast

from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from lente.app.errors import Busy
from lente.app.i18n import N_
from lente.app.pictures.decoding import Limits, Picture, read_picture
from lente.app.pictures.store import NOT_KEPT, Store, StoreFailed
from lente.app.server.queues.budget import Budget
from lente.app.settings import Settings
from lente.models.phrases import Phrase

Answer = TypeVar("Answer")

PREFIX = "lente:upload:"
TIMEOUT_SECONDS = 1.0
PAUSE_SECONDS = 0.5

_AWAY = (exceptions.ConnectionError, exceptions.TimeoutError)


class StoreAway(Busy):
    """Redis cannot be reached for the moment."""

    retry_after_seconds = 2


class RedisStore(Store):
    """Keeps uploaded pictures in the Redis of `settings.store`, an address such as redis://host:6379/0.

    Args:
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        settings: Settings,
        read: Callable[[bytes, Limits], Picture] = read_picture,
        budget: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(settings, read, budget)
        once_more = Retry(NoBackoff(), 1, supported_errors=(exceptions.ConnectionError,))
        self._redis = Redis.from_url(
            str(settings.store), socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=once_more
        )
        self._clock = clock
        self._away_until = 0.0
        self._checked = False

    def sweep(self) -> None:
        """Redis does it by itself."""

    def _data(self, id: str) -> bytes | None:
        kept = self._ask(lambda: self._redis.getex(PREFIX + id, ex=self._expiry))
        data = cast(bytes | None, kept)
        return data if data is not None and hashlib.sha256(data).hexdigest() == id else None

    def _delete(self, id: str) -> bool:
        return bool(self._ask(lambda: self._redis.delete(PREFIX + id)))

    def _keep(self, id: str, data: bytes) -> None:
        try:
            self._ask(lambda: self._redis.set(PREFIX + id, data, ex=self._expiry))
        except exceptions.ResponseError as error:  # full, read-only, or its disk is
            full = isinstance(error, exceptions.OutOfMemoryError)
            reason = Phrase(N_("No space left on device")) if full else str(error).split(" ")[0]
            raise StoreFailed("store_failed", NOT_KEPT, reason=reason) from error

    @property
    def _expiry(self) -> int:
        return max(1, round(self.most_seconds))

    def _ask(self, command: Callable[[], Answer]) -> Answer:
        """What `command` gives, or StoreAway: one ask in PAUSE_SECONDS tries, the others don't wait for it."""
        template = N_("The uploaded pictures cannot be reached for the moment.")
        if self._clock() < self._away_until:
            raise StoreAway("store_away", template)
        try:
            self._check_bound()
            return command()
        except _AWAY as error:
            self._away_until = self._clock() + PAUSE_SECONDS
            raise StoreAway("store_away", template) from error

    def _check_bound(self) -> None:
        """Tells the operator, once, where nothing bounds the uploads in bytes."""
        if self._checked:
            return
        memory = self._redis.info("memory")
        self._checked = True
        if memory.get("maxmemory") == 0 or memory.get("maxmemory_policy") == "noeviction":
            logging.getLogger("lente").warning(
                "Redis bounds no bytes and forgets nothing when it is full: start it with --maxmemory and "
                "--maxmemory-policy allkeys-lru"
            )
