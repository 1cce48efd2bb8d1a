"""The sum written out, and its fast twin, equal PyTorch's; what cannot be is refused in words."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from lente.models.convolution.convolution import convolve, convolve_written_out, flatten
from lente.models.convolution.problem import output_size
from lente.models.convolution.second_thread import Beside
from lente.models.errors import ModelError

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
WAYS = (convolve, convolve_written_out)


@pytest.mark.parametrize("way", WAYS)
def test_the_talks_examples(way: Any) -> None:
    cross = [[0, 0.6, 0.6, 0], [0.6, 0, 0, 0.6], [0.6, 0.6, 0.6, 0.6], [0.6, 0, 0, 0.6]]
    assert way(cross, SOBEL, padding=1)[0, 0] == pytest.approx(-1.2)
    compressed = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    kernel = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert way(compressed, kernel).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    padded = [
        [60, 113, 56, 139, 85],
        [73, 121, 54, 84, 128],
        [131, 99, 70, 129, 127],
        [80, 57, 115, 69, 134],
        [104, 126, 123, 95, 130],
    ]
    sharp = way(padded, SHARPEN, padding=1)
    assert (sharp[0, 0], sharp.shape) == (114, (5, 5))
    strided = [
        [2, 3, 7, 4, 6, 2, 9],
        [6, 6, 9, 8, 7, 4, 3],
        [3, 4, 8, 3, 8, 9, 7],
        [7, 8, 3, 6, 6, 3, 4],
        [4, 2, 1, 8, 3, 4, 6],
        [3, 2, 4, 1, 9, 8, 3],
        [0, 1, 3, 9, 2, 1, 4],
    ]
    steps = way(strided, [[3, 4, 4], [1, 0, 2], [-1, 0, 3]], stride=2)
    assert (steps[0, 0], steps.shape) == (91, (3, 3))


def test_flatten_puts_row_after_row() -> None:
    assert flatten([[1, 1, 0], [4, 2, 1], [0, 2, 1]]).tolist() == [1, 1, 0, 4, 2, 1, 0, 2, 1]


sizes = st.integers(1, 9)
small = st.integers(1, 4)


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    """Settings that PyTorch accepts as well."""
    height, width, dilation = draw(sizes), draw(sizes), draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    kernel = draw(small), draw(small)
    mode = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    most = {"zeros": 4, "replicate": 4, "reflect": min(height, width) - 1, "circular": min(height, width)}[mode]
    same = draw(st.booleans())
    padding: Any = "same" if same else (draw(st.integers(0, min(most, 4))), draw(st.integers(0, min(most, 4))))
    stride = 1 if same else draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["plane", "cube", "cubes"]))
    return {
        "size": (draw(small), height, width),
        "kernel": {"plane": (), "cube": (1,), "cubes": (draw(small),)}[kind],
        "sides": kernel,
        "settings": {"stride": stride, "padding": padding, "padding_mode": mode, "dilation": dilation},
        "seed": draw(st.integers(0, 1000)),
    }


def by_torch(image: torch.Tensor, kernels: torch.Tensor, bias: float, settings: dict[str, Any]) -> torch.Tensor:
    """The oracle: torch's own pad and conv2d."""
    sides, dilation = kernels.shape[2:], settings["dilation"]
    if settings["padding"] == "same":
        totals = [d * (k - 1) for k, d in zip(sides, dilation, strict=True)]
        pads = [totals[1] // 2, totals[1] - totals[1] // 2, totals[0] // 2, totals[0] - totals[0] // 2]
    else:
        rows, columns = settings["padding"]
        pads = [columns, columns, rows, rows]
    mode = {"zeros": "constant"}.get(settings["padding_mode"], settings["padding_mode"])
    padded = F.pad(image[None], pads, mode=mode)
    return F.conv2d(
        padded, kernels, torch.full((len(kernels),), bias, dtype=image.dtype), settings["stride"], 0, dilation
    )[0]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(convolutions())
def test_both_ways_equal_torch(case: dict[str, Any]) -> None:
    generator = torch.Generator().manual_seed(case["seed"])
    channels = case["size"][0]
    image = torch.randn(case["size"], generator=generator, dtype=torch.float64)
    plane = case["kernel"] == ()
    shape = (1, 1) if plane else (*case["kernel"], channels)
    kernels = torch.randn(*shape, *case["sides"], generator=generator, dtype=torch.float64)
    given_kernel = kernels[0, 0] if plane else kernels
    arguments = {"bias": 0.3, **case["settings"]}
    try:
        images = image[:, None] if plane else image[None]
        expected = torch.cat([by_torch(each, kernels, 0.3, case["settings"]) for each in images]).numpy()
    except RuntimeError:
        # Too large a kernel or padding: refused here as it is there.
        for way in WAYS:
            with pytest.raises(ModelError):
                way(image.numpy(), given_kernel.numpy(), **arguments)
        return
    for way in WAYS:
        assert np.allclose(way(image.numpy(), given_kernel.numpy(), **arguments), expected, atol=1e-12)
    fast = convolve(image.numpy().astype(np.float32), given_kernel.numpy(), **arguments)
    assert fast.dtype == np.float32
    assert np.allclose(fast, expected, atol=1e-5)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate"])
@pytest.mark.parametrize("shape", [(6, 5), (2, 15), (8, 5), (11, 11), (12, 12), (16, 16), (1, 31), (31, 1)])
def test_a_large_photo_has_no_seam_where_two_threads_meet(shape: tuple[int, int], mode: str, beside: Beside) -> None:
    dice = np.random.default_rng(sum(shape))
    photo = dice.integers(0, 256, (641, 720, 3), dtype=np.uint8).transpose(2, 0, 1)
    rows, columns = shape[0] - 1, shape[1] - 1
    borders = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
    modes = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate"}
    padded = torch.nn.functional.pad(torch.from_numpy(photo.astype(np.float32))[None], borders, modes[mode])
    plane, cubes = dice.normal(size=shape), dice.normal(size=(3, 3, *shape))
    for kernel, groups in ((plane, 3), (plane[:1, :1] * np.ones(shape), 3), (cubes, 1)):
        found = convolve(photo, kernel, bias=0.5, padding="same", padding_mode=mode, beside=beside)
        weight = torch.from_numpy(kernel.astype(np.float32)).expand(3, 3 // groups, *shape)
        expected = torch.conv2d(padded, weight, groups=groups)[0] + 0.5
        assert np.allclose(found, expected.numpy(), rtol=1e-4, atol=2e-2)


@pytest.mark.parametrize("side", [1, 2, 3, 5, 8, 11, 12, 13, 14, 15, 16, 21])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
def test_photos_equal_torch_for_kernels_of_all_sizes(side: int, mode: str) -> None:
    dice = np.random.default_rng(side)
    photo = dice.integers(0, 256, (40, 50, 3), dtype=np.uint8).transpose(2, 0, 1)
    random, blur = dice.standard_normal((side, side)), np.ones((side, side)) / side**2
    for plane in (random, blur):
        for padding, stride in (((side // 2, side // 3), 1), ((0, 0), 2)):
            options = {"padding": padding, "stride": stride, "padding_mode": mode, "dilation": (1, 1)}
            tensor, kernels = torch.from_numpy(photo.astype(np.float64)), torch.from_numpy(plane)[None, None]
            expected = torch.cat([by_torch(channel[None], kernels, 2.0, options) for channel in tensor]).numpy()
            found = convolve(photo, plane, bias=2.0, **options)
            assert found.shape == expected.shape
            assert np.abs(found - expected).max() <= 1e-5 * max(1, np.abs(expected).max())


def test_one_plane_on_every_channel_or_one_cube_on_all() -> None:
    image = np.random.default_rng(0).standard_normal((3, 6, 6))
    each = convolve(image, SOBEL)
    cube = convolve(image, [SOBEL, SOBEL, SOBEL])
    assert (each.shape, cube.shape) == ((3, 4, 4), (1, 4, 4))
    assert np.allclose(each.sum(0), cube[0])
    assert convolve(image[0], SOBEL).shape == (4, 4)
    assert convolve(image[0], [[SOBEL], [SHARPEN]]).shape == (2, 4, 4)


def test_every_kernel_may_have_its_own_bias() -> None:
    image = np.zeros((1, 3, 3))
    assert convolve(image, [[SOBEL], [SHARPEN]], bias=[1, 2]).reshape(-1).tolist() == [1, 2]
    assert convolve_written_out(image, [[SOBEL], [SHARPEN]], bias=[1, 2]).reshape(-1).tolist() == [1, 2]


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 4), st.integers(0, 5), st.integers(1, 3))
def test_the_size_formula(n: int, kernel: int, stride: int, padding: int, dilation: int) -> None:
    if dilation * (kernel - 1) + 1 <= n + 2 * padding:
        expected = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, kernel), None, stride, padding, dilation).shape[2]
        assert output_size(n, kernel, stride, padding, dilation) == expected


FOUR = np.arange(16.0).reshape(4, 4)


@pytest.mark.parametrize(
    ("arguments", "code", "field", "words"),
    [
        ({"kernel": [[1, "a"]]}, "not_a_number", "kernel", r"\[\[1, 'a'\]\]"),
        ({"kernel": [[1, None]]}, "not_a_number", "kernel", "numbers only"),
        ({"kernel": [[True, False]]}, "not_a_number", "kernel", "numbers only"),
        ({"kernel": [[1, float("inf")]]}, "not_finite", "kernel", "kernel holds inf"),
        ({"kernel": [[1, float("nan")]]}, "not_finite", "kernel", "kernel holds nan"),
        ({"kernel": []}, "empty", "kernel", "at least one number"),
        ({"kernel": [[]]}, "empty", "kernel", "at least one number"),
        ({"kernel": [[1, 2], [3]]}, "ragged", "kernel", "equally long"),
        ({"kernel": [1, 2]}, "wrong_rank", "kernel", "1 dimensions"),
        ({"kernel": np.ones((2, 2, 2))}, "wrong_channels", "kernel", "the image has 1"),
        ({"kernel": np.ones((5, 5))}, "kernel_too_large", "kernel", "5 pixels high, the image with its padding 4"),
        ({"kernel": np.ones((1, 3)), "dilation": 2}, "kernel_too_large", "kernel", "5 pixels wide"),
        ({"stride": 0}, "bad_stride", "stride", "stride 0"),
        ({"stride": 1.5}, "bad_stride", "stride", "stride 1.5"),
        ({"stride": (1, 2, 3)}, "bad_stride", "stride", "one number or two"),
        ({"dilation": 0}, "bad_dilation", "dilation", "from 1 up"),
        ({"padding": -1}, "bad_padding", "padding", "padding -1"),
        ({"padding": "some"}, "bad_padding", "padding", "'some'"),
        ({"padding": "same", "stride": 2}, "same_needs_stride_1", "padding", "not 2"),
        ({"padding": 4, "padding_mode": "reflect"}, "padding_too_large", "padding", "at most 3"),
        ({"padding": 5, "padding_mode": "circular"}, "padding_too_large", "padding", "at most 4"),
        ({"padding_mode": "mirror"}, "bad_padding_mode", "padding_mode", "zeros, reflect, replicate, circular"),
        ({"bias": float("nan")}, "not_finite", "bias", "bias holds nan"),
        ({"bias": [1, 2]}, "wrong_bias", "bias", "one number or 1"),
        ({"image": [[1, 2], [3]]}, "ragged", "image", r"rows of \[1, 2\]"),
        ({"image": [1, 2, 3]}, "wrong_rank", "image", r"must be \(H, W\)"),
        ({"image": [[1, float("nan")]]}, "not_finite", "image", "image holds nan"),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_is_refused_in_words(
    way: Any, arguments: dict[str, Any], code: str, field: str, words: str
) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        way(**{"image": FOUR, "kernel": np.ones((2, 2)), **arguments})
    assert (caught.value.code, caught.value.field) == (code, field)
