"""Normalisation: one input, times gamma / sqrt(variance + eps), plus what is left of beta and the mean."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from lente.models.tracing.operations.terms import Integers, Terms, Unit, grid, numbers, part_of, take


def _affine(unit: Unit, formula: str, mean: float, variance: float, gamma: float, beta: float) -> Terms:
    source, x = unit.operand("input")
    eps = float(unit.argument("eps", 1e-5))
    weight = gamma / math.sqrt(variance + eps)
    details = {"mean": mean, "variance": variance, "eps": eps, "gamma": gamma, "beta": beta}
    part = part_of(source, x, grid(*unit.index), weight)
    return Terms(formula, "sum", [part], bias=beta - mean * weight, details=details)


def _at(tensor: Tensor | None, place: int | tuple[int, ...], default: float) -> float:
    return default if tensor is None else float(tensor[place])


def _channel_norm(unit: Unit, formula: str, whole: Tensor, from_input: bool) -> Terms:
    """Normalise by the channel's running statistics, or by those of `whole`."""
    channel = unit.index[1]
    mean, variance = unit.tensor("running_mean"), unit.tensor("running_var")
    if from_input or mean is None or variance is None:
        values = numbers(whole)
        statistics = float(values.mean()), float(values.var())
    else:
        statistics = float(mean[channel]), float(variance[channel])
    gamma, beta = _at(unit.tensor("weight"), channel, 1.0), _at(unit.tensor("bias"), channel, 0.0)
    return _affine(unit, formula, *statistics, gamma, beta)


def batch_norm(unit: Unit) -> Terms:
    _, x = unit.operand("input")
    return _channel_norm(unit, "batch_norm", x[:, unit.index[1]], bool(unit.argument("training", False)))


def instance_norm(unit: Unit) -> Terms:
    _, x = unit.operand("input")
    whole = x[unit.index[0], unit.index[1]]
    return _channel_norm(unit, "instance_norm", whole, bool(unit.argument("use_input_stats", True)))


def group_norm(unit: Unit) -> Terms:
    _, x = unit.operand("input")
    picture, channel = unit.index[:2]
    share = x.shape[1] // int(unit.argument("num_groups"))
    first = channel // share * share
    values = numbers(x[picture, first : first + share])
    gamma, beta = _at(unit.tensor("weight"), channel, 1.0), _at(unit.tensor("bias"), channel, 0.0)
    return _affine(unit, "group_norm", float(values.mean()), float(np.var(values)), gamma, beta)


def normalize(unit: Unit) -> Terms:
    """Over the length of the whole line along the axes, so that this becomes 1."""
    source, x = unit.operand("input")
    dims = unit.argument("dim", 1)
    axes = {axis % x.dim() for axis in (dims if isinstance(dims, (tuple, list)) else (dims,))}
    line = x[tuple(slice(None) if axis in axes else i for axis, i in enumerate(unit.index))]
    power, eps = float(unit.argument("p", 2.0)), float(unit.argument("eps", 1e-12))
    length = float(np.linalg.norm(numbers(line), power))
    details = {"norm": length, "p": power, "eps": eps}
    part = part_of(source, x, grid(*unit.index), 1 / max(length, eps))
    return Terms("normalize", "sum", [part], details=details)


def rms_norm(unit: Unit) -> Terms:
    """Over the root of the mean square. Zhang and Sennrich, "Root mean square layer normalization", 2019."""
    source, x = unit.operand("input")
    axes = len(unit.argument("normalized_shape"))
    values, place = numbers(x[unit.index[:-axes]]), unit.index[-axes:]
    eps = unit.argument("eps")
    eps = float(torch.finfo(x.dtype).eps if eps is None else eps)
    gamma, square = _at(unit.tensor("weight"), place, 1.0), float((values**2).mean())
    details = {"mean_square": square, "eps": eps, "gamma": gamma}
    part = part_of(source, x, grid(*unit.index), gamma / math.sqrt(square + eps))
    return Terms("rms_norm", "sum", [part], details=details)


def local_response_norm(unit: Unit) -> Terms:
    """Over a power of the mean square of the channels beside it.

    Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", 2012, section 3.3.
    """
    source, x = unit.operand("input")
    picture, channel, *place = unit.index
    size = int(unit.argument("size"))
    alpha, beta, k = (
        float(unit.argument(name, default)) for name, default in (("alpha", 1e-4), ("beta", 0.75), ("k", 1.0))
    )
    beside = neighbours(channel, size, x.shape[1])
    mean = float((take(x, grid(picture, beside, *place)) ** 2).sum()) / size
    details = {"mean_square": mean, "size": float(size), "alpha": alpha, "beta": beta, "k": k}
    part = part_of(source, x, grid(*unit.index), (k + alpha * mean) ** -beta)
    return Terms("local_response_norm", "sum", [part], details=details)


def neighbours(channel: int, size: int, channels: int) -> Integers:
    """The channels about one: `size` of them, fewer at the ends."""
    first = channel - size // 2
    return np.arange(max(first, 0), min(first + size, channels))


def layer_norm(unit: Unit) -> Terms:
    _, x = unit.operand("input")
    axes = len(unit.argument("normalized_shape"))
    values, place = numbers(x[unit.index[:-axes]]), unit.index[-axes:]
    gamma, beta = _at(unit.tensor("weight"), place, 1.0), _at(unit.tensor("bias"), place, 0.0)
    return _affine(unit, "layer_norm", float(values.mean()), float(np.var(values)), gamma, beta)
