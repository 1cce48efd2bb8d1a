"""The figures that go on the cards, measured on test pictures that no training has seen."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.catalogue import Codes
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import LEAST, SURE, DigitJudge, read
from lente.models.networks.familiarity import Familiarity, spread_out
from lente.models.networks.pca import PCA
from lente.models.networks.photo_cnn import SIZE, PhotoCNN
from lente.models.networks.vae import VAE, cross_entropy
from lente.models.training import augment, data, digit_outliers, strokes
from lente.models.training.data import Pictures

RANKS = (1, 2, 4, 8, 10, 16, 32, 64)


def accuracy(probabilities: Tensor, labels: Tensor) -> float:
    """Percent of pictures whose most likely class is the right one."""
    return 100 * (probabilities.argmax(1) == labels).float().mean().item()


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Expected calibration error: by how much confidence and accuracy differ, in percent.

    Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", 2017.
    """
    found = reliability(probabilities, labels, bins)
    gaps = [n * abs(right - sure) for n, sure, right in zip(*found.values(), strict=True)]
    return 100 * float(sum(gaps)) / len(labels)


def reliability(probabilities: Tensor, labels: Tensor, bins: int = 10) -> dict[str, tuple[float, ...]]:
    """Of pictures with probabilities (N, K), by how sure the likeliest class is, in equal bins from 0 to 1: how many
    there are, the mean of their confidence and the share that is right, both 0..1, and 0 where there is none."""
    confidence, guess = probabilities.max(1)
    place = (confidence * bins).long().clamp(max=bins - 1)
    right = (guess == labels).double()
    count = place.bincount(minlength=bins)
    sums = [place.bincount(weights, bins) for weights in (confidence.double(), right)]
    mean_confidence, share = (total / count.clamp(min=1) for total in sums)
    return {
        "count": tuple(count.tolist()),
        "confidence": tuple(mean_confidence.tolist()),
        "right": tuple(share.tolist()),
    }


@torch.inference_mode()
def photo_reliability(network: PhotoCNN, test: Pictures) -> dict[str, tuple[float, ...]]:
    """How often the network is right when it is so sure, on test photographs."""
    return reliability(photo_probabilities(network, test.images), test.labels)


@torch.inference_mode()
def digit(network: DigitCNN, judge: DigitJudge, test: Pictures, count: int = 2000) -> dict[str, float]:
    """Accuracy in percent and cross-entropy in nats; of how many digits the answer is refused, by the judge, or
    hesitates; and how much else passes the judge, has 90 % of one class, or both: is sure.

    The European digits, scribbles and dots are of hands that nobody learnt from, the letters of another typeface, the
    digits upside down and in means the test's.
    """
    random = np.random.default_rng(1_000_000)
    written, names = strokes.european(count, random)
    probabilities, passes = judged(network, judge, test.images)
    european, known = judged(network, judge, written)
    figures = {
        "accuracy_percent": accuracy(probabilities, test.labels),
        "cross_entropy_nats": F.nll_loss(probabilities.log(), test.labels).item(),
        "refused_percent": percent(~passes),
        "hesitates_percent": percent(passes & (probabilities.amax(1) < SURE)),
        "accuracy_percent_european": accuracy(european, names),
        "refused_percent_european": percent(~known),
        "test_pictures": len(test),
    }
    for kind in (*digit_outliers.KINDS, digit_outliers.TAPS):
        nothing = digit_outliers.some(kind, count, test, data.typefaces("italic"), random)
        probabilities, passes = judged(network, judge, nothing)
        ninety = probabilities.amax(1) >= SURE
        figures[f"passes_percent_{kind}"] = percent(passes)
        figures[f"ninety_percent_{kind}"] = percent(ninety)
        figures[f"sure_percent_{kind}"] = percent(passes & ninety)
    return figures


def judged(network: DigitCNN, judge: DigitJudge, images: Tensor) -> tuple[Tensor, Tensor]:
    """Of pictures (N, 1, 28, 28) uint8 the probabilities (N, 10), and whether they pass as digits (N,) bool."""
    found = [read(network, judge, batch / 255) for batch in torch.split(images, 500)]
    probabilities, likeness = (torch.cat(each) for each in zip(*found, strict=True))
    return probabilities, likeness >= LEAST


def percent(which: Tensor) -> float:
    """How many of (N,) bool are, in percent."""
    return 100 * which.float().mean().item()


