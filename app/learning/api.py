"""The API of learning: gradients as sums that add up."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from lente.app.dependencies import ComputeDep
from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.learning.batch import MOST, Asked, Place, batch
from lente.app.learning.networks import NetworksDep
from lente.app.server.places import whole_numbers
from lente.app.server.queues.lanes import Lane
from lente.app.server.wire import JSONRoute, kept_json, kept_response, tensors_response

router = APIRouter(prefix="/api/learning", tags=["learning"], route_class=JSONRoute)

LayerQuery = Annotated[str, Query(max_length=100, description="a layer's name, or input")]
PlaceQuery = Annotated[str, Query(max_length=60, description="whole numbers with commas between them")]
ParameterQuery = Annotated[str, Query(max_length=100, description="a parameter's name, such as conv1.weight")]
PictureQuery = Annotated[int, Query(ge=0, description="which picture of the batch")]
LimitQuery = Annotated[int, Query(ge=0, le=1000, description="how many terms, the strongest first")]
RateQuery = Annotated[float, Query(gt=0, le=100, description="the learning rate", allow_inf_nan=False)]
ByQuery = Annotated[float, Query(ge=-10, le=10, description="how far the weight is nudged", allow_inf_nan=False)]
LEAST_NUDGE = 1e-6
FEW = 8
PICTURE_BYTES = 1_500_000  # of a batch while its gradients are sought, as measured


class Weight(BaseModel):
    """One weight: its parameter and its place there."""

    parameter: str = Field(max_length=100)
    index: list[int] = Field(max_length=6)


class Two(Asked):
    """Two weights that are moved by up to `reach`, and by one step of descent at `rate`."""

    weights: list[Weight] = Field(min_length=2, max_length=2)
    reach: float = Field(gt=0, le=100, allow_inf_nan=False)
    rate: float = Field(default=0.1, gt=0, le=100, allow_inf_nan=False)


async def _by_places(
    digits: Annotated[list[Place], Query(max_length=MOST, description="places in MNIST's 60,000; repeat it")],
    run: Annotated[str | None, Query(max_length=64, description="a network that is learning, or has learnt")] = None,
) -> Asked:
    return Asked(digits=digits, run=run)


ByPlaces = Annotated[Asked, Depends(_by_places)]
Question = Callable[[Asked], Awaitable[dict[str, Any]]]  # once it is known of which pictures


@router.post("/gradients", response_class=Response)
async def gradients(request: Request, asked: Asked, compute: ComputeDep, networks: NetworksDep) -> Response:
    """What comes back from the loss to every unit, and the gradient of every weight.

    Tensors: each layer (B, ...) by its name, `input` first; each parameter by its name; `pictures` (B, 28, 28) and
    `probabilities` (B, 10). Facts: `loss`, the mean cross-entropy, and `labels`.
    """
    return tensors_response(request, *await _everything(asked, compute, networks))


@router.get("/gradients", response_class=Response)
async def gradients_of_digits(
    request: Request, asked: ByPlaces, compute: ComputeDep, networks: NetworksDep
) -> Response:
    """The same of MNIST's digits alone: a browser keeps it as long as the weights are the same."""
    return kept_response(request, *await _everything(asked, compute, networks))


async def _everything(asked: Asked, compute: ComputeDep, networks: NetworksDep) -> Any:
    network = await networks(asked)
    from lente.app.learning.gradients import everything

    def work() -> Any:
        with compute.budget.of((len(asked.pictures) + len(asked.digits)) * PICTURE_BYTES):
            return everything(network, batch(asked))

    return await _lane(compute, asked).run(work)


async def _unit(
    layer: LayerQuery,
    unit: PlaceQuery,
    compute: ComputeDep,
    networks: NetworksDep,
    picture: PictureQuery = 0,
    limit: LimitQuery = 12,
) -> Question:
    async def answer(asked: Asked) -> dict[str, Any]:
        network, place = await networks(asked), whole_numbers(unit)
        from lente.app.learning.gradients import of_unit

        return await _lane(compute, asked).run(lambda: of_unit(network, batch(asked), layer, place, picture, limit))

    return answer


