"""Removes the funding links from package-lock.json, so that the lock file names no host."""

import json
from pathlib import Path

LOCK = Path(__file__).parent.parent / "package-lock.json"


def main() -> None:
    lock = json.loads(LOCK.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
