"""Freed memory is kept where the C library can, and nothing breaks where it can't."""

import ctypes
import sys

import pytest

from lente.app.server.memory import keep_freed_memory


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_glibc_accepts_the_settings() -> None:
    assert keep_freed_memory() is True


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert keep_freed_memory() is False
