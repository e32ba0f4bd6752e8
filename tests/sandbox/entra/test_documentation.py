"""The sandbox's page of documentation against its code."""

from __future__ import annotations

import re
from pathlib import Path

from graphwright_sandbox.entra.errors import CATALOGUE

PAGE = Path(__file__).parents[3] / "docs" / "sandbox.md"


def test_every_error_code_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| AADSTS(\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {int(row) for row in rows} == CATALOGUE.keys()
