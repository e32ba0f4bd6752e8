"""Where tokens lie, and where no token or secret ever shows."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from graphwright.kernel.encryption import Keyring, Tampered, WrongKey
from graphwright.profiles import AccessToken
from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import ADA, DAEMON_SECRET, DEFINITIONS, MovableClock, Workshop
from tests.sandbox.conftest import REDIRECT_URI, SECRET


async def test_tokens_moved_to_another_row_are_detected(workshop: Workshop, tmp_path: Path) -> None:
    profiles = workshop.open()
    ada = await workshop.sign_in(profiles)
    other = await workshop.sign_in(profiles, person="宮本 茂")
    with sql(tmp_path) as connection:
        connection.execute(
            "UPDATE _accounts SET tokens = (SELECT tokens FROM _accounts WHERE principal_id = ?)"
            " WHERE principal_id = ?",
            (other.principal_id, ada.principal_id),
        )
    with pytest.raises(Tampered):
        await profiles.access_token("web", ada.principal_id)
    assert (await profiles.access_token("web", other.principal_id)).value


@pytest.mark.parametrize("column", ["principal_id", "profile", "home_account_id"])
async def test_a_row_that_was_relabelled_is_detected(
    workshop: Workshop, tmp_path: Path, column: str
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    key = {
        "principal_id": account.principal_id,
        "profile": "web",
        "home_account_id": account.home_account_id,
    }
    key[column] = {"profile": "domain"}.get(column, "stolen")
    with sql(tmp_path) as connection:
        connection.execute(f"UPDATE _accounts SET {column} = ?", (key[column],))  # noqa: S608
        if column == "profile":
            connection.execute(
                "UPDATE _accounts SET registration = replace(registration, ?, 'small.example')",
                (account.claims["tid"],),
            )
    with pytest.raises(Tampered):
        await profiles.access_token(
            key["profile"], key["principal_id"], account=key["home_account_id"]
        )


async def test_a_wrong_key_is_a_clear_error_and_loses_nothing(workshop: Workshop) -> None:
    account = await workshop.sign_in(workshop.open())
    right, workshop.keyring = workshop.keyring, Keyring.generate()
    with pytest.raises(WrongKey, match="another key"):
        await workshop.open().access_token("web", account.principal_id)
    workshop.keyring = right
    assert (await workshop.open().access_token("web", account.principal_id)).value


async def test_no_secret_shows_in_logs_errors_representations_or_the_database(
    workshop: Workshop, sandbox: Sandbox, tmp_path: Path, refreshes: list[str]
) -> None:
    """The whole way at the most talkative log level, failures included."""
    with everything_logged() as log:
        profiles = workshop.open()
        pending = await profiles.begin("web", REDIRECT_URI)
        page = await asyncio.to_thread(workshop.browser.sign_in, pending.url)
        account = await profiles.complete("web", pending.flow, page.answer)
        first = await profiles.access_token("web", account.principal_id)
        second = await profiles.access_token("web", account.principal_id, refresh=True)
        app = await profiles.access_token("daemon", None)
        shown = [
            await shown_error(profiles.complete("web", pending.flow, page.answer)),
            await shown_error(profiles.complete("web", pending.flow, {"state": "x"} | page.answer)),
        ]
        directory = sandbox.entra.directory
        directory.revoke_grants(directory.get_person(ADA))
        stored = await profiles._find("web", account.principal_id, None)
        shown.append(
            await shown_error(profiles.access_token("web", account.principal_id, refresh=True))
        )
    shown += [repr(value) for value in (pending, account, first, app, stored, profiles)]
    shown += [repr(profiles.__dict__), repr(DEFINITIONS), log.getvalue()]
    secrets = [
        SECRET,
        DAEMON_SECRET,
        page.answer["code"],
        first.value,
        second.value,
        app.value,
        *refreshes,
    ]
    database = b"".join(path.read_bytes() for path in files_of(tmp_path))
    assert len(refreshes) >= 2
    assert "/oauth2/v2.0/token" in log.getvalue()
    for text in shown:
        assert found_in(text.encode(), secrets) == []
    # In-process secrets of the sandbox apart, the database holds them encrypted only.
    assert account.username.encode() in database
    assert found_in(database, secrets) == []
    assert found_in(f"… {SECRET} …".encode(), secrets) == [SECRET]


def test_a_token_shows_in_no_representation(clock: MovableClock) -> None:
    token = AccessToken("planted", clock.now(), frozenset({"User.Read"}), "user")
    assert "planted" not in repr(token) + str(token)
    assert "User.Read" in repr(token)


def files_of(folder: Path) -> list[Path]:
    return list(folder.glob("system.sqlite*"))


def found_in(haystack: bytes, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if secret.encode() in haystack]


async def shown_error(call: Any) -> str:
    """An error as it could be shown: text, wire, and the whole traceback with its causes."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its text is what is looked at
        await call
    wire = caught.value.to_wire() if hasattr(caught.value, "to_wire") else ""
    return "".join(traceback.format_exception(caught.value)) + str(wire)


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All log records of all libraries, in every detail, but those of the test's own browser."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: "GET /" not in record.getMessage())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def sql(folder: Path) -> Iterator[sqlite3.Connection]:
    """The system database, by another program."""
    connection = sqlite3.connect(folder / "system.sqlite")
    try:
        with connection:
            yield connection
    finally:
        connection.close()
