"""One name for each operation, however it was called, and the names of its positional arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import torch

_CONVOLUTION = "input weight bias stride padding dilation groups"
_TRANSPOSED = "input weight bias stride padding output_padding groups dilation"
_MAX_POOL = "input kernel_size stride padding dilation ceil_mode return_indices"
_AVERAGE_POOL = "input kernel_size stride padding ceil_mode count_include_pad divisor_override"
_REDUCTION = "input dim keepdim"

_SIGNATURES = {
    **{f"conv{n}d": _CONVOLUTION for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": _TRANSPOSED for n in (1, 2, 3)},
    **{f"max_pool{n}d": _MAX_POOL for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _AVERAGE_POOL for n in (1, 2, 3)},
    **{f"adaptive_{kind}_pool{n}d": "input output_size return_indices" for kind in ("max", "avg") for n in (1, 2, 3)},
    **dict.fromkeys(("mean", "sum", "max", "min", "amax", "amin", "logsumexp"), _REDUCTION),
    **dict.fromkeys(("softmax", "log_softmax", "softmin"), _REDUCTION),
    **dict.fromkeys(("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout"), "input p training inplace"),
    "linear": "input weight bias",
    "batch_norm": "input running_mean running_var weight bias training momentum eps",
    "instance_norm": "input running_mean running_var weight bias use_input_stats momentum eps",
    "layer_norm": "input normalized_shape weight bias eps",
    **dict.fromkeys(("norm", "vector_norm", "linalg_vector_norm", "linalg_norm"), "input p dim keepdim"),
    "rms_norm": "input normalized_shape weight eps",
    "sort": "input dim descending stable",
    "group_norm": "input num_groups weight bias eps",
    "pad": "input pad mode value",
    "interpolate": "input size scale_factor mode align_corners recompute_scale_factor antialias",
    "cat": "input dim",
    "stack": "input dim",
    "addmm": "bias input other beta alpha",
    "baddbmm": "bias input other beta alpha",
    "clamp": "input min max",
    "hardtanh": "input min_val max_val inplace",
    "leaky_relu": "input negative_slope inplace",
    "elu": "input alpha inplace",
    "prelu": "input weight",
    "softplus": "input beta threshold",
    "rsub": "input other alpha",
    "add": "input other",
    "sub": "input other",
    "setitem": "input index value",
    "copy": "input src non_blocking",
    "write_into": "input value shape strides offset",
    "view_of": "input shape strides offset",
    "addcmul": "input tensor1 tensor2",
    "addcdiv": "input tensor1 tensor2",
    "lerp": "input end weight",
    "embedding": "input weight",
    "topk": "input k dim largest sorted",
    "glu": "input dim",
    "normalize": "input p dim eps out",
    "local_response_norm": "input size alpha beta k",
    **dict.fromkeys(("var", "std", "var_mean", "std_mean"), "input dim unbiased keepdim"),
    "where": "condition input other",
    "flatten": "input start_dim end_dim",
    "masked_fill": "input mask value",
    "scaled_dot_product_attention": "input key value attn_mask dropout_p is_causal scale",
}
_OF_FUNCTION = {
    torch.batch_norm: "input weight bias running_mean running_var training momentum eps cudnn",
    torch.Tensor.where: "input condition other",
    torch.instance_norm: "input weight bias running_mean running_var use_input_stats momentum eps cudnn",
}
_OF_TWO = {"max": "maximum", "min": "minimum"}
_DICE = {
    "rand",
    "randn",
    "randint",
    "randperm",
    "rand_like",
    "randn_like",
    "randint_like",
    "bernoulli",
    "normal",
    "multinomial",
}
_DICE |= {"uniform", "exponential", "poisson", "geometric", "cauchy", "log_normal", "random"}
_ASSIGNMENTS = {"__setitem__", *(f"__i{what}__" for what in ("add", "sub", "mul", "div", "truediv", "pow"))}
_SYNONYMS = {
    "multiply": "mul",
    "subtract": "sub",
    "divide": "div",
    "true_divide": "div",
    "truediv": "div",
    "rtruediv": "rdiv",
    "itruediv": "div",
    "negative": "neg",
    "concat": "cat",
    "concatenate": "cat",
    "clip": "clamp",
    "conj_physical": "identity",
    "special_expit": "sigmoid",
    "mm": "matmul",
    "bmm": "matmul",
    "mv": "matmul",
    "radd": "add",
    "rmul": "mul",
    "iadd": "add",
    "ipow": "pow",
    "isub": "sub",
    "imul": "mul",
    "idiv": "div",
}


def operation_name(
    function: Callable[..., Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """`add` for `x + y`, `x.add_(y)` and `torch.add(x, y)`; `max_pool2d` for all its forms; `T` for `x.T`.

    `maximum` for `torch.max(x, y)`, which goes place by place, and not along an axis as `torch.max(x, 1)` does.
    """
    name = getattr(function, "__name__", type(function).__name__)
    if name in ("__get__", "__set__"):
        name = getattr(getattr(function, "__self__", None), "__name__", name)
    name = name.strip("_").removesuffix("_with_indices")
    if name in _OF_TWO and isinstance(kwargs.get("other", args[1] if len(args) > 1 else None), torch.Tensor):
        return _OF_TWO[name]
    return _SYNONYMS.get(name, name)


def writes(function: Callable[..., Any]) -> bool:
    """Whether the call overwrites its first argument: `x.add_(y)`, `x += y`, `x[i] = y`."""
    name = getattr(function, "__name__", "")
    return name in _ASSIGNMENTS or (name.endswith("_") and not name.endswith("__"))


def throws_dice(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether the call gives other numbers each time."""
    name = getattr(function, "__name__", "").strip("_")
    if name in _DICE:
        return True
    return "dropout" in name and bool(kwargs.get("training", args[2] if len(args) > 2 else True))


def argument_names(function: Callable[..., Any] | None, operation: str, count: int) -> Sequence[str]:
    """Names of the first `count` positional arguments; `input`, `other`, then numbers where the table has none."""
    table = _OF_FUNCTION.get(function) if function is not None else None
    names = (table or _SIGNATURES.get(operation, "input other")).split()
    return names + [f"argument{n}" for n in range(len(names), count)]
