"""What a network makes of a picture: its classes, most likely first, and whether it should be believed.

It is unsure where no class has half of the probability, where the entropy of all of them is more than half of what it
would be if all were equally likely, or where the picture is like none of those that it learnt from.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from lente.app.errors import BadInput
from lente.app.features.captures import Capture
from lente.app.features.maps import numbers_of
from lente.app.features.outputs import AnswerKind
from lente.app.i18n import N_, translate
from lente.models.networks.familiarity import LEAST_CONFIDENCE, MOST_ENTROPY, Familiarity, entropy, spread_out
from lente.models.tracing.recording import Record, Recording

if TYPE_CHECKING:
    from lente.app.features.shown import Shown

CLASS_NAMES = (
    N_("cassette player"), N_("chain saw"), N_("church"), N_("English springer"), N_("French horn"),
    N_("garbage truck"), N_("gas pump"), N_("golf ball"), N_("parachute"), N_("tench"),
)  # fmt: skip


@dataclass(frozen=True)
class Prediction:
    """Logits and probabilities (K,).

    Attributes:
        distance: of the picture's features from those of training pictures, and the distance from which on they are
            strange; None where the network does not know what is familiar.
        kind: what the numbers are: of "labels" each has a probability of its own, of a "mask" each its share of the
            pixels, and "boxes" are numbers without any.
    """

    logits: Tensor
    probabilities: Tensor
    distance: tuple[float, float] | None = None
    kind: AnswerKind = "classes"

    @property
    def entropy(self) -> float:
        """In bits; 0 where the numbers are no distribution."""
        return float(entropy(self.probabilities)) if self.kind == "classes" else 0.0

    @property
    def most_entropy(self) -> float:
        return math.log2(len(self.probabilities)) if self.kind == "classes" else 0.0

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def strange(self) -> bool:
        """Whether the picture is like none of those that the network learnt from."""
        return self.distance is not None and self.distance[0] > self.distance[1]

    @property
    def unsure(self) -> bool:
        return self.kind == "classes" and (bool(spread_out(self.probabilities)) or self.strange)


def prediction(shown: "Shown", capture: Capture) -> Prediction:
    """What the network answered, whether or not it ends in softmax; its last layer says it unless `shown` tells.

    BadInput where it broke before, or where its answer is no number.
    """
    recording, familiarity = capture.recording, shown.familiarity
    last = _answered(shown, recording)
    said = numbers_of(recording.output(last))[0]
    if not bool(torch.isfinite(said).all()):
        raise _not_finite(recording, last)
    if shown.answer is not None and shown.answer.kind != "classes":
        return _of_kind(shown.answer.kind, last.operation, said)
    if last.operation not in ("softmax", "log_softmax"):
        return Prediction(said, said.softmax(0))
    logits = recording.output(recording.records[last.sources[0]])[0]
    probabilities = said if last.operation == "softmax" else said.exp()
    if familiarity is None:
        return Prediction(logits, probabilities)
    distance = float(familiarity.distance(_features(recording, familiarity)))
    return Prediction(logits, probabilities, (distance, familiarity.most))


def _answered(shown: "Shown", recording: Recording) -> Record:
    if recording.fault is not None:
        template = N_("It broke before it answered: {kind}: {message}")
        raise BadInput("network_broke", template, kind=recording.fault.kind, message=recording.fault.message)
    if shown.answer is None:
        return recording.records[-1]
    found = recording.answers.get(shown.answer.path)
    if found is None:
        raise BadInput("no_answer", N_("For this picture it does not return what it returned for the first one."))
    return found


def _of_kind(kind: AnswerKind, operation: str, said: Tensor) -> Prediction:
    if kind == "mask":
        counts = said.argmax(0).flatten().bincount(minlength=len(said)) if len(said) > 1 else (said > 0).sum()[None]
        return Prediction(said.sum((1, 2)), counts / said[0].numel(), kind=kind)
    said = said.flatten()
    sure = said if operation in ("sigmoid", "hardsigmoid", "softmax") else said.sigmoid()
    return Prediction(said, sure if kind == "labels" else torch.zeros_like(said), kind=kind)


def _not_finite(recording: Recording, last: Record) -> BadInput:
    """Names the layer where numbers first are none."""

    def broken(record: Record) -> bool:
        return record.output is not None and not bool(torch.isfinite(numbers_of(record.output)).all())

    first = next((record for record in recording.records if broken(record)), last)
    template = N_("Its answer is no number: it is infinite or undefined from the layer {layer} ({operation}) on.")
    return BadInput("not_finite", template, layer=first.name, operation=first.operation)


def _features(recording: Recording, familiarity: Familiarity) -> Tensor:
    """What the last layer reads (1, C), after whatever a surgery has done to it."""
    shape = (1, familiarity.directions.shape[1])
    outputs = (recording.output(record) for record in reversed(recording.records))
    return next(output for output in outputs if output.shape == shape)


def told(
    found: Prediction, classes: tuple[str, ...], language: str, limit: int, original: Prediction | None = None
) -> dict[str, Any]:
    """The prediction for people: the first `limit` classes with their names in `language`, and how sure it is."""
    order = list(range(len(found.probabilities)))[:limit]
    if found.kind != "boxes":
        order = found.probabilities.argsort(descending=True)[:limit].tolist()
    told = [_class(index, found, classes, language, original) for index in order]
    return {
        "kind": found.kind,
        "classes": told,
        "unsure": found.unsure,
        "strange": found.strange,
        "confidence": found.confidence,
        "entropy": found.entropy,
        "most_entropy": found.most_entropy,
        "rule": {"least_confidence": LEAST_CONFIDENCE, "most_entropy": MOST_ENTROPY * found.most_entropy},
        **_distance(found),
    }


def _distance(found: Prediction) -> dict[str, Any]:
    if found.distance is None:
        return {}
    distance, most = found.distance
    return {"distance": distance, "most_distance": most}


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
