"""The API of diffusion in the plane: the network that the browser runs."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request, Response

from lente.app.dependencies import ComputeDep
from lente.app.server.wire import Half, kept_response, lean

router = APIRouter(prefix="/api/diffusion", tags=["diffusion"])


@router.get("/plane", response_class=Response)
async def plane(request: Request, compute: ComputeDep, half: Half = False) -> Response:
    """Diffusion of two numbers: weights and biases, and the `mean` and `std` (2,) by which codes become its points.

    Facts: its `layers` in order with what follows each (relu, nothing), the latent `space` of the codes, the card's
    `figures`. It is given x, y and the shares a and s of a step, and answers the velocity.
    """
    box = await compute.networks()
    tensors, facts = await compute.read_once("diffusion_plane", lambda: _described(box.get("diffusion_plane")))
    return kept_response(request, lean(tensors) if half else tensors, facts)


def _described(network: Any) -> tuple[dict[str, np.ndarray[Any, np.dtype[Any]]], dict[str, Any]]:
    from torch import nn

    from lente.models.networks import catalogue
    from lente.models.training.diffusion_plane import NAME, SPACE

    dense = [name for name, module in network.named_children() if isinstance(module, nn.Linear)]
    layers = [{"name": name, "then": "relu" if name != dense[-1] else "nothing"} for name in dense]
    tensors = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    figures = catalogue.card(NAME, catalogue.FOLDER).figures
    return tensors, {"layers": layers, "space": SPACE, "figures": figures}
