"""The API of what a map looks for: a picture made for it, and where the pictures at hand move it most."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from lente.app.dependencies import ComputeDep
from lente.app.errors import BadInput
from lente.app.features.api.attributions import STEPS, backward_bytes
from lente.app.features.view import ViewDep, shown
from lente.app.i18n import N_
from lente.app.server.progress import LINES, shared_response, told_response, wants_steps
from lente.app.server.wire import tensors_response

if TYPE_CHECKING:
    from lente.app.features.visualisation import Made

router = APIRouter()

MOST_PICTURES = 48
Channel = Annotated[int, Query(description="number of the map, or of the value in a layer of values")]


@router.get("/{name}/visualisation", response_class=Response, responses=STEPS)
async def visualisation(
    request: Request,
    name: str,
    compute: ComputeDep,
    layer: str,
    channel: Channel,
    opposite: Annotated[bool, Query(description="what moves it down instead of up")] = False,
    steps: Annotated[int, Query(ge=1, le=512)] = 128,
    seed: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    surgery: Annotated[str, Query(description="edits of the network, a JSON list")] = "",
) -> Response:
    """The tensor `picture` (3, S, S), 0..1, made from noise so that it moves the map most on average.

    Facts: `strongest`, `least` and `mean` of what the layer truly says to it. For `Accept: application/x-ndjson` a line
    of JSON for each step; every few have `seen.picture`, a PNG in a data address. Closing the connection ends the work,
    unless somebody else waits for the same picture.
    """
    found = await shown(compute, name)
    from lente.app.features.surgery import read_surgery
    from lente.app.features.visualisation import SIZE, Wish, as_png, check, picture_for

    wish = Wish(layer, channel, opposite, steps, seed)
    read_surgery(surgery)
    await compute.run(lambda: check(found, wish))

    @found.own_code()
    def work(progress: Any) -> "Made":
        return picture_for(found, surgery, wish, progress)

    room = round(backward_bytes(found) * min(1, SIZE / found.preparation.size) ** 2)
    if wants_steps(request):
        key = ("visualisation", found, wish, surgery)
        return shared_response(
            request,
            compute.long,
            compute.shared,
            key,
            work,
            lambda made: {"picture": as_png(made.picture), **made.facts},
            room,
        )
    made = await compute.long.result(work, room)
    return tensors_response(request, {"picture": made.picture.numpy()}, made.facts)


@router.get("/{name}/patches/{image}", responses=LINES, response_model=None)
async def patches(
    request: Request,
    view: ViewDep,
    layer: str,
    channel: Channel,
    others: Annotated[list[str] | None, Query(alias="other", description="ids of more pictures")] = None,
) -> Response | dict[str, Any]:
    """Where in the pictures a map answers most: `patches`, the strongest first, each with its `image`, `unit`, `value`,
    the `box` that the unit sees of what the network is given (top, left, bottom, right) and that as `picture`, a PNG in
    a data address. Only pictures that the request names are looked at. `neighbours` are the maps of the layer that
    are most alike, by `response` to these pictures (correlation) and by `kernel` (cosine)."""
    images = list(dict.fromkeys([view.image, *(others or [])]))
    if len(images) > MOST_PICTURES:
        template = N_("{found} pictures were named; at most {most} are looked at.")
        raise BadInput("too_many_pictures", template, found=len(images), most=MOST_PICTURES)
    found = await view.shown()
    from lente.app.features.patches import strongest
    from lente.app.features.reaching import check_channel

    await view.compute.run(lambda: check_channel(found, layer, channel))
    prepared = [(image, (await view.of(image).input())[2]) for image in images]

    @found.own_code()
    def work(progress: Any) -> dict[str, Any]:
        return strongest(found, view.surgery, layer, channel, prepared, progress)

    return await told_response(request, view.compute.long, work, found.pass_bytes)
