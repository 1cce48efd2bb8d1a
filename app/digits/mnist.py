"""MNIST's 10,000 test digits on the pages: those that are read wrong, and how far a picture lies from the nearest.

Importing this module imports torch.
"""

from typing import Any

import numpy as np
import torch
from torch import nn

from lente.app.errors import LenteError
from lente.app.i18n import N_
from lente.models.mnist.reader import Bytes, Digits, Incomplete, Values, digits, values

Array = np.ndarray[Any, np.dtype[Any]]

BATCH = 2000


def test_digits() -> Digits:
    """The test digits as bytes. Raises LenteError where a file of the box is missing or damaged."""
    try:
        return digits(train=False)
    except Incomplete as error:
        template = N_("The test digits are not complete: {file} is missing or damaged. Install Lente again.")
        raise LenteError("digits_incomplete", template, file=error.file) from error


def mistakes(network: nn.Module) -> tuple[dict[str, Array], dict[str, Any]]:
    """Tensors `images` (N, 28, 28), `labels` and `answers` (N,), the surest first; the fact `total`, digits tried."""
    test = test_digits()
    with torch.inference_mode():
        read = [network(torch.from_numpy(values(part)).unsqueeze(1)) for part in _parts(test.images)]
        sureness, answers = torch.cat(read).max(1)
    wrong = np.flatnonzero(answers.numpy() != test.labels)
    wrong = wrong[np.argsort(-sureness.numpy()[wrong], kind="stable")]
    found: dict[str, Array] = {
        "images": values(test.images[wrong]),
        "labels": test.labels[wrong],
        "answers": answers.numpy()[wrong],
    }
    return found, {"total": len(test)}


def nearest(pictures: Values, images: Bytes, itself: bool = False) -> Values:
    """Squared distance, summed over pixels, from each picture (N, 784) to the nearest of the images (M, 28, 28).

    With `itself`, a picture that is among the images does not count as its own neighbour. The images stay bytes, but
    for a part at a time; that takes no longer than with all of them as numbers.
    """
    own, found = (pictures**2).sum(1), np.full(len(pictures), np.inf, np.float32)
    for part in _parts(images):
        known = values(part).reshape(len(part), -1)
        squared = own[:, None] + np.einsum("ij,ij->i", known, known) - 2 * pictures @ known.T
        if itself:
            squared[squared < 1e-3] = np.inf
        found = np.minimum(found, squared.min(1))
    return np.maximum(found, 0)


def _parts(images: Bytes) -> list[Bytes]:
    return np.split(images, range(BATCH, len(images), BATCH))
