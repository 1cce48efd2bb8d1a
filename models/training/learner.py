"""The digit network learning step by step, so that it can be watched, changed on its way, and trained again.

    learner = Learner(Settings(seed=1), mnist())
    learner.step()

Everything random comes from generators of its own: the same settings, changed at the same steps, make the same weights
on the same machine, whatever else runs. `lente.models.training.script` writes the plain PyTorch lines that do.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from lente.models.mnist.reader import digits, training_digits, values
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training.digit import moved

Optimiser = Literal["sgd", "momentum", "adam"]
LAYERS = ("conv1", "conv2", "dense1", "dense2")
FROM_THE_START = ("seed", "zeros", "relu")
EARLY = (0, 1, 2, 5, 10, 20, 30, 40)
EVERY = 50
SAMPLE = 500
KEPT = 48
MOMENTUM = 0.9


@dataclass(frozen=True)
class Settings:
    """How a run learns. `noise` is the share of wrong labels; `zeros` begins with zeros instead of random weights."""

    seed: int = 0
    rate: float = 0.001
    batch: int = 64
    optimiser: Optimiser = "adam"
    digits: int = 60_000
    augmented: bool = False
    noise: float = 0.0
    zeros: bool = False
    relu: bool = True


@dataclass(frozen=True, eq=False)
class Data:
    """Digits to learn from, `images` (N, 1, 28, 28) in bytes, and to test with, `test_x` (M, 1, 28, 28) in 0..1."""

    images: Tensor
    labels: Tensor
    test_x: Tensor
    test_labels: Tensor


def mnist() -> Data:
    """All of MNIST, for as many learners as there are."""
    train, test = training_digits(), digits(train=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that they must not be written to, which nobody does
        images = torch.from_numpy(train.images)
    return Data(
        images[:, None],
        torch.tensor(train.labels).long(),
        torch.from_numpy(values(test.images))[:, None],
        torch.tensor(test.labels).long(),
    )


@dataclass(frozen=True)
class Point:
    """What was measured at one step: over the batches since the point before, and on a sample of the test digits.

    `sizes` are the lengths of the gradient of conv1, conv2, dense1 and dense2, at the last step.
    """

    step: int
    loss: float | None
    accuracy: float | None
    test_loss: float
    test_accuracy: float
    sizes: tuple[float, ...]


@dataclass
class _Sums:
    """Over the batches since the last point."""

    loss: Tensor = field(default_factory=lambda: torch.zeros(()))
    right: Tensor = field(default_factory=lambda: torch.zeros(()))
    count: int = 0
    steps: int = 0


def fresh(settings: Settings) -> DigitCNN:
    """The network as it begins: weights and biases uniform in ± 1 / sqrt(inputs of a unit), PyTorch's own choice."""
    network, dice = DigitCNN(), torch.Generator().manual_seed(settings.seed)
    for name in LAYERS:
        layer = getattr(network, name)
        bound = 1 / math.sqrt(layer.weight[0].numel())
        for parameter in layer.parameters():
            parameter.data.uniform_(-bound, bound, generator=dice)
            if settings.zeros:
                parameter.data.zero_()
    if not settings.relu:
        network.relu1 = network.relu2 = network.relu3 = nn.Identity()  # type: ignore[assignment]
    return network


def optimiser_of(settings: Settings, network: nn.Module) -> torch.optim.Optimizer:
    match settings.optimiser:
        case "adam":
            return torch.optim.Adam(network.parameters(), settings.rate)
        case "momentum":
            return torch.optim.SGD(network.parameters(), settings.rate, MOMENTUM)
        case _:
            return torch.optim.SGD(network.parameters(), settings.rate)


def labels_of(labels: Tensor, settings: Settings) -> Tensor:
    """The labels (N,), a share of them wrong, the same ones for the same seed."""
    dice = torch.Generator().manual_seed(settings.seed)
    wrong = (labels + torch.randint(1, 10, labels.shape, generator=dice)) % 10
    return torch.where(torch.rand(labels.shape, generator=dice) < settings.noise, wrong, labels)


