"""Decoding in a process of its own: the same pictures, the same words, and an end to what takes too much."""

import hashlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lente.app.errors import LenteError
from lente.app.pictures import decoder as rooms
from lente.app.pictures.decoder import Decoder
from lente.app.pictures.decoding import Limits, read_picture
from lente.models.stopping import Stopped, Token, under

HERE = Path(__file__).parent
LIMITS = Limits()


class Strange(Decoder):
    module = "tests.app.pictures.strange_worker"


@pytest.fixture(scope="module", params=[True, False], ids=["through memory", "through the pipe"])
def decoder(request: pytest.FixtureRequest) -> Iterator[Decoder]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "_SHARES", request.param and rooms._SHARES)  # noqa: SLF001
        decoder = Decoder()
        yield decoder
        decoder.close()


@pytest.fixture(scope="module")
def strange() -> Iterator[Decoder]:
    decoder = Strange()
    yield decoder
    decoder.close()


def file(image: Image.Image, format: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format, **options)
    return content.getvalue()


def noise(*shape: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))


PICTURES = {
    "PNG": file(noise(37, 53, 3), "PNG"),
    "grey JPEG": file(noise(200, 10), "JPEG"),
    "large": file(noise(1500, 1200, 3), "BMP"),
    "small again": file(noise(1, 1, 3), "PNG"),
    "transparent": file(noise(40, 30, 4), "WEBP"),
    "HEIC": (HERE / "quarters.heic").read_bytes(),
    "turned HEIC": (HERE / "quarters_turned.heic").read_bytes(),
}
REFUSED = {
    "nothing": b"",
    "text": b"no picture at all",
    "HEIC without a picture": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
    "cut short": PICTURES["PNG"][:-1000],
    "too many bytes": bytes(20_000_001),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_reads_what_is_read_here(decoder: Decoder, name: str) -> None:
    np.testing.assert_array_equal(decoder.read(PICTURES[name], LIMITS), read_picture(PICTURES[name]))


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_in_the_same_words(decoder: Decoder, name: str) -> None:
    with pytest.raises(LenteError) as here:
        read_picture(REFUSED[name])
    with pytest.raises(type(here.value)) as there:
        decoder.read(REFUSED[name], LIMITS)
    for language in ("en", "es", "fr"):
        assert there.value.told(language) == here.value.told(language)


@pytest.mark.parametrize(
    ("name", "code"),
    [("spins", "picture_too_slow"), ("eats", "picture_too_heavy"), ("crashes", "picture_damaged")],
)
def test_a_file_that_takes_too_much_is_refused_and_the_next_is_read(strange: Decoder, name: str, code: str) -> None:
    with pytest.raises(LenteError) as refused:
        strange.read(name.encode(), LIMITS)
    assert refused.value.code == code
    np.testing.assert_array_equal(strange.read(PICTURES["PNG"], LIMITS), read_picture(PICTURES["PNG"]))


def test_a_file_that_nobody_waits_for_ends_at_once(strange: Decoder) -> None:
    token = Token()
    threading.Timer(0.5, token.stop).start()
    with under(token), pytest.raises(Stopped):
        strange.read(b"sleeps", LIMITS)
    np.testing.assert_array_equal(strange.read(PICTURES["PNG"], LIMITS), read_picture(PICTURES["PNG"]))


def test_what_is_read_may_be_written_to_and_stays_when_the_next_is_read(decoder: Decoder) -> None:
    first = decoder.read(PICTURES["PNG"], LIMITS)
    before = hashlib.sha256(first).hexdigest()
    decoder.read(PICTURES["large"], LIMITS)
    assert hashlib.sha256(first).hexdigest() == before
    first[:] = 0
