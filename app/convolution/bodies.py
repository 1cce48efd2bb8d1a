"""What the API of convolution is asked. Values are checked by `models`, so that an error says what is wrong."""

from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lente.app.convolution.bounds import BOUNDS, LARGEST_PICTURE
from lente.app.convolution.request import Kernel, input_of
from lente.app.pictures.store import Store
from lente.models.convolution.inputs import PADDING_MODES


def _nested(rank: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "number"}
    for _ in range(rank):
        schema = {"type": "array", "items": schema, "minItems": 1}
    return schema


def _whole(least: int, most: int | None) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _each_way(least: int, most: int | None) -> dict[str, Any]:
    """One whole number, or one for rows and one for columns."""
    one = _whole(least, most)
    return {"oneOf": [one, {"type": "array", "items": one, "minItems": 2, "maxItems": 2}]}


def _field(default: Any, **schema: Any) -> Any:
    return Field(default, json_schema_extra=schema)


class InputRequest(BaseModel):
    """Exactly one of matrix (H, W), tensor (C, H, W) and image, an id whose values are 0..1."""

    model_config = ConfigDict(extra="forbid")

    matrix: Any = _field(None, **_nested(2))
    tensor: Any = _field(None, **_nested(3))
    image: Any = _field(None, type="string")

    def input(self, store: Store, longest: Any = None) -> np.ndarray[Any, np.dtype[Any]]:
        given = {"matrix": self.matrix, "tensor": self.tensor, "image": self.image}
        return input_of(given, longest, store)


class ConvolutionRequest(InputRequest):
    """A kernel (kh, kw) is laid on each channel by itself, a cube (C, kh, kw) on all at once, several cubes
    (O, C, kh, kw) give O channels. `size` reduces an image to so many pixels on its longer side first."""

    size: Any = _field(None, **_whole(1, LARGEST_PICTURE))
    kernel: Any = _field(..., oneOf=[_nested(2), _nested(3), _nested(4)])
    bias: Any = _field(0, oneOf=[_nested(0), _nested(1)])
    stride: Any = _field(1, **_each_way(1, BOUNDS.stride))
    padding: Any = _field(0, oneOf=[*_each_way(0, BOUNDS.padding)["oneOf"], {"const": "same"}])
    padding_mode: Any = _field("zeros", enum=list(PADDING_MODES))
    dilation: Any = _field(1, **_each_way(1, BOUNDS.dilation))

    def names_picture(self) -> bool:
        """Whether it asks for a picture and says which and how large as it should."""
        alone = self.matrix is None and self.tensor is None
        return alone and type(self.image) is str and (self.size is None or type(self.size) is int)

    def settings(self) -> Kernel:
        return Kernel(self.kernel, self.bias, self.stride, self.padding, self.padding_mode, self.dilation)


class PoolingRequest(InputRequest):
    """Windows of `size` x `size`, `stride` apart: `size` unless given."""

    kind: Any = _field("max", enum=["max", "average"])
    size: Any = _field(2, **_each_way(1, BOUNDS.side))
    stride: Any = _field(None, **_each_way(1, BOUNDS.stride))
