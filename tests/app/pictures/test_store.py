"""What the store promises: bounded, whole or nothing, the same after a restart, and clear when it cannot."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lente.app.errors import BadPicture, NotFound, TooLarge
from lente.app.pictures.store import Store, StoreFailed
from lente.app.settings import Settings


def png(seed: int, side: int = 16) -> bytes:
    """A PNG of random pixels, so about 3 * side * side bytes."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", store_megabytes=1)


@pytest.fixture
def forgetful(settings: Settings) -> Callable[[], Store]:
    """Opens the store anew, as another server or a restarted one does."""
    return lambda: Store(settings)


def total(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_picture_is_found_again_under_the_hash_of_its_file(forgetful: Callable[[], Store]) -> None:
    data = png(1)
    stored = forgetful().put(data)
    assert stored.id == hashlib.sha256(data).hexdigest()
    assert (stored.width, stored.height) == (16, 16)
    restarted = forgetful().get(stored.id)
    assert np.array_equal(restarted, np.asarray(Image.open(io.BytesIO(data))))


def test_width_and_height_are_those_of_the_upright_picture(settings: Settings) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "JPEG", exif=exif)
    stored = Store(settings).put(file.getvalue())
    assert (stored.width, stored.height) == (20, 40)


def test_the_same_file_is_kept_once(settings: Settings) -> None:
    store = Store(settings)
    assert store.put(png(1)) == store.put(png(1))
    assert len(list(settings.store.iterdir())) == 1


def test_nobody_can_write_to_a_kept_picture(settings: Settings) -> None:
    store = Store(settings)
    picture = store.get(store.put(png(1)).id)
    with pytest.raises(ValueError, match="read-only"):
        picture[0, 0] = 0


def test_samples_are_found_like_uploads(settings: Settings) -> None:
    assert Store(settings).get("sample-face").shape == (32, 32, 3)


@pytest.mark.parametrize(
    "id",
    ["", "nope", "a" * 64, "A" * 64, "../secret", "..", "/etc/passwd", "a" * 63 + "/", "sample-none", "a" * 9999, "\0"],
)
def test_ids_that_nothing_bears_are_not_found(id: str, settings: Settings) -> None:
    settings.store.mkdir(parents=True)
    (settings.store.parent / "secret").write_bytes(png(1))
    with pytest.raises(NotFound) as missing:
        Store(settings).get(id)
    assert len(str(missing.value)) < 100


def test_what_is_refused_is_not_kept(settings: Settings) -> None:
    store = Store(Settings(store=settings.store, upload_megabytes=1, upload_megapixels=1))
    for data, error in ((b"GIF89a", BadPicture), (bytes(1_000_001), TooLarge), (b"", BadPicture)):
        with pytest.raises(error):
            store.put(data)
    assert not settings.store.exists()


def test_the_oldest_go_first_and_the_bound_holds(settings: Settings, forgetful: Callable[[], Store]) -> None:
    store = forgetful()
    stored = []
    for seed in range(30):
        stored.append(store.put(png(seed, side=128)))
        age = 1000 - seed
        os.utime(settings.store / stored[-1].id, (time.time() - age,) * 2)
        assert total(settings.store) <= 1_000_000
    kept = [(settings.store / one.id).exists() for one in stored]
    assert kept == sorted(kept), "all that are gone are older than all that are kept"
    assert 15 <= sum(kept) < 30
    with pytest.raises(NotFound, match="Upload it again"):
        forgetful().get(stored[0].id)
    assert forgetful().get(stored[-1].id).shape == (128, 128, 3)


def test_what_is_looked_at_stays(settings: Settings, forgetful: Callable[[], Store]) -> None:
    store = forgetful()
    first = store.put(png(0, side=128))
    for seed in range(1, 40):
        store.put(png(seed, side=128))
        os.utime(settings.store / first.id, (1, 1))
        forgetful().get(first.id)
    assert (settings.store / first.id).exists()


def test_two_servers_share_the_folder_and_its_bound(settings: Settings, forgetful: Callable[[], Store]) -> None:
    one, other = forgetful(), forgetful()
    for seed in range(30):
        (one if seed % 2 else other).put(png(seed, side=128))
    assert total(settings.store) <= 1_000_000 * 1.25
    last = one.put(png(99))
    assert other.get(last.id).shape == (16, 16, 3)


def test_many_threads_at_once(settings: Settings) -> None:
    store = Store(settings)
    failures: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for seed in range(12):
                stored = store.put(png(seed * (1 + worker % 2), side=64))
                assert store.get(stored.id).shape == (64, 64, 3)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_file_that_was_altered_is_not_served(settings: Settings, forgetful: Callable[[], Store]) -> None:
    stored = forgetful().put(png(1))
    (settings.store / stored.id).write_bytes(png(2))
    with pytest.raises(NotFound):
        forgetful().get(stored.id)
    forgetful().put(png(1))
    assert forgetful().get(stored.id).shape == (16, 16, 3)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_disk_is_a_clear_error(number: int, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(settings)
    before = store.put(png(1))

    def write_some(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:7])
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", write_some)
        with pytest.raises(StoreFailed, match=os.strerror(number)) as failed:
            store.put(png(2))
    assert failed.value.status == 507
    assert str(settings.store) not in str(failed.value)
    assert [path.name for path in settings.store.iterdir()] == [before.id]
    assert store.get(before.id).shape == (16, 16, 3)
    assert store.put(png(2)).width == 16


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreFailed):
        Store(Settings(store=tmp_path / "file" / "store")).put(png(1))


def test_leftovers_of_a_killed_server_are_swept_and_strange_files_are_not(settings: Settings) -> None:
    settings.store.mkdir(parents=True)
    leftover = settings.store / f".{'a' * 64}.123.456"
    strange = settings.store / "holiday.jpg"
    for path in (leftover, strange):
        path.write_bytes(b"x")
        os.utime(path, (1, 1))
    Store(settings).put(png(1))
    assert not leftover.exists()
    assert strange.exists()


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from lente.app.settings import Settings
from lente.app.pictures.store import Store
replace = Path.replace
Path.replace = lambda *arguments: os._exit(9)
Store(Settings(store=Path(sys.argv[1]))).put(sys.stdin.buffer.read())
"""


def test_a_server_killed_while_writing_leaves_no_half_picture(
    settings: Settings, forgetful: Callable[[], Store]
) -> None:
    command: list[Any] = [sys.executable, "-c", KILLED_WHILE_WRITING, settings.store]
    killed = subprocess.run(command, input=png(1), check=False)
    assert killed.returncode == 9
    with pytest.raises(NotFound):
        forgetful().get(hashlib.sha256(png(1)).hexdigest())
    assert forgetful().put(png(1)).width == 16
