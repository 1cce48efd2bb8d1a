"""A layer as a file that NumPy or safetensors opens, with a manifest of where it is from. Importing imports torch."""

import io
import json
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from safetensors.numpy import save

from lente.app.features.captures import Capture
from lente.app.features.layers import record_of
from lente.app.features.maps import Array
from lente.app.features.networks import Shown
from lente.app.features.recipe import recipe
from lente.app.features.surgery import read_surgery
from lente.app.features.view import View

Format = Literal["npz", "safetensors"]


def manifest(view: View, shown: Shown, capture: Capture, layer: str) -> dict[str, Any]:
    """What the exported numbers are, and the lines that make them again."""
    one = record_of(capture, layer)
    surgery = read_surgery(view.surgery)
    height, width = capture.prepared.whole
    crop, prepared = capture.prepared.crop, capture.prepared.preparation
    return {
        "network": shown.name,
        "weights": shown.weights,
        "layer": one.name,
        "operation": one.operation,
        "shape": list(one.shape),
        "dtype": "float32",
        "image": view.image,
        "width": width,
        "height": height,
        "crop": None if crop is None else {"top": crop.top, "left": crop.left, "size": crop.size},
        "mean": list(prepared.mean[: shown.input_shape[0]]),
        "std": list(prepared.std[: shown.input_shape[0]]),
        "surgery": [edit.model_dump() for edit in surgery],
        "versions": {name: version(name) for name in ("lente", "torch", "torchvision")},
        "code": recipe(shown, capture.prepared, view.crop is not None, surgery, one.name),
    }


def exported(capture: Capture, told: dict[str, Any], format: Format) -> bytes:
    """The layer and the network's input, with the manifest `told`: under "manifest", or in the file's metadata."""
    arrays: dict[str, Array] = {
        "input": capture.prepared.values[None],
        told["layer"]: capture.recording[told["layer"]].numpy(),
    }
    if format == "safetensors":
        return save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"json": json.dumps(told)})
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, manifest=np.array(json.dumps(told)), **arrays)
    return file.getvalue()
