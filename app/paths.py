"""Where the files that the server reads lie: beside app/, in a checkout as in an installed package."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # in a checkout lente/app is a link
IN_CHECKOUT = (ROOT / "pyproject.toml").is_file()

STATIC = ROOT / "static"
BUILT = STATIC / "built"
TEMPLATES = ROOT / "templates"
LOCALE = ROOT / "locale"
