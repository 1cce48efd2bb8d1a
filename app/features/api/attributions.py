"""The API of why: which part of the picture speaks for a class, and which channels carry it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from lente.app.features.view import ViewDep
from lente.app.server.progress import NDJSON, steps_response, wants_steps
from lente.app.server.wire import SAFETENSORS, tensors_response

if TYPE_CHECKING:
    from lente.app.features.ablation import Effects
    from lente.app.features.attribution import Answer

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

    shown, _, prepared = await view.input()
    side = min(shown.input_shape[-2:])
    window = window or max(1, side // 7)
    question = Question(method, index, layer, baseline, steps, window, stride or max(1, window // 2), randomise, target)
    await view.compute.run(lambda: check(question, shown))
    long = view.compute.long

    def work(progress: Any) -> "Answer":
        with shown.own_code():
            return answer(shown, prepared, view.surgery, question, progress)

    if wants_steps(request):
        return steps_response(request, long, work, lambda made: {**_lists(made.attribution), **made.facts})
    made = await long.result(work)
    return tensors_response(request, {"attribution": made.attribution.numpy()}, made.facts)


@router.get("/{name}/ablation/{image}", response_class=Response, responses=STEPS)
async def ablation(request: Request, view: ViewDep, layer: str, index: ClassQuery = None) -> Response:
    """What a class loses with each channel of a layer, switched off in truth: `probability` (C,) and `logit` (C,).

    For `Accept: application/x-ndjson` a line of JSON for each step, as with attribution.
    """
    from lente.app.features.ablation import ablate, check

    shown, _, prepared = await view.input()
    await view.compute.run(lambda: check(shown, layer, index))
    long = view.compute.long

    def work(progress: Any) -> "Effects":
        with shown.own_code():
            return ablate(shown, prepared, view.surgery, layer, index, progress)

    if wants_steps(request):
        return steps_response(
            request, long, work, lambda made: {**_facts(made), **_lists(made.probability, made.logit)}
        )
    made = await long.result(work)
    tensors = {"probability": made.probability.numpy(), "logit": made.logit.numpy()}
    return tensors_response(request, tensors, _facts(made))


def _facts(made: "Effects") -> dict[str, Any]:
    return {"layer": made.layer, "class": made.index, "whole_probability": made.whole_probability}


def _lists(*tensors: Any) -> dict[str, Any]:
    names = ["attribution"] if len(tensors) == 1 else ["probability", "logit"]
    return {name: tensor.tolist() for name, tensor in zip(names, tensors, strict=True)}
