"""Passwords of people: kept as a salted hash, so that no state file, log or repr can tell one."""

import hashlib
import secrets

_COST = 2**12  # a local sandbox: slow enough for a file that is found, quick enough for a test


def hash_password(password: str) -> str:
    salt = secrets.token_hex(16)
    return f"{salt}${_derive(password, salt)}"


def verify_password(password: str, stored: str) -> bool:
    """Whether this is the password that `stored` was made of."""
    salt, _, digest = stored.partition("$")
    return secrets.compare_digest(_derive(password, salt), digest)


def _derive(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=salt.encode(), n=_COST, r=8, p=1).hex()
