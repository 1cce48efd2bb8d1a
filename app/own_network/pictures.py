"""Pictures as Python has them: a path, a picture of Pillow's, an array or a tensor. Importing this imports torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lente.app.features.preparation import Values
from lente.app.pictures.decoding import Picture, read_picture, rgb


class BadGiven(ValueError):
    """What was given is no picture; the message says what it is, and what is accepted."""


@dataclass(frozen=True)
class Given:
    """A picture (H, W, 3) of bytes, or `values` (C, S, S), which go into the network as they are."""

    picture: Picture | None
    values: Values | None

    @property
    def shorter(self) -> int:
        """Pixels of the shorter side."""
        if self.values is not None:
            return int(min(self.values.shape[1:]))
        assert self.picture is not None
        return int(min(self.picture.shape[:2]))


def read_given(image: Any) -> Given:
    """The picture in `image`.

    A path, a picture of Pillow's, an array (H, W), (H, W, 1) or (H, W, 3) of bytes or of numbers from 0 to 1, or a
    tensor (H, W), (C, H, W) or (1, C, H, W) of bytes is a picture. A tensor of floating-point numbers is what the
    network is given, as it is. Raises BadGiven.
    """
    if isinstance(image, (str, Path)):
        return Given(_from_file(Path(image)), None)
    if isinstance(image, Image.Image):
        return Given(np.asarray(rgb(image)), None)
    if isinstance(image, Tensor):
        return _from_tensor(image.detach().cpu())
    if isinstance(image, np.ndarray):
        return Given(_from_array(image), None)
    kind = type(image).__name__
    raise BadGiven(f"{kind} is no picture: a path, a PIL image, an array (H, W, 3) or a tensor (C, H, W) is accepted")


def _from_file(path: Path) -> Picture:
    try:
        return read_picture(path.read_bytes())
    except OSError as error:
        raise BadGiven(f"the picture {path} cannot be read: {error.strerror}") from error


def _from_array(array: "np.ndarray[Any, Any]") -> Picture:
    shape = array.shape
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[2] not in (1, 3):
        raise BadGiven(f"an array of shape {shape} is no picture: (H, W), (H, W, 1) and (H, W, 3) are accepted")
    if array.dtype != np.uint8:
        array = _bytes(array)
    return np.ascontiguousarray(np.broadcast_to(array, (*array.shape[:2], 3)))


def _bytes(array: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    low, high = float(array.min(initial=0)), float(array.max(initial=0))
    if not (low >= 0 and high <= 1):
        raise BadGiven(f"the array's values go from {low:g} to {high:g}: bytes, or numbers from 0 to 1, are accepted")
    return np.round(array * 255).astype(np.uint8)


def _from_tensor(tensor: Tensor) -> Given:
    shape = tuple(tensor.shape)
    if tensor.dim() == 4 and shape[0] == 1:
        tensor = tensor[0]
    if tensor.dim() == 2:
        tensor = tensor[None]
    if tensor.dim() != 3 or tensor.shape[0] not in (1, 3):
        raise BadGiven(
            f"a tensor of shape {shape} is no picture: (C, H, W) and (1, C, H, W) with C = 1 or 3 are accepted"
        )
    if tensor.dtype == torch.uint8:
        return Given(_from_array(tensor.permute(1, 2, 0).numpy()), None)
    if tensor.shape[1] != tensor.shape[2]:
        raise BadGiven(f"a tensor of shape {shape} is not square: Lente shows squares; cut one out of it")
    if not bool(torch.isfinite(tensor).all()):
        raise BadGiven("the tensor has values that are infinite or no numbers")
    return Given(None, np.ascontiguousarray(tensor.float().numpy()))
