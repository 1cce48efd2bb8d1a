"""`lente train NAME`: trains a network of the box again, evaluates it, writes its weights and its card.

`lente train latent` trains all latent networks, each as the others (models/training/series.py).

One trainer for each kind of network, in `models/training/`; what they share is here.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from lente.models.networks import catalogue
from lente.models.networks.catalogue import Card
from lente.models.networks.pca import fit
from lente.models.training import data, diffusion, diffusion_plane, latent, series
from lente.models.training.adopt import SOURCES
from lente.models.training.run import Run

DATASETS = ("mnist", "fashion", "folder")


def epochs_of(name: str) -> int:
    """How many epochs a network takes unless told otherwise."""
    own = {
        "digit_cnn": 40, "photo_cnn": 60, "pca": 1, "diffusion": diffusion.EPOCHS,
        diffusion_plane.NAME: diffusion_plane.EPOCHS,
    }  # fmt: skip
    return own.get(name, latent.EPOCHS)


def with_epochs(run: Run) -> Run:
    return replace(run, epochs=run.epochs or epochs_of(run.name))


def train(run: Run) -> Card:
    """Trains, evaluates and writes. Raises catalogue.UnknownNetwork and data.DataError."""
    catalogue.build(run.name)
    if run.name in SOURCES:
        how = f"python -m lente.models.training.adopt {run.name}"
        raise data.DataError(f"{run.name} was trained by others, and is not trained here: {how} fetches it again")
    run = with_epochs(run)
    if run.dry_run:
        with tempfile.TemporaryDirectory() as folder:
            return trained(replace(run, output=Path(folder)))
    return trained(run)


def trained(run: Run) -> Card:
    """Chooses the trainer, and has its network stored."""
    from lente.models.training import digit, photo, store

    run.output.mkdir(parents=True, exist_ok=True)
    if run.name == diffusion_plane.NAME:
        codes = diffusion_plane.codes()
        return store.store(run, diffusion_plane.train(run, codes), codes, codes)
    learn, test = pictures(run, train=True), pictures(run, train=False)
    if run.name == "photo_cnn":
        return store.store(run, photo.train(run, learn), learn, test)
    if run.name == "digit_cnn":
        return store.store(run, digit.train(run, learn), learn, test)
    if run.name == "pca":
        return store.store(run, fit(learn.images / 255), learn, test)
    if run.name == "diffusion":
        return store.store(run, diffusion.train(run, learn), learn, test)
    network, film = latent.train(run, learn, test)
    return store.store(run, network, learn, test, film)


def pictures(run: Run, train: bool) -> data.Pictures:
    """What the run learns from, or is tested on."""
    if run.dry_run:
        return data.synthetic(3, 160) if run.name == "photo_cnn" else data.synthetic(1, 28)
    if run.name == "photo_cnn":
        return data.photographs(run.data, train)
    if run.dataset == "folder":
        return data.folder_of_pictures(run.data or data.cache_folder(), train)
    return data.digits(run.data, train, run.dataset)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `lente train`."""
    trained = [*(name for name in catalogue.names() if name not in SOURCES), series.SERIES]
    parser.add_argument(
        "name",
        metavar="NAME",
        choices=trained,
        help=", ".join([*trained[:-1], f"or {series.SERIES}: the latent ones, what is not done"]),
    )
    parser.add_argument("--data", type=Path, help="folder with MNIST/raw or FashionMNIST/raw, tar of Imagenette, folder"
                        " of pictures; without it MNIST is read from the box, the others are downloaded")  # fmt: skip
    parser.add_argument("--dataset", choices=DATASETS, default="mnist", help="what a latent network learns from")
    parser.add_argument("--seed", type=int, default=0, help="same seed, same weights (photo_cnn: nearly)")
    parser.add_argument("--epochs", type=int, help="how often each picture is seen")
    parser.add_argument("--output", type=Path, default=catalogue.FOLDER, help="where weights and card are written")
    parser.add_argument("--jobs", type=int, default=1, help=f"how many networks at a time ({series.SERIES})")
    parser.add_argument("--dry-run", action="store_true", help="two batches of noise, nothing kept")


def main(options: list[str] | None = None) -> None:
    """Runs what the command line says and prints the figures reached; exits with 1 and a sentence where it cannot."""
    parser = argparse.ArgumentParser(prog="lente train", description="Trains a network of the box again.")
    add_arguments(parser)
    said = vars(parser.parse_args(options))
    jobs, run = said.pop("jobs"), Run(**said)
    try:
        cards = series.train(with_epochs(run), jobs, train) if run.name == series.SERIES else [train(run)]
    except (data.DataError, catalogue.CatalogueError) as error:
        sys.exit(f"lente train: {error}")
    for card in cards:
        print(card.name)
        for figure, value in card.figures.items():
            print(f"{figure:40} {value:12.4f}")


if __name__ == "__main__":
    main()
