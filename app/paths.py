"""Where the files that the server reads lie: at the top of a checkout, beside this file in an installed package."""

from pathlib import Path

_HERE = Path(__file__).parent
IN_CHECKOUT = not (_HERE / "templates").is_dir()
ROOT = _HERE.parent if IN_CHECKOUT else _HERE

STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
LOCALE = ROOT / "locale"
