"""The API of files: a layer to take away, with what it takes to make it again, and torchvision's weights to fetch."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from lente.app.dependencies import AtHome, ComputeDep
from lente.app.features.view import ViewDep
from lente.app.i18n import language_of
from lente.app.server.wire import SAFETENSORS

if TYPE_CHECKING:
    from lente.app.features.captures import Capture
    from lente.app.features.shown import Shown

router = APIRouter()

NPZ = "application/x-npz"


@router.get(
    "/{name}/export/{image}",
    response_class=Response,
    responses={200: {"content": {NPZ: {}, SAFETENSORS: {}}}},
)
async def export(
    view: ViewDep,
    layer: str,
    format: Annotated[Literal["npz", "safetensors"], Query(description="kind of file")] = "npz",
) -> Response:
    """A layer's output and the network's input as a file to keep, with a manifest: where it comes from, and how to make
    it again. NPZ has the manifest as `manifest`, safetensors in its metadata as `json`."""
    from lente.app.features.export import exported, manifest

    def work(shown: "Shown", capture: "Capture") -> tuple[bytes, str]:
        told = manifest(view, shown, capture, layer)
        return exported(capture, told, format), f"{shown.name}-{told['layer'].replace(':', '-')}.{format}"

    content, name = await view.look(work)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=NPZ if format == "npz" else SAFETENSORS, headers=headers)


@router.get("/{name}/manifest/{image}")
async def manifest(view: ViewDep, layer: str) -> dict[str, Any]:
    """The manifest of an export alone; `code` is the lines of PyTorch that compute the layer again."""
    from lente.app.features.export import manifest

    return await view.look(lambda shown, capture: manifest(view, shown, capture, layer))


@router.get("/{name}/weights")
async def state(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Where the weights are: absent, fetching, checking, present or failed; bytes of total; how to put them by hand."""
    networks = await compute.networks()
    source = networks.source(name)
    told: dict[str, Any] = await compute.pictures.run(networks.weights.state, source)
    error = networks.weights.error(source) if told["state"] == "failed" else None
    if error:
        told["error"] = error.told(language_of(request))
    return told


@router.post("/{name}/weights", status_code=202, dependencies=[AtHome])
async def fetch(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Starts to fetch the weights, unless that is going on already; ask again with GET for how far it is.

    Only whoever sits at the server's own computer may, at localhost.
    """
    networks = await compute.networks()
    source = networks.source(name)
    await compute.pictures.run(networks.weights.fetch, source)
    return await state(request, name, compute)


@router.delete("/{name}/weights", status_code=202, dependencies=[AtHome])
async def stop(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Ends a download that is going on."""
    networks = await compute.networks()
    networks.weights.stop(networks.source(name))
    return await state(request, name, compute)
