"""What a network makes of a picture: its classes, most likely first, and whether it should be believed.

It is unsure where no class has half of the probability, or where the entropy of all of them is more than half of what
it would be if all were equally likely.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from app.answers import Answer
from app.i18n import N_, translate
from models.recording import Recording

LEAST_CONFIDENCE = 0.5
MOST_ENTROPY = 0.5

CLASS_NAMES = (
    N_("cassette player"), N_("chain saw"), N_("church"), N_("English springer"), N_("French horn"),
    N_("garbage truck"), N_("gas pump"), N_("golf ball"), N_("parachute"), N_("tench"),
)  # fmt: skip


@dataclass(frozen=True)
class Prediction:
    """Logits and probabilities (K,), and the entropy of the latter in bits."""

    logits: Tensor
    probabilities: Tensor

    @property
    def entropy(self) -> float:
        return float(torch.special.entr(self.probabilities.double()).sum()) / math.log(2)

    @property
    def most_entropy(self) -> float:
        return math.log2(len(self.probabilities))

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def unsure(self) -> bool:
        return self.confidence < LEAST_CONFIDENCE or self.entropy > MOST_ENTROPY * self.most_entropy


def prediction(recording: Recording, answer: Answer | None = None) -> Prediction:
    """What the recorded network answered, whether or not it ends in softmax; its last layer says it unless given."""
    last = recording.records[-1] if answer is None else recording.answers[answer.path]
    said = recording.output(last)[0]
    if last.operation not in ("softmax", "log_softmax"):
        return Prediction(said, said.softmax(0))
    logits = recording.output(recording.records[last.sources[0]])[0]
    return Prediction(logits, said if last.operation == "softmax" else said.exp())


def told(
    found: Prediction, classes: tuple[str, ...], language: str, limit: int, original: Prediction | None = None
) -> dict[str, Any]:
    """The prediction for people: the first `limit` classes with their names in `language`, and how sure it is."""
    order = found.probabilities.argsort(descending=True)[:limit].tolist()
    told = [_class(index, found, classes, language, original) for index in order]
    return {
        "classes": told,
        "unsure": found.unsure,
        "confidence": found.confidence,
        "entropy": found.entropy,
        "most_entropy": found.most_entropy,
        "rule": {"least_confidence": LEAST_CONFIDENCE, "most_entropy": MOST_ENTROPY * found.most_entropy},
    }


def _class(
    index: int, found: Prediction, classes: tuple[str, ...], language: str, original: Prediction | None
) -> dict[str, Any]:
    probability = float(found.probabilities[index])
    name = translate(language, classes[index]) if classes[index] in CLASS_NAMES else classes[index]
    told = {"index": index, "name": name, "probability": probability, "logit": float(found.logits[index])}
    if original is not None:
        before = float(original.probabilities[index])
        told |= {"original": before, "difference": probability - before}
    return told
