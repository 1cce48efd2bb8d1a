import math

import numpy as np
import pytest
import torch

from lente.models.networks import catalogue
from lente.models.networks.familiarity import Familiarity, entropy, spread_out


def test_entropy_in_bits_is_that_of_coins_and_dice() -> None:
    dice = torch.full((8,), 1 / 8)
    coin = torch.tensor([0.5, 0.5, 0, 0, 0, 0, 0, 0])
    assert entropy(torch.stack([dice, coin, torch.eye(8)[0]])).tolist() == pytest.approx([3, 1, 0])


def test_an_answer_is_spread_out_without_a_half_or_with_much_entropy() -> None:
    sure, no_half, torn = [0.9, 0.1, 0, 0], [0.49, 0.49, 0.02, 0], [0.55, 0.15, 0.15, 0.15]
    assert spread_out(torch.tensor([sure, no_half, torn])).tolist() == [False, True, True]


def test_distance_is_to_the_third_nearest_direction() -> None:
    random = np.random.default_rng(0)
    training, validation = np.abs(random.normal(size=(50, 6))), np.abs(random.normal(size=(200, 6)))
    known = Familiarity.of(torch.from_numpy(training), torch.from_numpy(validation))
    picture = validation[0]
    cosines = training @ picture / np.linalg.norm(training, axis=1) / np.linalg.norm(picture)
    expected = math.sqrt(2 - 2 * np.sort(cosines)[-3])
    assert known.distance(torch.from_numpy(3 * picture)[None]).item() == pytest.approx(expected)
    assert known.strange(torch.from_numpy(validation)).float().mean().item() == pytest.approx(0.12, abs=0.006)


def test_what_is_stored_says_the_same() -> None:
    known = catalogue.familiarity("photo_cnn")
    assert known is not None
    again = Familiarity.restored(known.stored())
    some = known.directions[::50] + 0.05
    torch.testing.assert_close(again.distance(some), known.distance(some), atol=0.01, rtol=0)
    assert catalogue.familiarity("digit_cnn") is None
