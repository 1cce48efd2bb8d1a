"""Decoding in a process of its own: the same pictures, the same words, and an end to what takes too much."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lente.app.errors import Busy, LenteError
from lente.app.pictures import decoder as rooms
from lente.app.pictures.decoder import Decoder
from lente.app.pictures.decoding import Limits, read_picture
from lente.app.server.queues.budget import Budget
from lente.models.stopping import Stopped, Token, under

HERE = Path(__file__).parent
LIMITS = Limits()


class Piped(Decoder):
    shares = False


class Strange(Decoder):
    module = "tests.app.pictures.strange_worker"


@pytest.fixture(scope="module", params=[Decoder, Piped], ids=["through memory", "through the pipe"])
def decoder(request: pytest.FixtureRequest) -> Iterator[Decoder]:
    decoder = request.param()
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


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


PICTURES = {
    "PNG": file(noise(37, 53, 3), "PNG"),
    "grey JPEG": file(noise(200, 10), "JPEG"),
    "large": file(noise(1500, 1200, 3), "BMP"),
    "small again": file(noise(1, 1, 3), "PNG"),
    "transparent": file(noise(40, 30, 4), "WEBP"),
    "HEIC": (HERE / "quarters.heic").read_bytes(),
    "turned HEIC": (HERE / "quarters_turned.heic").read_bytes(),
}
SMOOTH = Image.radial_gradient("L").resize((2500, 2400))
COLOURED = Image.merge("RGB", [SMOOTH, SMOOTH.rotate(90), SMOOTH])
SHEER = Image.merge("RGBA", [*COLOURED.split(), SMOOTH])
LARGE = {
    "JPEG": lambda: file(COLOURED, "JPEG"),
    "JPEG in scans": lambda: file(COLOURED, "JPEG", progressive=True, subsampling=0),
    "JPEG of ink": lambda: file(COLOURED.convert("CMYK"), "JPEG"),
    "turned JPEG": lambda: file(COLOURED, "JPEG", exif=turned()),
    "PNG": lambda: file(COLOURED, "PNG", compress_level=1),
    "transparent PNG": lambda: file(SHEER, "PNG", compress_level=1),
    "deep PNG": lambda: file(Image.fromarray(np.asarray(SMOOTH).astype(np.uint16) * 257), "PNG", compress_level=1),
    "GIF": lambda: file(SMOOTH, "GIF"),
    "WEBP": lambda: file(SHEER, "WEBP", method=0),
    "TIFF": lambda: file(SMOOTH, "TIFF"),
    "AVIF": lambda: file(COLOURED, "AVIF", speed=10),
    "JPEG2000": lambda: file(COLOURED, "JPEG2000"),
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


def test_after_a_photograph_that_found_no_room_the_next_is_read_and_it_too_once_there_is_room() -> None:
    budget, large = Budget(patience=0.05), LARGE["PNG"]()
    decoder = Decoder(budget)
    try:
        with budget.of(budget.most):
            for _ in range(2):
                with pytest.raises(Busy) as refused:
                    decoder.read(large, LIMITS)
                assert refused.value.code == "busy"
                np.testing.assert_array_equal(decoder.read(PICTURES["PNG"], LIMITS), read_picture(PICTURES["PNG"]))
        np.testing.assert_array_equal(decoder.read(large, LIMITS), read_picture(large))
        assert budget.held == budget.waiting == 0
    finally:
        decoder.close()


def test_a_photograph_waits_less_long_for_its_memory_than_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "ROOM_SECONDS", 0.05)
    budget = Budget(patience=10_000)  # whoever waited for so long would wait here until the test's time is up
    decoder = Decoder(budget)
    try:
        with budget.of(budget.most), pytest.raises(Busy):
            decoder.read(LARGE["PNG"](), LIMITS)
    finally:
        decoder.close()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells how much memory there was")
@pytest.mark.parametrize("name", LARGE)
def test_a_file_takes_about_as_much_memory_as_it_said_before(name: str) -> None:
    told: list[int] = []
    decoder, data = Decoder(Noting(told)), LARGE[name]()
    try:
        decoder.read(PICTURES["PNG"], LIMITS)
        process = Path(f"/proc/{decoder._process.pid}")  # type: ignore[union-attr]  # noqa: SLF001
        (process / "clear_refs").write_text("5")  # from here on its peak is counted anew
        before = bytes_of(process, "VmRSS")
        height, width, _ = decoder.read(data, LIMITS).shape
        taken = bytes_of(process, "VmHWM") - before + rooms.PIXEL_BYTES * height * width
        assert [0.85 * taken < count < 3 * taken for count in told] == [True], (taken, told)
    finally:
        decoder.close()


class Noting(Budget):
    """A budget that writes down what it is asked for."""

    def __init__(self, told: list[int]) -> None:
        super().__init__()
        self.told = told

    def of(self, count: int, patience: float | None = None, long: bool = False) -> AbstractContextManager[None]:
        self.told.append(count)
        return super().of(count, patience, long)


def bytes_of(process: Path, name: str) -> int:
    lines = (process / "status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))


def test_what_is_read_may_be_written_to_and_stays_when_the_next_is_read(decoder: Decoder) -> None:
    first = decoder.read(PICTURES["PNG"], LIMITS)
    before = hashlib.sha256(first).hexdigest()
    decoder.read(PICTURES["large"], LIMITS)
    assert hashlib.sha256(first).hexdigest() == before
    first[:] = 0