class Learner:
    """One run.

    Attributes:
        points: what was measured so far.
        changes: the settings from the step on at which each was set, the first from 0.
    """

    def __init__(self, settings: Settings, data: Data) -> None:
        self.settings = settings
        self.network = fresh(settings)
        self.steps = 0
        self.points: list[Point] = []
        self.changes: list[tuple[int, Settings]] = [(0, settings)]
        self.data = data
        self._labels = labels_of(data.labels, settings)
        self._sample = data.test_x[:SAMPLE], data.test_labels[:SAMPLE]
        self._optimiser = optimiser_of(settings, self.network)
        self._dice = torch.Generator().manual_seed(settings.seed)
        self._order = torch.empty(0, dtype=torch.int64)
        self._sums = _Sums()
        self._kept: dict[int, Tensor] = {}
        self._read: tuple[int, Tensor, Tensor] | None = None
        self._measure()

    def step(self) -> None:
        """One batch, one step of the optimiser."""
        settings = self.settings
        count = min(settings.batch, settings.digits)
        if len(self._order) < count:
            self._order = torch.randperm(settings.digits, generator=self._dice)
        index, self._order = self._order[:count], self._order[count:]
        x, labels = self.data.images[index] / 255, self._labels[index]
        if settings.augmented:
            x = moved(x, dice=self._dice)
        scores = self.network.logits(x)
        loss = functional.cross_entropy(scores, labels)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        self.steps += 1
        sums = self._sums
        sums.loss += loss.detach()
        sums.right += (scores.detach().argmax(1) == labels).sum()
        sums.count += count
        sums.steps += 1
        if self.steps in EARLY or self.steps % EVERY == 0:
            self._measure()

    def turn(self, until: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Steps up to `until`, for so long at most."""
        end = clock() + seconds
        while self.steps < until and clock() < end:
            self.step()

    def change(self, **changed: Any) -> None:
        """Other settings from here on. ValueError for those that hold from the start."""
        if set(changed) & set(FROM_THE_START):
            raise ValueError(", ".join(sorted(set(changed) & set(FROM_THE_START))))
        before, self.settings = self.settings, replace(self.settings, **changed)
        if self.settings == before:
            return
        if self.settings.optimiser != before.optimiser:
            self._optimiser = optimiser_of(self.settings, self.network)
        for group in self._optimiser.param_groups:
            group["lr"] = self.settings.rate
        if self.settings.digits != before.digits:
            self._order = self._order[:0]
        if self.settings.noise != before.noise:
            self._labels = labels_of(self.data.labels, self.settings)
        self.changes = [one for one in self.changes if one[0] != self.steps] + [(self.steps, self.settings)]

    @property
    def epoch(self) -> int:
        """Steps for all the digits once."""
        return max(1, self.settings.digits // min(self.settings.batch, self.settings.digits))

    def _measure(self) -> None:
        sums, self._sums = self._sums, _Sums()
        x, labels = self._sample
        with torch.no_grad():
            scores = self.network.logits(x)
        gradients = [getattr(self.network, name).weight.grad for name in LAYERS]
        point = Point(
            self.steps,
            float(sums.loss) / sums.steps if sums.steps else None,
            float(sums.right) / sums.count if sums.count else None,
            float(functional.cross_entropy(scores, labels)),
            float((scores.argmax(1) == labels).float().mean()),
            tuple(0.0 if one is None else float(one.norm()) for one in gradients),
        )
        self.points.append(point)
        self._keep()

    def _keep(self) -> None:
        """The weights of this step; where there are many, every other one is let go."""
        if len(self._kept) >= KEPT:
            self._kept = dict(list(self._kept.items())[::2])
        self._kept[self.steps] = nn.utils.parameters_to_vector(self.network.parameters()).detach().clone()

    @property
    def kept(self) -> list[int]:
        """The steps whose weights can be looked back at."""
        return sorted(self._kept)

    def at(self, step: int | None = None) -> DigitCNN:
        """A copy of the network, or as it was at the last step kept that is no later than `step`."""
        copy = fresh(replace(self.settings, zeros=True))
        if step is None or step >= self.steps:
            copy.load_state_dict(self.network.state_dict())
        else:
            nearest = max((one for one in self._kept if one <= step), default=min(self._kept))
            nn.utils.vector_to_parameters(self._kept[nearest], copy.parameters())
        return copy.eval()

    def answers(self) -> tuple[Tensor, Tensor]:
        """What it reads in each of the test digits, and the share that it gives to it (10,000,); once for each step."""
        if self._read is None or self._read[0] != self.steps:
            network = self.at()
            with torch.no_grad():
                parts = [network.logits(part).softmax(1) for part in torch.split(self.data.test_x, 1000)]
            shares, answers = torch.cat(parts).max(1)
            self._read = self.steps, answers, shares
        return self._read[1:]

    def confusion(self) -> tuple[Tensor, Tensor]:
        """How many test digits of each label (rows) were read as each digit (10, 10), and all answers."""
        answers, _ = self.answers()
        return torch.bincount(self.data.test_labels * 10 + answers, minlength=100).reshape(10, 10), answers

    def mistakes(self) -> tuple[Tensor, Tensor]:
        """Places of the test digits that it reads wrong, the surest first, and what it reads there (N,)."""
        answers, shares = self.answers()
        wrong = (answers != self.data.test_labels).nonzero()[:, 0]
        wrong = wrong[shares[wrong].argsort(descending=True, stable=True)]
        return wrong, answers[wrong]

    def as_dict(self) -> dict[str, Any]:
        """Where it stands, in plain numbers."""
        return {"step": self.steps, "epoch": self.epoch, "settings": asdict(self.settings), "kept": self.kept}
