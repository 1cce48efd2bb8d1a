from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from lente.models.networks import catalogue
from lente.models.networks.photo_cnn import CLASSES, MEAN, STD, Add, PhotoCNN
from lente.models.training import data, evaluate
from lente.models.training import outliers as nothings
from lente.models.training.augment import random_crops
from tests.models.at_hand import data_folder


def network() -> PhotoCNN:
    loaded = catalogue.load("photo_cnn")
    assert isinstance(loaded, PhotoCNN)
    return loaded


def test_shapes() -> None:
    x = torch.randn(2, 3, 128, 128)
    fresh = PhotoCNN().eval()
    assert fresh.logits(x).shape == (2, 10)
    torch.testing.assert_close(fresh(x).sum(1), torch.ones(2))
    assert fresh.conv1.weight.shape[2:] == (7, 7)


def test_every_step_is_a_layer_that_leaves_its_input_alone() -> None:
    fresh = PhotoCNN()
    assert sum(isinstance(layer, Add) for layer in fresh.modules()) == 4
    assert not any(layer.inplace for layer in fresh.modules() if isinstance(layer, nn.ReLU))


def test_it_fits_the_box() -> None:
    assert sum(parameter.numel() for parameter in PhotoCNN().parameters()) <= 3_000_000
    assert (catalogue.FOLDER / "photo_cnn.safetensors").stat().st_size <= 6_000_000


def test_the_card_says_how_to_prepare_a_photograph_and_what_the_classes_are() -> None:
    card = catalogue.card("photo_cnn")
    assert (card.size, card.mean, card.std, card.classes) == (128, MEAN, STD, CLASSES)
    assert card.figures["accuracy_percent"] >= 88
    assert card.figures["expected_calibration_error_percent"] < 5


def test_it_is_unsure_of_pictures_of_nothing() -> None:
    figures = catalogue.card("photo_cnn").figures
    torch.manual_seed(0)
    noise = torch.randint(0, 256, (40, 3, 128, 128), dtype=torch.uint8)
    measured = evaluate.photo_probabilities(network(), noise).amax(1).mean()
    assert measured < 0.4
    assert measured == pytest.approx(figures["mean_confidence_noise"], abs=0.05)
    assert figures["mean_confidence_drawings"] < 0.5
    assert figures["unsure_percent_drawings"] > 95
    assert figures["unsure_percent_noise"] > 95
    assert figures["unsure_percent_photographs"] < 20


@pytest.mark.slow
def test_the_card_tells_the_truth() -> None:
    test = data.photographs(data_folder("imagenette160.tar"), train=False)
    some = slice(None, None, 10)
    measured = 100 * (
        (evaluate.photo_probabilities(network(), test.images[some]).argmax(1) == test.labels[some]).float().mean()
    )
    assert abs(measured - catalogue.card("photo_cnn").figures["accuracy_percent"]) < 7


def test_random_crops_are_parts_of_the_picture_resized() -> None:
    ramp = torch.arange(160, dtype=torch.uint8).expand(4, 3, 160, 160)
    crops = random_crops(ramp, 96).int()
    assert crops.shape == (4, 3, 96, 96)
    steps = crops.diff(dim=-1)
    assert all(bool((s >= 0).all() or (s <= 0).all()) for s in steps)
    assert (crops.diff(dim=-2) == 0).all()


@pytest.mark.parametrize("make", [nothings.noise, nothings.clouds, nothings.strokes, nothings.drawing, nothings.shapes,
                                  nothings.discs, nothings.jigsaw, nothings.detail, nothings.texture,
                                  nothings.silhouettes])  # fmt: skip
def test_pictures_of_nothing_are_pictures(make: Callable[[Tensor], Tensor]) -> None:
    for size in (96, 112, 128):
        photograph = torch.rand(3, size, size)
        made = make(photograph)
        assert made.shape == photograph.shape
        assert made.min() >= 0
        assert made.max() <= 1
        assert not torch.equal(made, photograph)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    sure = torch.tensor([[0.8, 0.2]]).expand(10, 2)
    assert evaluate.calibration_error(sure, torch.tensor([0] * 8 + [1] * 2)) == pytest.approx(0, abs=1e-4)
    assert evaluate.calibration_error(sure, torch.tensor([0] * 5 + [1] * 5)) == pytest.approx(30, abs=1e-4)
