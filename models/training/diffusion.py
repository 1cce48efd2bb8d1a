"""Trains the diffusion network: noise is put into a digit, at a step drawn at random, and it is to find the velocity.

It is kept after each epoch, and goes on from there when it was stopped.
"""

import hashlib
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet
from lente.models.training.data import Pictures, cache_folder
from lente.models.training.run import Run, moving_average, progress, shuffled

BATCH = 64
AVERAGE = 0.999
# How many epochs, and the highest rate of each cycle (Loshchilov and Hutter, 2017: https://arxiv.org/abs/1608.03983).
CYCLES = ((22, 2e-3), (20, 1e-3))
EPOCHS = sum(epochs for epochs, _ in CYCLES)
# The share of digits whose class is not told, so that the network knows both (Ho and Salimans, 2022).
UNTOLD = 0.1
RECIPE = (
    f"velocity, Adam, {' and '.join(f'{epochs} epochs in a cycle to {rate:g}' for epochs, rate in CYCLES)}, "
    f"batches of {BATCH}, weights averaged, the class of {UNTOLD:.0%} not told"
)


class Training:
    """A network half-way: all that must be kept for it to go on as if it had not been stopped."""

    def __init__(self, run: Run, count: int) -> None:
        torch.manual_seed(run.seed)
        self.network = initialised(DiffusionUNet()).train()
        self.average: AveragedModel = moving_average(self.network, AVERAGE)
        self.total = run.steps(count, BATCH)
        self.optimiser = torch.optim.Adam(self.network.parameters(), CYCLES[0][1], betas=(0.9, 0.99), fused=True)
        self.schedule = self.cycle(0)
        self.step = 0

    def cycle(self, number: int) -> torch.optim.lr_scheduler.OneCycleLR:
        """How the rate rises and falls in one of CYCLES, from now on."""
        count = self.begins(number + 1) - self.begins(number)
        return torch.optim.lr_scheduler.OneCycleLR(self.optimiser, CYCLES[number][1], count, pct_start=0.05)

    def begins(self, number: int) -> int:
        """The step at which one of CYCLES begins, or where the last one ends."""
        return round(self.total * sum(epochs for epochs, _ in CYCLES[:number]) / EPOCHS)

    def advance(self) -> None:
        """Counts a step whose gradients are there: weights, rate and average are brought up to it."""
        self.optimiser.step()
        self.schedule.step()
        self.average.update_parameters(self.network)
        self.step += 1
        begun = [number for number in range(1, len(CYCLES)) if self.step == self.begins(number)]
        if begun:
            self.schedule = self.cycle(begun[0])

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer | torch.optim.lr_scheduler.LRScheduler]:
        return {
            "network": self.network, "average": self.average, "optimiser": self.optimiser, "schedule": self.schedule,
        }  # fmt: skip

    def keep(self, path: Path) -> None:
        """Writes everything, the random numbers' state too; what was kept before is there until it is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {name: part.state_dict() for name, part in self.parts().items()}
        torch.save({**kept, "step": self.step, "random": torch.get_rng_state()}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def go_on(self, path: Path) -> None:
        """Takes up what was kept, where there is something."""
        if path.exists():
            kept = torch.load(path, weights_only=True)
            self.schedule = self.cycle(sum(self.begins(number) <= kept["step"] for number in range(1, len(CYCLES))))
            for name, part in self.parts().items():
                part.load_state_dict(kept[name])
            self.step = kept["step"]
            torch.set_rng_state(kept["random"])


def train(run: Run, learn: Pictures) -> nn.Module:
    """The network trained as `run` says, its weights averaged over the last steps."""
    torch.set_num_threads(1)
    training, path = Training(run, len(learn)), unfinished(run, learn)
    training.go_on(path)
    batches, schedule = shuffled(len(learn), BATCH), Schedule.cosine()
    each_epoch = max(1, len(learn) // BATCH)
    for bar in progress(run, training.total, training.step):
        index = next(batches)
        loss = objective(training.network, schedule, learn.images[index] / 127.5 - 1, learn.labels[index])
        training.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        training.advance()
        if training.step % 100 == 0:
            bar.set_postfix(loss=f"{loss.item():.4f}")
        if training.step % each_epoch == 0 and not run.dry_run:
            training.keep(path)
    return training.average.module


def unfinished(run: Run, learn: Pictures) -> Path:
    """Where a training is kept that nobody has finished: one file for each recipe."""
    said = json.dumps([run.command, RECIPE, learn.sha256])
    return cache_folder() / "unfinished" / f"{run.name}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.pt"


def objective(network: nn.Module, schedule: Schedule, clean: Tensor, labels: Tensor) -> Tensor:
    """The squared error of the velocity, of digits (B, 1, 28, 28) in -1..1, each at a step of its own."""
    step = torch.randint(1, STEPS + 1, (len(clean),))
    noise = torch.randn_like(clean)
    told = torch.where(torch.rand(len(clean)) < UNTOLD, NO_CLASS, labels)
    x = schedule.noisy(clean, noise, step).contiguous(memory_format=torch.channels_last)
    return F.mse_loss(network(x, step, told), schedule.velocity(clean, noise, step))


def initialised(network: DiffusionUNet) -> DiffusionUNet:
    """Laid out for this processor's convolutions; it begins with the answer 0."""
    nn.init.zeros_(network.leave.weight)
    nn.init.zeros_(network.leave.bias)  # type: ignore[arg-type]
    return network.to(memory_format=torch.channels_last)
