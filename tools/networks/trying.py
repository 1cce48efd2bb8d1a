"""What comes of one network: opened as `lente open` does, and held against PyTorch and TorchLens."""

import resource
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lente.app.own_network.checking import checked
from lente.app.own_network.opening import Wishes, opened
from lente.app.own_network.pictures import read_given
from lente.app.own_network.sizes import MOST_BYTES
from lente.models.tracing.recording import record
from tools.networks.sources import Brought

MOST_PARAMETERS = 120_000_000
_WITNESSED = 40_000_000  # parameters, above which TorchLens takes too long
_FORK = get_context("fork")  # what is imported need not be imported again for each

Told = dict[str, Any]


def apart(one: Brought, units: int, seconds: float) -> Told:
    """`tried` in a process of its own, which ends after so many seconds and has at most MOST_BYTES: whatever a network
    does to it is told."""
    told: Told = {"name": one[0], "doing": "beginning"}
    reader, writer = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_sent, args=(writer, one, units))
    start = time.monotonic()
    process.start()
    writer.close()
    try:
        while reader.poll(max(0.0, start + seconds - time.monotonic())):
            told |= reader.recv()
        told.setdefault("state", f"stuck: more than {seconds:g} s, {told['doing']}")
    except EOFError:
        process.join()
        told.setdefault("state", f"died: exit {process.exitcode}, {told['doing']}")
    finally:
        process.kill()
        process.join()
    del told["doing"]
    return {**told, "seconds": round(time.monotonic() - start, 1)}


def _sent(writer: Connection, one: Brought, units: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    for each in tried(one, units):
        writer.send(each)


def tried(one: Brought, units: int) -> Iterator[Told]:
    """What is done with a network, and what is found, piece by piece."""
    _, make, shape = one
    torch.manual_seed(0)
    yield {"doing": "making it"}
    try:
        network = make().eval()
    except Exception as error:
        yield {"state": f"left out: it cannot be made: {error}"}
        return
    if sum(each.numel() for each in network.parameters()) > MOST_PARAMETERS:
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
        yield {"state": "opened", **vars(checked(shown, x[None], units))}
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        yield {"state": f"refused: {type(error).__name__}: {error} ({place})"}
        return
    yield {"witness": witnessed(network, x[None])}


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
    if sum(each.numel() for each in network.parameters()) > _WITNESSED:
        return None
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

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = torchlens.trace(network, x)
    found: dict[str, Tensor] = {}
    for path, module in network.named_modules():
        if not path or next(module.children(), None) is not None:
            continue
        with suppress(Exception):  # a module that makes nothing, or that is called more than once
            output = history[path].out
            if isinstance(output, Tensor):
                found[path] = output.detach()
    return found
