"""Pooling equals PyTorch's, and names the winner."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from lente.models.convolution.pooling import average_pool, max_pool, winners
from lente.models.errors import ModelError

TALK = [[7, 3, 5, 2], [8, 7, 1, 6], [4, 9, 3, 9], [0, 8, 4, 5]]


def test_the_talks_example() -> None:
    assert max_pool(TALK, 2, 2).tolist() == [[8, 6], [9, 9]]
    assert average_pool(TALK).tolist() == [[6.25, 3.5], [5.25, 5.25]]
    assert winners(TALK).tolist() == [[[1, 1], [2, 2]], [[0, 3], [1, 3]]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 3), st.integers(4, 9), st.integers(4, 9), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99)
)
def test_pooling_equals_torch(channels: int, height: int, width: int, size: int, stride: int, seed: int) -> None:
    image = torch.randn(channels, height, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    expected, places = F.max_pool2d(image[None], size, stride, return_indices=True)
    assert np.array_equal(max_pool(image.numpy(), size, stride), expected[0].numpy())
    rows, columns = winners(image.numpy(), size, stride)
    assert np.array_equal(rows * width + columns, places[0].numpy())
    assert np.allclose(average_pool(image.numpy(), size, stride), F.avg_pool2d(image[None], size, stride)[0].numpy())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"size": 5}, "window_too_large"), ({"size": 0}, "bad_size"), ({"stride": 0}, "bad_stride")],
)
def test_what_cannot_be_is_refused(arguments: dict[str, int], code: str) -> None:
    with pytest.raises(ModelError) as caught:
        max_pool(TALK, **arguments)
    assert caught.value.code == code
