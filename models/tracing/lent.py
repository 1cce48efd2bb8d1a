"""Outputs that are kept as they are, without a copy, for as long as nothing can have written to them.

Functions that are known here read what they are given, and make new memory for what they give. Before any other one is
called the outputs that lie in the memory of its arguments are to be copied: `x.add_(y)`, `x.numpy()`, a library's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

_NAMES = """
    conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d linear batch_norm layer_norm group_norm
    relu relu6 hardtanh leaky_relu elu selu silu mish gelu hardswish hardsigmoid sigmoid tanh softmax log_softmax
    max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
    add sub mul div __add__ __radd__ __sub__ __mul__ __rmul__ __truediv__ cat stack mean sum matmul __matmul__
    flatten reshape view permute transpose pad interpolate
"""
# What a tensor is asked for, which makes none.
ASKING = {Tensor.dim, Tensor.size, Tensor.numel, Tensor.shape.__get__, Tensor.ndim.__get__, Tensor.dtype.__get__}  # type: ignore[attr-defined]
# What makes something of what it is given, the same each time; with a flag, `inplace`, some write to it.
READING = ASKING | {
    getattr(room, name) for name in _NAMES.split() for room in (torch, F, Tensor) if hasattr(room, name)
}


def reads(func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether the call surely writes to nothing that it is given: a flag that is set may be `inplace`."""
    return func in READING and "out" not in kwargs and not kwargs.get("inplace") and not any(x is True for x in args)


class Keeper(Protocol):
    """What an output is kept in."""

    output: Tensor | None


class _Loan(NamedTuple):
    keeper: Keeper
    tensor: Tensor
    version: int


class Lent:
    """The outputs of one recording that lie in the network's own memory, by its address."""

    def __init__(self) -> None:
        self._loans: dict[int, _Loan] = {}

    def keep(self, keeper: Keeper, func: Callable[..., Any] | None, made: Tensor) -> None:
        """Keeps what `func` made, or a copy of it where that is a view, lies elsewhere too or may do so."""
        keeper.output = made if func in READING and self._lend(keeper, made) else made.clone()

    def _lend(self, keeper: Keeper, made: Tensor) -> bool:
        address = _address(made)
        if not address or address in self._loans or made.untyped_storage().nbytes() != made.nbytes:
            return False
        self._loans[address] = _Loan(keeper, made, made._version)
        return True

    def copy(self, tensors: Iterable[Tensor]) -> None:
        """Outputs in whose memory these lie become copies."""
        for tensor in tensors:
            loan = self._loans.pop(_address(tensor), None)
            if loan is not None and loan.keeper.output is loan.tensor:
                loan.keeper.output = loan.tensor.clone()

    @property
    def intact(self) -> bool:
        """Whether nobody wrote to what is lent without having been seen."""
        return all(loan.tensor._version == loan.version for loan in self._loans.values())


def _address(tensor: Tensor) -> int:
    """Of its memory; 0 where there is none that could be lent."""
    if tensor.layout != torch.strided or tensor.is_inference():
        return 0
    return tensor.untyped_storage().data_ptr()
