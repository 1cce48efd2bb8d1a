import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from lente.models.networks import catalogue
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import LEAST, DigitJudge
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
    measured = evaluate.digit(network(), catalogue.digit_judge(), data.digits(None, train=False))
    assert measured == pytest.approx(figures, abs=0.1)


def test_it_reads_digits_and_its_judge_turns_nothing_away() -> None:
    figures = catalogue.card("digit_cnn").figures
    assert figures["accuracy_percent"] >= 99.4
    assert figures["refused_percent"] <= 1
    assert figures["accuracy_percent_european"] >= 98
    assert figures["refused_percent_european"] <= 1
    for kind in ("noise", "upside_down", "letters", "means", "scribbles", "dots", "taps"):
        assert figures[f"sure_percent_{kind}"] <= 5, kind


def test_the_judge_sees_what_goes_into_the_first_dense_layer() -> None:
    x, judge = torch.rand(3, 1, 28, 28), DigitJudge()
    children = dict(network().named_children())
    before = torch.nn.Sequential(*[children[name] for name in ORDER[: ORDER.index("dense1")]])
    torch.testing.assert_close(network().maps(x), before(x))
    torch.testing.assert_close(judge(before(x)), torch.nn.Sequential(*judge.children())(before(x))[:, 0])


def network() -> DigitCNN:
    found = catalogue.load("digit_cnn")
    assert isinstance(found, DigitCNN)
    return found


def judged(x: Tensor) -> float:
    return float(catalogue.digit_judge()(network().maps(x)))


def printed(text: str, size: int = 24) -> Tensor:
    """A character in Pillow's own typeface, which the network never saw, (1, 1, 28, 28) in 0..1."""
    page = Image.new("L", (28, 28))
    ImageDraw.Draw(page).text((14, 14), text, 255, ImageFont.load_default(size), "mm")
    return torch.from_numpy(np.array(page)).view(1, 1, 28, 28) / 255


def drawn(*shapes: tuple[str, list[tuple[float, float]]], pen: int = 3) -> Tensor:
    page = Image.new("L", (28, 28))
    for kind, points in shapes:
        getattr(ImageDraw.Draw(page), kind)(points, fill=255, **({"width": pen} if kind == "line" else {}))
    return torch.from_numpy(np.array(page)).view(1, 1, 28, 28) / 255


LOOP = [(14 + 9 * math.sin(3 * t / 8), 14 + 9 * math.sin(2 * t / 8 + 1)) for t in range(52)]
NOTHINGS = {
    "one dot": drawn(("ellipse", [(12, 12), (16, 16)])),
    "one dot, as large as a digit": drawn(("ellipse", [(4, 4), (23, 23)])),
    "two dots": drawn(("ellipse", [(8, 12), (11, 15)]), ("ellipse", [(18, 12), (21, 15)])),
    "a knot": drawn(("line", LOOP), pen=2),
    "a full square": drawn(("rectangle", [(6, 6), (22, 22)])),
    **{letter: printed(letter) for letter in "AEHKMNRWX"},
}


@pytest.mark.parametrize("what", NOTHINGS)
def test_the_judge_sees_no_digit_in_what_no_trainer_drew(what: str) -> None:
    assert judged(NOTHINGS[what]) < LEAST


EUROPEAN = {
    "a 1 with a long flag": (1, [("line", [(8, 13), (15, 5), (15, 23)])]),
    "a 1 with flag and foot": (1, [("line", [(9, 11), (14, 5), (14, 22)]), ("line", [(9, 22), (19, 22)])]),
    "a 7 with a bar": (7, [("line", [(7, 6), (20, 6), (12, 23)]), ("line", [(10, 14), (20, 14)])]),
    "an open 4": (4, [("line", [(11, 5), (7, 16), (20, 16)]), ("line", [(16, 9), (15, 23)])]),
}


@pytest.mark.parametrize("what", EUROPEAN)
def test_it_reads_digits_as_europe_writes_them(what: str) -> None:
    label, lines = EUROPEAN[what]
    for pen in (2, 3):
        x = drawn(*lines, pen=pen)
        assert int(network()(x).argmax()) == label
        assert judged(x) >= LEAST


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
