"""What the pages say of these networks in words: measured here, so that it stays true when they are trained again."""

import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from lente.models.networks import catalogue
from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.catalogue import Frame
from lente.models.networks.pca import PCA
from lente.models.networks.vae import VAE
from lente.models.training import data
from lente.models.training.digit import moved


def network(name: str) -> VAE:
    loaded = catalogue.load(name)
    assert isinstance(loaded, VAE)
    return loaded


def neighbours_of_its_kind(name: str) -> float:
    """The share of test digits whose nearest code is that of a digit of the same kind; 1 of 10 by chance."""
    codes = catalogue.codes(name)
    nearest = torch.cat(
        [torch.cdist(part, codes.mu).topk(2, largest=False).indices[:, 1] for part in codes.mu[:2000].split(200)]
    )
    return (codes.labels[nearest] == codes.labels[:2000]).float().mean().item()


def test_digits_of_one_kind_mostly_lie_together() -> None:
    assert 0.6 < neighbours_of_its_kind("vae_2d") < 0.95


def test_codes_beside_a_digit_that_is_told_need_not_keep_the_digits_apart() -> None:
    assert neighbours_of_its_kind("vae_conditional_2d") < 0.35


def test_a_longer_code_copies_better() -> None:
    short, long = (catalogue.card(name).figures for name in ("vae_2d", "vae_10d"))
    assert long["bce_nats"] < short["bce_nats"]
    assert long["kl_nats"] > short["kl_nats"]


def test_no_other_sum_of_as_many_pictures_comes_closer_to_the_training_pictures() -> None:
    pca = catalogue.load("pca")
    assert isinstance(pca, PCA)
    pictures = data.digits(None, train=True).images.flatten(1).float() / 255
    centred = pictures - pictures.mean(0)
    variances = torch.linalg.eigvalsh((centred.T @ centred / len(pictures)).double()).flip(0)
    for count in (2, 8, 64):
        copies = pca.decode(pca.encode(pictures, count)).flatten(1)
        error = (copies - pictures).square().sum(1).mean().item()
        least = variances[count:].sum().item()  # Eckart and Young, 1936
        assert error == pytest.approx(least, rel=1e-3), count


def test_copies_by_pca_stray_outside_0_to_1() -> None:
    pca = catalogue.load("pca")
    copies = pca(data.digits(None, train=False).images[:200].float() / 255)
    assert copies.min() < -0.01
    assert copies.max() > 1.01


def test_numbers_that_carry_next_to_nothing_change_next_to_nothing() -> None:
    codes, vae = catalogue.codes("vae_10d"), network("vae_10d")
    assert codes.log_variance is not None
    kl = 0.5 * (codes.mu**2 + codes.log_variance.exp() - 1 - codes.log_variance).mean(0)
    for number in range(10):
        low, high = codes.mu[:50].clone(), codes.mu[:50].clone()
        low[:, number], high[:, number] = -2, 2
        change = (vae.decode(low) - vae.decode(high)).square().mean().item()
        assert (change < 1e-4) == (kl[number] < 0.05), number


def test_samples_of_a_cloud_are_mostly_read_as_the_same_digit() -> None:
    codes, vae, reader = catalogue.codes("vae_2d"), network("vae_2d"), catalogue.load("digit_cnn")
    assert codes.log_variance is not None
    torch.manual_seed(0)
    mu, log_variance = codes.mu[:300], codes.log_variance[:300]
    first = reader(vae.decode(mu)).argmax(1)
    again = reader(vae.decode(vae.reparameterise(mu, log_variance))).argmax(1)
    assert (first == again).float().mean() > 0.85


