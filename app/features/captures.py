"""What networks computed lately, kept so that the second layer looked at costs no forward pass.

A capture belongs to one network, one picture, one crop and one surgery. It is made once, never changed afterwards, and
forgotten when newer ones need its memory.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from torch import Tensor, nn

from lente.app.features.preparation import Prepared
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.cache import Cache
from lente.models.stopping import Stopped
from lente.models.tracing.recording import Recording

Key = tuple[object, ...]

RECORD_BYTES = 4000  # of an operation's record, and of a module of a copy, as measured
MODULE_BYTES = 6000


@dataclass(frozen=True, eq=False)
class Capture:
    """A forward pass, every operation's output kept.

    Attributes:
        module: the network that ran: the shared one, or a copy that bears the surgery.
        recording: its outputs; nobody writes to them.
        prepared: the picture that went in.
        shared: the network that everybody shares, of whose tensors a copy holds nothing.
    """

    module: nn.Module
    recording: Recording
    prepared: Prepared
    shared: nn.Module

    @property
    def bytes(self) -> int:
        """What it holds: outputs, the picture, and of a copy what is its own; with what Python and PyTorch add."""
        outputs = sum(output.nbytes for output in self.recording.outputs().values())
        around = RECORD_BYTES * len(self.recording.records)
        return outputs + around + self.prepared.pixels.nbytes + self.prepared.values.nbytes + self._of_copy()

    def _of_copy(self) -> int:
        if self.module is self.shared:
            return 0
        known = {tensor.data_ptr() for tensor in _tensors(self.shared)}
        own = sum(tensor.nbytes for tensor in _tensors(self.module) if tensor.data_ptr() not in known)
        return own + MODULE_BYTES * sum(1 for _ in self.module.modules())


def _tensors(network: nn.Module) -> Iterator[Tensor]:
    yield from network.parameters()
    yield from network.buffers()


class Captures:
    """The latest captures, up to `most_bytes` of outputs, of which one may have more; threads may share it.

    Args:
        budget: of memory, shared with large work, to which they give way.
    """

    def __init__(self, most_bytes: int, budget: Budget | None = None) -> None:
        self.kept: Cache[Key, Capture] = Cache(most_bytes, budget, least=1)
        self.passes = 0
        self._under_way: dict[Key, Future[Capture]] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Capture]) -> Capture:
        """The capture for `key`, made by `make` where it is not kept; whoever asks meanwhile waits for the same one."""
        while True:
            with self._lock:
                if (found := self.kept.get(key)) is not None:
                    return found
                future, mine = self._under_way.get(key), False
                if future is None:
                    future, mine = Future(), True
                    self._under_way[key] = future
            if mine:
                self._make(key, future, make)
            try:
                return future.result()
            except Stopped:  # whoever made it has left: another makes it
                if mine:
                    raise

    def _make(self, key: Key, future: "Future[Capture]", make: Callable[[], Capture]) -> None:
        try:
            capture = make()
            self.kept.put(key, capture, capture.bytes)
        except BaseException as error:
            with self._lock:
                del self._under_way[key]
            future.set_exception(error)
            return
        with self._lock:
            self.passes += 1
            del self._under_way[key]
        future.set_result(capture)
