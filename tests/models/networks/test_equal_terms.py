"""What the pages set side by side differs in one thing: the cards say so, and their figures follow from it."""

import pytest
import torch

from lente.models.networks import catalogue
from lente.models.training import series
from lente.models.training.latent import RECIPE

BETAS = {beta: "vae_2d" if beta == 1 else f"vae_2d_beta_{beta:g}" for beta in (0.1, 0.5, 1, 2, 4, 10)}


def test_all_latent_networks_were_trained_by_one_recipe_for_as_many_epochs() -> None:
    cards = [catalogue.card(name) for name in series.names()]
    assert len(cards) == 15
    assert {(card.recipe, card.epochs, card.seed, card.data_sha256) for card in cards} == {
        (RECIPE, cards[0].epochs, 0, cards[0].data_sha256)
    }


def test_all_have_one_decoder_but_for_the_width_of_the_code() -> None:
    shapes = {
        tuple((name, tuple(value.shape)) for name, value in catalogue.build(name).decoder.state_dict().items())[1:]  # type: ignore[union-attr, operator]
        for name in series.names()
    }
    assert len(shapes) == 1


def test_with_beta_copies_get_worse_and_codes_carry_less() -> None:
    figures = [catalogue.card(name).figures for name in BETAS.values()]
    copies, codes = ([figure[key] for figure in figures] for key in ("bce_nats", "kl_nats"))
    assert copies == sorted(copies)
    assert codes == sorted(codes, reverse=True)


@pytest.mark.parametrize("beta", BETAS)
def test_each_beta_is_the_best_at_what_it_was_trained_for(beta: float) -> None:
    paid = {other: card.figures["bce_nats"] + beta * card.figures["kl_nats"] for other, card in cards().items()}
    assert min(paid, key=paid.__getitem__) == beta
    own = catalogue.card(BETAS[beta])
    assert own.beta == beta
    assert own.figures["bce_plus_beta_kl_nats"] == pytest.approx(paid[beta], abs=1e-3)


def cards() -> dict[float, catalogue.Card]:
    return {beta: catalogue.card(name) for beta, name in BETAS.items()}


@pytest.mark.parametrize("z", [2, 10])
def test_an_autoencoder_copies_no_worse_than_the_variational_one_of_its_size(z: int) -> None:
    plain, cloud = (catalogue.card(name).figures for name in (f"autoencoder_{z}d", f"vae_{z}d"))
    assert plain["bce_nats"] <= cloud["bce_nats"]  # what both were trained for
    assert plain["squared_error_per_pixel"] <= 1.01 * cloud["squared_error_per_pixel"]


def test_the_film_ends_in_the_network_of_the_map() -> None:
    last, network = catalogue.film("vae_2d")[-1], catalogue.load("vae_2d")
    for name, value in network.state_dict().items():
        assert torch.equal(last.network.state_dict()[name], value), name
    torch.testing.assert_close(last.codes.mu, catalogue.codes("vae_2d").mu[: len(last.codes.mu)])
