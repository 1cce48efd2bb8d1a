"""MNIST in the box is the published one, and a box that is not complete says so."""

import hashlib
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from torchvision.datasets import MNIST

from lente.models.mnist import pack, reader
from lente.models.networks import catalogue
from lente.models.training import data
from lente.models.training.adopt import SOURCES
from tests.models.at_hand import data_folder

COUNTS = {
    True: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    False: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.mark.slow
@pytest.mark.parametrize("train", [True, False])
def test_every_digit_is_there_once(train: bool) -> None:
    read = reader.digits(train)
    count = 60_000 if train else 10_000
    assert read.images.shape == (count, 28, 28)
    assert read.images.dtype == read.labels.dtype == np.uint8
    assert np.bincount(read.labels).tolist() == COUNTS[train]


@pytest.mark.slow
@pytest.mark.parametrize("train", [True, False])
def test_they_are_torchvisions_byte_for_byte(train: bool) -> None:
    theirs, ours = MNIST(data_folder("MNIST"), train=train), reader.digits(train)
    assert np.array_equal(ours.images, theirs.data.numpy())
    assert np.array_equal(ours.labels, theirs.targets.numpy())


@pytest.mark.parametrize("file", reader.SHA256)
def test_unpacked_by_anybody_the_files_are_the_official_ones(file: str) -> None:
    content = lzma.decompress((reader.FOLDER / f"{file}.xz").read_bytes())
    assert hashlib.md5(content).hexdigest() == MD5[file]


def test_the_networks_of_digits_learned_from_these() -> None:
    others = {"photo_cnn", "diffusion_plane", *SOURCES}
    cards = [catalogue.card(name) for name in catalogue.names() if name not in others]
    assert {card.data_sha256 for card in cards} == {data.digits(None, train=True).sha256}
    labels = reader.digits(train=False).labels
    assert np.array_equal(catalogue.codes("vae_2d").labels.numpy(), labels)


def test_values_are_the_bytes_over_255() -> None:
    assert reader.values(np.array([0, 51, 255], np.uint8)).tolist() == pytest.approx([0, 0.2, 1])


def box(folder: Path) -> Path:
    for file in reader.SHA256:
        shutil.copy(reader.FOLDER / f"{file}.xz", folder)
    return folder / "t10k-images-idx3-ubyte.xz"


def other(content: bytes) -> bytes:
    unpacked = bytearray(lzma.decompress(content))
    unpacked[5000] ^= 1
    return lzma.compress(unpacked, preset=0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _content: None, id="missing"),
        pytest.param(lambda _content: b"", id="empty"),
        pytest.param(lambda content: content[:-1000], id="cut short"),
        pytest.param(lambda content: content[:9000] + b"?" + content[9001:], id="one byte"),
        pytest.param(other, id="another picture"),
    ],
)
def test_an_incomplete_box_is_said_with_the_way_out(spoil: Callable[[bytes], bytes | None], tmp_path: Path) -> None:
    file = box(tmp_path)
    content = spoil(file.read_bytes())
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(reader.Incomplete, match=r"t10k-images-idx3-ubyte\.xz .*Install Lente again"):
        reader.digits(False, tmp_path)


def test_packing_refuses_what_is_not_the_official_file(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"digits of my own")
    with pytest.raises(ValueError, match="train-images-idx3-ubyte has SHA-256"):
        pack.pack(tmp_path, tmp_path)
