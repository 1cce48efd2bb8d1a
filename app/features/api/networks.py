"""The API of networks: what there is, what each is made of, and what it computes for a picture."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from lente.app.dependencies import ComputeDep
from lente.app.errors import BadInput, NotFound
from lente.app.features.api import attributions, files, seeking
from lente.app.features.view import View, ViewDep, shown
from lente.app.i18n import N_, language_of, translate
from lente.app.pictures.decoding import encoded
from lente.app.pictures.samples import SAMPLES
from lente.app.server.progress import LINES, told_response
from lente.app.server.wire import (
    Half,
    Lean,
    far,
    kept_json,
    kept_response,
    lean,
    png_response,
    tensors_response,
    wants_png,
)
from lente.models.phrases import shortened

if TYPE_CHECKING:
    from lente.app.features.captures import Capture
    from lente.app.features.shown import Shown

router = APIRouter(prefix="/api/networks", tags=["networks"])
router.include_router(attributions.router)
router.include_router(files.router)
router.include_router(seeking.router)

LayerQuery = Annotated[list[str], Query(alias="layer", description="names of layers; repeat it for several")]


@router.get("", response_model=dict[str, list[dict[str, Any]]])
async def names(request: Request, compute: ComputeDep) -> Response:
    """The networks that classify pictures: those in the box, then torchvision's, with what is known before loading."""
    networks, language = await compute.networks(), language_of(request)
    summaries = networks.summaries()
    told = [{**each, "title": translate(language, each["title"])} for each in summaries]
    return kept_json(request, {"networks": told}, Vary="Accept, Accept-Language")


@router.get("/{name}", response_model=dict[str, Any])
async def network(request: Request, name: str, compute: ComputeDep) -> Response:
    """Layers in the order in which they run: operation, inputs, shape, parameters, multiplications, field, options."""
    found = await shown(compute, name)
    from lente.app.features.description import told, told_notes

    about = await compute.alike.run(("about", name), lambda: compute.run(told, found))
    language = language_of(request)
    facts = {**about, **told_notes(found, language), "title": translate(language, found.title)}
    return kept_json(request, facts)


@router.get("/{name}/kernels", response_class=Response)
async def all_kernels(request: Request, name: str, compute: ComputeDep, half: Half = False) -> Response:
    """The weights of all layers of a small network, `LAYER.weight` and `LAYER.bias`: see below for one layer's."""
    found = await shown(compute, name)
    from lente.app.features.description import all_kernels

    tensors = all_kernels(found)
    return kept_response(request, lean(tensors) if half else tensors)


@router.get("/{name}/fields", responses=LINES, response_model=None)
async def fields(request: Request, name: str, compute: ComputeDep) -> Response | dict[str, Any]:
    """Of every layer of a network its receptive field, or the layer that hides it (`obstacle`).

    They may take minutes where a network moves its numbers about much. For `Accept: application/x-ndjson` a line of
    JSON for each step, the last one with the result; closing the connection ends the work.
    """
    found = await shown(compute, name)
    from lente.app.features.description import told_fields

    return await told_response(request, compute.long, lambda progress: told_fields(found, progress))


@router.get("/{name}/kernels/{layer}", response_class=Response)
async def kernels(request: Request, name: str, layer: str, compute: ComputeDep) -> Response:
    """The tensors `weight`, (O, I, H, W) or (O, I), and `bias`, (O,), of a layer."""
    found = await shown(compute, name)
    from lente.app.features.description import kernels

    tensors, facts = kernels(found, layer)
    return kept_response(request, tensors, facts)


@router.get("/{name}/input/{image}", response_class=Response)
async def input_(
    request: Request,
    view: ViewDep,
    whole: Annotated[bool, Query(description="pixels in few bytes; no input where it is these, normalised")] = False,
) -> Response:
    """What the network is given: `input` (1, C, S, S), normalised, `pixels` (C, S, S), 0..1, and which crop that is.

    For `Accept: image/png` the crop as a picture. With `whole` the pixels are bytes, and for another computer
    `picture`, the bytes of a WebP that has all of them.
    """
    found, picture, prepared = await view.input()
    channels = 1 if prepared.preparation.channels == 1 else 3
    if wants_png(request):
        return png_response(prepared.pixels / 255)
    pixels = prepared.pixels.transpose(2, 0, 1)[:channels]
    given = prepared.values[None].astype("float32")
    if whole and prepared.crop and channels == 3 and far(request):
        picture_file = await view.compute.alike.run(
            ("file", view.key), lambda: view.compute.pictures.run(encoded, prepared.pixels, "WEBP")
        )
        tensors: dict[str, Any] = Lean({"picture": np.frombuffer(picture_file, np.uint8)})
    elif whole:
        tensors = Lean({"pixels": pixels} if prepared.crop else {"pixels": pixels, "input": given})
    else:
        tensors = {"input": given, "pixels": pixels / 255}
    facts = {
        "width": picture.shape[1],
        "height": picture.shape[0],
        "size": found.preparation.size,
        "crop": asdict(prepared.crop) if prepared.crop else None,
        "mean": prepared.preparation.mean[:channels],
        "std": prepared.preparation.std[:channels],
    }
    return _answer(request, view, tensors, facts)


