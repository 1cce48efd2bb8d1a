"""What Lente stands on: each dependency is declared with the versions that will do, and the private parts that it
reaches into are still there."""

import argparse
import ast
import hashlib
import inspect
import json
import re
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from importlib.metadata import distributions, packages_distributions, requires, version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from torch import Tensor, nn
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from lente.app.server.connections import Connection, Socket
from tests.conftest import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT, TOOL = SETTINGS["project"], SETTINGS["tool"]
EXTRAS = [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
REQUIRED = [Requirement(one) for one in PROJECT["dependencies"]]
ALL = [*REQUIRED, *map(Requirement, EXTRAS)]
LOCK = (ROOT / "constraints.txt").read_text()
LOCKS = [LOCK, *(path.read_text() for path in sorted((ROOT / "requirements").glob("*.txt")))]
LINES = [Requirement(line) for line in re.findall(r"^[a-z].*(?= \\$)", LOCK, re.MULTILINE)]
PINNED = {one.name: str(one.specifier).removeprefix("==") for one in LINES}
SOURCES = [path for folder in ("app", "models", "lente") for path in sorted((ROOT / folder).rglob("*.py"))]

# What is not promised by its library, and which of our files stands on it. Found by the last test where it has an
# underscore; what our subclasses of uvicorn's use is found in their own source.
Cycle = sys.modules[AutoHTTPProtocol.__module__].RequestResponseCycle
PRIVATE: list[tuple[Any, str, str]] = [
    (Cycle, "response_complete", "app/server/connections.py"),
    (torch._C, "DisableTorchFunction", "models/tracing/recording.py"),
    (torch, "_C", "models/tracing/recording.py"),
    (Tensor, "_version", "models/tracing/lent.py"),
    (Tensor, "_version", "models/tracing/recording.py"),
    (Tensor, "_base", "models/tracing/recording.py"),
    (nn.Module, "_forward_hooks", "models/tracing/recording.py"),
    (nn.Module, "_forward_pre_hooks", "models/tracing/recording.py"),
    (nn.Module, "_forward_hooks", "app/own_network/opening.py"),
    (nn.Module, "_forward_pre_hooks", "app/own_network/opening.py"),
    (nn.Module, "_modules", "app/own_network/opening.py"),
    (argparse, "_SubParsersAction", "app/cli.py"),
]
# Documented: a named tuple's has its underscore to keep it apart from the fields, os._exit as a warning.
OF_EVERYBODY = {"_asdict", "_exit"}
BANNED_BUT = set(TOOL["ruff"]["lint"]["flake8-self"]["extend-ignore-names"])


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_dependency_says_from_which_version_on_and_the_tested_one_is_among_them(one: Requirement) -> None:
    bounds = {each.operator: Version(each.version) for each in one.specifier}
    pinned = Version(PINNED[canonicalize_name(one.name)])
    assert {">=", "=="} & set(bounds), f"{one.name} has no lower bound; {pinned} is what is tested"
    assert one.specifier.contains(pinned), f"{one} leaves out {pinned}, which is what is tested"
    if ">=" in bounds:
        assert bounds[">="].major == pinned.major, f"{one}: only {pinned} is tested, another major version is not"


@pytest.mark.parametrize("name", ["torch", "uvicorn"])
def test_a_dependency_whose_private_parts_are_used_has_an_upper_bound(name: str) -> None:
    (one,) = (each for each in REQUIRED if each.name == name)
    assert "<" in {each.operator for each in one.specifier}, f"{one} has no upper bound"


@pytest.mark.parametrize("lock", LOCKS, ids=["constraints", "tools", "uv"])
def test_every_file_that_is_fetched_has_a_hash_and_none_names_where_from(lock: str) -> None:
    pins = re.findall(
        r"^([a-z][\w.-]*==[^ ]+)(?: ; [^\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE
    )
    lines = [line for line in lock.splitlines() if not line.startswith(("#", "    --hash="))]
    assert pins
    assert len(pins) == len(lines), "a line is no pin with hashes"
    assert "://" not in lock
    assert "--index" not in lock


def test_every_package_of_the_front_end_has_a_hash_and_none_names_where_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, one in packages.items() if name and not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_all_that_is_installed_here_is_pinned_and_what_is_not_is_for_other_systems() -> None:
    here = {canonicalize_name(one.name): one.version for one in distributions()}
    ours = {one.name for one in LINES if one.marker is None or one.marker.evaluate()}
    wanted = closure("lente", {"", *PROJECT["optional-dependencies"]} - {"networks"})  # which `make networks` alone has
    assert wanted - {"lente"} - ours == set(), "constraints.txt leaves out: make lock"
    assert {name for name in wanted - {"lente"} if here[name].partition("+")[0] != PINNED[name]} == set()
    others = {one.name for one in LINES} - ours
    assert {"colorama"} <= others, "Windows has what is not installed here"


def closure(name: str, extras: set[str]) -> set[str]:
    """What `name` with `extras` needs on this system, and what that needs."""
    found: set[str] = set()
    left = [(name, frozenset(extras))]
    done = set()
    while left:
        one = left.pop()
        if one in done:
            continue
        done.add(one)
        found.add(one[0])
        for text in requires(one[0]) or ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in one[1] | {""}):
                left.append((canonicalize_name(need.name), frozenset(need.extras)))
    return found


