"""The API of convolution and pooling."""

import json
import re
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from lente.app.convolution.bodies import ConvolutionRequest, PoolingRequest
from lente.app.convolution.request import Kernel, convolve, pool
from lente.app.dependencies import ComputeDep
from lente.app.errors import BadInput, LenteError
from lente.app.i18n import N_
from lente.app.pictures.decoding import encoded, to_tensor
from lente.app.pictures.dependency import StoreDep
from lente.app.pictures.store import Store
from lente.app.server.compute import Compute
from lente.app.server.wire import SAFETENSORS, JSONRoute, tensors_response
from lente.models.phrases import shortened

Array = np.ndarray[Any, np.dtype[Any]]

router = APIRouter(prefix="/api", tags=["convolution"])

BRIEF_BYTES = 4096
BRIEF_PRODUCTS = 30_000_000
ROWS = 64
RAW = "application/octet-stream"
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {SAFETENSORS: {}, "application/json": {}, "image/png": {}, "image/jpeg": {}}}
}


class NotAPicture(LenteError):
    """The answer cannot be given in the form that was asked for."""

    status = 406


class Brief(JSONRoute):
    """Answers what takes a millisecond or so by itself: FastAPI's way to the endpoint would make it a tenth slower."""

    async def early(self, request: Request) -> Response | None:
        return await _brief(request)


async def convolution(request: Request, body: ConvolutionRequest, store: StoreDep, compute: ComputeDep) -> Response:
    """Convolves a matrix, tensor or picture.

    Answers the tensor `output`, its `shape` and the size `formula` with its numbers; for `Accept: image/png` or
    image/jpeg a picture, where the output has one or three channels, with what lies outside 0..1 clipped.
    """
    return await compute.filters.run(_convolution, request, body, store, compute)


router.add_api_route(
    "/convolution",
    convolution,
    methods=["POST"],
    response_class=Response,
    responses=ANSWERS,
    route_class_override=Brief,
)


async def pooling(request: Request, body: PoolingRequest, store: StoreDep, compute: ComputeDep) -> Response:
    """Pools a matrix, tensor or picture: the largest value or the mean of each window. Answers as convolution does."""
    return await compute.filters.run(_pooling, request, body, store, compute)


router.add_api_route(
    "/pooling", pooling, methods=["POST"], response_class=Response, responses=ANSWERS, route_class_override=JSONRoute
)


@router.post(
    "/convolution/frame",
    response_class=Response,
    responses={200: {"content": {RAW: {}, SAFETENSORS: {}}}},
    openapi_extra={
        "requestBody": {"required": True, "content": {RAW: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def frame(
    request: Request,
    compute: ComputeDep,
    width: Annotated[int, Query(ge=1, le=4096)],
    height: Annotated[int, Query(ge=1, le=4096)],
    kernel: Annotated[str, Query(description="as in convolution, written as JSON")],
    bias: float = 0,
    padding: Annotated[str, Query(description='a whole number or "same"')] = "same",
    padding_mode: str = "zeros",
    dilation: int = 1,
) -> Response:
    """Convolves one camera frame: RGBA bytes in, as a canvas has them; RGBA bytes out, clipped to 0..255.

    For `Accept: application/vnd.safetensors` the tensor `output`, as convolution answers it.
    """
    pixels = await request.body()
    pixels_added = int(padding) if re.fullmatch("[0-9]{1,9}", padding) else padding
    settings = Kernel(_json(kernel, "kernel"), bias, 1, pixels_added, padding_mode, dilation)
    exact = SAFETENSORS in request.headers.get("accept", "")
    return await compute.filters.run(_frame, request, pixels, (height, width), settings, exact, compute)


async def _brief(request: Request) -> Response | None:
    """The answer to what takes a millisecond or so: a picture at hand, few products, nothing to encode.

    None for all else, and for what cannot be read: the ordinary way says why.
    """
    if request.headers.get("accept") != SAFETENSORS or request.headers.get("content-type") != "application/json":
        return None
    text = await request.body()
    try:
        body = ConvolutionRequest.model_validate_json(text) if len(text) < BRIEF_BYTES else None
    except ValidationError:
        return None
    if body is None or not body.names_picture():
        return None
    store: Store = request.app.state.services.store
    compute: Compute[Any] = request.app.state.services.compute
    picture = store.at_hand(body.image, body.size) if compute.ready else None  # until then torch would be imported here
    if picture is None:
        return None
    settings = body.settings().checked()
    if settings.products(picture.shape) > BRIEF_PRODUCTS:
        return None
    return _answer(request, *convolve(settings, picture, compute.beside))


def _convolution(request: Request, body: ConvolutionRequest, store: Store, compute: Compute[Any]) -> Response:
    settings = body.settings().checked()
    return _answer(request, *convolve(settings, body.input(store, body.size), compute.beside, compute.budget))


def _pooling(request: Request, body: PoolingRequest, store: Store, compute: Compute[Any]) -> Response:
    return _answer(request, *pool(body.input(store), body.kind, body.size, body.stride, compute.budget))


def _answer(request: Request, output: Array, facts: dict[str, Any]) -> Response:
    accept = request.headers.get("accept", "")
    for media_type, format in (("image/png", "PNG"), ("image/jpeg", "JPEG")):
        if media_type in accept:
            return Response(encoded(_picture(output), format), media_type=media_type)
    return tensors_response(request, {"output": output}, facts)


def _picture(output: Array) -> Array:
    planes = output if output.ndim == 3 else output[None]
    if len(planes) not in (1, 3):
        template = N_("The output has {found} channels; a picture has 1 or 3. Accept application/json or {better}.")
        raise NotAPicture("not_a_picture", template, found=len(planes), better=SAFETENSORS)
    return np.broadcast_to(_bytes(planes).transpose(1, 2, 0), (*planes.shape[1:], 3))


def _bytes(output: Array) -> Array:
    """Values 0..1 (C, H, W) as bytes; some rows at a time, or what is on the way would take twice the output."""
    made = np.empty(output.shape, np.uint8)
    for start in range(0, output.shape[1], ROWS):
        rows = slice(start, start + ROWS)
        made[:, rows] = np.clip(output[:, rows] * 255 + 0.5, 0, 255.5)
    return made


def _frame(
    request: Request, pixels: bytes, size: tuple[int, int], kernel: Kernel, exact: bool, compute: Compute[Any]
) -> Response:
    height, width = size
    if len(pixels) != height * width * 4:
        template = N_("The frame has {found} bytes; {width} × {height} pixels of RGBA are {wanted}.")
        values = {"found": len(pixels), "width": width, "height": height, "wanted": height * width * 4}
        raise BadInput("frame_size", template, **values)
    rgba = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 4)
    output, facts = convolve(kernel.checked(), to_tensor(rgba[..., :3]), compute.beside, compute.budget)
    if exact:
        return tensors_response(request, {"output": output}, facts)
    answer = np.full((*output.shape[-2:], 4), 255, dtype=np.uint8)
    answer[..., :3] = _picture(output)
    headers = {"X-Width": str(answer.shape[1]), "X-Height": str(answer.shape[0])}
    return Response(answer.tobytes(), media_type=RAW, headers=headers)


def _json(text: str, field: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        template = N_("{field}: {value} is not JSON. A list of rows such as [[0, 1], [1, 0]] is accepted.")
        raise BadInput(f"{field}_not_json", template, field=field, value=shortened(text)) from error
