"""Which part of what a network returns is its answer: a number for each class. Importing this module imports torch."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from lente.models.tracing.recording import Path, Recording, tensors_of

AnswerKind = Literal["classes", "logits", "labels", "boxes", "mask", "none"]
ANSWERS: tuple[AnswerKind, ...] = get_args(AnswerKind)

# A layer's score before the softmax, or its logarithm, is a logit; of these the answer is no distribution.
_NO_DISTRIBUTION = {"sigmoid", "hardsigmoid", "tanh", "relu", "argmax", "max", "topk"}
_LIKELY = re.compile(r"logit|class|score|^(out|output|preds?|prediction)s?$", re.IGNORECASE)
_UNLIKELY = re.compile(r"regress|box|landmark|keypoint|pose|depth|embed|(^|_)(mu|mean|log_?var|sigma)", re.IGNORECASE)
_AXES = {"labels": (2,), "boxes": (2, 3), "mask": (4,)}


class NoAnswer(ValueError):
    """The network returns nothing that could be the answer; the message says what it returns."""


@dataclass(frozen=True)
class Answer:
    """Where the numbers of the answer are in what a network returns, and the operation that they come from.

    Attributes:
        kind: "classes" (1, K), of which one is right; "labels" (1, K), each true or not; "boxes", numbers that are no
            scores; "mask" (1, K, H, W), a class for each pixel.
        guessed: whether nobody said so, and nothing but its shape speaks for it.
    """

    path: Path
    operation: str
    classes: int
    kind: AnswerKind = "classes"
    guessed: bool = False

    def scores(self, network: nn.Module, x: Tensor) -> Tensor:
        """Logits (B, K), or the logarithms of the probabilities of a network that ends in softmax; of a mask their sums
        over its pixels."""
        found = dict(tensors_of(network(x)))[self.path]
        if self.kind == "mask":
            return found.sum((2, 3))
        if self.operation == "softmax":
            return found.clamp_min(torch.finfo(found.dtype).tiny).log()
        return found.flatten(1)


def find_answer(
    recording: Recording,
    wanted: Path | None = None,
    kind: AnswerKind | None = None,
    title: str = "",
    *,
    sure: bool = False,
) -> Answer:
    """The answer at `wanted`, or else the one part of what the network returns that can be it. Raises NoAnswer.

    Of several parts one is taken where its name speaks for it, or where somebody is `sure` that there are classes; of
    `kind` unless that is None, then scores of classes, and none where the network's `title` speaks against it.
    """
    returned = {path: tensor for path, tensor in tensors_of(recording.returned) if path in recording.answers}
    if wanted is not None:
        returned = {path: tensor for path, tensor in returned.items() if path == wanted}
    if kind in _AXES:
        for path, tensor in returned.items():
            if tensor.dim() in _AXES[kind] and tensor.shape[0] == 1 and tensor.is_floating_point():
                count = tensor.shape[1] if kind == "mask" else tensor.numel()
                return Answer(path, recording.answers[path].operation, count, kind)
        raise NoAnswer(_said(recording, wanted))
    found = [path for path, tensor in returned.items() if _classes(tensor, recording.answers[path].operation)]
    named = [path for path in found if path and _LIKELY.search(str(path[-1]))]
    found = named or found
    told = sure or kind is not None or wanted is not None
    if not found or (not told and ((len(found) > 1 and not named) or _against(recording, found[0], title))):
        raise NoAnswer(_said(recording, wanted))
    operation = recording.answers[found[0]].operation
    guessed = not told and operation not in ("softmax", "log_softmax")
    return Answer(found[0], operation, returned[found[0]].shape[1], "classes", guessed)


def _against(recording: Recording, path: Path, title: str) -> bool:
    return any(_UNLIKELY.search(name) for name in (title, recording.answers[path].module, *map(str, path)))


def _classes(tensor: Tensor, operation: str) -> bool:
    fits = tensor.dim() == 2 and tensor.shape[0] == 1 and tensor.shape[1] > 1 and tensor.is_floating_point()
    return fits and operation not in _NO_DISTRIBUTION


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
