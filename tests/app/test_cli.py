"""The command `lente`."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lente.app.cli import main


def run(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "lente", *options], capture_output=True, text=True, timeout=120)


def test_help_names_the_commands() -> None:
    for command in ("serve", "open", "train", "bench"):
        assert command in run("--help").stdout


def test_a_port_in_use_is_said_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr


def test_an_unknown_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--prt", "1"])
    assert "--prt" in capsys.readouterr().err


@pytest.mark.slow
def test_training_is_tried_out_without_touching_the_box(tmp_path: Path) -> None:
    done = run("train", "pca", "--dry-run", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "mean_picture_bce_nats" in done.stdout
    assert list(tmp_path.iterdir()) == []
