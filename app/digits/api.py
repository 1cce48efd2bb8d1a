"""The API of digits: a drawing in; the digit, its probabilities and every layer of the network out."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response

from lente.app.dependencies import ComputeDep
from lente.app.digits.drawing import Placed, Values, as_it_lies, from_bytes, place
from lente.app.digits.paper import Ink, find_ink
from lente.app.digits.reader import DigitsDep
from lente.app.pictures.dependency import StoreDep, UploadDep
from lente.app.pictures.store import Store
from lente.app.server.wire import Half, kept_response, lean, tensors_response

router = APIRouter(prefix="/api/digits", tags=["digits"])

CenterQuery = Annotated[bool, Query(description="place the digit as MNIST's are, or leave it where it lies")]
TargetQuery = Annotated[int, Query(ge=0, le=9, description="the digit that it is to become")]
AscentStepsQuery = Annotated[int, Query(ge=1, le=60, description="how often the picture is changed")]
MostQuery = Annotated[int, Query(ge=1, le=64, description="grey levels by which a step changes a pixel at most")]
StepsQuery = Annotated[bool, Query(description="also give the picture in grey, its ink and what was cut out")]


@router.post("", response_class=Response)
async def picture(
    request: Request,
    file: UploadDep,
    store: StoreDep,
    compute: ComputeDep,
    digits: DigitsDep,
    center: CenterQuery = True,
    steps: StepsQuery = False,
) -> Response:
    """Reads a digit from a picture file, light on dark or dark on light, drawn or photographed on paper.

    Tensors: `probabilities` (10,), `judged` (1,), how like a digit it is, 0..1, `logits` (10,),
    `input` (1, 1, 28, 28), each layer by its name, `raw` and `centred` (28, 28); with `steps` also `grey` and `ink`
    (H, W), what was taken for ink, 1 where it is full, and of it the `crop` in its box. Facts: `digit`, and `box` of
    the ink.
    """
    found, placed = await compute.pictures.run(_prepare, file, store)
    more = {"grey": found.grey, "ink": found.ink, "crop": _cut(found.ink, placed.box)} if steps else {}
    return await _answer(request, digits, placed, center, more)


@router.post("/values", response_class=Response)
async def values(
    request: Request,
    body: Annotated[bytes, Body(media_type="application/octet-stream")],
    digits: DigitsDep,
    center: CenterQuery = True,
) -> Response:
    """Reads a digit from a pad's values: 28 x 28 or 112 x 112, light on dark, float32 0..1 or bytes 0..255."""
    return await _answer(request, digits, place(from_bytes(body)), center, {})


@router.get("/judge", response_class=Response)
async def judge(request: Request, compute: ComputeDep, half: Half = False) -> Response:
    """The weights of the judge, which says whether the digit network's flattened maps (500,) are those of a digit.

    Tensors: `dense1.weight` (64, 500), `dense1.bias` (64,), `dense2.weight` (1, 64) and `dense2.bias` (1,); between the
    two ReLU, and behind them a sigmoid.
    """
    weights = (await compute.networks()).judge.state_dict()
    tensors = {name: value.numpy() for name, value in weights.items()}
    return kept_response(request, lean(tensors) if half else tensors)


@router.get("/mistakes", response_class=Response)
async def mistakes(request: Request, digits: DigitsDep) -> Response:
    """The test digits that the network reads wrong: `images` (N, 28, 28), `labels`, `answers` (N,), the surest first.

    The fact `total` says how many were tried.
    """
    tensors, facts = await (await digits()).mistakes()
    return tensors_response(request, tensors, facts)


@router.post("/ascent", response_class=Response)
async def ascent(
    request: Request,
    body: Annotated[bytes, Body(media_type="application/octet-stream")],
    digits: DigitsDep,
    target: TargetQuery,
    steps: AscentStepsQuery = 40,
    most: MostQuery = 8,
) -> Response:
    """Changes a picture until the network takes it for the digit `target`, along the gradient of its score.

    The body is 28 x 28 values, light on dark, float32 0..1 or bytes 0..255, taken as they lie. Tensors: `pictures`
    (S + 1, 28, 28), 0..1, the given one first, and of each `probabilities` (S + 1, 10) and `judged` (S + 1,).
    """
    picture = as_it_lies(from_bytes(body))
    return tensors_response(request, await (await digits()).ascend(picture, target, steps, most / 255), {})


def _prepare(file: bytes, store: Store) -> tuple[Ink, Placed]:
    found = find_ink(store.decoded(file))
    return found, place(found.ink)


def _cut(ink: Values, box: tuple[int, int, int, int]) -> Values:
    top, left, bottom, right = box
    return ink[top:bottom, left:right]


async def _answer(
    request: Request, digits: DigitsDep, placed: Placed, center: bool, more: dict[str, Values]
) -> Response:
    tensors, facts = await (await digits()).read(placed, center)
    return tensors_response(request, {**tensors, **more}, facts, sparse=True)
