import pytest
import torch
import torch.nn.functional as F
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl_divergence

from lente.models.networks import catalogue
from lente.models.networks.vae import VAE, cross_entropy, kl_divergence
from lente.models.training import data, evaluate

NAMES = [name for name in catalogue.names() if name.startswith("vae_")]


@pytest.mark.parametrize("z", [1, 2, 10])
def test_shapes(z: int) -> None:
    network = VAE(z)
    mu, log_variance = network.encode(torch.rand(3, 1, 28, 28))
    assert mu.shape == log_variance.shape == (3, z)
    assert network.decode(mu).shape == (3, 1, 28, 28)
    assert 0 <= network.decode(100 * mu).min() <= network.decode(100 * mu).max() <= 1


def test_kl_divergence_is_torch_distributions() -> None:
    torch.manual_seed(0)
    mu, log_variance = 3 * torch.randn(100, 4), 2 * torch.randn(100, 4)
    expected = torch_kl_divergence(Normal(mu, (0.5 * log_variance).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(kl_divergence(mu, log_variance), expected, rtol=1e-4, atol=1e-5)


def test_cross_entropy_is_summed_over_the_pixels_of_each_picture() -> None:
    torch.manual_seed(0)
    x, logits = torch.rand(5, 1, 28, 28), torch.randn(5, 784)
    expected = F.binary_cross_entropy(logits.sigmoid(), x.flatten(1), reduction="none").sum(1)
    torch.testing.assert_close(cross_entropy(logits, x), expected)


def test_samples_have_the_mean_and_the_variance_that_mu_and_sigma_promise() -> None:
    torch.manual_seed(0)
    mu, sigma = torch.tensor([0.1, 1.2, 0.2, 0.8]), torch.tensor([0.2, 0.5, 0.8, 1.3])
    many = VAE(4).reparameterise(mu.expand(100_000, 4), sigma.square().log().expand(100_000, 4))
    torch.testing.assert_close(many.mean(0), mu, rtol=0, atol=0.02)
    torch.testing.assert_close(many.std(0), sigma, rtol=0.02, atol=0)
    assert torch.corrcoef(many.T).fill_diagonal_(0).abs().max() < 0.02


def test_a_sigma_of_nearly_zero_gives_mu() -> None:
    mu = torch.tensor([[1.0, -2.0]])
    torch.testing.assert_close(VAE(2).reparameterise(mu, torch.full_like(mu, -80.0)), mu)


def test_classes_are_needed_where_the_network_was_given_them_and_refused_elsewhere() -> None:
    x, labels = torch.rand(2, 1, 28, 28), torch.tensor([3, 4])
    conditional = VAE(2, classes=10)
    assert conditional(x, labels).shape == x.shape
    with pytest.raises(ValueError, match="labels are needed"):
        conditional.encode(x)
    with pytest.raises(ValueError, match="labels are not accepted"):
        VAE(2).decode(torch.zeros(2, 2), labels)


def test_a_conditional_vae_draws_the_class_that_it_is_told_to() -> None:
    labels = torch.arange(10).repeat(20)
    torch.manual_seed(0)
    drawn = catalogue.load("vae_conditional_2d").decode(torch.randn(200, 2), labels)
    assert evaluate.accuracy(catalogue.load("digit_cnn")(drawn), labels) > 90


@pytest.mark.parametrize(("name", "limit"), [("vae_2d", 136.0), ("vae_10d", 100.0)])
def test_the_figures_on_the_cards_are_good_enough(name: str, limit: float) -> None:
    assert catalogue.card(name).figures["bce_plus_kl_nats"] <= limit


@pytest.mark.parametrize("name", NAMES)
def test_the_kl_on_the_card_is_that_of_the_stored_codes(name: str) -> None:
    codes = catalogue.codes(name)
    assert codes.log_variance is not None
    kl = kl_divergence(codes.mu, codes.log_variance).sum(1).mean().item()
    assert kl == pytest.approx(catalogue.card(name).figures["kl_nats"], rel=0.005)


def test_a_larger_beta_keeps_less_of_the_picture() -> None:
    names = ["vae_2d_beta_0.1", "vae_2d_beta_0.5", "vae_2d", "vae_2d_beta_2", "vae_2d_beta_4", "vae_2d_beta_10"]
    kept = [catalogue.card(name).figures["kl_nats"] for name in names]
    assert kept == sorted(kept, reverse=True)
    assert [catalogue.card(name).beta for name in names] == [0.1, 0.5, 1, 2, 4, 10]


@pytest.mark.parametrize("name", ["vae_2d", "vae_10d", "vae_conditional_2d"])
def test_the_card_tells_the_truth(name: str) -> None:
    test = data.digits(None, train=False)
    figures, codes = evaluate.vae(catalogue.load(name), test)  # type: ignore[arg-type]
    for figure, value in catalogue.card(name).figures.items():
        assert figures[figure] == pytest.approx(value, rel=0.005), figure
    torch.testing.assert_close(catalogue.codes(name).mu, codes.mu, rtol=2e-3, atol=2e-3)
    assert torch.equal(catalogue.codes(name).labels, test.labels)
