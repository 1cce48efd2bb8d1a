import numpy as np
import pytest
import torch

from lente.models.networks import catalogue
from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.pca import fit
from lente.models.training import data, evaluate

SIZES = [1, 2, 4, 8, 10, 16, 32]


@pytest.mark.parametrize("z", SIZES)
def test_shapes(z: int) -> None:
    network, x = Autoencoder(z), torch.rand(3, 1, 28, 28)
    assert network.encode(x).shape == (3, z)
    assert network(x).shape == x.shape
    assert torch.equal(network(x), network.decode(network.encode(x)))


def test_a_wider_bottleneck_copies_better_and_all_copy_better_than_pca() -> None:
    errors = [catalogue.card(f"autoencoder_{z}d").figures["squared_error_per_pixel"] for z in SIZES]
    linear = catalogue.card("pca").figures
    assert errors == sorted(errors, reverse=True)
    assert all(e < linear[f"squared_error_per_pixel_{z}"] for e, z in zip(errors, SIZES, strict=True))


def test_two_numbers_do_the_work_of_ten_of_pca() -> None:
    two = catalogue.card("autoencoder_2d").figures["squared_error_per_pixel"]
    assert two == pytest.approx(catalogue.card("pca").figures["squared_error_per_pixel_10"], rel=0.1)


@pytest.mark.parametrize("z", SIZES)
def test_stored_codes_decode_to_pictures_that_are_encoded_again_nearby(z: int) -> None:
    network, codes = catalogue.load(f"autoencoder_{z}d"), catalogue.codes(f"autoencoder_{z}d")
    assert codes.mu.shape == (10_000, z)
    again = network.encode(network.decode(codes.mu[:500]))
    moved = (again - codes.mu[:500]).norm(dim=1).median()
    assert moved < 0.5 * (codes.mu[:500] - codes.mu[500:1000]).norm(dim=1).median()


@pytest.mark.parametrize("z", [2, 32])
def test_the_card_tells_the_truth(z: int) -> None:
    test = data.digits(None, train=False)
    figures, codes = evaluate.autoencoder(catalogue.load(f"autoencoder_{z}d"), test)  # type: ignore[arg-type]
    for figure, value in catalogue.card(f"autoencoder_{z}d").figures.items():
        assert figures[figure] == pytest.approx(value, rel=0.005), figure
    torch.testing.assert_close(catalogue.codes(f"autoencoder_{z}d").mu, codes.mu, rtol=2e-3, atol=2e-3)


@pytest.mark.slow
def test_pca_is_numpys() -> None:
    torch.manual_seed(0)
    x = torch.rand(100, 1, 28, 28)
    network = fit(x, 5)
    flat = x.flatten(1).numpy().astype(float)
    _, _, axes = np.linalg.svd(flat - flat.mean(0), full_matrices=False)
    copies = flat.mean(0) + (flat - flat.mean(0)) @ axes[:5].T @ axes[:5]
    np.testing.assert_allclose(network(x).flatten(1).numpy(), copies, atol=1e-4)
    assert network.encode(x, 3).shape == (100, 3)
    torch.testing.assert_close(network.decode(network.encode(x, 3)[:, :0])[0, 0].flatten(), network.mean)


def test_pca_of_the_box_has_directions_of_length_one_at_right_angles() -> None:
    components = catalogue.load("pca").components
    torch.testing.assert_close(components @ components.T, torch.eye(64), atol=2e-3, rtol=0)  # type: ignore[operator]
