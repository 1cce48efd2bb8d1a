"""Measures again, without training, how often the photo network is right when it is so sure, and writes it on its card.

python -m lente.models.training.measure --data FOLDER   which holds imagenette160.tar
"""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from lente.models.networks import catalogue
from lente.models.networks.photo_cnn import PhotoCNN
from lente.models.training import data, evaluate

NAME = "photo_cnn"


def measure(source: Path | None, folder: Path = catalogue.FOLDER) -> catalogue.Card:
    """Raises data.DataError and catalogue.CatalogueError."""
    network, test = catalogue.load(NAME, folder), data.photographs(source, train=False)
    assert isinstance(network, PhotoCNN)
    found = evaluate.photo_reliability(network, test)
    rounded = {name: tuple(round(value, 6) for value in values) for name, values in found.items()}
    card = replace(catalogue.card(NAME, folder), reliability=rounded)
    (folder / f"{NAME}.json").write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")
    return card


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lente.models.training.measure", description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with imagenette160.tar; without it it is downloaded")
    try:
        card = measure(parser.parse_args().data)
    except (data.DataError, catalogue.CatalogueError) as error:
        sys.exit(f"{error}")
    for count, sure, right in zip(*card.reliability.values(), strict=True):
        print(f"{count:6.0f} photographs, {100 * sure:6.2f} % sure, {100 * right:6.2f} % right")


if __name__ == "__main__":
    main()