def test_most_small_steps_of_a_walk_change_the_picture_only_a_little() -> None:
    vae = network("vae_2d")
    torch.manual_seed(0)
    place, path = torch.randn(2), []
    for _ in range(400):
        path.append(place)
        place = 0.98 * place + 0.2 * torch.randn(2)
    pictures = vae.decode(torch.stack(path)).flatten(1)
    steps = (pictures[1:] - pictures[:-1]).square().sum(1)
    strangers = (pictures[: len(path) // 2] - pictures[len(path) // 2 :]).square().sum(1)
    assert (steps < strangers.median() / 2).float().mean() > 0.7


def difference(before: Frame, after: Frame) -> float:
    """How far codes have moved from one moment to another, squared, in the mean."""
    return (after.codes.mu - before.codes.mu).square().sum(1).mean().item()


def test_the_moments_of_the_film_lie_close_at_first_when_most_happens() -> None:
    frames = catalogue.film("vae_2d")
    seen = [frame.pictures for frame in frames]
    gaps = [after - before for before, after in itertools.pairwise(seen)]
    assert max(gaps[: len(gaps) // 3]) < min(gaps[-len(gaps) // 3 :])
    change = [difference(*pair) / gap for pair, gap in zip(itertools.pairwise(frames), gaps, strict=True)]
    assert change[0] > 10 * change[-1]


def test_a_bell_curve_has_two_thirds_within_1_and_hardly_any_beyond_3() -> None:
    within = [math.erf(reach / math.sqrt(2)) for reach in (1, 3)]
    assert within[0] == pytest.approx(2 / 3, abs=0.02)
    assert 1 - within[1] < 0.003


def test_in_training_a_digit_is_hardly_ever_in_a_corner() -> None:
    torch.manual_seed(0)
    dot = torch.zeros(500, 1, 28, 28)
    dot[:, :, 12:16, 12:16] = 1
    placed = moved(dot)[:, 0]
    mass = placed.sum((1, 2)).clamp_min(1e-6)
    rows = (placed.sum(2) * torch.arange(28)).sum(1) / mass
    columns = (placed.sum(1) * torch.arange(28)).sum(1) / mass
    assert min(rows.std(), columns.std()) > 1
    corner = ((rows - 13.5).abs() > 7) & ((columns - 13.5).abs() > 7)
    assert corner.float().mean() < 0.01


def falls(reader: torch.nn.Module, picture: Tensor, first: int, second: int) -> Tensor:
    """What a dark square of 5 x 5 costs the lead of the first guess, for each pixel the mean over the squares on it."""
    covered, places, counts = [picture], [], torch.zeros(28, 28)
    for top in range(0, 24, 2):
        for left in range(0, 24, 2):
            counts[top : top + 5, left : left + 5] += 1
            if picture[0, top : top + 5, left : left + 5].any():
                square = picture.clone()
                square[0, top : top + 5, left : left + 5] = 0
                covered.append(square)
                places.append((top, left))
    scores = reader(torch.stack(covered)).clamp_min(1e-30).log()
    leads = scores[:, first] - scores[:, second]
    total = torch.zeros(28, 28)
    for (top, left), lead in zip(places, leads[1:], strict=True):
        total[top : top + 5, left : left + 5] += leads[0] - lead
    return total / counts.clamp_min(1)


def test_without_the_orange_the_answer_changes_as_a_rule_and_not_always_to_the_second() -> None:
    reader = catalogue.load("digit_cnn")
    pictures = data.digits(None, train=False).images[::100].float() / 255
    stays = rival = 0
    for picture in pictures:
        first, second = reader(picture[None])[0].topk(2).indices.tolist()
        left = torch.where(falls(reader, picture, first, second) > 0, 0, picture)
        answer = reader(left[None])[0].argmax().item()
        stays += answer == first
        rival += answer == second
    assert 0 < stays < len(pictures) / 3
    assert 0 < rival < len(pictures) / 2


def test_a_free_code_draws_a_digit_back_better_than_its_class() -> None:
    test = data.digits(None, train=False)
    x, labels = test.images[:1000] / 255, test.labels[:1000]
    conditional, free = network("vae_conditional_2d"), catalogue.load("autoencoder_8d")
    assert isinstance(free, Autoencoder)
    drawn = conditional.decode(torch.zeros(1000, 2), labels)
    copies = free.decode(free.encode(x))
    apart = [(one - x).square().flatten(1).mean(1) for one in (drawn, copies)]
    assert apart[1].mean() < apart[0].mean() / 2
    assert (apart[1] < apart[0]).float().mean() > 0.95
    for digit in range(10):
        alike = drawn[labels == digit]
        torch.testing.assert_close(alike, alike[:1].expand_as(alike))


def test_encoder_and_decoder_are_as_wide_as_the_pages_draw_them() -> None:
    free = catalogue.load("autoencoder_8d")
    assert isinstance(free, Autoencoder)
    into, out_of = (
        [layer for layer in part.children() if isinstance(layer, nn.Linear)] for part in (free.encoder, free.decoder)
    )
    widths = [into[0].in_features, *(layer.out_features for layer in into)]
    assert widths == [784, 256, 128, 8]
    assert [out_of[0].in_features, *(layer.out_features for layer in out_of)] == [8, 128, 128, 256, 784]
