"""The figures of networks that name a thousand things, measured on photographs of ten of them.

Half of the photographs say from which figure on an answer is called unsure, the other half how good that is: which
share of the right answers is flagged by mistake, and which share of pictures of nothing is not.
"""

import random
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor, nn

from lente.models.networks.familiarity import RULES, Rule
from lente.models.training import data, outliers
from lente.models.training.data import Pictures
from lente.models.training.evaluate import accuracy, calibration_error, reliability

# Of data.CLASSES, in ImageNet's numbers.
PLACES = (482, 491, 497, 217, 566, 569, 571, 574, 701, 0)
SHORTER = 8 / 7  # of the side that the network is given; the middle is cut out
MISTAKEN = 0.1  # share of right answers that may be called unsure
OF_EACH = 100
AT_ONCE = 16


@dataclass(frozen=True)
class Given:
    """What the network is given: squares of `size` pixels, less mean, over std."""

    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __call__(self, pictures: Tensor) -> Tensor:
        """(B, 3, H, W) squares in 0..1 to (B, 3, size, size), as the page prepares them."""
        shorter = round(SHORTER * self.size)
        x = F.interpolate(pictures, (shorter, shorter), mode="bicubic", antialias=True).clamp(0, 1)
        edge = (shorter - self.size) // 2
        x = x[:, :, edge : edge + self.size, edge : edge + self.size]
        return (x - torch.tensor(self.mean)[:, None, None]) / torch.tensor(self.std)[:, None, None]


@dataclass(frozen=True)
class Found:
    figures: dict[str, float]
    reliability: dict[str, tuple[float, ...]]
    rule: Rule


def measure(whole: nn.Module, stored: nn.Module, given: Given, test: Pictures) -> Found:
    """Of the network in single precision, and as it is stored, in half of it."""
    labels = torch.tensor(PLACES)[test.labels]
    pictures = test.images / 255
    begun = time.process_time()
    said = logits(stored, given, pictures)
    milliseconds = 1000 * (time.process_time() - begun) / len(test)
    single = logits(whole, given, pictures)
    figures = {
        "accuracy_percent": accuracy(said, labels),
        "top5_percent": top5(said, labels),
        "accuracy_percent_single_precision": accuracy(single, labels),
        "top5_percent_single_precision": top5(single, labels),
        "milliseconds": milliseconds,
        "expected_calibration_error_percent": calibration_error(said.softmax(1), labels),
        "test_pictures": len(test),
    }
    nothing = {kind: logits(stored, given, made) for kind, made in nothings(pictures).items()}
    rule = chosen(said[::2], labels[::2], list(nothing.values()))
    return Found(
        {**figures, **flagged(rule, said[1::2], labels[1::2], nothing)}, reliability(said.softmax(1), labels), rule
    )


def chosen(said: Tensor, labels: Tensor, nothing: list[Tensor]) -> Rule:
    """The rule of those in RULES that flags most of nothing, at the figure that flags MISTAKEN of the right answers."""
    right = said[said.argmax(1) == labels]
    limits = {kind: torch.quantile(figure(right), MISTAKEN).item() for kind, figure in RULES.items()}

    def share(kind: str) -> float:
        return sum((RULES[kind](each[::2]) < limits[kind]).float().mean().item() for each in nothing)

    best = max(RULES, key=share)
    return {"figure": best, "least": round(limits[best], 4)}


def flagged(rule: Rule, said: Tensor, labels: Tensor, nothing: dict[str, Tensor]) -> dict[str, float]:
    """What share the rule calls unsure, in percent: of right and of wrong answers, and of each kind of nothing."""
    right = said.argmax(1) == labels
    kinds = {"right": said[right], "wrong": said[~right], **{kind: each[1::2] for kind, each in nothing.items()}}
    figure, least = RULES[str(rule["figure"])], float(rule["least"])
    return {
        f"unsure_percent_{kind}": 100 * (figure(each) < least).float().mean().item() for kind, each in kinds.items()
    }


def top5(said: Tensor, labels: Tensor) -> float:
    """Percent of pictures whose right class is among the five likeliest."""
    return 100 * (said.topk(5).indices == labels[:, None]).any(1).float().mean().item()


@torch.inference_mode()
def logits(network: nn.Module, given: Given, pictures: Tensor) -> Tensor:
    """(N, 3, H, W) in 0..1 to (N, 1000)."""
    return torch.cat([network.logits(given(batch)) for batch in torch.split(pictures, AT_ONCE)])  # type: ignore[operator]


def nothings(pictures: Tensor) -> dict[str, Tensor]:
    """Pictures of nothing that the networks name, (OF_EACH, 3, H, W) of each kind, of the size of `pictures`."""
    random.seed(0)
    torch.manual_seed(0)
    like = pictures[:OF_EACH]
    digits = data.digits(None, train=False).images[:OF_EACH]
    return {
        "noise": torch.stack([outliers.noise(each) for each in like]),
        "clouds": torch.stack([outliers.clouds(each) for each in like]),
        "drawings": torch.stack([outliers.drawing(each) for each in like]),
        "digits": F.interpolate(255 - digits, like.shape[-2:], mode="bilinear").expand(-1, 3, -1, -1) / 255,
        "shapes": torch.stack([outliers.shapes(each) for each in like]),
        "text": torch.stack([written(each) for each in like]),
        "faces": torch.stack([face(each) for each in like]),
    }


def written(picture: Tensor) -> Tensor:
    """A page of letters."""
    size = picture.shape[-1]
    image = Image.new("RGB", (size, size), "white")
    pen, height = ImageDraw.Draw(image), random.randint(size // 16, size // 5)
    font = ImageFont.load_default(height)
    for y in range(size // 32, size, round(1.3 * height)):
        line = "".join(random.choices("abcdefghijklmnopqrstuvwxyz    ", k=60))
        pen.text((size // 32, y), line, fill="black", font=font)
    return outliers.pixels(image)


def face(picture: Tensor) -> Tensor:
    """A drawn face: none of the thousand things is a face."""
    size = picture.shape[-1]
    image = Image.new("RGB", (4 * size, 4 * size), outliers.random_colour())
    pen, unit = ImageDraw.Draw(image), random.uniform(0.6, 1) * size / 25
    hair, skin = outliers.random_colour(), random.choice(("#f2cfb4", "#c68642", "#8d5524", "#ffdbac"))
    x, y = (2 * size + random.uniform(-4, 4) * unit for _ in range(2))

    def oval(across: float, down: float, wide: float, high: float, fill: str | tuple[int, int, int]) -> None:
        box = (across - wide, down - high, across + wide, down + high)
        pen.ellipse([each * 1.0 for each in box], fill=fill)

    oval(x, y - 4 * unit, 27 * unit, 31 * unit, hair)
    oval(x, y, 22 * unit, 29 * unit, skin)
    for side in (-1, 1):
        oval(x + side * 9 * unit, y - 4 * unit, 4 * unit, 2.4 * unit, "white")
        oval(x + side * 9 * unit, y - 4 * unit, 1.6 * unit, 1.8 * unit, "black")
    pen.polygon([(x, y - 2 * unit), (x - 3 * unit, y + 8 * unit), (x + 3 * unit, y + 8 * unit)], fill="#00000030")
    pen.arc((x - 8 * unit, y + 8 * unit, x + 8 * unit, y + 18 * unit), 20, 160, fill="#802020", width=round(1.5 * unit))
    return outliers.pixels(image.resize((size, size), Image.Resampling.BOX))
