"""The one-time tokens of the links that open the modeler.

A token is told to whoever started the server; used once, it becomes a session.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

_LIFETIME = timedelta(hours=12)
_MOST = 20


class StartTokens:
    """The tokens that are given out and not used yet; only their hashes are kept."""

    def __init__(self) -> None:
        self._open: dict[str, datetime] = {}

    def issue(self, now: datetime) -> str:
        """A new token."""
        token = secrets.token_urlsafe(32)
        self._open[_hash(token)] = now + _LIFETIME
        while len(self._open) > _MOST:
            del self._open[next(iter(self._open))]
        return token

    def redeem(self, token: str, now: datetime) -> bool:
        """Whether the token opens the modeler; it never does again."""
        wanted = _hash(token)
        found = next((known for known in self._open if hmac.compare_digest(known, wanted)), None)
        return found is not None and self._open.pop(found) > now


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
