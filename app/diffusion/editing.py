"""The API of diffusion, further: pictures back to their noise, and films of them."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request, Response

from lente.app.diffusion import wish
from lente.app.diffusion.body import PICTURES, WHOLE, described, read
from lente.app.diffusion.service import DiffusionDep
from lente.app.server import received
from lente.app.server.queues.long_work import Progress
from lente.app.server.wire import tensors_response

router = APIRouter(prefix="/api/diffusion", tags=["diffusion"])

MOST_FRAMES = 128


@router.post("/inversion", response_class=Response, openapi_extra=described(pictures=PICTURES, steps=WHOLE))
async def inversion(request: Request, service: DiffusionDep) -> Response:
    """The `noise` (N, 1, 28, 28) out of which DDIM makes `pictures` (N, 28, 28), 0..1, nearly, in so many `steps`.

    The network is not told what the pictures are: they come back from POST /api/diffusion/sample with the label of any.
    """
    asked = await read(request)
    pictures = _pictures(asked, wish.MOST_PICTURES)
    steps = received.whole(asked, "steps", 25, 1, wish.MOST_STEPS)
    wish.check_passes(len(pictures), steps, len(pictures) * steps)

    def work(progress: Progress) -> received.Array:
        done = iter(range(1, steps + 1))
        return service.diffusion.inverted(pictures, steps, lambda: progress(next(done), steps))

    return tensors_response(
        request, {"noise": await service.compute.long.result(work, len(pictures) * wish.PICTURE_BYTES)}
    )


@router.post(
    "/animation",
    response_class=Response,
    openapi_extra=described(pictures=PICTURES, format={"type": "string"}, milliseconds=WHOLE),
)
async def animation(request: Request, service: DiffusionDep) -> Response:
    """`pictures` (N, 28, 28), 0..1, one after another as an animated file: `"format": "gif"` or `"webp"`,
    `milliseconds` for each."""
    from lente.app.pictures.animation import animated, wanted

    asked = await read(request)
    pictures = _pictures(asked, MOST_FRAMES)
    kind, pause = wanted(asked)
    file = await service.compute.pictures.run(animated, pictures[:, 0], kind, pause)
    headers = {"Content-Disposition": f'attachment; filename="diffusion.{kind}"'}
    return Response(file, media_type=f"image/{kind}", headers=headers)


def _pictures(asked: dict[str, Any], most: int) -> received.Array:
    received.check_count(received.required(asked, "pictures"), "pictures", most)
    return np.array(received.pictures(asked, "pictures"))  # a request's own bytes are not for writing
