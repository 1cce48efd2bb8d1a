"""What all trainers share: the settings of a run, its progress bar, and a moving average of the weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

DRY_STEPS = 3


@dataclass(frozen=True)
class Run:
    """One training: which network, on what data, with which seed, for how many epochs, written where."""

    name: str
    output: Path
    data: Path | None = None
    dataset: str = "mnist"
    seed: int = 0
    epochs: int | None = None
    dry_run: bool = False

    def steps(self, count: int, batch: int) -> int:
        """How many batches of `count` pictures the run takes."""
        return DRY_STEPS if self.dry_run else max(DRY_STEPS, (self.epochs or 1) * (count // batch))

    @property
    def command(self) -> str:
        """The command that repeats the run."""
        words = ["lente", "train", self.name, "--seed", str(self.seed)]
        words += ["--epochs", str(self.epochs)] if self.epochs else []
        words += ["--dataset", self.dataset] if self.dataset != "mnist" else []
        return " ".join(words)


def progress(run: Run, steps: int, done: int = 0) -> Iterator[tqdm]:
    """A progress bar, once per step that is not done yet; callers write what is worth knowing into it."""
    with tqdm(total=steps, initial=done, desc=run.name, mininterval=2, dynamic_ncols=True) as bar:
        for _ in range(done, steps):
            yield bar
            bar.update()


def shuffled(count: int, batch: int) -> Iterator[Tensor]:
    """Indices of batch after batch, each epoch in a new order, for ever."""
    batch = min(batch, count)
    while True:
        order = torch.randperm(count)
        yield from (order[i : i + batch] for i in range(0, count - batch + 1, batch))


def moving_average(network: nn.Module, decay: float) -> AveragedModel:
    """Weights averaged over the last steps, fewer at the beginning: better than any one step's.

    Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
    """

    def average(kept: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
        now = min(decay, float(1 + count) / float(10 + count))
        return torch.lerp(current, kept, now) if kept.is_floating_point() else current

    return AveragedModel(network, avg_fn=average, use_buffers=True)
