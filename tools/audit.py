"""Asks whether anything wrong is known about the versions that are pinned: python -m tools.audit

Python's by pip-audit, the front end's by npm. Ends with 1 where something is known; says so, and ends with 0, where the
advisories cannot be reached, since then nothing is known either way.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BIN = ROOT / ".venv" / "bin"
PIP_AUDIT = ROOT / ".venv" / "tools" / "bin" / "pip-audit"
PATIENCE_SECONDS = 120


@dataclass
class Audit:
    """What is known about `total` packages: how many were looked up, and what is wrong with which."""

    total: int
    looked_up: int
    findings: list[str] = field(default_factory=list)


def main() -> None:
    audits = {"Python": python(), "npm": npm()}
    for name, audit in audits.items():
        print(told(name, audit))
    if any(audit.findings for audit in audits.values() if audit):
        sys.exit(1)


def told(name: str, audit: Audit | None) -> str:
    if audit is None or audit.looked_up == 0:
        return (
            f"{name}: NOT AUDITED. The advisories cannot be reached from this machine; run `make audit` where they can."
        )
    found = "".join(f"\n  {finding}" for finding in audit.findings) or " nothing wrong is known."
    return f"{name}: {audit.looked_up} of {audit.total} packages looked up:{found}"


def python() -> Audit | None:
    command = [
        str(PIP_AUDIT), "--requirement", "constraints.txt", "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--format", "json",
    ]  # fmt: skip
    answer = _asked(command)
    return None if answer is None else read_python(answer)


def read_python(answer: Any) -> Audit:
    """pip-audit's JSON: what it could not look up bears a reason for having been left out."""
    packages = answer["dependencies"]
    known = [one for one in packages if "skip_reason" not in one]
    findings = [
        f"{one['name']} {one['version']}: {wrong['id']}, mended in {', '.join(wrong['fix_versions']) or 'no version'}"
        for one in known
        for wrong in one["vulns"]
    ]
    return Audit(len(packages), len(known), findings)


def npm() -> Audit | None:
    answer = _asked([str(BIN / "npm"), "audit", "--json"])
    return None if answer is None else read_npm(answer)


def read_npm(answer: Any) -> Audit | None:
    """npm's JSON; None where it holds an error instead."""
    if "metadata" not in answer:
        return None
    total = answer["metadata"]["dependencies"]["total"]
    findings = [f"{name}: {one['severity']}" for name, one in answer["vulnerabilities"].items()]
    return Audit(total, total, findings)


def _asked(command: list[str]) -> Any:
    """What the command writes, read as JSON; None where it cannot be had."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    main()