def test_a_file_with_another_hash_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    true = hashlib.sha256(wheel.read_bytes()).hexdigest()
    make = subprocess.run(["make", "--dry-run", "--always-make", "install"], cwd=ROOT, capture_output=True, text=True)
    (line,) = (one for one in make.stdout.splitlines() if "--editable" in one)
    for digest, installed in ((true, True), ("0" * 64, False)):
        (tmp_path / "constraints.txt").write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
        words = [word for word in line.split() if word not in ("--quiet", "--editable", ".")]
        command = [*words[: words.index("--python")], "--target", digest, *words[words.index("--python") + 2 :]]
        command[0] = str(Path(sys.executable).with_name("uv"))
        more = ["--offline", "--no-index", "--no-cache", "--find-links", str(tmp_path), "tiny"]
        done = subprocess.run([*command, *more], cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode == 0) == installed, done.stderr
        assert ("Hash mismatch" in done.stderr) == (not installed)


def test_what_is_imported_is_declared() -> None:
    declared = {canonicalize_name(one.name) for one in [*REQUIRED, *map(Requirement, EXTRAS[:2])]}
    owners = packages_distributions()
    gone = {}
    for path in SOURCES:
        for name in imported(ast.parse(path.read_text())) - set(sys.stdlib_module_names) - {"lente", "IPython"}:
            if not declared & {canonicalize_name(one) for one in owners.get(name, [])}:
                gone[name] = str(path.relative_to(ROOT))
    assert not gone, "pyproject.toml does not declare what these import"


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def demand(owner: Any, name: str, user: str) -> None:
    """Fails with a sentence where `owner` has `name` no longer."""
    module = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
    library = module.partition(".")[0]
    now = platform_version() if library in sys.stdlib_module_names else version(library)
    assert name in names_of(owner), (
        f"{library} {now} has no {getattr(owner, '__name__', owner)}.{name} any more, a private part on which {user} "
        f"stands: mend that file, or bound {library} below {now} in pyproject.toml"
    )


def platform_version() -> str:
    return sys.version.split()[0]


def names_of(owner: Any) -> set[str]:
    """What a class or module has: also what a class sets on itself in its methods."""
    names = set(dir(owner))
    if isinstance(owner, type):
        for each in owner.__mro__:
            names |= set(getattr(each, "__annotations__", {}))
            if each.__module__.startswith(("uvicorn", "torch.nn")):
                names |= {node.attr for node in on_self(each) if isinstance(node.ctx, ast.Store)}
    return names


def on_self(owner: type) -> list[ast.Attribute]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and speaks_of_itself(node.value)]


def speaks_of_itself(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return isinstance(called, ast.Name) and called.id in ("self", "super")


@pytest.mark.parametrize(("owner", "name", "user"), PRIVATE, ids=[f"{name} in {user}" for _, name, user in PRIVATE])
def test_a_private_part_is_still_there(owner: Any, name: str, user: str) -> None:
    demand(owner, name, user)


@pytest.mark.parametrize(("ours", "theirs"), [(Connection, AutoHTTPProtocol), (Socket, WebSocketsSansIOProtocol)])
def test_what_our_subclasses_of_uvicorns_use_is_still_there(ours: type, theirs: type) -> None:
    assert issubclass(ours, theirs)
    classes = [one for one in ours.__mro__ if one.__module__ == ours.__module__]
    on = [node for one in classes for node in on_self(one)]
    own = {name for one in classes for name in vars(one)} | {one.attr for one in on if isinstance(one.ctx, ast.Store)}
    above = {one.attr for one in on if isinstance(one.value, ast.Call)}  # super().NAME
    used = above | {one.attr for one in on} - own
    assert used
    for name in sorted(used):
        demand(theirs, name, "app/server/connections.py")


def test_a_part_that_is_gone_is_told_in_a_sentence() -> None:
    with pytest.raises(
        AssertionError, match=r"uvicorn [\d.]+ has no \w+\.never any more, a private part on which app/"
    ):
        demand(AutoHTTPProtocol, "never", "app/server/connections.py")


def test_the_list_of_private_parts_is_whole() -> None:
    listed = {(name, user) for _, name, user in PRIVATE}
    assert {found for path in SOURCES for found in reached_into(path)} - listed == set()
    assert {name for _, name, _ in PRIVATE if name.startswith("_")} == BANNED_BUT, "what ruff lets pass is on the list"


def reached_into(path: Path) -> set[tuple[str, str]]:
    """Attributes with one underscore that are asked of something else than self, and no name of our own modules."""
    tree = ast.parse(path.read_text())
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    text = [
        found
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in re.findall(r"^\w+\.(_[a-z]\w*)\[", node.value)  # annotations in quotes
    ]
    names = [node.attr for node in nodes if not speaks_of_itself(node.value) and re.match(r"_[a-zA-Z]", node.attr)]
    return {(name, path.relative_to(ROOT).as_posix()) for name in [*names, *text]} - {
        (name, path.relative_to(ROOT).as_posix()) for name in OF_EVERYBODY
    }
