"""What comes of one network: opened as `lente open` does, and held against PyTorch and TorchLens."""

import os
import resource
import signal
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from lente.app.own_network.checking import checked
from lente.app.own_network.opening import Wishes, opened
from lente.app.own_network.pictures import read_given
from lente.app.own_network.sizes import MOST_BYTES
from lente.models.tracing.recording import record
from tools.networks.sources import Brought, Maker

MOST_PARAMETERS = 120_000_000
_WITNESSED = 40_000_000  # parameters, and operations, above which TorchLens takes too long
_WITNESSED_LAYERS = 250
_AT_MOST = 25  # networks to a process, so that what one leaves behind is not carried along

Told = dict[str, Any]


class Apart:
    """Tries networks in a process of its own, which has at most MOST_BYTES and so many seconds for each: whatever a
    network does to it is told, and the next one has another.

    It is forked, so that what is imported need not be imported again, and by hand: TorchLens will not run in a child of
    `multiprocessing`.
    """

    def __init__(self, brought: Sequence[Brought], units: int, seconds: float) -> None:
        self.brought, self.units, self.seconds = brought, units, seconds
        self._process = self._tried = 0
        self._pipe: Connection

    def told(self, number: int) -> Told:
        """What comes of that network."""
        if not self._process:
            self._begin()
        start = time.monotonic()
        told: Told = {"name": self.brought[number][0], "doing": "beginning"}
        self._pipe.send(number)
        try:
            while told["doing"] and self._pipe.poll(max(0.0, start + self.seconds - time.monotonic())):
                told |= self._pipe.recv()
            if told["doing"]:
                told.setdefault("state", f"stuck: more than {self.seconds:g} s, {told['doing']}")
                self.end()
        except EOFError:
            told.setdefault("state", f"died: exit {self.end()}, {told['doing']}")
        self._tried += 1
        if self._tried == _AT_MOST:
            self.end()
        del told["doing"]
        return {**told, "seconds": round(time.monotonic() - start, 1)}

    def _begin(self) -> None:
        self._tried = 0
        self._pipe, theirs = Pipe()
        self._process = os.fork()
        if self._process == 0:
            self._pipe.close()
            self._serve(theirs)
        theirs.close()

    def _serve(self, pipe: Connection) -> NoReturn:
        """What the process does: it ends where nobody asks it any more."""
        try:
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
            while True:
                for each in tried(self.brought[pipe.recv()], self.units):
                    pipe.send(each)
                pipe.send({"doing": ""})
        except (EOFError, BrokenPipeError):
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def end(self) -> int:
        """Ends the process; its exit code, below 0 where a signal ended it."""
        if not self._process:
            return 0
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        self._process = 0
        self._pipe.close()
        return code


def tried(one: Brought, units: int) -> Iterator[Told]:
    """What is done with a network, and what is found, piece by piece."""
    _, make, shape = one
    torch.manual_seed(0)
    yield {"doing": "making it"}
    try:
        network = None if _too_large(make) else make().eval()
    except Exception as error:
        yield {"state": f"left out: it cannot be made: {error}"}
        return
    if network is None or _parameters(network) > MOST_PARAMETERS:
        yield {"state": f"left out: more than {MOST_PARAMETERS / 1e6:g} million parameters"}
        return
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    try:
        yield {"doing": "opening it"}
        shown = opened(network, read_given(x), Wishes())
        if shown.fault is not None:
            yield {"state": f"broke: {shown.fault.kind}: {shown.fault.message}", "own": _own(network, x)}
            return
        yield {"doing": "checking it"}
        found = checked(shown, x[None], units)
        yield {"state": "opened", **vars(found)}
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        yield {"state": f"refused: {type(error).__name__}: {error} ({place})"}
        return
    if found.layers <= _WITNESSED_LAYERS and _parameters(network) <= _WITNESSED:
        yield {"witness": witnessed(network, x[None])}


def _parameters(network: nn.Module) -> int:
    return sum(each.numel() for each in network.parameters())


def _too_large(make: Maker) -> bool:
    """Whether it has too many parameters, where that can be seen without making them."""
    try:
        with torch.device("meta"):
            return _parameters(make()) > MOST_PARAMETERS
    except Exception:  # not every network can be made without numbers
        return False


def _own(network: nn.Module, x: Tensor) -> str:
    """What the network itself, without Lente, makes of the same."""
    try:
        with torch.no_grad():
            network(x[None])
    except Exception as error:
        return f"so it does without Lente: {type(error).__name__}"
    return "it runs without Lente"


def witnessed(network: nn.Module, x: Tensor) -> list[int] | None:
    """How many outputs of modules TorchLens has too, and how many of them are the same; None where it cannot run."""
    try:
        theirs = _torchlens(network, x)
    except Exception:
        return None
    recording = record(network, x)
    same = compared = 0
    for name, output in theirs.items():
        if name in recording:
            compared += 1
            mine = recording[name]
            same += mine.shape == output.shape and torch.allclose(mine, output, rtol=1e-4, atol=1e-5)
    return [compared, same]


def _torchlens(network: nn.Module, x: Tensor) -> dict[str, Tensor]:
    import torchlens
    from torchlens.options import CaptureOptions

    options = CaptureOptions(
        unwrap_when_done=True,  # Lente records PyTorch as it is
        inference_only=True, recurrence_detection=False, save_code_context=False, save_arg_values=False,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = torchlens.trace(network, x, capture=options)
    found: dict[str, Tensor] = {}
    for path, module in network.named_modules():
        if not path or next(module.children(), None) is not None:
            continue
        with suppress(Exception):  # a module that makes nothing, or that is called more than once
            output = history[path].out
            if isinstance(output, Tensor):
                found[path] = output.detach()
    return found