AboutUnit = Annotated[Question, Depends(_unit)]


@router.post("/gradients/unit", response_model=dict[str, Any])
async def unit_gradient(request: Request, asked: Asked, about: AboutUnit) -> Response:
    """What came back to one unit: `terms` of its readers, `input` what came back there and `weight` the slope."""
    return kept_json(request, await about(asked), kept=False)


@router.get("/gradients/unit", response_model=dict[str, Any])
async def unit_gradient_of_digits(request: Request, asked: ByPlaces, about: AboutUnit) -> Response:
    """The same of MNIST's digits alone, which a browser keeps."""
    return kept_json(request, await about(asked))


async def _weight(
    parameter: ParameterQuery, index: PlaceQuery, compute: ComputeDep, networks: NetworksDep, limit: LimitQuery = 12
) -> Question:
    async def answer(asked: Asked) -> dict[str, Any]:
        network, place = await networks(asked), whole_numbers(index)
        from lente.app.learning.gradients import of_weight

        return await _lane(compute, asked).run(lambda: of_weight(network, batch(asked), parameter, place, limit))

    return answer


AboutWeight = Annotated[Question, Depends(_weight)]


@router.post("/gradients/weight", response_model=dict[str, Any])
async def weight_gradient(request: Request, asked: Asked, about: AboutWeight) -> Response:
    """The gradient of one weight: `terms` by place, `input` what came in and `weight` what came back; `by_picture`."""
    return kept_json(request, await about(asked), kept=False)


@router.get("/gradients/weight", response_model=dict[str, Any])
async def weight_gradient_of_digits(request: Request, asked: ByPlaces, about: AboutWeight) -> Response:
    """The same of MNIST's digits alone, which a browser keeps."""
    return kept_json(request, await about(asked))


async def _step(
    parameter: ParameterQuery,
    index: PlaceQuery,
    compute: ComputeDep,
    networks: NetworksDep,
    rate: RateQuery = 0.1,
    by: ByQuery = 0.01,
) -> Question:
    async def answer(asked: Asked) -> dict[str, Any]:
        if abs(by) < LEAST_NUDGE:
            template = N_("by is {value:g}: sizes from {least:g} to 10 are accepted.")
            raise BadInput("nudge_too_small", template, value=by, least=LEAST_NUDGE)
        network, place = await networks(asked), whole_numbers(index)
        from lente.app.learning.gradients import moved

        found: dict[str, Any] = await compute.in_parts(lambda: moved(network, batch(asked), parameter, place, rate, by))
        return found

    return answer


AboutStep = Annotated[Question, Depends(_step)]


@router.post("/gradients/step", response_model=dict[str, Any])
async def step(request: Request, asked: Asked, about: AboutStep) -> Response:
    """One weight moved: by hand, with the `slope` that was measured, and by a step of descent.

    The losses before and after it, of these pictures and of 1,000 `others`; and the loss along the weight, `slice`.
    """
    return kept_json(request, await about(asked), kept=False)


@router.get("/gradients/step", response_model=dict[str, Any])
async def step_of_digits(request: Request, asked: ByPlaces, about: AboutStep) -> Response:
    """The same of MNIST's digits alone, which a browser keeps."""
    return kept_json(request, await about(asked))


@router.post("/gradients/slice", response_class=Response)
async def slice_of_two(request: Request, asked: Two, compute: ComputeDep, networks: NetworksDep) -> Response:
    """`losses` (17, 17) where two weights are moved by -reach to reach, the first down the rows.

    Facts: `old` weights, their `gradients`, the `new` ones after a step of descent, and the `loss` before it and
    `loss_after` it.
    """
    network = await networks(asked)
    from lente.app.learning import gradients as sums

    weights = [(one.parameter, tuple(one.index)) for one in asked.weights]
    found = await compute.in_parts(lambda: sums.slice_of_two(network, batch(asked), weights, asked.reach, asked.rate))
    return tensors_response(request, *found)


def _lane(compute: ComputeDep, asked: Asked) -> Lane:
    """A few pictures wait for no photograph, and keep no drawing hand waiting."""
    return compute.small if len(asked.pictures) + len(asked.digits) <= FEW else compute.large
