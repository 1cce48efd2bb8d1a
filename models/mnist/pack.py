"""Packs the four official files of MNIST into the box: python -m lente.models.mnist.pack FOLDER.

Needed once, and again only where a smaller packing is found. xz takes 9.2 MB where gzip takes 11.3.
"""

import argparse
import hashlib
import lzma
import sys
from pathlib import Path

from lente.models.mnist.reader import FOLDER, SHA256, read

# Pixels are single bytes that stand in no groups: nothing depends on where within two or four bytes one lies (pb, lp).
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 0, "pb": 0}]


def pack(source: Path, target: Path = FOLDER) -> None:
    """Writes each file of `source`, once its hash is known to be right, as `target`/NAME.xz. Raises ValueError."""
    for file, sha256 in SHA256.items():
        content = (source / file).read_bytes()
        if (found := hashlib.sha256(content).hexdigest()) != sha256:
            raise ValueError(f"{source / file} has SHA-256 {found}; the official one is {sha256}")
        (target / f"{file}.xz").write_bytes(lzma.compress(content, filters=FILTERS))
        read(file, target)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lente.models.mnist.pack", description="Packs MNIST into the box.")
    parser.add_argument("folder", type=Path, help="folder with the four unpacked files, named as in MNIST/raw")
    try:
        pack(parser.parse_args().folder)
    except (OSError, ValueError) as error:
        sys.exit(f"pack: {error}")


if __name__ == "__main__":
    main()
