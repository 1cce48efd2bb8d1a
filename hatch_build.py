"""Build hook: bundles the front end before the package is built or installed for editing."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

BESIDE_APP = ("static", "templates", "locale")


class FrontEnd(BuildHookInterface[Any]):
    """Writes static/vendor/, and puts what the server reads beside app/ in a wheel (never in an editable one)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from bundles.bundle import bundle

        if self.target_name == "wheel":
            bundle()
            if version == "standard":
                build_data["force_include"].update({folder: f"app/{folder}" for folder in BESIDE_APP})
