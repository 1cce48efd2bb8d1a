"""Pictures as Python has them: a path, a picture of Pillow's, an array or a tensor. Importing this imports torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from lente.app.features.preparation import Preparation, Values
from lente.app.pictures.decoding import Picture, read_picture, rgb

MOST_CHANNELS = 64


class BadGiven(ValueError):
    """What was given is no picture; the message says what it is, and what is accepted."""


@dataclass(frozen=True)
class Given:
    """A picture (H, W, 3) of bytes, or `values` (C, H, W) or (T, C, H, W), which go into the network as they are."""

    picture: Picture | None
    values: Values | None

    @property
    def shorter(self) -> int:
        """Pixels of the shorter side."""
        if self.values is not None:
            return int(min(self.values.shape[-2:]))
        assert self.picture is not None
        return int(min(self.picture.shape[:2]))


def read_given(image: Any) -> Given:
    """The picture in `image`.

    A path, a picture of Pillow's, an array (H, W), (H, W, 1) or (H, W, 3) of bytes or of numbers from 0 to 1, or a
    tensor (H, W), (C, H, W) or (1, C, H, W) of bytes is a picture. A tensor of floating-point numbers, (C, H, W) of 1
    to 64 channels or (T, C, H, W), is what the network is given, as it is; so is what lies in a file .npy, .pt or
    .safetensors. Raises BadGiven.
    """
    if isinstance(image, (str, Path)) and exact_file(Path(image)):
        return _from_tensor(torch.from_numpy(from_exact_file(Path(image))))
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


def exact_file(path: Path) -> bool:
    """Whether a file of that name holds numbers that go in as they are."""
    return path.suffix in (".npy", ".pt", ".pth", ".safetensors")


def from_exact_file(path: Path) -> Values:
    """The one array in a file, in float32. Nothing in the file is run."""
    try:
        found = _loaded(path)
    except Exception as error:  # whatever a damaged file makes its reader raise
        raise BadGiven(f"{path} cannot be read as a tensor: {type(error).__name__}: {error}") from error
    if isinstance(found, dict) and len(found) == 1:
        (found,) = found.values()
    if isinstance(found, Tensor):
        found = found.detach().float().numpy()
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiub":
        raise BadGiven(f"{path} holds no tensor of numbers, but a {type(found).__name__}")
    return np.ascontiguousarray(found, np.float32)


def _loaded(path: Path) -> Any:
    if path.suffix == ".npy":
        return np.load(path, allow_pickle=False)
    if path.suffix == ".safetensors":
        return load_file(path)
    return torch.load(path, map_location="cpu", weights_only=True)


def _from_tensor(tensor: Tensor) -> Given:
    shape = tuple(tensor.shape)
    if tensor.dim() in (4, 5) and shape[0] == 1:
        tensor = tensor[0]
    if tensor.dim() == 2:
        tensor = tensor[None]
    clip = tensor.dim() == 4
    if tensor.dim() not in (3, 4) or not (1 <= tensor.shape[0] <= MOST_CHANNELS or clip) or 0 in tensor.shape:
        raise BadGiven(
            f"a tensor of shape {shape} is no picture: (C, H, W) and (1, C, H, W) with C from 1 to {MOST_CHANNELS}, "
            "and (T, C, H, W) are accepted"
        )
    if tensor.dtype == torch.uint8 and not clip and tensor.shape[0] in (1, 3):
        return Given(_from_array(tensor.permute(1, 2, 0).numpy()), None)
    if tensor.is_complex():
        raise BadGiven("the tensor's numbers are complex: real ones are accepted")
    if not bool(torch.isfinite(tensor).all()):
        raise BadGiven("the tensor has values that are infinite or no numbers")
    return Given(None, np.ascontiguousarray(tensor.float().numpy()))


def painted(values: Values, preparation: Preparation) -> Picture:
    """Values (C, H, W) or (T, C, H, W) as a picture (H, W, 3): of a clip the middle frame, of many channels the
    mean."""
    if values.ndim == 4:
        values = (
            values[len(values) // 2]
            if values.shape[1] in (1, 3) or values.shape[0] > 3
            else values[:, values.shape[1] // 2]
        )
    if len(values) not in (1, 3) or len(preparation.mean) not in (1, len(values)):
        values = values.mean(0, keepdims=True)
        low, high = float(values.min()), float(values.max())
        shares = (values - low) / max(high - low, 1e-6)
    else:
        mean, std = (np.array(each, np.float32)[:, None, None] for each in (preparation.mean, preparation.std))
        shares = values * std + mean
    pixels = np.round(np.clip(shares, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
