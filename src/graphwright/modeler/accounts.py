"""Accounts by an id that says nothing: who has signed in to the draft's profiles.

Gives out no token; `Profiles` does, for the principal and home account found here.
"""

import hashlib
import json
from dataclasses import dataclass

from graphwright.kernel.errors import NotFound
from graphwright.profiles.principals import Principal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import Account


class AccountMissing(NotFound):
    """Nobody of that id is signed in to the profile."""

    code = "accountMissing"


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account and the principal it belongs to."""

    account: Account
    principal: Principal

    @property
    def id(self) -> str:
        """The account's id in the modeler's API."""
        return account_id(self.account)


def account_id(account: Account) -> str:
    """An account's id in the modeler's API."""
    parts = json.dumps([account.principal_id, account.profile, account.home_account_id])
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


async def list_accounts(profiles: Profiles) -> list[KnownAccount]:
    """Everybody who has signed in, also to profiles that the draft has no more."""
    return [
        KnownAccount(account, principal)
        for principal in await profiles.principals()
        for account in await profiles.accounts(principal.id)
    ]


async def find_account(profiles: Profiles, key: str, profile: str | None = None) -> KnownAccount:
    """The account of that id, which must be one of `profile` where that is given."""
    for known in await list_accounts(profiles):
        if known.id == key and profile in (None, known.account.profile):
            return known
    raise AccountMissing(
        "This account is not signed in" + (f" to {profile}." if profile else "."),
        hint="Choose another account, or test the profile to sign in.",
    )
