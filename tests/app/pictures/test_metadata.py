"""What is kept of an upload says nothing beside its picture, which stays as it is; who uploaded it deletes it."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
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


def rarer(kind: str) -> bytes:
    """A picture of a rarer format that says SECRET beside itself, wherever its format lets it."""
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    format, _, way = kind.partition(" ")
    if format == "GIF":
        second = Image.new("RGB", image.size, "red")
        image.quantize(20).save(file, "GIF", save_all=True, append_images=[second], comment=SECRET, loop=0)
        return file.getvalue() + SECRET
    if format == "BMP":
        image.convert({"palette": "P", "black": "1"}.get(way, "RGB")).save(file, "BMP")
        return file.getvalue() + SECRET
    if format == "JP2":
        image.save(file, "JPEG2000", comment=SECRET, no_jp2=way == "bare", tile_size=(16, 16))
        said = struct.pack(">I4s", 8 + len(SECRET), b"xml ") + SECRET
        return file.getvalue() + (b"" if way == "bare" else said)
    if way in ("lzw", "jpeg"):
        image.save(file, "TIFF", compression=f"tiff_{way}", description=SECRET.decode(), exif=exif(1))
        return file.getvalue() + SECRET
    options: dict[str, Any] = dict(WAYS[way])
    head = {name: options.pop(name) for name in ("bigtiff", "byteorder") if name in options}
    values: Any = {"deep": pixels[..., 0].astype(np.uint16) * 257, "grey": pixels[..., 0]}.get(way, pixels)
    says = {"description": SECRET.decode(), "software": SECRET.decode(), "metadata": None}
    beside = [(700, 1, len(SECRET), SECRET, True), *options.pop("extratags", [])]
    with tifffile.TiffWriter(file, **head) as writer:
        colours = "rgb" if values.ndim == 3 else "minisblack"
        values = values.transpose(2, 0, 1) if way == "planes" else values
        writer.write(values, **says, **{"photometric": colours, **options}, extratags=beside)
        writer.write(pixels[:9], photometric="rgb", **says)
    return file.getvalue() + SECRET


WAYS: dict[str, dict[str, Any]] = {
    "one": {},
    "tiles": {"tile": (16, 16), "compression": "zlib"},
    "strips": {"rowsperstrip": 4},
    "big": {"bigtiff": True},
    "motorola": {"byteorder": ">"},
    "deep": {"byteorder": ">"},
    "turned": {"extratags": [(274, 3, 1, TURNED, True)]},
    "planes": {"planarconfig": "separate"},
    "grey": {"photometric": "miniswhite"},
}
RARER = [
    "GIF",
    "BMP",
    "BMP palette",
    "BMP black",
    "JP2",
    "JP2 bare",
    *(f"TIFF {way}" for way in (*WAYS, "lzw", "jpeg")),
]


@pytest.mark.parametrize("kind", RARER)
def test_nothing_is_kept_of_rarer_formats_but_the_picture(kind: str) -> None:
    data = rarer(kind)
    assert SECRET in data
    clean = without_metadata(data)
    assert clean is not None
    assert SECRET not in clean
    np.testing.assert_array_equal(read_picture(clean), read_picture(data))
    assert without_metadata(clean) == clean, "the same picture has the same id"


@pytest.mark.parametrize("kind", RARER)
def test_what_is_cut_off_or_changed_is_no_failure(kind: str) -> None:
    data, dice = rarer(kind), np.random.default_rng(0)
    for length in range(8, len(data), 97):
        without_metadata(data[:length])
        changed = bytearray(data)
        changed[dice.integers(4, min(400, len(data)))] = dice.integers(256)
        without_metadata(bytes(changed))


def test_a_file_whose_parts_cannot_be_told_apart_is_kept_as_a_png(tmp_path: Path) -> None:
    runs = bytearray(rarer("BMP palette").removesuffix(SECRET))
    struct.pack_into("<I", runs, 30, 1)  # run-length: a byte of count, one of colour
    start = struct.unpack_from("<I", runs, 10)[0]
    data = bytes(runs[:start]) + b"".join(bytes([50, i]) + bytes(2) for i in range(30)) + b"\0\1" + SECRET
    assert without_metadata(data) is None
    store = Store(Settings(store=tmp_path, upload_megabytes=0.003))
    id = store.put(data).id
    kept = (tmp_path / id).read_bytes()
    assert kept.startswith(b"\x89PNG")
    assert SECRET not in kept
    assert Store(Settings(store=tmp_path)).put(data).id == id
    again = Store(Settings(store=tmp_path, upload_megabytes=0.000001)).get(id)
    np.testing.assert_array_equal(again, read_picture(data))


@pytest.mark.parametrize("orientation", [1, TURNED])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_is_kept_but_the_picture(format: str, orientation: int) -> None:
    data = photograph(format, orientation)
    assert SECRET in data
    clean = without_metadata(data)
    assert clean is not None
    assert SECRET not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif().get_ifd(0x8825)
    np.testing.assert_array_equal(read_picture(clean), read_picture(data))
    assert without_metadata(clean) == clean, "the same picture has the same id"


@pytest.mark.parametrize("name", ["quarters.heic", "quarters_turned.heic", "white_on_nothing.heic"])
def test_a_heic_stays_the_picture_that_it_is(name: str) -> None:
    data = (HERE / name).read_bytes()
    clean = without_metadata(data)
    assert clean is not None
    np.testing.assert_array_equal(read_picture(clean), read_picture(data))


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
