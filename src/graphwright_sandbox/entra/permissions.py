"""The permissions of Microsoft Graph that the sandbox knows: ids, who may consent, consent texts.

The table is `permissions.toml`. It must not know which operation needs which permission: that is
Microsoft Graph's matter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

PROTOCOL_SCOPES = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "offline_access": "Maintain access to data you have given it access to",
}


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission as the consent page shows it."""

    name: str
    text: str
    needs_administrator: bool
    id: str = ""


@cache
def delegated_permissions() -> Mapping[str, Permission]:
    """What an application may do for a signed-in person, by name; protocol scopes are among it."""
    protocol = {name: Permission(name, text, False) for name, text in PROTOCOL_SCOPES.items()}
    return protocol | {
        name: Permission(name, text, who == "admin", identifier)
        for name, (identifier, who, text) in _table()["delegated"].items()
    }


@cache
def application_permissions() -> Mapping[str, Permission]:
    """What an application may do as itself, by name."""
    return {
        name: Permission(name, text, True, identifier)
        for name, (identifier, text) in _table()["application"].items()
    }


@cache
def delegated_names() -> Mapping[str, str]:
    """The names of the delegated permissions by their lower-cased forms."""
    return {name.lower(): name for name in delegated_permissions() if name not in PROTOCOL_SCOPES}


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files(__package__) / "permissions.toml").read_text("utf-8"))
