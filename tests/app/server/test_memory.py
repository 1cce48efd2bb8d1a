"""Freed memory is kept where the C library can, and nothing breaks where it can't."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from lente.app.server import memory
from lente.app.server.memory import Kept, give_back_freed_memory, keep_freed_memory


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_glibc_accepts_the_settings() -> None:
    assert keep_freed_memory() is True


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert keep_freed_memory() is False
    assert give_back_freed_memory() is False


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much memory there is")
def test_what_loading_took_on_the_way_is_given_back() -> None:
    program = """
import time
from pathlib import Path
from lente.app.server.compute import lightly
from lente.app.server.memory import keep_freed_memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def load():
    parts = [bytearray(b"x" * 100_000) for _ in range(1000)]
    time.sleep(0.05)
    return parts[-1]

assert keep_freed_memory()
before = held()
loaded = lightly(load)
assert held() - before < 20, held() - before
before = held()
loaded = load()
assert held() - before > 80, held() - before
"""
    subprocess.run([sys.executable, "-c", program], check=True)


class Process:
    """Uses 90 bytes at most: what it holds beyond them is freed."""

    held = given = 0

    def give_back(self) -> None:
        self.held, self.given = min(self.held, 90), self.given + 1


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    """What the server is taken to hold."""
    process = Process()
    monkeypatch.setattr(memory, "held_bytes", lambda: process.held)
    monkeypatch.setattr(memory, "give_back_freed_memory", process.give_back)
    return process


def test_what_is_freed_is_given_back_beyond_the_limit_and_not_again_until_there_is_much_more(process: Process) -> None:
    kept, times = Kept(limit=80, worth=20), []
    for process.held in (70, 81, 100, 102, 110, 111):
        kept.look()
        times.append(process.given)
    assert times == [0, 1, 1, 2, 2, 3]


def test_what_is_freed_is_given_back_before_work_that_would_take_it_above_the_limit(process: Process) -> None:
    kept, times = Kept(limit=200, worth=20), []
    for process.held, coming in ((120, 50), (120, 79), (120, 81), (109, 150), (111, 150)):
        kept.look(coming)
        times.append(process.given)
    assert times == [0, 0, 1, 1, 2]
