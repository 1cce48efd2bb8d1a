"""Record a network again, by the calls that it made the first time.

    plan = record(network, image)               # image: (B, C, H, W)
    recording = repeat(plan, another)           # what record(network, another) gives; another: (B, C, H, W)

A network whose calls all make numbers from numbers, see `Recording.repeatable`, makes the same calls for every picture
of one shape: they need not be watched again. Its weights and its mode must be what they were.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

from lente.models.stopping import check
from lente.models.tracing.recording import Record, Recording, Reference, each_argument


def repeats(plan: Recording, x: Tensor) -> bool:
    """Whether `repeat` gives for x what recording the network again would."""
    given = plan.records[0].output
    return plan.repeatable and given is not None and (given.shape, given.dtype) == (x.shape, x.dtype)


def repeat(plan: Recording, x: Tensor) -> Recording:
    """Every operation's output for x (B, ...), of which `repeats` holds; the network itself does not run.

    Outputs may lie in one another's memory, where an operation only looks at what it reads in another shape.
    """
    outputs: list[Tensor] = []
    records: list[Record] = []
    with torch.inference_mode(False), torch.no_grad():
        for one in plan.records:
            check()
            start = time.perf_counter()
            outputs.append(x.detach().clone() if one.function is None else _called(one, outputs))
            records.append(replace(one, output=outputs[-1], seconds=time.perf_counter() - start))
    (answer,) = plan.answers.values()
    return replace(plan, records=records, returned=outputs[answer.number], answers={(): records[answer.number]})


def _called(one: Record, outputs: Sequence[Tensor]) -> Tensor:
    assert one.function is not None
    give = partial(_given, outputs)
    args = [each_argument(value, give) for value in one.args]
    made: Tensor = one.function(*args, **{name: each_argument(value, give) for name, value in one.kwargs.items()})
    return made


def _given(outputs: Sequence[Tensor], value: Any) -> Any:
    return outputs[value.number] if type(value) is Reference else value
