"""`python -m tools.networks` on networks that do what it has to bear."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
CODE = """
import os, time
import torch
from torch import nn
from tools.networks.__main__ import main

class Doing(nn.Module):
    def __init__(self, what):
        super().__init__()
        self.conv, self.what = nn.Conv2d(3, 2, 3), what
    def forward(self, x):
        self.what()
        return self.conv(x)

def all_memory():
    torch.ones(10**13)

def fails():
    raise TypeError("no such thing")

def from_good():
    yield "good", lambda: nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3)), (3, 8, 8)

def from_bad():
    yield "dies", lambda: Doing(lambda: os._exit(7)), (3, 8, 8)
    yield "greedy", lambda: Doing(all_memory), (3, 8, 8)
    yield "broken", lambda: Doing(fails), (3, 8, 8)

def from_slow():
    yield "hangs", lambda: Doing(lambda: time.sleep(1000)), (3, 8, 8)

main({"good": from_good, "bad": from_bad, "slow": from_slow})
"""

pytestmark = pytest.mark.slow


def run(folder: Path, *options: str) -> str:
    """What it prints."""
    code = folder / "brought.py"
    code.write_text(CODE)
    command = [sys.executable, code, "--units", "20", "--out", "out.jsonl", *options]
    done = subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(folder: Path) -> list[dict[str, Any]]:
    """Those of its file that are whole."""
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines() if line.endswith("}")]


def test_a_network_that_hangs_is_ended(tmp_path: Path) -> None:
    said = run(tmp_path, "--only", "slow", "--seconds", "2")
    assert lines(tmp_path)[0]["state"].startswith("stuck: more than 2 s")
    assert "1 networks, 0 left out: 0.0 % opened" in said


def test_whatever_a_network_does_the_others_are_tried_and_a_run_that_was_ended_goes_on(tmp_path: Path) -> None:
    run(tmp_path, "--only", "good")
    before = (tmp_path / "out.jsonl").read_text()
    (tmp_path / "out.jsonl").write_text(before + '{"name": "dies", "sta')
    said = run(tmp_path, "--only", "bad")
    assert (tmp_path / "out.jsonl").read_text().startswith(before)
    told = {one["name"]: one for one in lines(tmp_path)}
    good = told["good"]
    assert (good["state"], good["units"], good["added"], good["wrong"]) == ("opened", 20, 20, [])
    assert told["dies"]["state"] == "died: exit 7, opening it"
    assert told["greedy"]["state"].startswith("broke: RuntimeError")
    assert told["broken"]["state"].startswith("broke: TypeError: no such thing")
    # What breaks without Lente as well says nothing of it.
    assert "1 networks, 2 left out: 0.0 % opened" in said
    assert run(tmp_path, "--only", "good", "--again").count("1 of 1 networks were tried") == 1
    run(tmp_path, "--only", "bad", "--again")
    assert Counter(one["name"] for one in lines(tmp_path)) == {"good": 1, "dies": 2, "greedy": 2, "broken": 2}
