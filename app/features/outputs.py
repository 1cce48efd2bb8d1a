"""Which part of what a network returns is its answer: a number for each class. Importing this module imports torch."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lente.models.tracing.recording import Path, Recording, tensors_of

# A layer's score before the softmax, or its logarithm, is a logit; of these the answer is no distribution.
_NO_DISTRIBUTION = {"sigmoid", "hardsigmoid", "tanh", "relu", "argmax", "max", "topk"}


class NoAnswer(ValueError):
    """The network returns nothing that could be one number for each class; the message says what it returns."""


@dataclass(frozen=True)
class Answer:
    """Where the classes' numbers (1, K) are in what a network returns, and the operation that they come from."""

    path: Path
    operation: str
    classes: int

    def scores(self, network: nn.Module, x: Tensor) -> Tensor:
        """Logits (B, K), or the logarithms of the probabilities of a network that ends in softmax."""
        found = dict(tensors_of(network(x)))[self.path]
        return found.clamp_min(torch.finfo(found.dtype).tiny).log() if self.operation == "softmax" else found


def find_answer(recording: Recording, wanted: Path | None = None) -> Answer:
    """The answer at `wanted`, or else the first part of what the network returns that can be one. Raises NoAnswer."""
    returned = dict(tensors_of(recording.returned))
    if wanted is not None:
        returned = {path: tensor for path, tensor in returned.items() if path == wanted}
    for path, tensor in returned.items():
        made = recording.answers.get(path)
        if made is not None and _classes(tensor) and made.operation not in _NO_DISTRIBUTION:
            return Answer(path, made.operation, tensor.shape[1])
    raise NoAnswer(_said(recording, wanted))


def _classes(tensor: Tensor) -> bool:
    return tensor.dim() == 2 and tensor.shape[0] == 1 and tensor.shape[1] > 1 and tensor.is_floating_point()


def _said(recording: Recording, wanted: Path | None) -> str:
    parts = [_part(recording, path, tensor) for path, tensor in tensors_of(recording.returned)]
    found = ", ".join(parts) or type(recording.returned).__name__
    return found if wanted is None else f"{'.'.join(map(str, wanted))} of {found}"


def _part(recording: Recording, path: Path, tensor: Tensor) -> str:
    made = recording.answers.get(path)
    name = ".".join(map(str, path))
    shape = " × ".join(map(str, tensor.shape))
    return f"{name + ': ' if name else ''}{shape}{' from ' + made.operation if made is not None else ''}"


def told_path(text: str) -> Path:
    """ "out.0" as ("out", 0)."""
    return tuple(int(part) if part.isdigit() else part for part in text.split(".")) if text else ()
