"""What a network makes of a picture: its classes, most likely first, and whether it should be believed.

It is unsure where one of its figures lies beyond a limit. Where the limits were measured for the network they are on
its card; else no class has half of the probability, or the entropy of all is more than half of what it would be if all
were equally likely. A network that knows what is familiar is unsure too where the picture is like none of those that
it learnt from.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from lente.app.errors import BadInput
from lente.app.features.captures import Capture
from lente.app.features.class_names import alone, class_names, things
from lente.app.features.maps import numbers_of
from lente.app.features.outputs import AnswerKind
from lente.app.i18n import N_, translate
from lente.models.networks.familiarity import (
    LEAST_CONFIDENCE,
    MOST_ENTROPY,
    RULES,
    Familiarity,
    Rule,
    entropy,
)
from lente.models.tracing.recording import Record, Recording

if TYPE_CHECKING:
    from lente.app.features.shown import Shown


@dataclass(frozen=True)
class Limit:
    """A figure of an answer, and the least or the most that it may be."""

    figure: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def crossed(self) -> bool:
        return self.value < (self.least or -math.inf) or self.value > (math.inf if self.most is None else self.most)


@dataclass(frozen=True)
class Prediction:
    """Logits and probabilities (K,).

    Attributes:
        distance: of the picture's features from those of training pictures, and the distance from which on they are
            strange; None where the network does not know what is familiar.
        rule: from which figure on it is unsure, where that was measured.
        kind: what the numbers are: of "labels" each has a probability of its own, of a "mask" each its share of the
            pixels, and "boxes" are numbers without any.
    """

    logits: Tensor
    probabilities: Tensor
    distance: tuple[float, float] | None = None
    rule: Rule = field(default_factory=dict)
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
    def limits(self) -> list[Limit]:
        """What is asked of an answer that is not unsure."""
        if self.rule:
            figure = str(self.rule["figure"])
            return [Limit(figure, float(RULES[figure](self.logits)), least=float(self.rule["least"]))]
        limits = [
            Limit("probability", self.confidence, least=LEAST_CONFIDENCE),
            Limit("entropy", self.entropy, most=MOST_ENTROPY * self.most_entropy),
        ]
        return (
            limits if self.distance is None else [*limits, Limit("distance", self.distance[0], most=self.distance[1])]
        )

    @property
    def strange(self) -> bool:
        """Whether the picture is like none of those that the network learnt from."""
        return self.distance is not None and self.distance[0] > self.distance[1]

    @property
    def unsure(self) -> bool:
        return self.kind == "classes" and any(limit.crossed for limit in self.limits)


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
        return Prediction(said, said.softmax(0), rule=shown.unsure)
    logits = recording.output(recording.records[last.sources[0]])[0]
    probabilities = said if last.operation == "softmax" else said.exp()
    if familiarity is None:
        return Prediction(logits, probabilities, rule=shown.unsure)
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
    """The prediction for people: the first `limit` classes with their names in `language`, and how sure it is.

    `thing` is what several of the classes are kinds of, all their probabilities together, where that is the likeliest.
    """
    order = list(range(len(found.probabilities)))[:limit]
    if found.kind != "boxes":
        order = found.probabilities.argsort(descending=True)[:limit].tolist()
    names = class_names(classes, language)
    return {
        "kind": found.kind,
        "classes": [_class(index, found, names[index], original) for index in order],
        "thing": _thing(found, classes, language) if found.kind == "classes" else None,
        "unsure": found.unsure,
        "strange": found.strange,
        "confidence": found.confidence,
        "entropy": found.entropy,
        "most_entropy": found.most_entropy,
        "limits": [{**vars(each), "crossed": each.crossed} for each in found.limits],
        **_distance(found),
    }


def _thing(found: Prediction, classes: tuple[str, ...], language: str) -> dict[str, Any] | None:
    shares = [(float(found.probabilities[list(places)].sum()), name, places) for name, places in things(classes)]
    if not shares:
        return None
    probability, name, places = max(shares)
    if probability < float(found.probabilities[alone(classes)].max()):
        return None
    return {"name": translate(language, name), "probability": probability, "classes": list(places)}


def _distance(found: Prediction) -> dict[str, Any]:
    if found.distance is None:
        return {}
    distance, most = found.distance
    return {"distance": distance, "most_distance": most}


def _class(index: int, found: Prediction, name: str, original: Prediction | None) -> dict[str, Any]:
    probability = float(found.probabilities[index])
    told = {"index": index, "name": name, "probability": probability, "logit": float(found.logits[index])}
    if original is not None:
        before = float(original.probabilities[index])
        told |= {"original": before, "difference": probability - before}
    return told
