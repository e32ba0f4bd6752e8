"""`make check`: every check of the sources, each named, all of them run even when one fails."""

from __future__ import annotations

import subprocess
import sys
import time

from tools.tracked import ROOT

PYTHON = sys.executable
CHECKS: dict[str, list[str]] = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "--no-error-summary"],
    "imports": [PYTHON, "-m", "tools.check_imports"],
    "limits": [PYTHON, "-m", "tools.check_limits"],
    "secrets": [PYTHON, "-m", "tools.check_secrets"],
    "api types": [PYTHON, "-m", "tools.api_types", "--check"],
    "front end": [PYTHON, "hatch_build.py", "check"],
}


def run(name: str, command: list[str]) -> bool:
    """Run one check; what it says is shown only when it fails."""
    print(f"{name:<10} ", end="", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    took = f"{time.monotonic() - started:.1f} s"
    if done.returncode == 0:
        print(f"clean ({took})")
        return True
    print(f"NOT CLEAN ({took})\n\n{done.stdout.strip()}\n")
    return False


def main(names: list[str]) -> int:
    unknown = set(names) - CHECKS.keys()
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
        return 2
    failed = [name for name in names or CHECKS if not run(name, CHECKS[name])]
    if failed:
        print(f"{len(failed)} not clean: {', '.join(failed)}")
        return 1
    print("All checks are clean.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
