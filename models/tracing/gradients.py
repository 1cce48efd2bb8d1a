"""Backpropagation written out: every gradient as a sum of products that adds up.

    back = backward(record(network, x), labels)          # x: (B, C, H, W), the right classes (B,)
    explain_weight(back, "conv1.weight", (0, 0, 2, 2))   # what came in x what came back, place by place
    explain_unit(back, "conv1", (0, 12, 12))             # slope x what came back, for every unit that reads this one

What "comes back" to a number is the gradient of the loss by it. The loss is the cross-entropy of the network's answer,
its mean over the pictures of the batch. Explanations are those of `lente.models.tracing.explaining`: a term of kind
"unit" is what came back to `term.layer` at `term.unit`, so one walks on from there, to the loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from lente.models.errors import ModelError, Unexplained
from lente.models.phrases import N_, Phrase, shortened
from lente.models.tracing.explaining import Explanation, full_index, gathered, judged
from lente.models.tracing.operations.slopes import returned, slopes
from lente.models.tracing.operations.table import EXPLAINERS
from lente.models.tracing.operations.terms import Floats, Index, Part, Terms, following, numbers, operands, unexplained
from lente.models.tracing.recording import Record, Recording, Reference


@dataclass(eq=False)
class Backward:
    """What came back to every output of a recording.

    Attributes:
        loss: the mean cross-entropy of the batch.
        probabilities: of the classes (B, K).
        labels: the right classes (B,).
        scores: number of the record that softmax and cross-entropy read.
    """

    recording: Recording
    loss: float
    probabilities: Tensor
    labels: Tensor
    scores: int
    returned: dict[int, Tensor] = field(repr=False)
    blocked: dict[int, Unexplained] = field(repr=False)

    def __getitem__(self, layer: str) -> Tensor:
        """What came back to a layer, in the shape of its output. ModelError where the way back is not known."""
        return self.gradient(self.recording.record(layer))

    def gradient(self, record: Record) -> Tensor:
        if record.number in self.blocked:
            raise self.blocked[record.number]
        found = self.returned.get(record.number)
        return torch.zeros(record.shape) if found is None else found

    def gradients(self) -> dict[str, Tensor]:
        """What came back to every output from which the way to the loss is known, "input" first."""
        known = [record for record in self.recording.records if record.number not in self.blocked]
        return {record.name: self.gradient(record) for record in known if record.number <= self.scores}

    def parameters(self) -> dict[str, Tensor]:
        """The gradient of every parameter to which the way is known, by name."""
        found: dict[str, Tensor] = {}
        for record in self.recording.records:
            if record.number not in self.returned or record.number in self.blocked:
                continue
            for name, gradient in self.weights(record).items():
                found[name] = found[name] + gradient if name in found else gradient
        return found

    def weights(self, record: Record) -> dict[str, Tensor]:
        """The gradient of every parameter that this one call was given, by name."""
        uses = [(nth, use) for nth, use in enumerate(operands(record)) if isinstance(use, nn.Parameter)]
        if not uses:
            return {}
        made = returned(self.recording, record, self.gradient(record), [nth for nth, _ in uses])
        named = [(self.recording.parameter(use), gradient) for (_, use), gradient in zip(uses, made, strict=True)]
        return {name: gradient for name, gradient in named if name is not None and gradient is not None}


def backward(recording: Recording, labels: Sequence[int] | Tensor) -> Backward:
    """Goes back from the loss through every operation of a recording that kept all outputs.

    The answer has to be one tensor of scores, or softmax of them, (B, K). Raises ModelError "no_classes" where it is
    not, "bad_label" for a class that there is none of.
    """
    answer = recording.answers.get(())
    if answer is None or len(answer.shape) != 2 or not recording.has_batch(answer):
        template = N_(
            "the network answers no scores of classes, one row for each picture: there is no loss to go back from"
        )
        raise ModelError("no_classes", template, "network")
    scores = recording.records[answer.sources[0]] if answer.operation == "softmax" else answer
    right = _checked(labels, answer)
    output = recording.output(scores).detach().double()
    probabilities = output.softmax(1)
    gradient = (probabilities - functional.one_hot(right, output.shape[1])) / len(right)
    back = Backward(
        recording=recording,
        loss=float(functional.cross_entropy(output, right)),
        probabilities=probabilities,
        labels=right,
        scores=scores.number,
        returned={scores.number: gradient.to(recording.output(scores).dtype)},
        blocked={},
    )
    _walk(back)
    return back


def _checked(labels: Sequence[int] | Tensor, answer: Record) -> Tensor:
    given = [int(label) for label in labels]
    batch, classes = answer.shape
    if len(given) != batch or not all(0 <= label < classes for label in given):
        template = N_("labels {labels}: {batch} whole numbers from 0 to {most} are accepted, one for each picture")
        raise ModelError("bad_label", template, "labels", labels=shortened(given), batch=batch, most=classes - 1)
    return torch.tensor(given)


def _walk(back: Backward) -> None:
    """From the scores to the input, record by record; what lies behind an unknown operation is out of reach."""
    gradients, blocked, recording = back.returned, back.blocked, back.recording
    for record in reversed(recording.records[1 : back.scores + 1]):
        wanted = [(nth, one.number) for nth, one in enumerate(operands(record)) if isinstance(one, Reference)]
        if record.number in blocked:
            blocked.update({number: blocked[record.number] for _, number in wanted if number not in blocked})
        if record.number not in gradients or record.number in blocked:
            continue
        try:
            made = _passed_on(back, record, [nth for nth, _ in wanted])
        except Unexplained as why:
            blocked.update({number: why for _, number in wanted})
            continue
        for (_, number), gradient in zip(wanted, made, strict=True):
            if gradient is not None:
                gradients[number] = gradients[number] + gradient if number in gradients else gradient


def _passed_on(back: Backward, record: Record, wanted: list[int]) -> list[Tensor | None]:
    _known(record)
    with following(record):
        return returned(back.recording, record, back.gradient(record), wanted)


def _known(record: Record) -> None:
    if record.operation not in EXPLAINERS:
        template = N_("the arithmetic of {operation!r} is not known here")
        raise unexplained(record, Phrase(template, operation=record.operation))


def explain_unit(back: Backward, layer: str, unit: Sequence[int], picture: int = 0) -> Explanation:
    """What came back to one unit: over all that read it, their slope times what came back to them.

    `inputs` are what came back there, `weights` the slopes. At the scores it is softmax with cross-entropy: the
    probability less 1 for the right class, each over the number of pictures. Raises ModelError as `explain` does.
    """
    recording = back.recording
    record = recording.record(layer)
    index = full_index(recording, record, tuple(unit), picture)
    value = float(back.gradient(record)[index])
    if record.number == back.scores:
        return _at_the_loss(back, record, index, value)
    parts = []
    for reader in _readers(back, record):
        for nth, operand in enumerate(operands(reader)):
            if isinstance(operand, Reference) and operand.number == record.number:
                parts.append(_part(back, reader, nth, index))
    explanation = gathered(recording, record, index, value, Terms("came_back", "sum", parts))
    judged(record, explanation)
    return explanation


def explain_weight(back: Backward, name: str, index: Sequence[int]) -> Explanation:
    """The gradient of one weight of the parameter `name`: over places and pictures, what came in times what came back.

    `inputs` are what came in, `weights` what came back. Terms are units of the layer that uses the weight, their
    `places` begin with the picture. Raises ModelError "unknown_parameter", "bad_index", or "unexplained".
    """
    uses = _uses(back.recording, name)
    parameter = operands(uses[0][0])[uses[0][1]]
    assert isinstance(parameter, Tensor)
    place = _place(name, tuple(parameter.shape), tuple(index))
    value, parts = 0.0, []
    for record, nth in uses:
        _known(record)
        gradient = back.gradient(record)
        with following(record):
            (made,) = returned(back.recording, record, gradient, [nth])
            value += 0.0 if made is None else float(made[place])
        came_back = _part(back, record, nth, place)
        parts.append(Part(record.number, came_back.places, came_back.weights, came_back.inputs))
    record = uses[0][0]
    explanation = replace(gathered(back.recording, record, place, value, Terms("weight", "sum", parts)), unit=place)
    judged(record, explanation)
    return explanation


def by_picture(explanation: Explanation, pictures: int) -> Floats:
    """The sum of the products of each picture of the batch (B,)."""
    sums = np.zeros(pictures)
    np.add.at(sums, explanation.places[:, 0], explanation.products)
    return sums


def _readers(back: Backward, record: Record) -> list[Record]:
    later = back.recording.records[record.number + 1 : back.scores + 1]
    readers = [one for one in later if record.number in one.sources]
    for reader in readers:
        _known(reader)
    return readers


def _part(back: Backward, reader: Record, nth: int, place: Index) -> Part:
    """The units of `reader` that one number of its nth operand moves: what came back to them, and the slopes."""
    came_back = back.gradient(reader)
    with following(reader):
        slope, read = slopes(back.recording, reader, nth, place)
    places = read.nonzero()
    columns = places.unbind(1)
    return Part(reader.number, places.numpy(), numbers(came_back[columns]), numbers(slope[columns]))


def _at_the_loss(back: Backward, record: Record, index: Index, value: float) -> Explanation:
    picture, one = index
    share = 1 / len(back.labels)
    probability, is_right = float(back.probabilities[index]), float(back.labels[picture] == one)
    part = Part(
        None, np.array([[one], [one]]), np.array([probability, is_right]), np.array([share, -share]), kind="constant"
    )
    details = {"probability": probability, "right": is_right, "pictures": float(len(back.labels)), "loss": back.loss}
    terms = Terms("softmax_cross_entropy", "sum", [part], details=details)
    explanation = gathered(back.recording, record, index, value, terms)
    judged(record, explanation)
    return explanation


def _uses(recording: Recording, name: str) -> list[tuple[Record, int]]:
    """The calls that were given the parameter itself, and as which operand."""
    found = [
        (record, nth)
        for record in recording.records
        for nth, operand in enumerate(operands(record))
        if isinstance(operand, nn.Parameter) and recording.parameter(operand) == name
    ]
    if not found:
        every = [operand for record in recording.records for operand in operands(record)]
        names = {recording.parameter(one) for one in every if isinstance(one, nn.Parameter)}
        template = N_("no parameter {name} was used; there are {names}")
        known = ", ".join(sorted(filter(None, names))[:12])
        raise ModelError("unknown_parameter", template, "parameter", name=shortened(name), names=known)
    return found


def _place(name: str, shape: Index, index: Index) -> Index:
    whole = all(isinstance(i, (int, np.integer)) for i in index)
    if len(index) != len(shape) or not whole or not all(0 <= i < n for i, n in zip(index, shape, strict=True)):
        template = N_(
            "weight {index} is not in {name!r}, whose shape is {shape}; give {count} whole numbers from 0 to one less "
            "than these"
        )
        raise ModelError(
            "bad_index", template, "index", index=list(index), name=name, shape=list(shape), count=len(shape)
        )
    return index
