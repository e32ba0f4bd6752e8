"""Identifiers that cannot be guessed."""

import secrets


def new_id() -> str:
    """A new identifier: 128 random bits, URL-safe, 22 characters."""
    return secrets.token_urlsafe(16)
