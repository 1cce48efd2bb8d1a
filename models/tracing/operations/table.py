"""Which function explains which operation: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lente.models.tracing.operations import copies, norms, pointwise, pools, sums
from lente.models.tracing.operations.pointwise import Explainer
from lente.models.tracing.operations.terms import Terms, Unit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words(
    """relu relu6 hardtanh leaky_relu rrelu elu selu celu gelu silu mish sigmoid hardsigmoid logsigmoid hardswish tanh
    softplus softsign tanhshrink hardshrink softshrink threshold clamp exp expm1 log log1p log2 log10 sqrt rsqrt square
    clamp_min clamp_max pow rpow abs neg reciprocal sin cos tan atan erf sign floor ceil round trunc frac exp2 erfc
    logit sinh cosh asin acos asinh acosh atanh atan2 hypot fmod remainder floor_divide nan_to_num sinc xlogy gt ge lt
    le eq ne greater less not_equal logical_and logical_or logical_xor logical_not and or xor invert isnan isfinite
    heaviside"""
)
SAME_PLACE = _words("identity clone contiguous detach data to float double half bfloat16 type type_as alias cpu")
MOVED = _words(
    """flatten view reshape permute transpose swapaxes swapdims movedim moveaxis T mT t squeeze unsqueeze unflatten
    chunk split tensor_split unsafe_chunk unsafe_split unbind narrow select getitem index_select expand expand_as
    broadcast_to repeat repeat_interleave tile cat stack hstack vstack dstack pixel_shuffle pixel_unshuffle
    channel_shuffle native_channel_shuffle roll flip fliplr flipud rot90 ravel view_as reshape_as pad setitem copy
    gather take_along_dim write_into view_of"""
)
LINEAR = _words("unfold fold cumsum")
REDUCTIONS: Mapping[str, Explainer] = MappingProxyType(
    {
        "mean": pools.mean,
        "sum": pools.total,
        **dict.fromkeys(("max", "amax"), pools.maximum),
        **dict.fromkeys(("min", "amin"), pools.minimum),
        "logsumexp": pools.logsumexp,
        **dict.fromkeys(("norm", "vector_norm", "linalg_vector_norm", "linalg_norm"), pools.length),
        **dict.fromkeys(("var", "std", "var_mean", "std_mean"), pools.spread),
    }
)


def _interpolate(unit: Unit) -> Terms:
    """Enlarging by the nearest pixel copies; the other ways weigh neighbours, which is linear."""
    return copies.moved(unit) if unit.argument("mode", "nearest").startswith("nearest") else sums.linear_map(unit)


def _each(names: frozenset[str], explainer: Explainer) -> dict[str, Explainer]:
    return dict.fromkeys(names, explainer)


EXPLAINERS: Mapping[str, Explainer] = MappingProxyType(
    {
        **_each(FUNCTIONS, pointwise.function),
        **_each(SAME_PLACE, copies.same_place),
        **_each(MOVED, copies.moved),
        **_each(LINEAR, sums.linear_map),
        **{f"conv{n}d": sums.convolution for n in (1, 2, 3)},
        **{f"conv_transpose{n}d": sums.transposed_convolution for n in (1, 2, 3)},
        **{f"{kind}max_pool{n}d": pools.max_pool for n in (1, 2, 3) for kind in ("", "adaptive_")},
        **{f"{kind}avg_pool{n}d": pools.average_pool for n in (1, 2, 3) for kind in ("", "adaptive_")},
        **{f"dropout{n}": pointwise.dropout for n in ("", "1d", "2d", "3d")},
        "alpha_dropout": pointwise.dropout,
        "feature_dropout": pointwise.dropout,
        **dict.fromkeys(("constant", "zero", "fill"), copies.constant),
        "linear": sums.dense,
        "addmm": sums.shifted_product,
        "baddbmm": sums.shifted_product,
        "einsum": sums.einsum,
        "matmul": sums.matrix_product,
        "scaled_dot_product_attention": sums.attention,
        "masked_fill": pointwise.masked_fill,
        "batch_norm": norms.batch_norm,
        "instance_norm": norms.instance_norm,
        "group_norm": norms.group_norm,
        "layer_norm": norms.layer_norm,
        "normalize": norms.normalize,
        "local_response_norm": norms.local_response_norm,
        "where": pointwise.where,
        "maximum": pointwise.larger,
        "minimum": pointwise.larger,
        "glu": pointwise.gated,
        "prelu": pointwise.prelu,
        "addcmul": pointwise.added_product,
        "addcdiv": pointwise.added_quotient,
        "lerp": pointwise.between,
        "sort": pools.sort,
        "rms_norm": norms.rms_norm,
        "add": pointwise.addition,
        "sub": pointwise.subtraction,
        "rsub": pointwise.reversed_subtraction,
        "mul": pointwise.multiplication,
        "div": pointwise.division,
        "rdiv": pointwise.reversed_division,
        **REDUCTIONS,
        "topk": pools.topk,
        "softmax": pools.softmax,
        "log_softmax": pools.softmax,
        "interpolate": _interpolate,
    }
)