@router.get("/{name}/thumbnails/{image}", response_class=Response)
async def thumbnails(
    request: Request,
    view: ViewDep,
    side: Annotated[int, Query(ge=1, le=64, description="longest side of a thumbnail, in pixels")] = 16,
    most: Annotated[int, Query(ge=1, le=4096, description="maps of each layer, at most; its first ones")] = 4096,
    layer: Annotated[list[str] | None, Query(description="only these layers; repeat it for several")] = None,
) -> Response:
    """Every layer's maps, small, in one answer: for each layer a tensor (C, h, w) of bytes.

    A byte b stands for low + b (high - low) / 254, where the facts say each layer's `low` and `high`. A signed layer's
    zero is exactly 127. A vector (Z,) comes whole, as (1, 1, Z).
    """
    from lente.app.features.layers import small_layers

    asked = ("thumbnails", side, most, tuple(layer or ()))
    tensors, facts = await view.look(lambda _shown, capture: small_layers(capture, side, most, layer), *asked)
    return _answer(request, view, Lean(tensors), facts)


@router.get("/{name}/activations/{image}", response_class=Response)
async def activations(
    request: Request,
    view: ViewDep,
    layer: LayerQuery,
    channel: Annotated[list[int] | None, Query(description="only these maps; repeat it for several")] = None,
    difference: Annotated[bool, Query(description="less what the network computes without the surgery")] = False,
    light: Annotated[bool, Query(description="large layers as bytes to look at, for another computer")] = False,
) -> Response:
    """The outputs of layers, (1, C, H, W) or (1, Z), by name, with each one's scale among the facts.

    With `light` a large layer's maps travel to another computer as bytes, each on a scale of its own with the ends
    `LAYER.ends` (C, 2), where 0 and 126 stand, and one of them as it is, `LAYER.exact` (H, W), whose number is `exact`.
    """
    from lente.app.features.layers import differences, light_layers, whole_layers

    original = await view.original().look(lambda _shown, capture: capture) if difference else None

    def work(_shown: "Shown", capture: "Capture") -> Any:
        if original is not None:
            return differences(capture, original, layer, channel)
        found = whole_layers(capture, layer, channel)
        return light_layers(*found) if few else found

    few = light and far(request)
    asked = () if difference else ("activations", few, tuple(layer), tuple(channel or ()))
    tensors, facts = await view.look(work, *asked)
    return _answer(request, view, Lean(tensors) if few else tensors, facts, sparse=True)


@router.get("/{name}/prediction/{image}", response_model=dict[str, Any])
async def prediction(
    request: Request,
    view: ViewDep,
    limit: Annotated[int, Query(ge=1, le=1000, description="classes, at most")] = 10,
) -> Response:
    """The classes, most likely first, named in the language of the request, and whether the network is unsure.

    `thing` is what several likely classes are kinds of, `limits` what is asked of an answer that is not unsure, and
    `shows` why a picture that comes along is there, where a network that knows a thousand things has no right name for
    it. After a surgery each class also says its `original` probability and the `difference`.
    """
    from lente.app.features.class_names import things
    from lente.app.features.prediction import prediction, told

    asked = await view.shown()
    if not asked.classes:
        raise NotFound("no_classes", N_("{title} names no classes: it has no prediction."), title=asked.title)
    original = await view.original().look(prediction, prediction) if view.surgery else None
    language = language_of(request)
    shows = SAMPLES[view.image].shows if view.image in SAMPLES and things(asked.classes) else ""
    facts = {
        **told(await view.look(prediction, prediction), asked.classes, language, limit, original),
        "shows": translate(language, shows) if shows else "",
    }
    return kept_json(request, facts, view.image in SAMPLES, Vary="Accept, Accept-Language")


@router.get("/{name}/explanation/{image}")
async def explanation(
    view: ViewDep,
    layer: str,
    unit: Annotated[str, Query(description="indices into the layer's shape, such as 0,12,12")],
    limit: Annotated[int | None, Query(ge=0, le=100_000, description="terms, at most")] = None,
    start: Annotated[int, Query(ge=0, description="terms to leave out at the beginning")] = 0,
    order: Annotated[Literal["input", "contribution"], Query(description="as read, or strongest first")] = "input",
) -> dict[str, Any]:
    """The terms that add up to one unit of a layer, each with the unit that it reads: follow them down to the pixels.

    `combine` says how they make the value (sum, copy, function, max, min, topk, product, quotient, root, softmax,
    log_softmax, logsumexp), and `count` how many there are. A term's `kind` is unit, or, where its `layer` is null,
    padding, constant or weight, a parameter, which `name` names. 422 with a reason where they do not make the value.
    """
    from lente.app.features.unit import explained

    place = _unit(unit)
    return await view.look(lambda _shown, capture: explained(capture, layer, place, order, limit, start))


@router.get("/{name}/field/{image}", response_class=Response)
async def field(
    request: Request,
    view: ViewDep,
    layer: str,
    unit: Annotated[str, Query(description="indices into the layer's shape, such as 0,12,12")],
    mass: Annotated[bool, Query(description="false for the facts alone")] = True,
) -> Response:
    """What one unit sees: its exact receptive field, and where the mass of its gradient lies, `mass` (S, S)."""
    from lente.app.features.unit import field_of

    place = _unit(unit)
    tensors, facts = await view.look(lambda _shown, capture: field_of(capture, layer, place))
    return _answer(request, view, tensors if mass else {}, facts)


def _answer(request: Request, view: View, tensors: Any, facts: dict[str, Any], **options: Any) -> Response:
    """What becomes of a picture. A browser keeps that of one that comes along, and nothing of an uploaded one."""
    respond = kept_response if view.image in SAMPLES else tensors_response
    return respond(request, tensors, facts, **options)


def _unit(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(",") if each.strip() or "," in text)
    except ValueError:
        template = N_(
            "The unit {unit} cannot be read: whole numbers with commas between them are accepted, such as 0,12,12."
        )
        raise BadInput("unit_unreadable", template, unit=shortened(text)) from None
