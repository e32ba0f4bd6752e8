"""The vault: the tokens of every account, encrypted. Table `_accounts`.

A blob is bound to its row: principal, profile, home account. Moved to another row it does not open.
Every change counts the version up; a change based on an older version is not made.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.times import format_instant
from graphwright.profiles.principals import insert_for
from graphwright.profiles.tokens import Account, PrincipalId

_accounts = sa.Table(
    "_accounts",
    system_metadata,
    sa.Column("principal_id", sa.Text, primary_key=True),
    sa.Column("profile", sa.Text, primary_key=True),
    sa.Column("home_account_id", sa.Text, primary_key=True),
    # Authority, tenant and client the tokens are of: another registration must not use them.
    sa.Column("registration", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("claims", sa.Text, nullable=False),
    sa.Column("tokens", sa.LargeBinary, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("signed_in_at", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with its tokens, and the version of the row they were read from."""

    account: Account
    registration: str
    tokens: str = field(repr=False)
    version: int = 1


class Vault:
    """Reads and writes accounts; encrypts on the way in, decrypts on the way out."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def put(
        self,
        connection: Connection,
        account: Account,
        *,
        registration: str,
        tokens: str,
        now: datetime,
    ) -> None:
        """Stores an account after a sign-in, over what was stored before."""
        values = {
            "registration": registration,
            "username": account.username,
            "name": account.name,
            "claims": json.dumps(dict(account.claims)),
            "tokens": self._seal(account, tokens),
            "signed_in_at": format_instant(now),
            "updated_at": format_instant(now),
        }
        key = {
            "principal_id": account.principal_id,
            "profile": account.profile,
            "home_account_id": account.home_account_id,
        }
        insert = insert_for(connection)(_accounts).values(**key, **values, version=1)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=list(key), set_={**values, "version": _accounts.c.version + 1}
            )
        )

    async def find(
        self,
        principal_id: PrincipalId,
        profile: str,
        *,
        registration: str,
        home_account_id: str | None,
    ) -> StoredAccount | None:
        """The account of that id; without one, the account that signed in last."""
        condition = [
            _accounts.c.principal_id == principal_id,
            _accounts.c.profile == profile,
            _accounts.c.registration == registration,
        ]
        if home_account_id is not None:
            condition.append(_accounts.c.home_account_id == home_account_id)
        query = (
            sa.select(_accounts)
            .where(*condition)
            .order_by(_accounts.c.signed_in_at.desc(), _accounts.c.home_account_id)
            .limit(1)
        )
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            return None
        account = _account(row)
        tokens = self._keyring.decrypt(row.tokens, _binding(account)).decode()
        return StoredAccount(account, row.registration, tokens, row.version)

    async def replace_tokens(self, stored: StoredAccount, tokens: str, now: datetime) -> bool:
        """Stores renewed tokens unless the row was changed or removed since it was read."""
        statement = (
            sa.update(_accounts)
            .where(*_same_version(stored))
            .values(
                tokens=self._seal(stored.account, tokens),
                version=stored.version + 1,
                updated_at=format_instant(now),
            )
        )
        return await self._database.write(lambda c: c.execute(statement).rowcount == 1)

    async def drop(self, stored: StoredAccount) -> bool:
        """Removes an account unless its row was changed since it was read."""
        statement = sa.delete(_accounts).where(*_same_version(stored))
        return await self._database.write(lambda c: c.execute(statement).rowcount == 1)

    async def list(self, principal_id: PrincipalId) -> Sequence[Account]:
        """All accounts of a principal."""
        query = (
            sa.select(_accounts)
            .where(_accounts.c.principal_id == principal_id)
            .order_by(_accounts.c.profile, _accounts.c.username, _accounts.c.home_account_id)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_account(row) for row in rows]

    async def remove(
        self, principal_id: PrincipalId, profile: str | None, home_account_id: str | None
    ) -> int:
        """Removes a principal's accounts, or those of one profile, or one; says how many."""
        condition = [_accounts.c.principal_id == principal_id]
        if profile is not None:
            condition.append(_accounts.c.profile == profile)
        if home_account_id is not None:
            condition.append(_accounts.c.home_account_id == home_account_id)
        statement = sa.delete(_accounts).where(*condition)
        return await self._database.write(lambda c: int(c.execute(statement).rowcount))

    def _seal(self, account: Account, tokens: str) -> bytes:
        return self._keyring.encrypt(tokens.encode(), _binding(account))


def _binding(account: Account) -> str:
    # JSON keeps the parts apart whatever they hold.
    return json.dumps(["tokens", account.principal_id, account.profile, account.home_account_id])


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        principal_id=row.principal_id,
        profile=row.profile,
        home_account_id=row.home_account_id,
        username=row.username,
        name=row.name,
        claims=json.loads(row.claims),
    )


def _same_version(stored: StoredAccount) -> tuple[sa.ColumnElement[bool], ...]:
    account = stored.account
    return (
        _accounts.c.principal_id == account.principal_id,
        _accounts.c.profile == account.profile,
        _accounts.c.home_account_id == account.home_account_id,
        _accounts.c.version == stored.version,
    )
