import io
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lente.models.mnist import reader
from lente.models.networks.photo_cnn import CLASSES
from lente.models.training import data


def write_idx(path: Path, values: np.ndarray) -> None:
    """The format of the official MNIST files: http://yann.lecun.com/exdb/mnist/"""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(header + values.astype(np.uint8).tobytes())


def write_digits(folder: Path, kind: str = "MNIST", count: int = 300) -> None:
    """A data set of noise as torchvision lays MNIST."""
    generator = np.random.default_rng(0)
    for split in ("train", "t10k"):
        write_idx(folder / kind / "raw" / f"{split}-images-idx3-ubyte", generator.integers(0, 256, (count, 28, 28)))
        write_idx(folder / kind / "raw" / f"{split}-labels-idx1-ubyte", np.arange(count) % 10)


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (200, 160)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def test_digits_are_read_as_torchvision_lays_them(tmp_path: Path) -> None:
    write_digits(tmp_path)
    pictures = data.digits(tmp_path, train=True)
    assert pictures.images.shape == (300, 1, 28, 28)
    assert pictures.images.dtype == torch.uint8
    assert pictures.labels[:11].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert pictures.sha256 != data.digits(tmp_path, train=False).sha256


def test_without_a_folder_they_come_out_of_the_box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pictures = data.digits(None, train=False)
    assert pictures.images.shape == (10_000, 1, 28, 28)
    assert pictures.images.dtype == torch.uint8
    assert (pictures.name, pictures.labels.dtype) == ("MNIST", torch.int64)
    monkeypatch.setattr(reader.digits, "__defaults__", (tmp_path,))
    with pytest.raises(data.DataError, match=r"t10k-images-idx3-ubyte\.xz .*Install Lente again"):
        data.digits(None, train=False)


def test_fashion_is_another_folder(tmp_path: Path) -> None:
    write_digits(tmp_path, "FashionMNIST")
    assert data.digits(tmp_path, train=True, dataset="fashion").name == "FashionMNIST"
    with pytest.raises(data.DataError, match=str(tmp_path)):
        data.digits(tmp_path, train=True)


def photographs(folder: Path) -> None:
    for split in ("train", "val"):
        for i, name in enumerate(("tench", "n03000684", "church")):
            place = folder / "imagenette160" / split / name
            place.mkdir(parents=True)
            (place / f"{i}.JPEG").write_bytes(jpeg((80 * i, 200, 0)))
    (folder / "imagenette160" / "train" / "cat").mkdir()
    (folder / "imagenette160" / "train" / "cat" / "1.JPEG").write_bytes(jpeg((0, 0, 0)))


def test_photographs_come_alike_from_a_folder_and_from_a_tar(tmp_path: Path) -> None:
    photographs(tmp_path / "unpacked")
    with tarfile.open(tmp_path / "imagenette160.tar", "w") as tar:
        tar.add(tmp_path / "unpacked" / "imagenette160", "imagenette160")
    unpacked = data.photographs(tmp_path / "unpacked", train=True)
    assert unpacked.images.shape == (3, 3, 160, 160)
    assert {CLASSES[label] for label in unpacked.labels} == {"tench", "chain saw", "church"}
    for source in (tmp_path / "imagenette160.tar", tmp_path):
        packed = data.photographs(source, train=True)
        assert packed.sha256 == unpacked.sha256
        assert torch.equal(packed.images, unpacked.images)


def test_a_folder_without_photographs_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match=str(tmp_path)):
        data.photographs(tmp_path, train=True)
    with pytest.raises(data.DataError, match="neither a folder nor a file"):
        data.photographs(tmp_path / "none.tar", train=True)


def test_a_folder_of_pictures_is_parted_into_training_and_test(tmp_path: Path) -> None:
    for i in range(20):
        Image.new("L", (40, 30), 12 * i).save(tmp_path / f"{i:02}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    learn, test = data.folder_of_pictures(tmp_path, train=True), data.folder_of_pictures(tmp_path, train=False)
    assert learn.images.shape == (18, 1, 28, 28)
    assert test.images[:, 0, 0, 0].tolist() == [12 * 9, 12 * 19]
    (tmp_path / "00.png").write_bytes(b"not a picture at all")
    with pytest.raises(data.DataError, match=r"00\.png"):
        data.folder_of_pictures(tmp_path, train=True)


def test_too_few_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match="holds 0 pictures"):
        data.folder_of_pictures(tmp_path, train=True)
