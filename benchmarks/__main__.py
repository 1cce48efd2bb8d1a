"""Runs every benchmark, one after the other: python -m lente.benchmarks [NAME ...]"""

import pkgutil
import subprocess
import sys

from lente import benchmarks


def main() -> None:
    there = sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__) if found.name[0] != "_")
    wanted = sys.argv[1:] or there
    if unknown := set(wanted) - set(there):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(there)}.")
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"lente.benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
