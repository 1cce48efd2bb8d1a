"""Gradients of the digit network, and of those that learn here, as sums. Importing this module imports torch."""

import copy
from collections.abc import Generator
from dataclasses import asdict
from functools import cache
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from lente.app.learning.batch import Batch
from lente.models.mnist.reader import digits, values
from lente.models.tracing.explaining import Explanation
from lente.models.tracing.gradients import Backward, backward, by_picture, explain_unit, explain_weight
from lente.models.tracing.nudging import Index, Nudged, curve, plane
from lente.models.tracing.recording import record

Array = np.ndarray[Any, np.dtype[Any]]
Tensors = dict[str, Array]
Facts = dict[str, Any]
R = TypeVar("R")
Parts = Generator[None, None, R]
"""Work that lets others have their turn wherever it yields, and returns its result."""

OTHERS = 1000
POINTS = 41
TOGETHER = 8
SIDE_POINTS = 17


def back_through(network: nn.Module, batch: Batch) -> Backward:
    return backward(record(network, batch.x), batch.labels)


def everything(network: nn.Module, batch: Batch) -> tuple[Tensors, Facts]:
    """What came back to every layer, "input" among them, the gradient of every parameter, and the loss.

    Tensors: layers (B, ...) by their names, parameters by theirs, `pictures` (B, 28, 28), `probabilities` (B, 10).
    """
    back = back_through(network, batch)
    tensors = {**back.gradients(), **back.parameters()}
    tensors |= {"pictures": batch.x[:, 0], "probabilities": back.probabilities.float()}
    facts = {"loss": back.loss, "labels": batch.labels.tolist()}
    return {name: tensor.numpy() for name, tensor in tensors.items()}, facts


def of_unit(network: nn.Module, batch: Batch, layer: str, unit: Index, picture: int, limit: int) -> Facts:
    """What came back to one unit, the strongest terms first."""
    explanation = explain_unit(back_through(network, batch), layer, unit, picture)
    return _told(explanation, limit)


def of_weight(network: nn.Module, batch: Batch, parameter: str, index: Index, limit: int) -> Facts:
    """The gradient of one weight: its strongest terms, and the sums of each picture."""
    explanation = explain_weight(back_through(network, batch), parameter, index)
    told = _told(explanation, limit)
    order = np.argsort(-np.abs(explanation.products), kind="stable")[:limit]
    for term, n in zip(told["terms"], order, strict=True):
        term["picture"] = int(explanation.places[n, 0])
    return {**told, "by_picture": by_picture(explanation, len(batch.labels)).tolist()}


def _told(explanation: Explanation, limit: int) -> Facts:
    return {**explanation.as_dict(limit, "contribution"), "total": explanation.total()}


def moved(network: nn.Module, batch: Batch, parameter: str, index: Index, rate: float, by: float) -> Parts[Facts]:
    """One step of descent for one weight, the slope by nudging, and the loss along the weight."""
    explanation = explain_weight(back_through(network, batch), parameter, index)
    own = Nudged(network, batch.x, batch.labels, parameter, index)
    gradient, new = explanation.total(), own.weight - rate * explanation.total()
    reach = max(3 * abs(new - own.weight), 2 * by, 0.1 * abs(own.weight), 1e-3)
    weights = curve(own.weight, reach, POINTS)
    before, after = (float(one) for one in own.losses([own.weight, new]))
    losses, rest = list[float](), list[float]()
    for first in range(0, POINTS, TOGETHER):
        yield
        losses += own.losses(weights[first : first + TOGETHER]).tolist()
    x, labels = others()
    beside = Nudged(network, x, labels, parameter, index)
    for weight in (own.weight, new):
        yield
        rest.append(beside.loss(weight))
    return {
        "weight": own.weight,
        "gradient": gradient,
        "rate": rate,
        "new": new,
        "loss": before,
        "loss_after": after,
        "nudged": own.loss(own.weight + by),
        "slope": asdict(own.slope(abs(by))),
        "others": {"count": len(labels), "loss": rest[0], "loss_after": rest[1]},
        "slice": {"weights": weights, "losses": losses},
    }


def slice_of_two(
    network: nn.Module, batch: Batch, places: list[tuple[str, Index]], reach: float, rate: float
) -> Parts[tuple[Tensors, Facts]]:
    """`losses` (P, P) where two weights are moved by up to `reach`; and what one step of descent does to both."""
    back = back_through(network, batch)
    gradients = [explain_weight(back, *place).total() for place in places]
    losses = []
    for row in plane(network, batch.x, batch.labels, places, reach, SIDE_POINTS):
        losses.append(row.numpy())
        yield
    (name, index), second = places
    stepped = copy.deepcopy(network).requires_grad_(False)
    first = dict(stepped.named_parameters())[name]
    beside = Nudged(network, batch.x, batch.labels, *second)
    old = [float(first[index]), beside.weight]
    new = [weight - rate * gradient for weight, gradient in zip(old, gradients, strict=True)]
    first[index] = new[0]
    after = Nudged(stepped, batch.x, batch.labels, *second).loss(new[1])
    facts = {"old": old, "gradients": gradients, "new": new, "loss": beside.loss(old[1]), "loss_after": after}
    return {"losses": np.stack(losses)}, facts


@cache
def others() -> tuple[Tensor, Tensor]:
    """A thousand of the test digits, with their labels."""
    test = digits(train=False)
    x = torch.from_numpy(values(test.images[:OTHERS]))[:, None]
    return x, torch.from_numpy(test.labels[:OTHERS].astype(np.int64))
