"""The API of runs: a network that learns from noise, here and now."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse

from lente.app.dependencies import ComputeDep
from lente.app.learning.runs.frames import frame as frame_of
from lente.app.learning.runs.runs import Runs
from lente.app.learning.runs.settings import KEY_LENGTH, Begun, Climbed, Looked, Told
from lente.app.server.wire import JSONRoute, SafetensorsResponse, tensors_response

if TYPE_CHECKING:
    from lente.models.networks.digit_cnn import DigitCNN

router = APIRouter(prefix="/api/learning/runs", tags=["learning"], route_class=JSONRoute)

KeyQuery = Annotated[str, Query(max_length=KEY_LENGTH, description="that of whoever began the run")]
DigitQuery = Annotated[int, Query(ge=0, le=9)]
LimitQuery = Annotated[int, Query(ge=1, le=200)]
MistakesQuery = Annotated[int, Query(ge=1, le=1000)]


async def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.services.runs
    return runs


RunsDep = Annotated[Runs, Depends(_runs)]


@router.post("", status_code=201)
async def begin(settings: Begun, runs: RunsDep) -> dict[str, Any]:
    """Begins a run, paused. Its `id` lets anybody watch, its `key` lets you change it."""
    run = await runs.begin(settings)
    return {**run.state(), "key": run.key}


@router.get("/{id}")
async def state(id: str, runs: RunsDep) -> dict[str, Any]:
    """Where a run stands."""
    return runs.find(id).state()


@router.post("/{id}")
async def tell(id: str, told: Told, runs: RunsDep) -> dict[str, Any]:
    """Lets a run go on up to the step `until`, pauses it, or gives it other `settings` from here on."""
    return (await runs.tell(id, told)).state()


@router.delete("/{id}", status_code=204)
async def end(id: str, key: KeyQuery, runs: RunsDep) -> None:
    """Ends a run and forgets it."""
    runs.end(id, key)


@router.post("/{id}/frame", response_class=Response)
async def frame(request: Request, id: str, looked: Looked, runs: RunsDep) -> Response:
    """What a watcher wants to see, once there is something new; the live channel's ask `run` answers the same."""
    tensors, facts = await frame_of(runs, id, looked)
    return tensors_response(request, tensors, facts)


@router.get("/{id}/confusion", response_class=Response)
async def confusion(request: Request, id: str, runs: RunsDep) -> Response:
    """`counts` (10, 10): of the 10,000 test digits with each label (rows), how many are read as each digit."""
    run = runs.find(id)
    counts, _ = await runs.do(run, run.learner.confusion)
    right = int(counts.trace())
    return tensors_response(request, {"counts": counts.float().numpy()}, {"step": run.learner.steps, "right": right})


@router.get("/{id}/digits", response_class=Response)
async def digits(
    request: Request, id: str, label: DigitQuery, answer: DigitQuery, runs: RunsDep, limit: LimitQuery = 60
) -> Response:
    """The test digits behind one cell of the confusion matrix: `images` (N, 28, 28), at most `limit`; fact `total`."""
    run = runs.find(id)
    _, answers = await runs.do(run, run.learner.confusion)
    data = run.learner.data
    found = np.flatnonzero(((data.test_labels == label) & (answers == answer)).numpy())
    images = data.test_x[found[:limit], 0].numpy().reshape(-1, 28, 28)
    return tensors_response(request, {"images": images}, {"total": len(found)})


@router.get("/{id}/mistakes", response_class=Response)
async def mistakes(request: Request, id: str, runs: RunsDep, limit: MistakesQuery = 120) -> Response:
    """The test digits that it reads wrong now: `images` (N, 28, 28), `labels`, `answers` (N,), the surest first.

    At most `limit` of them. Facts: `wrong`, how many there are, of `total`, at `step`.
    """
    run = runs.find(id)
    places, answers = await runs.do(run, run.learner.mistakes)
    data, shown = run.learner.data, places[:limit]
    images = data.test_x[shown, 0].numpy().reshape(-1, 28, 28)
    tensors = {"images": images, "labels": data.test_labels[shown].numpy(), "answers": answers[:limit].numpy()}
    facts = {"wrong": len(places), "total": len(data.test_labels), "step": run.learner.steps}
    return tensors_response(request, tensors, facts)


@router.post("/{id}/ascent", response_class=Response)
async def ascent(request: Request, id: str, asked: Climbed, runs: RunsDep, compute: ComputeDep) -> Response:
    """Changes a picture until the run's network, as it is now, takes it for the digit `target`.

    Tensors: `pictures` (S + 1, 28, 28), 0..1, the given one first, and of each `probabilities` (S + 1, 10).
    """
    run = runs.find(id)
    network = await runs.do(run, run.learner.at)
    return tensors_response(request, await compute.run(_ascend, network, asked), {})


def _ascend(network: "DigitCNN", asked: Climbed) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    import torch

    from lente.models.networks.ascent import ascend

    picture = torch.tensor(asked.picture).reshape(28, 28)
    pictures, probabilities = ascend(network, picture, asked.target, asked.steps, asked.most / 255)
    return {"pictures": pictures.numpy(), "probabilities": probabilities.numpy()}


@router.get("/{id}/weights", response_class=Response)
async def weights(id: str, runs: RunsDep) -> Response:
    """The network as it is, as a safetensors file that PyTorch loads into `DigitCNN`."""
    run = runs.find(id)
    network = await runs.do(run, run.learner.at)
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    headers = {"Content-Disposition": f'attachment; filename="digit_cnn_{run.learner.steps}.safetensors"'}
    facts = {"step": run.learner.steps, "relu": run.learner.settings.relu}
    return SafetensorsResponse(tensors, facts, headers=headers)


@router.get("/{id}/script", response_class=PlainTextResponse)
async def lines(id: str, runs: RunsDep) -> PlainTextResponse:
    """The PyTorch lines that train it again to the same weights."""
    run = runs.find(id)
    from lente.models.training.script import script

    headers = {"Content-Disposition": 'attachment; filename="train_again.py"'}
    return PlainTextResponse(await runs.do(run, lambda: script(run.learner)), headers=headers)
