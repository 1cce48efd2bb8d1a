"""What a network makes of a picture: its classes, most likely first, and whether it should be believed.

It is unsure where one of its figures lies beyond a limit. Where the limits were measured for the network they are on
its card; else no class has half of the probability, or the entropy of all is more than half of what it would be if all
were equally likely. A network that knows what is familiar is unsure too where the picture is like none of those that
it learnt from.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torch import Tensor

from lente.app.features.captures import Capture
from lente.app.features.class_names import alone, class_names, things
from lente.app.i18n import translate
from lente.models.networks.familiarity import (
    LEAST_CONFIDENCE,
    MOST_ENTROPY,
    RULES,
    Familiarity,
    Rule,
    entropy,
)
from lente.models.tracing.recording import Recording

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
    """

    logits: Tensor
    probabilities: Tensor
    distance: tuple[float, float] | None = None
    rule: Rule = field(default_factory=dict)

    @property
    def entropy(self) -> float:
        """In bits."""
        return float(entropy(self.probabilities))

    @property
    def most_entropy(self) -> float:
        return math.log2(len(self.probabilities))

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
        return any(limit.crossed for limit in self.limits)


def prediction(shown: "Shown", capture: Capture) -> Prediction:
    """What the network answered, whether or not it ends in softmax; its last layer says it unless `shown` tells."""
    recording, familiarity = capture.recording, shown.familiarity
    last = recording.records[-1] if shown.answer is None else recording.answers[shown.answer.path]
    said = recording.output(last)[0]
    if last.operation not in ("softmax", "log_softmax"):
        return Prediction(said, said.softmax(0), rule=shown.unsure)
    logits = recording.output(recording.records[last.sources[0]])[0]
    probabilities = said if last.operation == "softmax" else said.exp()
    if familiarity is None:
        return Prediction(logits, probabilities, rule=shown.unsure)
    distance = float(familiarity.distance(_features(recording, familiarity)))
    return Prediction(logits, probabilities, (distance, familiarity.most))


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
    order = found.probabilities.argsort(descending=True)[:limit].tolist()
    names = class_names(classes, language)
    return {
        "classes": [_class(index, found, names[index], original) for index in order],
        "thing": _thing(found, classes, language),
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
