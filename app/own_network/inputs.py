"""What a network is given beside its picture: a mask, a second picture, a number. Importing this module imports
torch."""

import inspect
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from lente.app.own_network.pictures import BadGiven, exact_file, from_exact_file
from lente.app.pictures.decoding import read_picture


class Besides:
    """Called before a network runs: adds what it is given beside the picture, for as many pictures as there are."""

    def __init__(self, first: str | None, given: Mapping[str, Any]) -> None:
        self.first = first
        self.given = dict(given)

    def __call__(self, _module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        count = len(args[0])
        given = {name: _for(count, value) for name, value in self.given.items()}
        if self.first is None:
            return args, {**given, **kwargs}
        return args[1:], {self.first: args[0], **given, **kwargs}


def _for(count: int, value: Any) -> Any:
    repeats = isinstance(value, Tensor) and value.dim() > 0 and len(value) == 1 and count > 1
    return value.expand(count, *value.shape[1:]) if repeats else value


def beside(network: nn.Module, inputs: Mapping[str, Any], sides: Sequence[int]) -> None:
    """Lets `network`, which is the caller's own, be called with a picture alone. BadGiven names the arguments there
    are.

    Pictures become (1, C, H, W), as large as the one that goes in, of numbers from 0 to 1.
    """
    parameters = inspect.signature(network.forward).parameters
    open_ended = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    for name in inputs:
        if name not in parameters and not open_ended:
            raise BadGiven(f"{type(network).__name__} takes no {name!r}; it takes {', '.join(parameters)}")
    first = next((name for name in parameters if name not in inputs), None)
    named = first is not None and parameters[first].kind is not inspect.Parameter.POSITIONAL_ONLY
    given = {name: _value(value, sides) for name, value in inputs.items()}
    network.register_forward_pre_hook(Besides(first if named else None, given), with_kwargs=True)


def _value(value: Any, sides: Sequence[int]) -> Any:
    if isinstance(value, Tensor):
        return value.detach().cpu()
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    if isinstance(value, Path):
        return _from_file(value, sides)
    return value


def _from_file(path: Path, sides: Sequence[int]) -> Tensor:
    if exact_file(path):
        return torch.from_numpy(from_exact_file(path))[None]
    try:
        with Image.open(path) as opened:
            grey = opened.mode in ("1", "L", "I;16", "LA")
        picture = Image.fromarray(read_picture(path.read_bytes())).resize(
            (sides[1], sides[0]), Image.Resampling.BILINEAR
        )
    except OSError as error:
        raise BadGiven(f"the picture {path} cannot be read: {error.strerror or error}") from error
    values = np.asarray(picture, np.float32).transpose(2, 0, 1) / 255
    return torch.from_numpy(np.ascontiguousarray(values[:1] if grey else values))[None]


def read_inputs(words: Sequence[str]) -> dict[str, Any]:
    """`mask=mask.png`, `scale=0.5`, `prompt=tokens.npy`: files by their path, everything else as JSON. BadGiven."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise BadGiven(f"--input {word} cannot be read: NAME=FILE and NAME=VALUE are accepted")
        path = Path(value)
        if path.is_file():
            found[name] = path
            continue
        try:
            made = json.loads(value)
        except ValueError as error:
            raise BadGiven(f"--input {word}: there is no file {value}, and it is no JSON") from error
        found[name] = torch.tensor(made) if isinstance(made, list) else made
    return found
