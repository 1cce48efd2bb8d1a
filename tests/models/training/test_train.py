from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from lente.models.networks import catalogue
from lente.models.training import command as train
from lente.models.training import data, series
from lente.models.training.adopt import SOURCES
from lente.models.training.film import FRAMES, moments
from lente.models.training.run import Run
from tests.models.training.test_data import write_digits

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SOURCES)
def test_what_others_trained_is_not_trained_here(name: str, tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match=f"adopt {name}"):
        train.train(Run(name, tmp_path, dry_run=True))


@pytest.mark.parametrize("name", [name for name in catalogue.names() if name not in SOURCES])
def test_a_dry_run_goes_through_everything_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    card = train.train(Run(name, tmp_path, dry_run=True))
    assert card.name == name
    assert card.figures["test_pictures"] > 0
    assert list(tmp_path.iterdir()) == []


def test_what_was_trained_is_what_is_loaded(tmp_path: Path) -> None:
    write_digits(tmp_path)
    box = tmp_path / "box"
    card = train.train(Run("vae_2d", box, data=tmp_path, epochs=4))
    assert catalogue.card("vae_2d", box) == card
    assert card.command == "lente train vae_2d --seed 0 --epochs 4"
    assert catalogue.codes("vae_2d", box).mu.shape == (300, 2)
    assert catalogue.film("vae_2d", box)[0].pictures == 0
    assert catalogue.load("vae_2d", box).decode(torch.zeros(1, 2)).shape == (1, 1, 28, 28)  # type: ignore[operator]


def test_training_lowers_the_loss_and_the_seed_repeats_it(tmp_path: Path) -> None:
    write_digits(tmp_path)
    runs = [(0, 1), (0, 12), (0, 12), (1, 12)]
    cards = [train.train(Run("autoencoder_8d", tmp_path / "box", tmp_path, seed=s, epochs=e)) for s, e in runs]
    losses = [card.figures["bce_nats"] for card in cards]
    assert losses[1] < losses[0]
    assert losses[1] == losses[2]
    assert losses[1] != losses[3]


def test_a_series_trains_what_is_not_done_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_digits(tmp_path)
    run = Run(series.SERIES, tmp_path / "box", data=tmp_path, epochs=1)
    monkeypatch.setattr(series, "names", lambda: ["autoencoder_2d", "vae_2d"])
    first = train.train(replace(run, name="vae_2d"))
    written = (tmp_path / "box" / "vae_2d.safetensors").stat().st_mtime_ns
    assert [card.name for card in series.train(run, 2, train.train)] == ["autoencoder_2d"]
    assert catalogue.card("vae_2d", run.output) == first
    assert (tmp_path / "box" / "vae_2d.safetensors").stat().st_mtime_ns == written
    (tmp_path / "box" / "vae_2d.safetensors").write_bytes(b"half of it")
    assert [card.name for card in series.train(run, 1, train.train)] == ["vae_2d"]
    assert series.train(run, 1, train.train) == []
    assert [card.epochs for card in series.train(replace(run, epochs=2), 1, train.train)] == [2, 2]


def test_fashion_and_a_folder_of_pictures_serve_too(tmp_path: Path) -> None:
    write_digits(tmp_path, "FashionMNIST")
    fashion = train.train(Run("autoencoder_2d", tmp_path / "box", tmp_path, dataset="fashion", epochs=1))
    assert (fashion.data, fashion.command) == (
        "FashionMNIST",
        "lente train autoencoder_2d --seed 0 --epochs 1 --dataset fashion",
    )
    for i in range(20):
        Image.new("L", (28, 28), 12 * i).save(tmp_path / f"{i:02}.png")
    assert train.train(Run("vae_2d", tmp_path / "box", tmp_path, dataset="folder", epochs=1)).data == tmp_path.name


def test_a_film_begins_at_the_first_step_and_ends_at_the_last() -> None:
    assert (min(moments(14_000)), max(moments(14_000)), len(moments(14_000))) == (0, 14_000, FRAMES)


def test_the_command_line_prints_figures(capsys: pytest.CaptureFixture[str]) -> None:
    train.main(["vae_2d", "--dry-run"])
    assert "bce_plus_kl_nats" in capsys.readouterr().out


def test_the_command_line_says_what_was_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=f"no MNIST in {tmp_path}"):
        train.main(["vae_2d", "--data", str(tmp_path)])
    with pytest.raises(SystemExit):
        train.main(["vae_3d"])
    assert "'vae_3d'" in capsys.readouterr().err
