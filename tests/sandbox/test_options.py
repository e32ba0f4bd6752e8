"""Options of the command that cannot be read: said in a few words, nothing is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from graphwright_sandbox.cli import sandbox


def refused(options: dict[str, Any], folder: Path) -> int:
    """The exit code of the command with these options."""
    with pytest.raises(typer.Exit) as caught:
        sandbox(https_port=0, http_port=0, transfer_port=0, certificates=folder, **options)
    return caught.value.exit_code


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ({"fault": ["GET /me: 429", "GET /me: explode"]}, 2, "'fault': is neither a status"),
        ({"fault": ["nonsense"]}, 2, "'nonsense' is not of the form"),
        ({"throttle": ["outlook=many"]}, 2, "'outlook=many' is none of"),
    ],
)
def test_what_cannot_be_read_is_said(
    options: dict[str, Any],
    code: int,
    message: str,
    state: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert refused(options, state) == code
    assert message in capsys.readouterr().err


def test_files_that_cannot_be_read_are_named(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.file"
    file.write_text("[[fault]]\npath = 5\nfault = 429\n")
    assert refused({"faults": file}, state) == 2
    assert f"{file}:2: 'path': Expected `str`" in capsys.readouterr().err
    before = file.read_bytes()
    assert refused({"state": file}, state) == 1
    assert f"{file} is damaged" in capsys.readouterr().err
    assert file.read_bytes() == before
