"""How good drawn digits are: figures of the diffusion network, of the VAEs, and of test digits by the same rulers.

All in the features of the digit network, (N, 100) before its last layer, but for the nearest training digit, which is
sought among the pixels.
"""

import math

import torch
from torch import Tensor

from lente.models.diffusion.sampling import Sampler, noise
from lente.models.diffusion.schedule import Schedule
from lente.models.networks import catalogue
from lente.models.networks.diffusion import CLASSES, DiffusionUNet
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.vae import VAE
from lente.models.training.data import Pictures

SAMPLES = 5000
COUNTS = (1, 2, 5, 10, 25, 50, 250)
GUIDANCES = (0.0, 2.0, 4.0, 8.0)
VAES = ("vae_10d", "vae_conditional_2d")
NEIGHBOURS = 3
TOGETHER = 250


class Rulers:
    """What drawn digits are measured with.

    Args:
        reader: the digit network.
        learn, test: digits, of which a half each of the test's is measured against and measured.
        samples: how many are drawn.
    """

    def __init__(self, reader: DigitCNN, learn: Pictures, test: Pictures, samples: int = SAMPLES) -> None:
        order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
        self.reader, self.samples = reader, samples
        self.learned = learn.images.flatten(1).float() / 255  # (N, 784)
        self.others = test.images[order[samples : 2 * samples]] / 255
        self.labels = test.labels[order[samples : 2 * samples]]
        self.features = self.of(test.images[order[:samples]] / 255)
        self.near = torch.quantile(self.nearest(self.others), 0.01).item()

    def of(self, images: Tensor) -> Tensor:
        """Features (N, 100) of pictures (N, 1, 28, 28) in 0..1."""
        reader = self.reader
        return torch.cat([reader.relu3(reader.dense1(reader.maps(batch))) for batch in torch.split(images, TOGETHER)])

    def nearest(self, images: Tensor) -> Tensor:
        """How far the nearest training digit is, (N,): the root of the mean squared difference of pixels in 0..1."""
        pixels = self.learned.shape[1]
        found = [torch.cdist(batch.flatten(1), self.learned).amin(1) for batch in torch.split(images, TOGETHER)]
        return torch.cat(found) / math.sqrt(pixels)

    def measure(self, images: Tensor, asked: Tensor | None) -> dict[str, float]:
        """The figures of pictures (N, 1, 28, 28) in 0..1, of which classes (N,) were asked for, or none.

        `nearer` is the share that is nearer to a training digit than 99 % of unseen digits are: how much is copied.
        """
        probabilities = torch.cat([self.reader(batch) for batch in torch.split(images, TOGETHER)])
        features, distance = self.of(images), self.nearest(images)
        confidence, read = probabilities.max(1)
        precision, recall = precision_and_recall(self.features, features)
        figures = {} if asked is None else {"read_percent": percent(read == asked)}
        return {
            **figures,
            "confidence": confidence.mean().item(),
            "frechet": frechet_distance(self.features, features),
            "precision_percent": precision,
            "recall_percent": recall,
            "nearest": distance.median().item(),
            "nearer_percent": percent(distance < self.near),
        }


@torch.inference_mode()
def diffusion(network: DiffusionUNet, learn: Pictures, test: Pictures, samples: int = SAMPLES) -> dict[str, float]:
    """The figures of the card: `frechet_25` is that of DDIM in 25 steps told the class, `frechet_25_guidance_4` with
    guidance, `frechet_vae_10d` and `frechet_test` those of others by the same ruler."""
    reader = catalogue.load("digit_cnn")
    assert isinstance(reader, DigitCNN)
    rulers = Rulers(reader, learn, test, min(samples, len(test) // 2))
    asked = torch.arange(rulers.samples) % CLASSES
    figures = named("test", rulers.measure(rulers.others, rulers.labels))
    for name in VAES:
        vae = catalogue.load(name)
        assert isinstance(vae, VAE)
        figures |= named(name, rulers.measure(drawn_by_vae(vae, asked), asked if vae.classes else None))
    for count in COUNTS:
        figures |= named(str(count), rulers.measure(drawn(network, asked, count), asked))
    for guidance in GUIDANCES:
        images = drawn(network, asked, 25, guidance)
        figures |= named(f"25_guidance_{guidance:g}", rulers.measure(images, asked if guidance else None))
    return {**figures, "test_pictures": rulers.samples}


def named(which: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{which}": value for name, value in figures.items()}


def drawn(network: DiffusionUNet, asked: Tensor, count: int, guidance: float = 1) -> Tensor:
    """Digits (N, 1, 28, 28) in 0..1 out of noise, of classes (N,), by DDIM in `count` steps."""
    network = network.to(memory_format=torch.channels_last)
    sampler = Sampler(network, Schedule.cosine(), count, guidance=guidance)
    start, _ = noise(len(asked), seed=0)
    done = []
    for x, classes in zip(torch.split(start, TOGETHER), torch.split(asked, TOGETHER), strict=True):
        *_, last = sampler.run(x, classes)
        done.append(last.after.clamp(-1, 1) / 2 + 0.5)
    return torch.cat(done)


def drawn_by_vae(network: VAE, asked: Tensor) -> Tensor:
    """Digits (N, 1, 28, 28) in 0..1 from codes out of N(0, I), of classes (N,) where the VAE is given them."""
    z = torch.randn(len(asked), network.z, generator=torch.Generator().manual_seed(0))
    return network.decode(z, asked if network.classes else None)


def frechet_distance(ours: Tensor, theirs: Tensor) -> float:
    """How far two clouds of features (N, F) and (M, F) are from each other, each taken for a Gaussian.

    Heusel et al., "GANs trained by a two time-scale update rule", 2017, equation 6: https://arxiv.org/abs/1706.08500
    """
    ours, theirs = ours.double(), theirs.double()
    first, second = ours.T.cov(), theirs.T.cov()
    root = torch.linalg.eigvals(first @ second).real.clamp(min=0).sqrt().sum()
    apart = (ours.mean(0) - theirs.mean(0)).square().sum()
    return float(apart + first.trace() + second.trace() - 2 * root)


def precision_and_recall(real: Tensor, drawn: Tensor) -> tuple[float, float]:
    """How much of what is drawn (M, F) lies among the real (N, F), and how much of the real among the drawn: percent.

    A point lies among others where it is within the reach of one of them, the distance to its third neighbour.
    Kynkaanniemi et al., "Improved precision and recall metric", 2019: https://arxiv.org/abs/1904.06991
    """
    between = torch.cdist(drawn, real)  # (M, N)
    among_real, among_drawn = between <= reach(real), between <= reach(drawn)[:, None]
    return percent(among_real.any(1)), percent(among_drawn.any(0))


def reach(points: Tensor) -> Tensor:
    """The distance of each (N, F) to its third neighbour, (N,)."""
    return torch.cdist(points, points).kthvalue(NEIGHBOURS + 1).values


def percent(which: Tensor) -> float:
    """How many of (N,) bool are, in percent."""
    return 100 * which.float().mean().item()
