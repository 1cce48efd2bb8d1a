"""Whether a network's answer should be believed: how its probabilities are spread, and how familiar the picture is.

A network that has learnt ten classes gives any picture to one of them, often with great confidence. What betrays a
picture of something else is that its features, the numbers before the last layer, point where no training picture's do.
Sun, Ming, Zhu and Li, "Out-of-distribution detection with deep nearest neighbors", 2022:
https://arxiv.org/abs/2204.06507
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST_CONFIDENCE = 0.5
MOST_ENTROPY = 0.5
NEIGHBOUR = 3
REFUSED = 0.12


# Which figure of the answer is looked at, and the least that is not called unsure.
Rule = dict[str, str | float]
# Figures of logits (B, K) to (B,): the smaller, the less an answer should be believed.
RULES: dict[str, Callable[[Tensor], Tensor]] = {
    "probability": lambda logits: logits.softmax(-1).amax(-1),
    "score": lambda logits: logits.amax(-1),
}


def entropy(probabilities: Tensor) -> Tensor:
    """(B, K) to (B,), in bits."""
    nats: Tensor = torch.special.entr(probabilities.double()).sum(-1)
    return nats / math.log(2)


def spread_out(probabilities: Tensor) -> Tensor:
    """(B, K) to (B,) bool: no class has half, or the entropy is more than half of what it could be."""
    limit = MOST_ENTROPY * math.log2(probabilities.shape[-1])
    return (probabilities.amax(-1) < LEAST_CONFIDENCE) | (entropy(probabilities) > limit)


@dataclass(frozen=True, eq=False)
class Familiarity:
    """Where the features of some training pictures point.

    Attributes:
        directions: (N, C), each of length 1.
        most: the distance from which on a picture is unlike all of them.
    """

    directions: Tensor
    most: float

    @classmethod
    def of(cls, training: Tensor, validation: Tensor) -> "Familiarity":
        """From features (N, C) of training pictures; a share REFUSED of the validation pictures is too far away."""
        known = cls(F.normalize(training, dim=1), math.inf)
        return cls(known.directions, torch.quantile(known.distance(validation), 1 - REFUSED).item())

    def distance(self, features: Tensor) -> Tensor:
        """(B, C) to (B,): from the features' direction to the third nearest; 0 the same, 1.41 nothing in common."""
        return torch.cdist(F.normalize(features, dim=1), self.directions).kthvalue(NEIGHBOUR, dim=1).values

    def strange(self, features: Tensor) -> Tensor:
        """(B, C) to (B,) bool: the picture is unlike those that the network learnt from."""
        return self.distance(features) > self.most

    def stored(self) -> dict[str, Tensor]:
        """In bytes: no feature is negative after ReLU."""
        return {"directions": (255 * self.directions).round().byte(), "most": torch.tensor(self.most)}

    @classmethod
    def restored(cls, stored: dict[str, Tensor]) -> "Familiarity":
        return cls(F.normalize(stored["directions"].float(), dim=1), stored["most"].item())