@torch.inference_mode()
def photo(
    network: PhotoCNN, learn: Pictures, test: Pictures, drawings: Tensor | None
) -> tuple[dict[str, float], Familiarity]:
    """Accuracy, calibration, and how sure the network is of photographs, noise and drawings (N, 1, 28, 28)."""
    torch.manual_seed(0)
    pictures = {"photographs": test.images, "noise": torch.randint(0, 256, (200, 3, SIZE, SIZE), dtype=torch.uint8)}
    if drawings is not None:
        pictures["drawings"] = paper(drawings)
    features = {kind: photo_features(network, images) for kind, images in pictures.items()}
    probabilities = {kind: network.softmax(network.dense(found)) for kind, found in features.items()}
    familiarity = Familiarity.of(photo_features(network, some_of_each(learn)), features["photographs"])
    figures = {
        "accuracy_percent": accuracy(probabilities["photographs"], test.labels),
        "expected_calibration_error_percent": calibration_error(probabilities["photographs"], test.labels),
        "test_pictures": len(test),
    }
    for kind, found in probabilities.items():
        unsure = spread_out(found) | familiarity.strange(features[kind])
        figures[f"mean_confidence_{kind}"] = found.amax(1).mean().item()
        figures[f"unsure_percent_{kind}"] = 100 * unsure.float().mean().item()
    return figures, familiarity


def some_of_each(learn: Pictures, count: int = 100) -> Tensor:
    """`count` pictures of each class (N, C, H, W), chosen at random."""
    order = torch.randperm(len(learn), generator=torch.Generator().manual_seed(0))
    labels = learn.labels[order]
    return learn.images[torch.cat([order[labels == label][:count] for label in range(int(labels.max()) + 1)])]


def photo_features(network: PhotoCNN, images: Tensor) -> Tensor:
    """(N, 3, H, W) uint8 to (N, 256)."""
    return torch.cat([network.features(resized(batch)) for batch in torch.split(images, 64)])


def paper(drawings: Tensor) -> Tensor:
    """(N, 1, 28, 28) uint8 to (N, 3, 128, 128) uint8, dark on white."""
    return F.interpolate(255 - drawings, (SIZE, SIZE), mode="bilinear").expand(-1, 3, -1, -1)


def photo_probabilities(network: PhotoCNN, images: Tensor) -> Tensor:
    """(N, 3, H, W) uint8 to (N, 10)."""
    return torch.cat([network(resized(batch)) for batch in torch.split(images, 64)])


def resized(images: Tensor) -> Tensor:
    """(N, 3, H, W) uint8 squares to what the network takes: (N, 3, 128, 128), normalised."""
    x = F.interpolate(images, (SIZE, SIZE), mode="bilinear", antialias=True) / 255
    return augment.normalised(x).contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def vae(network: VAE, test: Pictures) -> tuple[dict[str, float], Codes]:
    """Grey-scale binary cross-entropy, KL divergence, their sum, and the sum with beta that training made small: nats a
    picture, one sample; error of mu decoded.
    """
    torch.manual_seed(0)
    x, labels = test.images / 255, test.labels if network.classes else None
    reconstruction, divergence = network.loss(x, labels)
    mu, log_variance = network.encode(x, labels)
    figures = {
        "bce_plus_kl_nats": (reconstruction + divergence).mean().item(),
        "bce_plus_beta_kl_nats": (reconstruction + network.beta * divergence).mean().item(),
        "bce_nats": reconstruction.mean().item(),
        "kl_nats": divergence.mean().item(),
        "squared_error_per_pixel": F.mse_loss(network.decode(mu, labels), x).item(),
        "mean_sigma": torch.exp(0.5 * log_variance).mean().item(),
        "test_pictures": len(test),
    }
    return figures, Codes(mu, log_variance, test.labels)


@torch.inference_mode()
def autoencoder(network: Autoencoder, test: Pictures) -> tuple[dict[str, float], Codes]:
    """Grey-scale binary cross-entropy in nats a picture, and squared error."""
    x = test.images / 255
    z = network.encode(x)
    figures = {
        "bce_nats": cross_entropy(network.decoder.logits(z), x).mean().item(),
        "squared_error_per_pixel": F.mse_loss(network.decode(z), x).item(),
        "test_pictures": len(test),
    }
    return figures, Codes(z, None, test.labels)


@torch.inference_mode()
def pca(network: PCA, test: Pictures) -> tuple[dict[str, float], Codes]:
    """Squared error with 1, 2, 4, ... numbers, and of the mean picture alone."""
    x = test.images / 255
    z = network.encode(x)
    errors = {f"squared_error_per_pixel_{n}": F.mse_loss(network.decode(z[:, :n]), x).item() for n in RANKS}
    mean = F.mse_loss(network.decode(z[:, :0]), x).item()
    return {**errors, "squared_error_per_pixel_mean": mean, "test_pictures": len(test)}, Codes(z, None, test.labels)


def ruler(test: Pictures) -> dict[str, float]:
    """Two marks on the loss ruler, nats a picture: a perfect copy, and the mean picture for all."""
    x = (test.images / 255).flatten(1)
    mean = x.mean(0).clamp(1e-6, 1 - 1e-6).expand_as(x)
    return {
        "floor_bce_nats": F.binary_cross_entropy(x, x, reduction="sum").item() / len(x),
        "mean_picture_bce_nats": F.binary_cross_entropy(mean, x, reduction="sum").item() / len(x),
    }
