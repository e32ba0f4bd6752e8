"""Upload sessions under way, so that one is gone on with after a restart. Table `_uploads`.

A session's address is the permission to write: it is encrypted, and bound to its row. Knows no file
and no request, only the scope that they make together.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.encryption import Keyring

_uploads = sa.Table(
    "_uploads",
    system_metadata,
    sa.Column("scope", sa.String(64), primary_key=True),
    sa.Column("upload_url", sa.LargeBinary, nullable=False),
    # The file as it was: another one is never the rest of it.
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("ending", sa.Boolean, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class UploadSession:
    """One session of a service that takes a file in pieces."""

    url: str = field(repr=False)
    version: str
    """Of the file: its size and when it was changed."""
    expires_at: datetime
    ending: bool = False
    """Whether the last piece was sent: where the session is gone then, the file may be there."""


class UploadSessions:
    """The sessions that a database keeps."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def find(self, scope: str, now: datetime) -> UploadSession | None:
        """The session of a scope, unless it has expired."""
        query = sa.select(_uploads).where(_uploads.c.scope == scope)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None or row.expires_at <= now.timestamp():
            return None
        url = self._keyring.decrypt(row.upload_url, _binding(scope)).decode()
        expires_at = datetime.fromtimestamp(row.expires_at, now.tzinfo)
        return UploadSession(url, row.version, expires_at, row.ending)

    async def keep(self, scope: str, session: UploadSession, now: datetime) -> None:
        """Keeps a session in place of the scope's last; forgets those that have expired."""
        values = {
            "scope": scope,
            "upload_url": self._keyring.encrypt(session.url.encode(), _binding(scope)),
            "version": session.version,
            "ending": session.ending,
            "expires_at": session.expires_at.timestamp(),
        }

        def write(connection: Connection) -> None:
            past = _uploads.c.expires_at <= now.timestamp()
            connection.execute(sa.delete(_uploads).where((_uploads.c.scope == scope) | past))
            connection.execute(sa.insert(_uploads).values(**values))

        await self._database.write(write)

    async def forget(self, scope: str) -> None:
        """Forgets the session of a scope, if there is one."""
        statement = sa.delete(_uploads).where(_uploads.c.scope == scope)
        await self._database.write(lambda c: c.execute(statement))


def _binding(scope: str) -> str:
    return f"upload|{scope}"
