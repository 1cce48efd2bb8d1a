"""Every command in the documents works, and every file that they name is there.

A command is checked in one of four ways. Those of `lente` are read by its own parser, so that a wrong option or name
fails, and the examples of adding_a_network.md are run too. make is run with `--dry-run`, which fails on a target that
is not there. Python's name a module or a file that must be there, pytest's its tests. What is left (docker, git, mkdir)
is only known to be what it is: it needs more than a checkout.
"""

import argparse
import json
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from babel.messages.pofile import read_po

from lente.app import cli
from lente.app.i18n import languages
from lente.app.own_network import window
from tests.docs.conftest import ROOT, blocks
from tools.messages import said, template

DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
INLINE = re.compile(r"`((?:lente|make|python|\.venv/bin/\w+) [^`]*)`")
PATH = re.compile(
    r"`((?:app|models|static|templates|tests|tools|locale|docs|benchmarks|lente|deploy|bundles)/[\w./*-]*)`"
)
FILE = re.compile(r"`([\w.][\w./-]*\.(?:py|js|css|html|toml|yaml|sh|conf|txt|po))`")
FILES = [
    path for folder in ("app", "models", "static/js", "static/css", "templates") for path in (ROOT / folder).rglob("*")
]
PLACEHOLDER = re.compile(r"NAME|NOUN|PAGE|LANGUAGE|CODE")
EXAMPLES = {"stripes.py", "model.py", "models.py", "FILE.py"}  # of whoever reads


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def commands(document: str) -> list[str]:
    """The lines of shell blocks, joined where they go on, and the commands in running text."""
    lines = [line for block in blocks(document, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in [*lines, *INLINE.findall(text_of(document))] if line and document != "docs/api.md"]


ALL = [(document, command) for document in DOCUMENTS for command in commands(document)]


DEEDS = (
    "lente.app.run.serve",
    "lente.app.own_network.command.run",
    "lente.app.own_network.checking.run",
    "lente.benchmarks.classroom.measure",
)


def parsed(words: list[str]) -> None:
    """Has the command line's own parser read `lente ...` without doing it."""
    name, *options = [word for word in words if not re.fullmatch(r"FOLDER|PICTURES|\[.*\]", word)]
    options = ["--help"] if name == "check" else options or (["--help"] if name == "open" else [])
    if name == "train":
        from lente.models.training.command import add_arguments

        parser = argparse.ArgumentParser(exit_on_error=False)
        add_arguments(parser)
        names = ["autoencoder_2d" if word in ("NAME", "autoencoder_3d") else word for word in options]
        parser.parse_args([word for word in names if word != "--data"])
        return
    done: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for each in DEEDS:
            patch.setattr(each, lambda *_arguments, **_options: done.append("done"))
        if "--help" in options:
            with pytest.raises(SystemExit) as ended:
                cli.main([name, *options])
            assert ended.value.code == 0
        else:
            cli.main([name, *options])
            assert done == ["done"]


def made(words: list[str]) -> None:
    """Asks make what it would do."""
    make = shutil.which("make")
    assert make, "the documents speak of make"
    plain = [word for word in words if not word.startswith("TORCH_INDEX")]
    done = subprocess.run([make, "--dry-run", "--always-make", *plain], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def named(words: list[str]) -> None:
    """A Python module or file that is there; what it does is the matter of its own tests."""
    names = [word for word in words if not word.startswith("-")]
    wanted = names[0].replace(".", "/") if "-m" in words else names[0]
    places = [ROOT / f"{wanted}.py", ROOT / wanted / "__main__.py", ROOT / wanted]
    assert any(place.is_file() for place in places) or wanted == "stripes.py", wanted


def found(words: list[str]) -> None:
    """Test files that are there."""
    assert all((ROOT / word).exists() for word in words if not word.startswith("-"))


def shell(words: list[str]) -> None:
    """Anything else is one of these, and the test of its document runs it."""


WAYS: dict[str, Callable[[list[str]], None]] = {
    "lente": parsed,
    ".venv/bin/lente": parsed,
    "make": made,
    "python": named,
    ".venv/bin/python": named,
    ".venv/bin/pytest": found,
    "mkdir": shell,
    "docker": shell,
    "git": shell,
}


@pytest.mark.parametrize(("document", "command"), ALL, ids=[f"{document}: {command}" for document, command in ALL])
def test_a_command_works(document: str, command: str) -> None:  # noqa: ARG001, which is in its name
    command = re.sub(r"<[^>]*>", "VALUE", command.split("  #")[0])
    for part in re.split(r" && | > ", command):
        first, *words = shlex.split(part)
        if first in WAYS:
            WAYS[first](words)
        else:
            assert first.startswith("locale/"), f"no test knows {command!r}"


def test_what_docker_builds_is_there() -> None:
    assert (ROOT / "Dockerfile").is_file()
    assert "EXPOSE 8000" in text_of("Dockerfile") or "8000" in text_of("Dockerfile")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_links_to_and_names_is_there(document: str) -> None:
    folder = (ROOT / document).parent
    links = [link for link in LINK.findall(text_of(document)) if not link.startswith(("http", "mailto"))]
    assert [link for link in links if not (folder / link).exists()] == []
    named = {*PATH.findall(text_of(document)), *FILE.findall(text_of(document))} - EXAMPLES
    assert sorted(path for path in named if not is_there(path)) == []


def is_there(path: str) -> bool:
    """A file or folder of ours, NAME and the like standing for any; without a folder it may be in any of them."""
    pattern = PLACEHOLDER.sub("*", path.rstrip("/"))
    return bool(list(ROOT.glob(pattern))) or ("/" not in path and any(fnmatch(file.name, pattern) for file in FILES))


def test_a_file_that_is_gone_is_noticed() -> None:
    for path in ("static/js/lib/digit_network.js", "models/operations/", "nowhere.py", "app/nowhere/NAME.py"):
        assert not is_there(path)
    for path in ("static/js/NOUN/page.js", "models/tracing/operations/", "table.py", "app/NOUN/api.py"):
        assert is_there(path)


def test_the_network_of_the_example_learns_and_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, use, box = blocks("docs/adding_a_network.md", "python")
    (tmp_path / "stripes.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names = runpy.run_path("stripes.py", run_name="__main__")
    right = int(re.match(r"(\d+)% right", capsys.readouterr().out).group(1))  # type: ignore[union-attr]
    assert right >= 95

    seen: dict[str, Any] = {}
    monkeypatch.setattr(window.webbrowser, "open", seen.setdefault)
    monkeypatch.setattr(window.Window, "wait", lambda one: (seen.update(said=prediction(one)), one.close()))
    _, opening = blocks("docs/adding_a_network.md", "sh")[0].splitlines()
    cli.main(shlex.split(opening)[1:])
    assert seen["said"]["classes"][0]["name"] == "down"
    exec(use, {"network": names["network"]})
    assert "http://127.0.0.1" in capsys.readouterr().out

    from lente.models.networks import catalogue
    from lente.models.training import command as train

    changed: dict[str, Any] = {}
    exec(box, changed)
    monkeypatch.setattr(catalogue, "BOTTLENECKS", changed["BOTTLENECKS"])
    train.main(["autoencoder_3d", "--dry-run", "--output", str(tmp_path)])
    assert "squared_error" in capsys.readouterr().out


def prediction(one: window.Window) -> Any:
    base, image = one.url.split("/en/")[0], one.url.split("image=")[1]
    with urlopen(f"{base}/api/networks/Stripes/prediction/{image}") as answer:
        return json.load(answer)


def test_the_example_for_notebooks_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(window.webbrowser, "open", lambda _address: True)
    (example,) = blocks("docs/pytorch.md", "python")
    exec(example, {})
    assert "/en/features?network=Sequential" in capsys.readouterr().out


def test_the_recipe_for_a_language_gives_a_template() -> None:
    assert "pt" not in languages()
    lines = template("pt").encode().splitlines(keepends=True)
    catalogue = read_po(lines, locale="pt", abort_invalid=True)
    assert {message.id for message in catalogue if message.id} == said()
