"""What the import of the library brings along: nothing that a program may not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = ("aiohttp", "sqlalchemy", "pydantic", "jlens", "cryptography", "msal", "ruamel", "msgspec")


def modules_after(program: str) -> set[str]:
    """The names of the modules that are loaded after a program, as a new process has them."""
    told = f"{program}\nimport sys\nprint(' '.join(sys.modules))"
    out = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


@pytest.mark.parametrize(
    "program",
    [
        "from graphwright import Graph, GraphwrightError, HttpError, Request\nGraph('token')",
        "import graphwright\ngraphwright.open('an-application')",
    ],
)
def test_the_import_loads_neither_the_engine_nor_a_database(program: str) -> None:
    loaded = modules_after(program)
    assert "graphwright.sdk" in loaded
    assert loaded & set(_HEAVY) == set()
    assert len(loaded) < 250


def test_a_name_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ImportError, match="Grahp"):
        exec("from graphwright import Grahp")  # noqa: S102
