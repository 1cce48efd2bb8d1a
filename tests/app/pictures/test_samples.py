"""The pictures that come along."""

import io
import sys

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageOps

from lente.app.pictures.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_is_a_picture_of_the_size_that_is_listed(sample: Sample) -> None:
    picture = sample.read()
    assert picture.shape == (sample.height, sample.width, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, sample.read()), "the same every time"
    assert np.ptp(picture) > 100, "it has light and dark"


def test_there_are_enough_to_choose_from() -> None:
    assert len(SAMPLES) >= 6
    assert all(id.startswith("sample-") for id in SAMPLES)
    assert len({sample.title for sample in SAMPLES.values()}) == len(SAMPLES)


def test_the_rings_are_as_fine_as_they_say() -> None:
    """Near the edge of the zone plate a light and a dark ring take two pixels."""
    row = SAMPLES["sample-rings"].read()[192, :, 0].astype(int)
    bright = row > 127
    crossings = np.flatnonzero(bright[1:] != bright[:-1])
    assert len(crossings[crossings > 372]) >= 9
    assert len(crossings[(crossings > 180) & (crossings < 204)]) <= 1


def test_the_colour_wheel_has_its_hues_where_painters_have_them() -> None:
    wheel = SAMPLES["sample-colours"].read().astype(int)
    red, cyan = wheel[192, 350], wheel[192, 34]
    assert red[0] > 240
    assert red[1:].max() < 50
    assert cyan[0] < 50
    assert cyan[1:].min() > 240


@pytest.mark.slow
def test_listing_them_imports_nothing_heavy() -> None:
    import subprocess

    imported = "import sys; from lente.app.pictures import samples, store"
    code = f"{imported}; print({{'torch', 'scipy', 'cv2'}} & set(sys.modules))"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == "set()"


def test_one_file_shows_all_of_them_in_the_order_of_their_list(client: TestClient) -> None:
    answer = client.get("/api/images/sheet")
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < 40_000
    sheet = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), np.float32)
    listed = [each["id"] for each in client.get("/api/images").json()["samples"]]
    cells = np.split(sheet, len(listed), axis=1)
    for id, cell in zip(listed, cells, strict=True):
        whole = ImageOps.fit(Image.fromarray(SAMPLES[id].read()), (128, 96), Image.Resampling.BOX)
        errors = [np.abs(np.asarray(whole, np.float32) - other).mean() for other in cells]
        assert min(errors) == np.abs(np.asarray(whole, np.float32) - cell).mean() < 12
    again = client.get("/api/images/sheet", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
