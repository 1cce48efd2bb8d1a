"""The API of taking away: a layer as a file, with what it takes to make it again."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from lente.app.features.view import ViewDep
from lente.app.server.wire import SAFETENSORS

if TYPE_CHECKING:
    from lente.app.features.captures import Capture
    from lente.app.features.networks import Shown

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
