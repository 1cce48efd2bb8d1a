import numpy as np
import torch

from lente.models.networks import catalogue
from lente.models.networks.ascent import ascend, gradient
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training import data

MOST = 8 / 255


def network() -> DigitCNN:
    torch.manual_seed(0)
    return DigitCNN().requires_grad_(False).eval()


def test_the_gradient_says_how_the_score_grows_with_a_pixel() -> None:
    double = network().double()
    picture = torch.rand(28, 28, dtype=torch.float64)
    found = gradient(double, picture, 3)

    def score(x: torch.Tensor) -> float:
        return float(double.logits(x[None, None])[0, 3])

    for row, column in [(5, 7), (14, 14), (20, 3)]:
        nudge = torch.zeros(28, 28, dtype=torch.float64)
        nudge[row, column] = 1e-6
        slope = (score(picture + nudge) - score(picture - nudge)) / 2e-6
        assert abs(slope - float(found[row, column])) < 1e-6


def test_a_step_follows_the_gradient_bounded_and_within_the_picture() -> None:
    picture = torch.rand(28, 28)
    pictures, probabilities = ascend(network(), picture, 4, 6, MOST)
    assert pictures.shape == (7, 28, 28)
    assert torch.equal(pictures[0], picture)
    changes = pictures.diff(dim=0)
    assert changes.abs().max() <= MOST + 1e-6
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    wanted = gradient(network(), picture, 4)
    inside = (pictures[1] > 0) & (pictures[1] < 1)
    alike = np.corrcoef(changes[0][inside], wanted[inside])[0, 1]
    assert alike > 0.9999
    torch.testing.assert_close(probabilities, network()(pictures[:, None]))


def test_a_network_that_nothing_moves_leaves_the_picture_as_it_is() -> None:
    still = network()
    still.dense2.weight.zero_()
    picture = torch.rand(28, 28)
    pictures, _ = ascend(still, picture, 4, 2, MOST)
    assert torch.equal(pictures, picture.expand(3, 28, 28))


def test_the_trained_network_becomes_surer_of_whatever_digit_was_chosen() -> None:
    trained = catalogue.load("digit_cnn")
    assert isinstance(trained, DigitCNN)
    one = data.digits(None, train=False).images[2, 0] / 255
    led = []
    for target in range(10):
        _, probabilities = ascend(trained, one, target, 40, MOST)
        assert probabilities[-1, target] > probabilities[0, target] or target == 1
        torch.testing.assert_close(probabilities.sum(1), torch.ones(41))
        if probabilities[-1, target] > 0.9:
            led.append(target)
    assert len(led) >= 6


def test_noise_leaves_the_trained_network_without_a_way_up() -> None:
    trained = catalogue.load("digit_cnn")
    assert isinstance(trained, DigitCNN)
    noise = torch.rand(28, 28, generator=torch.Generator().manual_seed(1))
    assert not gradient(trained, noise, 3).any()
