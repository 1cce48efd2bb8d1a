"""Trains diffusion in the plane, on `vae_2d`'s codes of the test digits, and measures it against the best answer."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from lente.models.diffusion import mixture
from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.networks import catalogue
from lente.models.networks.diffusion_plane import PlaneDiffusion
from lente.models.training.data import Pictures
from lente.models.training.run import Run, moving_average, progress, shuffled

NAME = "diffusion_plane"
SPACE = "vae_2d"
BATCH = 512
RATE = 4e-3
AVERAGE = 0.999
EPOCHS = 600
RECIPE = f"velocity, Adam, one cycle to {RATE:g}, batches of {BATCH}, weights averaged"
MEASURED = (50, 100, 200, 400, 600, 800)
DRAWN = 1000
FOLLOWED = 200

Velocity = Callable[[Tensor, float, float], Tensor]


def codes(folder: Path = catalogue.FOLDER) -> Pictures:
    """What it learns from: codes (N, 2) in place of pictures. Raises catalogue.CatalogueError."""
    stored, known = catalogue.codes(SPACE, folder), catalogue.card(SPACE, folder).files
    return Pictures(f"codes of {SPACE}", stored.mu, stored.labels, known[f"{SPACE}.codes.safetensors"])


def train(run: Run, learn: Pictures) -> PlaneDiffusion:
    """The network trained as `run` says, its weights averaged over the last steps."""
    torch.manual_seed(run.seed)
    torch.set_num_threads(1)
    network = PlaneDiffusion()
    points, schedule = network.scale(learn.images), Schedule.cosine()
    average = moving_average(network, AVERAGE)
    steps = run.steps(len(points), BATCH)
    optimiser = torch.optim.Adam(network.parameters(), RATE, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.05)
    for bar, index in zip(progress(run, steps), shuffled(len(points), BATCH), strict=False):
        loss = objective(network, schedule, points[index])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        cycle.step()
        average.update_parameters(network)
        bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
    trained = average.module
    assert isinstance(trained, PlaneDiffusion)
    return trained


def objective(network: PlaneDiffusion, schedule: Schedule, clean: Tensor) -> Tensor:
    """The squared error of the velocity, of points (B, 2), each at a step of its own."""
    step = torch.randint(1, STEPS + 1, (len(clean),))
    a, s = schedule.a[step][:, None], schedule.s[step][:, None]
    noise = torch.randn_like(clean)
    return F.mse_loss(network(a * clean + s * noise, a, s), a * noise - s * clean)


@torch.inference_mode()
def figures(network: PlaneDiffusion, learn: Pictures) -> dict[str, float]:
    """By step, the squared error of the velocity for each number: the network's, the least that is possible, and how
    far the two answers are apart; and of points taken out of noise in 50 steps of DDIM how far the nearest code lies
    (median), by the network and by the best answer."""
    random = torch.Generator().manual_seed(0)
    points, schedule = network.points(learn.images), Schedule.cosine()
    found: dict[str, float] = {}
    for step in MEASURED:
        a, s = schedule.a[step].item(), schedule.s[step].item()
        clean = points[torch.randint(len(points), (DRAWN,), generator=random)]
        noise = torch.randn(clean.shape, generator=random)
        x, true = a * clean + s * noise, a * noise - s * clean
        own, least = answer(network, x, a, s), mixture.velocity(x, points, a, s)
        found[f"velocity_error_{step}"] = F.mse_loss(own, true).item()
        found[f"velocity_error_best_{step}"] = F.mse_loss(least, true).item()
        found[f"velocity_error_between_{step}"] = F.mse_loss(own, least).item()
    start = torch.randn(FOLLOWED, 2, generator=random)
    ends = {"": flow(partial(answer, network), start, schedule), "_best": flow(best(points), start, schedule)}
    for whose, reached in ends.items():
        found[f"nearest_code{whose}"] = torch.cdist(reached, points).amin(1).median().item()
    among = torch.cdist(points[:FOLLOWED], points).topk(2, largest=False).values[:, 1]  # the nearest is itself
    return {**found, "nearest_code_of_a_code": among.median().item(), "test_pictures": len(learn)}


def answer(network: PlaneDiffusion, x: Tensor, a: float, s: float) -> Tensor:
    """The network's velocity (B, 2) of noisy points (B, 2) at one step."""
    return network(x, torch.full((len(x), 1), a), torch.full((len(x), 1), s))  # type: ignore[no-any-return]


def best(points: Tensor) -> Velocity:
    """The best answer where the clean points (N, 2) are known."""
    return lambda x, a, s: mixture.velocity(x, points, a, s)


def flow(velocity: Velocity, x: Tensor, schedule: Schedule, count: int = 50) -> Tensor:
    """Points (B, 2) taken out of noise by DDIM, in so many steps."""
    for step, earlier in pairwise(round(STEPS * (count - i) / count) for i in range(count + 1)):
        a, s = schedule.a[step].item(), schedule.s[step].item()
        v = velocity(x, a, s)
        x = schedule.a[earlier] * (a * x - s * v) + schedule.s[earlier] * (s * x + a * v)
    return x
