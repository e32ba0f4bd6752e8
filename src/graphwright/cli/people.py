"""How the command line shows people."""

from typing import Any


def describe_account(account: Any) -> dict[str, str]:
    """An account for people to read: who, with which profile; no token."""
    return {"profile": account.profile, "username": account.username, "name": account.name}
