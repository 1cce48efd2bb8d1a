"""What Lente stands on: each dependency is declared with the versions that will do, and the private parts that it
reaches into are still there."""

import argparse
import ast
import inspect
import re
import sys
import textwrap
import tomllib
from importlib.metadata import packages_distributions, version
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
PINNED = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines())
SOURCES = [path for folder in ("app", "models", "lente") for path in sorted((ROOT / folder).rglob("*.py"))]

# What is not promised by its library, and which of our files stands on it. Found by the last test where it has an
# underscore; what our subclasses of uvicorn's use is found in their own source.
Cycle = sys.modules[AutoHTTPProtocol.__module__].RequestResponseCycle
PRIVATE: list[tuple[Any, str, str]] = [
    (Cycle, "response_complete", "app/server/connections.py"),
    (torch._C, "DisableTorchFunction", "models/tracing/recording.py"),
    (torch, "_C", "models/tracing/recording.py"),
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
    tree = ast.parse(textwrap.dedent(inspect.getsource(ours)))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {one.attr for one in on_self(ours) if isinstance(one.ctx, ast.Store)} | set(vars(ours))
    above = {one.attr for one in on_self(ours) if isinstance(one.value, ast.Call)}  # super().NAME
    used = above | {one.attr for one in on_self(ours)} - own
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
