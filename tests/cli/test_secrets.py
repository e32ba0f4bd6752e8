"""`graphwright secrets`: typed once, never shown, never an argument."""

from pathlib import Path

import pytest

from graphwright.kernel.settings import Settings
from tests.cli.conftest import Run

NAME = "MY_DAY_CLIENT_SECRET"
PLANTED = "planted~secret-value"


def test_a_secret_is_stored_listed_and_removed(run: Run, my_day: Path) -> None:
    missing = f"The secret {NAME} is not set"
    assert missing in run("check", my_day).said
    stored = run("secrets", "set", my_day, NAME, stdin=f"{PLANTED}\n")
    assert stored.code == 0
    assert Settings.read(my_day).secret(NAME) == PLANTED
    listed, checked = run("secrets", "list", my_day), run("check", my_day)
    assert listed.out == f"{NAME}\n"
    assert missing not in checked.said
    removed = run("secrets", "remove", my_day, NAME)
    assert removed.code == 0
    assert run("secrets", "list", my_day).out == ""
    assert missing in run("check", my_day).said
    for result in (stored, listed, checked, removed):
        assert PLANTED not in result.said


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["secrets", "set", "APP", NAME, PLANTED], 2, "unexpected"),
        (["secrets", "set", "APP", "not-a-name"], 2, "secretNameInvalid"),
        (["secrets", "set", "APP"], 2, "NAME"),
        (["secrets", "set", "/nowhere", NAME], 2, "no application"),
        (["secrets", "remove", "APP", NAME], 2, "secretNotStored"),
        (["secrets", "list", "/nowhere"], 2, "no application"),
    ],
)
def test_wrong_calls_are_refused(
    run: Run, my_day: Path, arguments: list[str], code: int, told: str
) -> None:
    result = run(*[str(my_day) if a == "APP" else a for a in arguments], stdin=f"{PLANTED}\n")
    assert result.code == code
    assert told in result.said
    assert not (my_day / ".graphwright").exists()


def test_an_empty_secret_is_refused(run: Run, my_day: Path) -> None:
    result = run("secrets", "set", my_day, NAME, stdin="\n")
    assert result.code == 2
    assert "secretValueInvalid" in result.said


def test_a_store_that_cannot_be_read_is_a_problem_and_no_crash(run: Run, my_day: Path) -> None:
    run("secrets", "set", my_day, NAME, stdin=PLANTED)
    (my_day / ".graphwright" / "secrets.json").write_text("{")
    assert "is no store of secrets" in run("check", my_day).said
    listed = run("secrets", "list", my_day)
    assert listed.code == 1
    assert "secretStoreBroken" in listed.said
