"""What a watcher of a run is told, again and again: only what is new, and only what is on the screen."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from lente.app.learning.runs.runs import Run, Runs
from lente.app.learning.runs.settings import Looked

if TYPE_CHECKING:
    from lente.models.training.learner import Learner

Array = np.ndarray[Any, np.dtype[Any]]
Tensors = dict[str, Array]
Facts = dict[str, Any]

PACE_SECONDS = 0.05
PATIENCE_SECONDS = 2.0


async def frame(runs: Runs, id: str, looked: Looked) -> tuple[Tensors, Facts]:
    """The state of a run once it is another than the watcher knows, or after two seconds.

    Facts: the run's state, `points` after the first `have`, and of all points their number `measured`. Tensors, as
    wanted: `kernels` (10, 5, 5) of conv1; `maps` (10, 28, 28) of `digit` behind ReLU, and its `probabilities` (10,).
    """
    run = runs.find(id)
    for _ in range(round(PATIENCE_SECONDS / PACE_SECONDS)):
        if run.version != looked.version:
            break
        await asyncio.sleep(PACE_SECONDS)
    await asyncio.sleep(PACE_SECONDS if run.playing else 0)  # no more than twenty in a second
    version = run.version
    tensors = await runs.do(run, lambda: _seen(run.learner, looked)) if looked.wants else {}
    return tensors, {**_facts(run, looked), "version": version}


def _facts(run: Run, looked: Looked) -> Facts:
    points = [asdict(point) for point in run.learner.points[looked.have :]]
    state = run.state()
    state["run"] = state.pop("id")  # an answer of the live channel has an id of its own
    return {**state, "points": points, "measured": len(run.learner.points)}


def _seen(learner: "Learner", looked: Looked) -> Tensors:
    import torch

    network = learner.at(looked.at) if looked.at is not None else learner.network
    found: Tensors = {}
    if "kernels" in looked.wants:
        found["kernels"] = network.conv1.weight.detach()[:, 0].numpy().copy()
    if "maps" in looked.wants and looked.digit is not None:
        x = torch.tensor(looked.digit).reshape(1, 1, 28, 28)
        with torch.no_grad():
            found["maps"] = network.relu1(network.conv1(x))[0].numpy()
            found["probabilities"] = network.logits(x).softmax(1)[0].numpy()
    return found
