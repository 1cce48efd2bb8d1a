import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from lente.models.training import data, digit_outliers, strokes


def holes(picture: Tensor) -> int:
    """Parts of the paper that ink shuts in."""
    paper = np.pad((picture.numpy() < 60).astype(np.uint8), 1, constant_values=1)
    return int(cv2.connectedComponents(paper, connectivity=4)[0]) - 2


def test_european_digits_are_as_large_as_mnists_and_lie_where_they_do() -> None:
    images, labels = strokes.european(200, np.random.default_rng(0))
    assert images.shape == (200, 1, 28, 28)
    assert images.dtype == torch.uint8
    assert set(labels.tolist()) == {0, 1, 4, 7}
    middle = torch.arange(28, dtype=torch.float64) + 0.5
    for picture in images[:, 0].double():
        tall, wide = (int((picture.amax(dim) > 0).sum()) for dim in (1, 0))
        assert 18 <= max(tall, wide) <= 22
        for dim in (0, 1):
            assert float(picture.sum(dim) @ middle / picture.sum()) == pytest.approx(14, abs=0.5)


def test_a_slash_parts_the_zero_and_the_four_is_open() -> None:
    thin = np.random.default_rng(1)
    zeros = [strokes.inked(strokes.slashed_zero(thin), 1.5) for _ in range(20)]
    fours = [strokes.inked(strokes.open_four(thin), 1.5) for _ in range(20)]
    assert [holes(torch.from_numpy(zero.copy())) for zero in zeros] == [2] * 20
    assert [holes(torch.from_numpy(four.copy())) for four in fours] == [0] * 20


def test_the_same_seed_draws_the_same_and_every_hand_another() -> None:
    first, again, other = (strokes.european(50, np.random.default_rng(seed))[0] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len({picture.numpy().tobytes() for picture in first}) == 50


@pytest.mark.parametrize("kind", digit_outliers.KINDS)
def test_every_kind_of_nothing_has_ink_and_no_two_are_alike(kind: str) -> None:
    digits = data.digits(None, train=False)
    made = digit_outliers.some(kind, 40, digits, data.typefaces("italic"), np.random.default_rng(0))
    assert made.shape == (40, 1, 28, 28)
    assert made.dtype == torch.uint8
    assert (made.flatten(1).amax(1) > 60).all()
    assert len({picture.numpy().tobytes() for picture in made}) > 36


def test_what_is_upside_down_is_a_digit_the_right_way_up() -> None:
    digits = data.digits(None, train=False)
    turned = digit_outliers.upside_down(digits, 20, np.random.default_rng(0)).rot90(2, (-2, -1))
    known = {image.numpy().tobytes(): int(label) for image, label in zip(digits.images, digits.labels, strict=True)}
    assert {known[picture.numpy().tobytes()] for picture in turned} <= set(digit_outliers.TURNED)
