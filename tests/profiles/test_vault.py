"""The vault and the principals' table, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database
from graphwright.kernel.encryption import Keyring, Tampered
from graphwright.profiles.principals import find_principal, list_principals, upsert_principal
from graphwright.profiles.tokens import Account
from graphwright.profiles.vault import StoredAccount, Vault

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REGISTRATION = "https://login.example/t/app"


def account_of(principal: str = "p1", profile: str = "web", home: str = "h1") -> Account:
    return Account(principal, profile, home, f"{home}@example", "Ada \U0001f600", {"tid": "t"})


def put(vault: Vault, database: Database, account: Account, tokens: str, minutes: int = 0) -> None:
    database.write_sync(
        lambda c: vault.put(
            c,
            account,
            registration=REGISTRATION,
            tokens=tokens,
            now=NOW + timedelta(minutes=minutes),
        )
    )


async def find(
    vault: Vault, principal: str = "p1", profile: str = "web", home: str | None = None
) -> StoredAccount | None:
    return await vault.find(principal, profile, registration=REGISTRATION, home_account_id=home)


async def names(vault: Vault, principal: str) -> Sequence[tuple[str, str]]:
    return [(a.profile, a.home_account_id) for a in await vault.list(principal)]


async def test_tokens_come_back_as_they_were_and_encrypted_between(
    any_database: Database, keyring: Keyring
) -> None:
    vault = Vault(any_database, keyring)
    put(vault, any_database, account_of(), "planted-tokens")
    stored = await find(vault)
    assert stored is not None
    assert stored.tokens == "planted-tokens"
    assert stored.account == account_of()
    assert "planted" not in repr(stored)
    raw = any_database.read_sync(
        lambda c: c.execute(sa.text("SELECT tokens FROM _accounts")).scalar_one()
    )
    assert b"planted" not in bytes(raw)


async def test_the_account_that_signed_in_last_is_the_one_meant(
    any_database: Database, keyring: Keyring
) -> None:
    vault = Vault(any_database, keyring)
    put(vault, any_database, account_of(home="h1"), "one", 1)
    put(vault, any_database, account_of(home="h2"), "two", 2)
    put(vault, any_database, account_of(principal="p2", home="h3"), "three", 3)
    found = await find(vault)
    assert found is not None
    assert found.tokens == "two"
    put(vault, any_database, account_of(home="h1"), "one again", 4)
    again = await find(vault)
    assert again is not None
    assert (again.tokens, again.version) == ("one again", 2)
    assert await find(vault, home="h3") is None
    assert await find(vault, profile="other") is None


async def test_a_change_based_on_an_old_version_is_not_made(
    any_database: Database, keyring: Keyring
) -> None:
    vault = Vault(any_database, keyring)
    put(vault, any_database, account_of(), "first")
    one, two = await find(vault), await find(vault)
    assert one is not None
    assert two is not None
    assert await vault.replace_tokens(one, "second", NOW)
    assert not await vault.replace_tokens(two, "lost", NOW)
    assert not await vault.drop(two)
    kept = await find(vault)
    assert kept is not None
    assert (kept.tokens, kept.version) == ("second", 2)
    assert await vault.drop(kept)
    assert not await vault.replace_tokens(kept, "risen", NOW)
    assert await find(vault) is None


async def test_removing_takes_what_was_said_and_nobody_elses(
    any_database: Database, keyring: Keyring
) -> None:
    vault = Vault(any_database, keyring)
    for account in (
        account_of(),
        account_of(home="h2"),
        account_of(profile="other"),
        account_of(principal="p2"),
    ):
        put(vault, any_database, account, "t")
    assert await vault.remove("p1", "web", "h2") == 1
    assert await vault.remove("p1", None, "nothing") == 0
    assert await names(vault, "p1") == [("other", "h1"), ("web", "h1")]
    assert await vault.remove("p1", "web", None) == 1
    assert await vault.remove("p1", None, None) == 1
    assert await names(vault, "p1") == []
    assert await names(vault, "p2") == [("web", "h1")]


@pytest.mark.parametrize("text", ["'", '"; DROP TABLE _accounts; --', "a|b", "\U0001f600", "%_"])
async def test_names_of_any_characters_are_kept_apart(
    any_database: Database, keyring: Keyring, text: str
) -> None:
    vault = Vault(any_database, keyring)
    put(vault, any_database, account_of(principal=text, profile=text, home=text), "own")
    put(vault, any_database, account_of(), "other")
    found = await find(vault, text, text, text)
    assert found is not None
    assert found.tokens == "own"
    assert await vault.remove(text, text, text) == 1
    assert await names(vault, "p1") == [("web", "h1")]


async def test_parts_of_a_row_cannot_flow_into_each_other(
    any_database: Database, keyring: Keyring
) -> None:
    """("a", "b|c") and ("a|b", "c") are different rows, also to the encryption."""
    vault = Vault(any_database, keyring)
    put(vault, any_database, account_of("a", "b|c"), "one")
    put(vault, any_database, account_of("a|b", "c"), "two")
    any_database.write_sync(
        lambda c: c.execute(
            sa.text(
                "UPDATE _accounts SET tokens = (SELECT tokens FROM _accounts WHERE profile = 'c')"
            )
        )
    )
    with pytest.raises(Tampered):
        await find(vault, "a", "b|c")


def test_one_person_is_one_principal_however_many_processes_see_them_first(
    any_database: Database,
) -> None:
    def sign_in(number: int) -> str:
        return any_database.write_sync(
            upsert_principal,
            issuer="i",
            subject="s",
            username=f"u{number}",
            name="N",
            email=None,
            now=NOW,
        )

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(sign_in, range(8)))
    assert len(set(ids)) == 1
    other = any_database.write_sync(
        upsert_principal, issuer="i2", subject="s", username="a", name="M", email="m@x", now=NOW
    )
    assert other != ids[0]
    people = any_database.read_sync(list_principals)
    assert [person.id for person in people] == [other, ids[0]]
    found = any_database.read_sync(find_principal, other)
    assert found is not None
    assert (found.name, found.email) == ("M", "m@x")
    assert any_database.read_sync(find_principal, "nobody") is None
