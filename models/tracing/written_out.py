"""Calls that are whole networks in themselves, done again as the steps that they are made of.

`F.multi_head_attention_forward` runs PyTorch's own code, step by step. Of `nn.LSTM`, `nn.GRU` and `nn.RNN` PyTorch
does all steps in one call, and what it makes is kept as it is: the steps here lead to it, and are checked against it.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

MOST_STEPS = 128
_CLOSE = 1e-4
Call = Callable[..., Any]


def attention(function: Call) -> Call | None:
    """The inside of `F.multi_head_attention_forward`, whose calls can be recorded one by one; None for other calls."""
    if getattr(function, "__name__", "") != "multi_head_attention_forward":
        return None
    function = inspect.unwrap(function)  # other tools that watch networks wrap it
    if not isinstance(function, types.FunctionType) or function.__module__ != functional.__name__:
        return None
    inside = {**vars(functional), "has_torch_function": lambda *_: False}
    made = types.FunctionType(function.__code__, inside, function.__name__, function.__defaults__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def recurrence(function: Call, args: tuple[Any, ...]) -> Callable[[], tuple[Tensor, ...]] | None:
    """The steps of a recurrent layer, and what they make in the order in which PyTorch gives it; None for other
    calls, for packed sequences, and for more than MOST_STEPS."""
    name = getattr(function, "__name__", "")
    if name not in _CELLS or len(args) != 9 or not isinstance(args[3], bool) or not isinstance(args[0], Tensor):
        return None
    x, state, weights, biased, layers, dropout, training, both, batch_first = args
    steps = x.shape[1 if batch_first else 0] if x.dim() == 3 else x.shape[0]
    ways = 2 if both else 1
    if x.dim() != 3 or steps * layers * ways > MOST_STEPS or (training and dropout):
        return None
    each = 4 if biased else 2
    if len(weights) != layers * ways * each:  # a projection of the state, which is not known here
        return None
    groups = [weights[n : n + each] for n in range(0, len(weights), each)]
    return lambda: _layers(name, x, state, groups, ways, batch_first)


def same(made: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> bool:
    """Whether the steps lead where PyTorch did."""
    return len(made) == len(wanted) and all(
        one.shape == other.shape and torch.allclose(one, other, rtol=_CLOSE, atol=_CLOSE)
        for one, other in zip(made, wanted, strict=True)
    )


def _layers(name: str, x: Tensor, state: Any, groups: list[Any], ways: int, batch_first: bool) -> tuple[Tensor, ...]:
    time = 1 if batch_first else 0
    states = list(state) if isinstance(state, (tuple, list)) else [state]
    ends: list[list[Tensor]] = []
    for layer in range(len(groups) // ways):
        made = []
        for way in range(ways):
            nth = layer * ways + way
            steps, end = _run(name, x, [each[nth] for each in states], groups[nth], time, way == 1)
            made.append(torch.stack(steps, time))
            ends.append(end)
        x = made[0] if ways == 1 else torch.cat(made, -1)
    return (x, *(torch.stack([end[n] for end in ends]) for n in range(len(states))))


def _run(
    name: str, x: Tensor, state: list[Tensor], weights: Any, time: int, backward: bool
) -> tuple[list[Tensor], list[Tensor]]:
    read, fed, *biases = weights
    bias_read, bias_fed = biases or (None, None)
    given = functional.linear(x, read, bias_read)
    steps = list(given.unbind(time))
    made: list[Tensor] = []
    for step in reversed(steps) if backward else steps:
        state = _CELLS[name](step, functional.linear(state[0], fed, bias_fed), state)
        made.append(state[0])
    return made[::-1] if backward else made, state


def _lstm(given: Tensor, fed: Tensor, state: list[Tensor]) -> list[Tensor]:
    """Hochreiter and Schmidhuber, "Long short-term memory", 1997, with a gate that forgets (Gers et al., 2000)."""
    enter, forget, cell, leave = (given + fed).chunk(4, -1)
    kept = forget.sigmoid() * state[1] + enter.sigmoid() * cell.tanh()
    return [leave.sigmoid() * kept.tanh(), kept]


def _gru(given: Tensor, fed: Tensor, state: list[Tensor]) -> list[Tensor]:
    """Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014."""
    (reset, update, new), (reset_fed, update_fed, new_fed) = given.chunk(3, -1), fed.chunk(3, -1)
    gate = (update + update_fed).sigmoid()
    new = (new + (reset + reset_fed).sigmoid() * new_fed).tanh()
    return [(1 - gate) * new + gate * state[0]]


_CELLS: dict[str, Callable[[Tensor, Tensor, list[Tensor]], list[Tensor]]] = {
    "lstm": _lstm,
    "gru": _gru,
    "rnn_tanh": lambda given, fed, _: [(given + fed).tanh()],
    "rnn_relu": lambda given, fed, _: [(given + fed).relu()],
}
