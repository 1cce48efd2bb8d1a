"""The API that compares drawn digits: how sharp, what they are read as, how near to a digit that was learned from."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request, Response

from lente.app.diffusion import wish
from lente.app.diffusion.body import read
from lente.app.diffusion.service import DiffusionDep
from lente.app.errors import BadInput, LenteError
from lente.app.i18n import N_
from lente.app.server import received
from lente.app.server.wire import tensors_response
from lente.models.mnist.reader import Bytes, Incomplete, training_digits, values

router = APIRouter(prefix="/api/diffusion", tags=["diffusion"])

Array = received.Array
TOGETHER = 2000
LEARNED_BYTES = 170_000_000  # all training digits, and what is made of them while they are unpacked for the first time


@router.post("/compare", response_class=Response)
async def compare(request: Request, service: DiffusionDep) -> Response:
    """Of `pictures` (N, 28, 28), 0..1, at most 100, what the page compares drawn digits by.

    The digit network's `probabilities` (N, 10) and its judge's `judged` (N,); `sharpness` (N,), the variance of the
    Laplacian; `nearest` (N,), the root of the mean squared difference to the nearest of the 60,000 training digits,
    that digit itself in `neighbours` (N, 1, 28, 28), and its number in `indices` (N,).
    """
    pictures = received.pictures(await read(request), "pictures")
    if len(pictures) > wish.MOST_PICTURES:
        template = N_("{name} has {found} entries; at most {most} are accepted at once.")
        raise BadInput("too_many", template, name="pictures", found=len(pictures), most=wish.MOST_PICTURES)
    box = await service.compute.networks()
    found = await service.compute.long.result(lambda progress: _compared(box, pictures, progress), LEARNED_BYTES)
    return tensors_response(request, found)


def _compared(box: Any, pictures: Array, progress: Any) -> dict[str, Array]:
    import torch

    from lente.models.networks import digit_judge

    with torch.inference_mode():
        probabilities, judged = digit_judge.read(box.get("digit_cnn"), box.judge, torch.from_numpy(pictures))
    try:
        learned = training_digits().images
    except Incomplete as error:
        template = N_("The training digits are not complete: {file} is missing or damaged. Install Lente again.")
        raise LenteError("digits_incomplete", template, file=error.file) from error
    distance, indices = nearest(pictures.reshape(len(pictures), -1), learned, progress)
    return {
        "probabilities": probabilities.numpy(),
        "judged": judged.numpy(),
        "sharpness": sharpness(pictures[:, 0]),
        "nearest": distance,
        "neighbours": values(learned[indices])[:, None],
        "indices": indices.astype(np.float32),
    }


def sharpness(pictures: Array) -> Array:
    """The variance of the Laplacian (N,) of pictures (N, H, W): how abruptly they change; 0 for even grey.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000.
    """
    middle = pictures[:, 1:-1, 1:-1]
    around = pictures[:, :-2, 1:-1] + pictures[:, 2:, 1:-1] + pictures[:, 1:-1, :-2] + pictures[:, 1:-1, 2:]
    found: Array = (around - 4 * middle).var((1, 2))
    return found


def nearest(pictures: Array, known: Bytes, progress: Any) -> tuple[Array, np.ndarray[Any, np.dtype[np.int64]]]:
    """The nearest of the images (M, 28, 28) to each picture (N, P): the root mean squared difference, and which."""
    own = (pictures**2).sum(1)[:, None]
    least, which = np.full(len(pictures), np.inf, np.float32), np.zeros(len(pictures), np.int64)
    for start in range(0, len(known), TOGETHER):
        part = values(known[start : start + TOGETHER]).reshape(-1, pictures.shape[1])
        squared = own + np.einsum("ij,ij->i", part, part) - 2 * pictures @ part.T
        closest = squared.argmin(1)
        far = squared[np.arange(len(pictures)), closest]
        which = np.where(far < least, start + closest, which)
        least = np.minimum(far, least)
        progress(start + len(part), len(known))
    distance: Array = np.sqrt(np.maximum(least, 0) / pictures.shape[1])
    return distance, which
