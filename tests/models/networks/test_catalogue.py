import shutil
from pathlib import Path

import pytest
import torch

from lente.models.networks import catalogue
from lente.models.networks.catalogue import AlteredFile, MissingFile, UnknownNetwork
from lente.models.networks.vae import VAE, kl_divergence
from lente.models.training import evaluate

LATENT = [name for name in catalogue.names() if name.startswith(("vae", "autoencoder"))]


@pytest.mark.parametrize("name", catalogue.names())
def test_every_network_is_in_the_box(name: str) -> None:
    network, card = catalogue.load(name), catalogue.card(name)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert all(value.dtype in (torch.float32, torch.int64) for value in network.state_dict().values())
    assert card.name == name
    how = f"python -m lente.models.training.adopt {name}" if card.source else f"lente train {name} --seed {card.seed}"
    assert card.command.startswith(how)
    assert card.figures["test_pictures"] >= 1900


@pytest.mark.parametrize("name", LATENT)
def test_every_latent_network_has_the_codes_of_the_test_digits(name: str) -> None:
    codes, card = catalogue.codes(name), catalogue.card(name)
    assert codes.mu.shape == (10_000, card.z)
    assert codes.labels.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (codes.log_variance is not None) == name.startswith("vae")
    assert torch.isfinite(codes.mu).all()


def test_the_film_shows_a_vae_that_learns() -> None:
    frames = catalogue.film("vae_2d")
    assert [frame.pictures for frame in frames] == sorted({frame.pictures for frame in frames})
    assert frames[0].pictures == 0
    assert legible(frames[0]) < 25
    assert legible(frames[-1]) > 60
    codes = frames[-1].codes
    assert codes.log_variance is not None
    kl = kl_divergence(codes.mu, codes.log_variance).sum(1).mean().item()
    assert kl == pytest.approx(catalogue.card("vae_2d").figures["kl_nats"], rel=0.05)


def legible(frame: catalogue.Frame) -> float:
    """How many in a hundred of the digits that a frame redraws the digit network reads right."""
    assert isinstance(frame.network, VAE)
    return evaluate.accuracy(catalogue.load("digit_cnn")(frame.network.decode(frame.codes.mu)), frame.codes.labels)


def test_the_latent_networks_fit_in_27_megabytes() -> None:
    files = [path for path in catalogue.FOLDER.iterdir() if path.name.startswith(("vae", "autoencoder", "pca"))]
    assert sum(path.stat().st_size for path in files) <= 27_000_000


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for path in catalogue.FOLDER.glob("vae_10d*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_an_altered_file_is_refused(box: Path) -> None:
    weights = box / "vae_10d.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(AlteredFile, match="SHA-256"):
        catalogue.load("vae_10d", box)


def test_a_truncated_file_is_refused(box: Path) -> None:
    weights = box / "vae_10d.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(AlteredFile, match=r"vae_10d\.safetensors"):
        catalogue.load("vae_10d", box)


def test_a_missing_file_is_named(box: Path) -> None:
    (box / "vae_10d.codes.safetensors").unlink()
    with pytest.raises(MissingFile, match=r"vae_10d\.codes\.safetensors"):
        catalogue.codes("vae_10d", box)
    with pytest.raises(MissingFile, match=r"no vae_10d\.film"):
        catalogue.film("vae_10d", box)
    with pytest.raises(MissingFile, match=r"vae_2d\.json"):
        catalogue.load("vae_2d", box)


def test_a_card_that_is_no_card_is_refused(box: Path) -> None:
    (box / "vae_10d.json").write_text('{"name": "vae_10d"')
    with pytest.raises(AlteredFile, match="not a card"):
        catalogue.card("vae_10d", box)


def test_weights_of_another_architecture_are_refused() -> None:
    with pytest.raises(AlteredFile, match="another architecture"):
        catalogue.with_weights(VAE(3), catalogue.halved(VAE(2)))


def test_an_unknown_name_is_quoted_with_those_that_there_are() -> None:
    for ask in (catalogue.build, catalogue.load, catalogue.card, catalogue.codes, catalogue.film):
        with pytest.raises(UnknownNetwork, match=r"'vae_3d'.*digit_cnn"):
            ask("vae_3d")
