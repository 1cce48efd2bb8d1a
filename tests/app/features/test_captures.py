"""The memory of what networks computed: bounded in bytes, each thing computed once."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lente.app.features.captures import Captures


@dataclass
class Sized:
    """Stands for a capture of so many bytes."""

    bytes: int


def filled(most: int, sizes: list[int]) -> Captures:
    captures = Captures(most)
    for i, size in enumerate(sizes):
        captures.get((i,), lambda size=size: Sized(size))  # type: ignore[misc]
    return captures


def kept(captures: Captures, keys: range) -> list[int]:
    """Which of the keys need no new pass."""
    found = []
    for key in keys:
        before = captures.passes
        captures.get((key,), lambda: Sized(0))  # type: ignore[arg-type, return-value]
        found += [key] if captures.passes == before else []
    return found


def test_the_latest_stay_as_far_as_their_bytes_go() -> None:
    assert kept(filled(100, [40, 40, 40, 40]), range(4)) == [2, 3]
    assert kept(filled(100, [10] * 30), range(30)) == list(range(20, 30))


def test_one_that_is_larger_than_the_bound_is_kept_alone() -> None:
    assert kept(filled(100, [40, 500]), range(1, 2)) == [1]
    assert kept(filled(100, [40, 500]), range(1)) == []
    assert kept(filled(100, [500, 40]), range(2)) == [1]


def test_what_is_looked_at_stays() -> None:
    captures = filled(100, [40, 40])
    captures.get((0,), lambda: Sized(40))  # type: ignore[arg-type, return-value]
    captures.get((2,), lambda: Sized(40))  # type: ignore[arg-type, return-value]
    assert kept(captures, range(3)) == [0, 2]


def test_a_failure_is_told_and_not_kept() -> None:
    captures = Captures(100)

    def fail() -> Any:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            captures.get((0,), fail)
    assert captures.get((0,), lambda: Sized(1)).bytes == 1  # type: ignore[arg-type, return-value]


def test_whoever_asks_meanwhile_waits_for_the_same_pass() -> None:
    captures, begun, go = Captures(100), threading.Event(), threading.Event()

    def slow() -> Any:
        begun.set()
        assert go.wait(30)
        return Sized(1)

    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(captures.get((0,), slow))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    go.set()
    for thread in threads:
        thread.join()
    assert captures.passes == 1
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1


HELD = """
import gc, json, sys
import numpy as np
from lente.app.features.networks import Networks
from lente.app.features.view import as_digit

def resident():
    with open("/proc/self/statm") as file:
        return 4096 * int(file.read().split()[1])

shown = Networks().shown("digit_cnn")
paper = np.full((60, 60, 3), 255, np.uint8)
paper[10:50, 28:33] = 0
prepared = as_digit(paper, True, shown.preparation)

def capture(value):
    edit = {"edit": "kernel", "layer": "conv1", "output": 3, "input": 0, "values": [[value] * 5] * 5}
    return shown.capture(prepared, json.dumps([edit]))

warm = [capture(0.5) for _ in range(20)]
gc.collect()
before = resident()
kept = [capture(i / 150) for i in range(150)]
gc.collect()
print(sum(one.bytes for one in kept), resident() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells")
def test_what_is_counted_is_what_is_held() -> None:
    told = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=True)
    counted, held = map(int, told.stdout.split())
    assert held < 1.25 * counted
