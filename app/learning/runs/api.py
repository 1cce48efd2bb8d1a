"""The API of runs: a network that learns from noise, here and now."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse

from lente.app.learning.runs.frames import frame as frame_of
from lente.app.learning.runs.runs import Runs
from lente.app.learning.runs.settings import KEY_LENGTH, Begun, Looked, Told
from lente.app.server.wire import JSONRoute, SafetensorsResponse, tensors_response

router = APIRouter(prefix="/api/learning/runs", tags=["learning"], route_class=JSONRoute)

KeyQuery = Annotated[str, Query(max_length=KEY_LENGTH, description="that of whoever began the run")]
DigitQuery = Annotated[int, Query(ge=0, le=9)]
LimitQuery = Annotated[int, Query(ge=1, le=200)]


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


@router.get("/{id}/weights", response_class=Response)
async def weights(id: str, runs: RunsDep) -> Response:
    """The network as it is, as a safetensors file that PyTorch loads into `DigitCNN`."""
    run = runs.find(id)
    network = await runs.do(run, run.learner.at)
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    headers = {"Content-Disposition": f'attachment; filename="digit_cnn_{run.learner.steps}.safetensors"'}
    return SafetensorsResponse(tensors, {"step": run.learner.steps}, headers=headers)


@router.get("/{id}/script", response_class=PlainTextResponse)
async def lines(id: str, runs: RunsDep) -> PlainTextResponse:
    """The PyTorch lines that train it again to the same weights."""
    run = runs.find(id)
    from lente.models.training.script import script

    headers = {"Content-Disposition": 'attachment; filename="train_again.py"'}
    return PlainTextResponse(await runs.do(run, lambda: script(run.learner)), headers=headers)
