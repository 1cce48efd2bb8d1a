import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lente.models.networks import catalogue
from lente.models.networks.photo_cnn import CLASSES, MEAN, STD, Add, PhotoCNN
from lente.models.training import data, evaluate
from lente.models.training import outliers as nothings
from lente.models.training.augment import random_crops
from lente.models.training.measure import measure
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


def test_pictures_are_grouped_by_how_sure_the_network_is() -> None:
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.full(4, 0.5), 500).astype(np.float32)
    labels = generator.integers(0, 4, 500)
    found = evaluate.reliability(torch.tensor(probabilities), torch.tensor(labels))
    sure, right = probabilities.max(1), probabilities.argmax(1) == labels
    edges = np.linspace(0, 1, 11)
    assert found["count"] == tuple(np.histogram(sure, edges)[0])
    for low, high, n, mean, share in zip(edges, edges[1:], *found.values(), strict=False):
        inside = (sure >= low) & (sure < high)
        assert mean == pytest.approx(sure[inside].mean() if n else 0, abs=1e-5)
        assert share == pytest.approx(right[inside].mean() if n else 0)


def test_the_groups_on_the_card_add_up_to_its_accuracy() -> None:
    card = catalogue.card("photo_cnn")
    right = sum(n * share for n, share in zip(card.reliability["count"], card.reliability["right"], strict=True))
    assert sum(card.reliability["count"]) == card.figures["test_pictures"]
    assert 100 * right / sum(card.reliability["count"]) == pytest.approx(card.figures["accuracy_percent"], abs=1e-3)


@pytest.mark.slow
def test_the_groups_of_the_card_are_those_that_are_measured(tmp_path: Path) -> None:
    folder = data_folder("imagenette160.tar")
    for path in catalogue.FOLDER.glob("photo_cnn*"):
        shutil.copy(path, tmp_path)
    stored = catalogue.card("photo_cnn").reliability
    measured = measure(folder, tmp_path).reliability
    assert catalogue.card("photo_cnn", tmp_path).reliability == measured
    for name, least in (("count", 3), ("confidence", 0.02), ("right", 0.05)):  # processors round otherwise
        assert measured[name] == pytest.approx(stored[name], abs=least)
