"""The API of why: which part of the picture speaks for a class, and which channels carry it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from lente.app.features.view import ViewDep, shown
from lente.app.i18n import language_of
from lente.app.server.places import whole_numbers
from lente.app.server.progress import LINES, NDJSON, steps_response, told_response, wants_steps
from lente.app.server.wire import SAFETENSORS, tensors_response

if TYPE_CHECKING:
    from lente.app.features.ablation import Effects
    from lente.app.features.attribution import Answer
    from lente.app.features.shown import Shown

router = APIRouter()

ClassQuery = Annotated[int | None, Query(alias="class", description="index of the class; the most likely unless given")]
STEPS: dict[int | str, dict[str, Any]] = {200: {"content": {SAFETENSORS: {}, "application/json": {}, NDJSON: {}}}}


@router.get("/{name}/attribution/{image}", response_class=Response, responses=STEPS)
async def attribution(
    request: Request,
    view: ViewDep,
    method: Literal["grad_cam", "saliency", "integrated_gradients", "occlusion"],
    index: ClassQuery = None,
    layer: Annotated[str, Query(description="for grad_cam; the last layer of maps unless given")] = "",
    baseline: Annotated[
        Literal["black", "white", "mean", "blur"], Query(description="for integrated_gradients and occlusion")
    ] = "black",
    steps: Annotated[int, Query(ge=2, le=512, description="of integrated_gradients")] = 32,
    window: Annotated[int | None, Query(ge=1, description="of occlusion, in pixels of the network's input")] = None,
    stride: Annotated[int | None, Query(ge=1, description="of occlusion")] = None,
    randomise: Annotated[bool, Query(description="random weights, as a check: the answer should change")] = False,
    target: Annotated[
        str, Query(description="instead of a class: units of a layer, summed, such as LAYER@3,10:20,10:20")
    ] = "",
) -> Response:
    """The tensor `attribution` (H, W): how much each place speaks for the class, or for the units in `target`.

    Facts: `class`, `logit`, `signed`, and what belongs to the method, such as `convergence_delta`. For
    `Accept: application/x-ndjson` a line of JSON for each step, the last one with the result; closing the connection
    ends the work.
    """
    from lente.app.features.attribution import Question, answer, check

    found, _, prepared = await view.input()
    side = min(found.input_shape[-2:])
    window = window or max(1, side // 7)
    question = Question(method, index, layer, baseline, steps, window, stride or max(1, window // 2), randomise, target)
    await view.compute.run(lambda: check(question, found))
    long = view.compute.long

    @found.own_code()
    def work(progress: Any) -> "Answer":
        return answer(found, prepared, view.surgery, question, progress)

    if wants_steps(request):
        return steps_response(
            request, long, work, lambda made: {**_lists(made.attribution), **made.facts}, backward_bytes(found)
        )
    made = await long.result(work, backward_bytes(found))
    return tensors_response(request, {"attribution": made.attribution.numpy()}, made.facts)


@router.get("/{name}/ablation/{image}", response_class=Response, responses=STEPS)
async def ablation(request: Request, view: ViewDep, layer: str, index: ClassQuery = None) -> Response:
    """What a class loses with each channel of a layer, switched off in truth: `probability` (C,) and `logit` (C,).

    For `Accept: application/x-ndjson` a line of JSON for each step, as with attribution.
    """
    from lente.app.features.ablation import ROOM_BYTES, ablate, check

    found, _, prepared = await view.input()
    await view.compute.run(lambda: check(found, layer, index))
    long, room = view.compute.long, found.pass_bytes + ROOM_BYTES

    @found.own_code()
    def work(progress: Any) -> "Effects":
        return ablate(found, prepared, view.surgery, layer, index, progress)

    if wants_steps(request):
        return steps_response(
            request, long, work, lambda made: {**_facts(made), **_lists(made.probability, made.logit)}, room
        )
    made = await long.result(work, room)
    tensors = {"probability": made.probability.numpy(), "logit": made.logit.numpy()}
    return tensors_response(request, tensors, _facts(made))


@router.get("/{name}/blame/{image}", response_class=Response)
async def blame(
    request: Request,
    view: ViewDep,
    layer: str,
    channel: Annotated[int, Query(ge=0, description="which map of the layer")] = 0,
    index: ClassQuery = None,
    place: Annotated[str, Query(description="row and column in the map; where most came back unless given")] = "",
    weight: Annotated[str, Query(description="place of a weight; the one with the largest gradient unless given")] = "",
    limit: Annotated[int, Query(ge=0, le=1000, description="terms of each sum, the strongest first")] = 12,
) -> Response:
    """What comes back from the loss, were the picture of that class, to a map and to a weight that made it, as sums.

    Tensors: `came_back` (H, W) to the map, `kernel` (h, w) of gradients. Facts: `class`, `probability`, `loss`, `unit`
    and its `sum`; of a layer with weights `parameter`, `shape`, `index` and `weight`, the sum. 422 names an operation
    on the way that is not known.
    """
    from lente.app.features.blame import Asked, blamed

    at, own = (whole_numbers(text) if text else None for text in (place, weight))
    asked = Asked(layer, channel, index, at, own, limit)
    tensors, facts = await view.look(lambda _shown, capture: blamed(capture, asked), passes=2)
    return tensors_response(request, tensors, facts)


def backward_bytes(shown: "Shown") -> int:
    """What a pass and its way back take: the pass keeps what the way back reads."""
    return 2 * shown.pass_bytes


def _facts(made: "Effects") -> dict[str, Any]:
    return {"layer": made.layer, "class": made.index, "whole_probability": made.whole_probability}


def _lists(*tensors: Any) -> dict[str, Any]:
    names = ["attribution"] if len(tensors) == 1 else ["probability", "logit"]
    return {name: tensor.tolist() for name, tensor in zip(names, tensors, strict=True)}


@router.get("/{name}/nudge/{image}", responses=LINES, response_model=None)
async def nudge(
    request: Request,
    view: ViewDep,
    epsilon: Annotated[
        float | None,
        Query(ge=0.25, le=16, description="grey levels a pixel may differ by; the smallest unless given"),
    ] = None,
    other: Annotated[str, Query(description="name of a second network, which is asked too")] = "photo_cnn",
) -> Response | dict[str, Any]:
    """How little turns the answer: `before` and `after` (what both networks say, and the picture), `change`, amplified.

    Pictures are PNGs in data addresses. `largest_change` is in grey levels, `amplified` by how much the change is drawn
    larger. For `Accept: application/x-ndjson` a line of JSON for each step.
    """
    from lente.app.features.nudging import Push, check, push

    found, _, prepared = await view.input()
    second = await shown(view.compute, other)
    for network in (found, second):
        check(network)
    language = language_of(request)

    @found.own_code()
    @second.own_code()
    def work(progress: Any) -> dict[str, Any]:
        return push(found, second, prepared, view.surgery, Push(epsilon), language, progress)

    return await told_response(request, view.compute.long, work, backward_bytes(found))


@router.get("/{name}/faithfulness/{image}", responses=LINES, response_model=None)
async def faithfulness(
    request: Request,
    view: ViewDep,
    method: Literal["grad_cam", "saliency", "integrated_gradients", "occlusion"],
    index: ClassQuery = None,
    layer: Annotated[str, Query(description="for grad_cam; the last layer of maps unless given")] = "",
    baseline: Annotated[Literal["black", "white", "mean", "blur"], Query()] = "black",
) -> Response | dict[str, Any]:
    """Whether an attribution is any good: the class's probability while the pixels that it puts first are taken away
    (`deletion`) or given back (`insertion`), with the areas under both, for the `attribution`, for a `random` order and
    for the attribution of the network with random weights, `randomised`."""
    from lente.app.features.attribution import Question, check
    from lente.app.features.faithfulness import curves

    found, _, prepared = await view.input()
    window = max(1, found.preparation.size // 7)
    question = Question(method, index, layer, baseline, 16, window, window)
    await view.compute.run(lambda: check(question, found))

    @found.own_code()
    def work(progress: Any) -> dict[str, Any]:
        return curves(found, prepared, view.surgery, question, progress)

    return await told_response(request, view.compute.long, work, backward_bytes(found))
