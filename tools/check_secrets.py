"""Says which tracked files hold what must not be published.

Secrets and tokens, absolute paths of somebody's machine, and the hosts of package registries (the
locks must work with any index). Reasoned exceptions stand in tools/secrets.toml.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.tracked import ROOT, tracked_files

EXCEPTIONS = Path(__file__).with_name("secrets.toml")

PATTERNS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/=]{16}",
    "JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "Entra client secret": r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])",
    "refresh token": r"\b[01]\.A[\w-]{2}A[\w.-]{80,}",
    "access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "forge token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,})",
    "package token": r"\b(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{50,})",
    "password in a URL": r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"{}<>$]+:[^\s/:@'\"{}<>$]+@[\w\[]",
    "absolute path of a machine": r"(?<![\w.~*:/}\)-])/(?:home|Users|root|work|workspace)/[\w.-]+",
    "host of a package registry": r"(?i)\b(?:files\.pythonhosted|(?:test\.)?pypi|registry\.npmjs"
    r"|registry\.yarnpkg|npm\.pkg\.github|pkgs\.dev\.azure)\.(?:org|com)\b",
    "download address in a lock": r"\"resolved\"\s*:\s*\"",
}


@dataclass(frozen=True)
class Finding:
    """One place that holds something. What was found is never printed, only where and what kind."""

    path: str
    line: int
    kind: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}"


def find(path: str, text: str) -> Iterator[Finding]:
    """Every place of a text that holds what must not be published."""
    for kind, pattern in PATTERNS.items():
        for match in re.finditer(pattern, text):
            yield Finding(path, text.count("\n", 0, match.start()) + 1, kind)


def is_excepted(finding: Finding, exceptions: list[dict[str, Any]]) -> bool:
    """Whether tools/secrets.toml gives a reason for this kind of finding in this file."""
    return any(
        finding.path == exception["path"]
        and finding.kind == exception["kind"]
        and exception["reason"].strip()
        for exception in exceptions
    )


def main(root: Path = ROOT) -> int:
    exceptions = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8")).get("exceptions", [])
    found = [
        finding
        for path in tracked_files(root)
        for finding in find(
            path.as_posix(), (root / path).read_bytes().decode("utf-8", errors="replace")
        )
    ]
    unexcepted = [finding for finding in found if not is_excepted(finding, exceptions)]
    needless = [
        exception
        for exception in exceptions
        if not any(is_excepted(finding, [exception]) for finding in found)
    ]
    for finding in unexcepted:
        print(finding)
    for exception in needless:
        print(f"tools/secrets.toml: the exception for {exception['path']} is not needed any more")
    return 1 if unexcepted or needless else 0


if __name__ == "__main__":
    sys.exit(main())
