"""What is kept of an upload says nothing beside its picture, which stays as it is; who uploaded it deletes it."""

import io
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, PngImagePlugin

from lente.app.errors import NotFound
from lente.app.pictures.decoding import read_picture
from lente.app.pictures.metadata import without_metadata
from lente.app.pictures.store import Store
from lente.app.settings import Settings

HERE = Path(__file__).parent
SECRET = b"Calle de la Luna 7"
TURNED = 6


def exif(orientation: int) -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010E] = SECRET.decode()
    said.get_ifd(0x8825)[1] = "N"
    said.get_ifd(0x8825)[2] = (40.0, 25.0, 7.0)
    return said


def photograph(format: str, orientation: int = TURNED) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    options: dict[str, object] = {"exif": exif(orientation), "icc_profile": b""}
    if format == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("Comment", SECRET.decode())
        options["pnginfo"] = texts
    if format in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    if format == "JPEG":
        options["comment"] = SECRET
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue() + (SECRET if format == "JPEG" else b"")  # as a film after a photograph


@pytest.mark.parametrize("orientation", [1, TURNED])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_is_kept_but_the_picture(format: str, orientation: int) -> None:
    data = photograph(format, orientation)
    assert SECRET in data
    clean = without_metadata(data)
    assert SECRET not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif().get_ifd(0x8825)
    np.testing.assert_array_equal(read_picture(clean), read_picture(data))
    assert without_metadata(clean) == clean, "the same picture has the same id"


@pytest.mark.parametrize("name", ["quarters.heic", "quarters_turned.heic", "white_on_nothing.heic"])
def test_a_heic_stays_the_picture_that_it_is(name: str) -> None:
    data = (HERE / name).read_bytes()
    np.testing.assert_array_equal(read_picture(without_metadata(data)), read_picture(data))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_is_damaged_is_no_failure(format: str) -> None:
    data = photograph(format)
    for length in range(0, len(data), 41):
        without_metadata(data[:length])


def test_what_is_kept_is_what_was_cleaned(tmp_path: Path) -> None:
    store = Store(Settings(store=tmp_path))
    id = store.put(photograph("JPEG")).id
    assert SECRET not in (tmp_path / id).read_bytes()


def test_a_visitor_deletes_what_they_uploaded(client: TestClient) -> None:
    id = client.post("/api/images", files={"file": photograph("PNG")}).json()["id"]
    assert client.get(f"/api/images/{id}?size=20").status_code == 200
    assert client.delete(f"/api/images/{id}").status_code == 204
    assert client.get(f"/api/images/{id}?size=20").status_code == 404
    assert client.delete(f"/api/images/{id}", headers={"accept-language": "es"}).status_code == 404
    assert client.delete("/api/images/sample-cat").status_code == 404


def test_what_is_deleted_is_in_no_memory_either(tmp_path: Path) -> None:
    store = Store(Settings(store=tmp_path))
    id = store.put(photograph("PNG")).id
    store.tensor(id, 20)
    store.delete(id)
    assert store.at_hand(id, 20) is None
    with pytest.raises(NotFound):
        store.get(id)
