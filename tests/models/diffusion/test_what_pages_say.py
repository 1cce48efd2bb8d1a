"""What the page of diffusion says of its network, on digits and noise that no picture on the page shows."""

from functools import cache

import pytest
import torch
from torch import Tensor

from lente.models.diffusion.editing import filled, inverted
from lente.models.diffusion.sampling import Sampler, noise
from lente.models.diffusion.schedule import Schedule
from lente.models.interpolation import spherical
from lente.models.mnist.reader import digits, values
from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import read

STEPS = 12
COUNT = 20
RARE = 0.01
FIRST = 300  # digits of the test set from there on

pytestmark = pytest.mark.slow


@cache
def sampler(guidance: float = 1.0, count: int = STEPS) -> Sampler:
    network = catalogue.load("diffusion").to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    assert isinstance(network, DiffusionUNet)
    return Sampler(network, Schedule.cosine(), count, guidance=guidance)


@cache
def some_digits() -> tuple[Tensor, Tensor]:
    """COUNT clean digits, -1..1, and their classes."""
    known = digits(train=False)
    images = values(known.images[FIRST : FIRST + COUNT])[:, None]
    return 2 * torch.from_numpy(images) - 1, torch.from_numpy(known.labels[FIRST : FIRST + COUNT].astype("int64"))


def anything(count: int = COUNT) -> Tensor:
    return torch.full((count,), NO_CLASS)


def apart(one: Tensor, other: Tensor) -> Tensor:
    """As the page tells it: the root of the mean squared difference of pixels 0..1, (N,)."""
    return ((one - other) / 2).flatten(1).square().mean(1).sqrt()


def likeness(x: Tensor) -> Tensor:
    """How like a digit pictures -1..1 are for the judge, (N,)."""
    network = catalogue.load("digit_cnn")
    assert isinstance(network, DigitCNN)
    return read(network, catalogue.digit_judge(catalogue.FOLDER), (x.clamp(-1, 1) + 1) / 2)[1]


def variety(pictures: Tensor) -> float:
    return float((torch.pdist(pictures.flatten(1)) / 28 / 2).mean())


def to_others(pictures: Tensor) -> Tensor:
    """How far each picture is from the others on average, (N,)."""
    flat = pictures.flatten(1) / 28 / 2
    return torch.cdist(flat, flat).sum(1) / (len(flat) - 1)


def chance(more: Tensor) -> float:
    """How often differences of N pairs (N,) were as large on average or larger, were their signs thrown by a coin."""
    coins = torch.randint(2, (9999, len(more)), generator=torch.Generator().manual_seed(1)) * 2 - 1
    thrown = (coins * more).mean(1)
    return float(((thrown >= more.mean()).sum() + 1) / (len(coins) + 1))


def test_the_more_guidance_the_more_alike_the_pictures_of_a_digit() -> None:
    each = 6
    classes, found = torch.arange(10).repeat_interleave(each), []
    for guidance in (0.0, 1.0, 2.0, 4.0, 8.0):
        *_, last = sampler(guidance).run(noise(10 * each, 3)[0], classes)
        found.append(sum(variety(one) for one in last.after.split(each)) / 10)
    assert found[:4] == sorted(found[:4], reverse=True), found
    assert max(found[3:]) < found[1], found


def test_the_more_noise_is_put_in_the_further_from_the_drawing_it_ends() -> None:
    clean, _ = some_digits()
    fresh, found = noise(COUNT, 4)[0], []
    for start in (200, 400, 600, 800, 1000):
        x = sampler().schedule.noisy(clean, fresh, torch.full((COUNT,), start))
        *_, last = sampler().run(x, anything(), start)
        found.append(float(apart(last.after, clean).mean()))
    assert found == sorted(found), found
    assert found[0] < found[-1] / 3, found


def test_what_is_filled_in_is_more_like_a_digit_where_each_step_is_done_again() -> None:
    clean, _ = some_digits()
    known = torch.ones_like(clean)
    known[..., 14:, :] = 0
    found = []
    for again in (1, 5):
        x, generator = noise(COUNT, 5)
        *_, last = filled(sampler(), x, clean, known, anything(), generator, again)
        found.append(float(likeness(last.after).mean()))
    assert found[1] > found[0], found


def test_noise_between_two_keeps_its_spread_along_an_arc_and_straight_makes_plainer_digits() -> None:
    count = 5 * COUNT
    ends = noise(2 * count, 2027)[0].flatten(1)
    pairs = zip(ends[:count].numpy(), ends[count:].numpy(), strict=True)
    halfway = torch.tensor([0.5]).numpy()
    arc = torch.stack([torch.from_numpy(spherical(a, b, halfway)[0]) for a, b in pairs]).float()
    straight = (ends[:count] + ends[count:]) / 2
    torch.testing.assert_close(arc.std(1).mean(), torch.tensor(1.0), rtol=0, atol=0.03)
    torch.testing.assert_close(straight.std(1).mean(), torch.tensor(0.5).sqrt(), rtol=0, atol=0.03)
    likely, pictures = [], []
    for start in (ends[:count], arc, straight):
        *_, last = sampler().run(start.reshape(-1, 1, 28, 28), anything(count))
        likely.append(likeness(last.after))
        pictures.append(last.after.clamp(-1, 1))
    own, between, plain = pictures
    assert chance((likely[0] - likely[1]).sign()) > RARE, "what lies between is no worse a picture"
    assert chance((likely[2] - likely[1]).sign()) < RARE
    assert chance(to_others(between) - to_others(plain)) < RARE
    varied = [variety(each) for each in (own, between, plain)]
    assert abs(varied[1] - varied[0]) < abs(varied[2] - varied[0]), varied


def test_a_digit_that_is_led_back_to_its_noise_comes_out_of_it_again() -> None:
    clean, _ = some_digits()
    many = sampler(count=50)
    *_, x = inverted(many, clean, anything())
    *_, last = many.run(x, anything())
    found = apart(last.after, clean)
    assert float(found.mean()) < 0.1, found
    other = apart(clean.roll(1, 0), clean)
    assert (found < other).all(), (found, other)
