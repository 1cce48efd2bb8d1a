import pytest
import torch

from lente.models.networks import catalogue
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training import data, evaluate
from lente.models.training.digit import inked, moved

ORDER = ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "dense1", "relu3", "dense2", "softmax"]


def test_every_step_is_a_layer_and_is_called_in_order() -> None:
    network, x = DigitCNN(), torch.rand(2, 1, 28, 28)
    assert [name for name, _ in network.named_children()] == ORDER
    expected = torch.nn.Sequential(*network.children())(x)
    torch.testing.assert_close(network(x), expected)
    torch.testing.assert_close(network.logits(x).softmax(1), expected)


def test_it_is_small_enough_to_show_every_unit() -> None:
    assert sum(parameter.numel() for parameter in DigitCNN().parameters()) <= 65_000


def test_it_reads_the_digits_that_the_box_redraws() -> None:
    codes, artist = catalogue.codes("autoencoder_32d"), catalogue.load("autoencoder_32d")
    redrawn = artist.decode(codes.mu[:2000])
    assert evaluate.accuracy(catalogue.load("digit_cnn")(redrawn), codes.labels[:2000]) > 97


@pytest.mark.slow
def test_the_card_tells_the_truth() -> None:
    figures = catalogue.card("digit_cnn").figures
    assert figures["accuracy_percent"] >= 99.3
    test = data.digits(None, train=False)
    measured = evaluate.digit(catalogue.load("digit_cnn"), test)
    assert abs(measured["accuracy_percent"] - figures["accuracy_percent"]) < 0.02


def test_it_reads_digits_that_are_off_centre() -> None:
    test = data.digits(None, train=False)
    x = test.images[:2000].roll((2, -3), (2, 3)) / 255
    assert evaluate.accuracy(catalogue.load("digit_cnn")(x), test.labels[:2000]) > 97


def test_augmentation_keeps_shape_range_and_most_of_the_ink() -> None:
    torch.manual_seed(0)
    x = torch.zeros(256, 1, 28, 28)
    x[:, :, 8:20, 8:20] = 0.7
    y = inked(moved(x))
    assert y.shape == x.shape
    assert y.min() >= 0
    assert y.max() <= 1
    assert abs(y.mean() / x.mean() - 1) < 0.2
    assert (y - x).abs().mean() > 0.02
