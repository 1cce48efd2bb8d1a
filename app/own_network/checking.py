"""`lente check model.py:Net`: what Lente makes of a network, held against PyTorch itself, for a terminal and for CI."""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

from lente.app.own_network import command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from lente.app.features.shown import Shown
    from lente.models.tracing.recording import Recording

UNITS = 1000
CLOSE = 1e-5


@dataclass
class Checked:
    """What was found of a network.

    Attributes:
        layers: of its operations.
        compared, equal, close: outputs of modules that a hook of their own saw, those that are the same to the last
            bit, and those that are the same to CLOSE of the largest.
        units, explained, added: units that were asked for, those that are written out, and those of them that add up.
        wrong: names of outputs that are not the same, and of units that do not add up.
        unexplained: reasons, each with how many units it stopped.
    """

    layers: int = 0
    compared: int = 0
    equal: int = 0
    close: int = 0
    units: int = 0
    explained: int = 0
    added: int = 0
    wrong: list[str] = field(default_factory=list)
    unexplained: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        """Whether all that was recorded is right, and all that is explained adds up."""
        return self.close == self.compared and self.added == self.explained

    def told(self) -> str:
        """In words."""
        lines = [
            f"recorded    {self.layers:,} operations",
            f"outputs     {self.compared:,} of modules compared with what hooks see: {self.equal:,} the same, "
            f"{self.close:,} to {CLOSE:g}",
            f"units       {self.units:,} asked, {self.explained:,} written out, {self.added:,} add up",
            *(f"  not written out: {count:,} × {why}" for why, count in self.unexplained.most_common(12)),
            *(f"  WRONG: {each}" for each in self.wrong[:12]),
        ]
        return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lente check`."""
    command.add_network(parser)
    parser.add_argument("--units", type=int, default=UNITS, help="how many are asked for (%(default)s)")


def run(arguments: argparse.Namespace) -> None:
    """Prints what was found; ends the program with 1 where something is wrong or the network breaks."""
    import torch

    from lente.app.own_network.opening import opened
    from lente.app.own_network.pictures import Given, read_given
    from lente.app.own_network.window import SAMPLE, noted
    from lente.app.pictures.samples import SAMPLES
    from lente.models.tracing.costs import table, totals
    from lente.models.tracing.describing import describe_recording

    try:
        network = command.network_at(arguments)
        given = read_given(arguments.image) if arguments.image else Given(SAMPLES[SAMPLE].read(), None)
        shown = opened(network, given, command.wishes_of(arguments))
    except (ValueError, OSError) as error:
        sys.exit(f"lente check: {error}")
    recording = shown.anatomy.recording
    layers = describe_recording(shown.module, recording, fields=False)
    print(table(arguments.network, shown.module, layers, totals(shown.module, layers, recording, shown.frozen)))
    for note in noted(shown):
        print(f"note: {note}")
    if shown.fault is not None:
        sys.exit(1)
    found = checked(shown, torch.from_numpy(first_values(shown, given))[None], arguments.units)
    print(found.told())
    sys.exit(0 if found.good else 1)


def first_values(shown: "Shown", given: Any) -> Any:
    """What the network is given of the picture."""
    from lente.app.features.preparation import prepare

    return given.values if given.values is not None else prepare(given.picture, shown.preparation).values


def checked(shown: "Shown", x: "Tensor", units: int = UNITS, seed: int = 0) -> Checked:
    """A network that was opened, held against plain hooks, and so many of its units against their sums."""
    import torch

    from lente.models.tracing.faults import in_one_line

    found = Checked()
    with torch.no_grad(), _slow_path():
        recording = shown.record(shown.module, x)
        found.layers = len(recording.layers)
        _compare(recording, shown, x, found)
    _explain(recording, found, units, random.Random(seed), in_one_line)
    return found


def _near(mine: "Tensor", output: "Tensor") -> bool:
    import torch

    if not output.is_floating_point():
        return torch.equal(mine, output)
    scale = float(output.abs().nan_to_num(0, 0, 0).max()) if output.numel() else 0.0
    return torch.allclose(mine, output, rtol=CLOSE, atol=CLOSE * scale, equal_nan=True)


@contextmanager
def _slow_path() -> "Iterator[None]":
    """While it runs attention is done step by step, as it is when it is recorded: its other way rounds otherwise."""
    import torch

    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


def _compare(recording: "Recording", shown: "Shown", x: "Tensor", found: Checked) -> None:
    """The outputs of all modules without children, as plain hooks see them in an ordinary pass, with those recorded."""
    import torch

    calls: Counter[str] = Counter()
    handles = []

    def comparing(path: str) -> "Callable[[nn.Module, Any, Any], None]":
        def compare(_module: "nn.Module", _args: Any, output: Any) -> None:
            name = f"{path}:{calls[path]}" if calls[path] else path
            calls[path] += 1
            if not isinstance(output, torch.Tensor) or name not in recording:
                return
            found.compared += 1
            mine = recording[name]
            equal = mine.shape == output.shape and torch.equal(mine, output)
            near = equal or (mine.shape == output.shape and _near(mine, output))
            found.equal += equal
            found.close += near
            if not near:
                found.wrong.append(f"the output of {name} is not the one that a hook sees")

        return compare

    for path, module in shown.module.named_modules():
        if path and next(module.children(), None) is None:
            handles.append(module.register_forward_hook(comparing(path)))
    try:
        if shown.seed is not None:
            torch.manual_seed(shown.seed)
        shown.module(x.clone())
    finally:
        for handle in handles:
            handle.remove()


def _explain(
    recording: "Recording", found: Checked, units: int, dice: random.Random, words: Callable[[BaseException], str]
) -> None:
    """Units of all layers in turn, so that none is left out as long as there are as many units as layers."""
    from lente.models.errors import ModelError
    from lente.models.tracing.explaining import LARGEST_MISS, explain

    records = [one for one in recording.records[1:] if prod(one.shape) and one.output is not None]
    dice.shuffle(records)
    for n in range(units if records else 0):
        one = records[n % len(records)]
        unit = [dice.randrange(side) for side in recording.unit_shape(one)]
        found.units += 1
        try:
            error = explain(recording, one.name, unit).error()
        except ModelError as refusal:
            why = getattr(refusal, "why", refusal)
            found.unexplained[f"{one.operation}: {words(Exception(str(why)))[:100]}"] += 1
            continue
        found.explained += 1
        found.added += error <= LARGEST_MISS
        if error > LARGEST_MISS:
            found.wrong.append(f"unit {unit} of {one.name} does not add up")
