"""Server-side sessions: a random secret in a cookie, its hash and the principal in `_sessions`.

A session's id names it elsewhere (flow steps); it opens nothing. The secret changes at sign-in, so
that one planted before is worth nothing after. Knows no application and no profile.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.ids import new_id
from graphwright.kernel.settings import Settings
from graphwright.web.hosts import Address
from graphwright.web.static import is_asset

sessions_table = sa.Table(
    "_sessions",
    system_metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("secret_hash", sa.String(64), nullable=False),
    sa.Column("principal_id", sa.String(200)),
    sa.Column("time_zone", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("last_seen_at", sa.Float, nullable=False),
    sa.Index("_sessions_secret_hash", "secret_hash", unique=True),
    sa.Index("_sessions_last_seen_at", "last_seen_at"),
)

# A write for every request would make the one writer the bottleneck of every page.
_TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Session:
    """One browser's session; `principal_id` is None before sign-in."""

    id: str
    principal_id: str | None
    time_zone: str
    created_at: datetime
    last_seen_at: datetime
    secret: str = field(repr=False)

    @property
    def csrf_token(self) -> str:
        """The token that writes carry; derived, so that no table holds it."""
        digest = hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lives without a request, and at most."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)

    @classmethod
    def read(cls, settings: Settings) -> "SessionLimits":
        """From GRAPHWRIGHT_SESSION_IDLE_MINUTES and GRAPHWRIGHT_SESSION_HOURS."""
        return cls(
            timedelta(minutes=_positive(settings, "GRAPHWRIGHT_SESSION_IDLE_MINUTES", 60)),
            timedelta(hours=_positive(settings, "GRAPHWRIGHT_SESSION_HOURS", 12)),
        )


def _positive(settings: Settings, name: str, default: int) -> int:
    text = settings.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 100_000:
        raise InvalidInput(f"{name} must be a whole number above 0.", setting=name)
    return int(text)


class Sessions:
    """The sessions in one database."""

    def __init__(self, database: Database, clock: Clock, limits: SessionLimits) -> None:
        self._database = database
        self._clock = clock
        self.limits = limits

    async def find(self, secret: str) -> Session | None:
        """The living session of that secret; counts as activity."""
        row = await self._database.read(_select, _hash(secret))
        if row is None:
            return None
        session = _session(row, secret)
        now = self._clock.now()
        if self._is_over(session, now):
            await self.remove(session.id)
            return None
        if now - session.last_seen_at >= _TOUCH_EVERY:
            await self._database.write(_update, session.id, {"last_seen_at": now.timestamp()})
        return session

    async def create(self, principal_id: str | None = None, time_zone: str = "UTC") -> Session:
        """A new session; also forgets those that are over."""
        now = self._clock.now()
        session = Session(new_id(), principal_id, time_zone, now, now, _new_secret())
        await self._database.write(_insert, session, self.limits)
        return session

    async def sign_in(self, session: Session | None, principal_id: str) -> Session:
        """The session after sign-in, under a new secret.

        Its id stays, and with it the flows begun before; but nobody's flows pass to another
        principal.
        """
        if session is None or session.principal_id not in (None, principal_id):
            if session is not None:
                await self.remove(session.id)
            return await self.create(principal_id, session.time_zone if session else "UTC")
        now = self._clock.now()
        new = replace(
            session,
            principal_id=principal_id,
            secret=_new_secret(),
            created_at=now,
            last_seen_at=now,
        )
        values = {
            "secret_hash": _hash(new.secret),
            "principal_id": principal_id,
            "created_at": now.timestamp(),
            "last_seen_at": now.timestamp(),
        }
        if not await self._database.write(_update, session.id, values):
            return await self.create(principal_id, session.time_zone)
        return new

    async def remember_time_zone(self, session: Session, time_zone: str) -> None:
        """Keeps the browser's time zone with the session."""
        if time_zone != session.time_zone:
            await self._database.write(_update, session.id, {"time_zone": time_zone})

    async def remove(self, session_id: str) -> None:
        """Ends a session."""
        await self._database.write(_delete, session_id)

    def _is_over(self, session: Session, now: datetime) -> bool:
        return (
            now - session.last_seen_at >= self.limits.idle
            or now - session.created_at >= self.limits.absolute
        )


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _session(values: sa.RowMapping, secret: str) -> Session:
    return Session(
        values["id"],
        values["principal_id"],
        values["time_zone"],
        _instant(values["created_at"]),
        _instant(values["last_seen_at"]),
        secret,
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _select(connection: Connection, secret_hash: str) -> sa.RowMapping | None:
    table = sessions_table
    found = connection.execute(sa.select(table).where(table.c.secret_hash == secret_hash))
    return found.mappings().one_or_none()


def _insert(connection: Connection, session: Session, limits: SessionLimits) -> None:
    table, now = sessions_table, session.created_at
    connection.execute(
        sa.delete(table).where(
            (table.c.last_seen_at <= (now - limits.idle).timestamp())
            | (table.c.created_at <= (now - limits.absolute).timestamp())
        )
    )
    connection.execute(
        sa.insert(table).values(
            id=session.id,
            secret_hash=_hash(session.secret),
            principal_id=session.principal_id,
            time_zone=session.time_zone,
            created_at=now.timestamp(),
            last_seen_at=now.timestamp(),
        )
    )


def _update(connection: Connection, session_id: str, values: dict[str, object]) -> int:
    table = sessions_table
    return connection.execute(
        sa.update(table).where(table.c.id == session_id).values(values)
    ).rowcount


def _delete(connection: Connection, session_id: str) -> None:
    connection.execute(sa.delete(sessions_table).where(sessions_table.c.id == session_id))


class SessionCookie:
    """How the secret travels: HttpOnly, SameSite=Lax, and `__Host-` with Secure wherever it is https.

    On http (loopback only) a Secure cookie would be refused by Safari; the port is in the name
    there, because cookies are shared by all ports of a host.
    """

    def __init__(self, address: Address, name: str = "graphwright") -> None:
        self._secure = address.is_https
        self.name = f"__Host-{name}" if address.is_https else f"{name}_{address.port}"

    def read(self, connection: HTTPConnection) -> str | None:
        """The value the browser sent."""
        return connection.cookies.get(self.name) or None

    def set(self, response: Response, value: str, max_age: timedelta | None = None) -> None:
        """Gives it to the browser, until it closes or for `max_age`."""
        response.set_cookie(
            self.name,
            value,
            max_age=None if max_age is None else int(max_age.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response) -> None:
        """Takes it from the browser."""
        response.delete_cookie(
            self.name, path="/", secure=self._secure, httponly=True, samesite="lax"
        )


class SessionMiddleware:
    """ASGI middleware: puts `session` and `session_expired` into the request's state."""

    def __init__(self, app: ASGIApp, sessions: Sessions, cookie: SessionCookie) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Finds the session of the request's cookie; a built file needs none."""
        if scope["type"] == "http":
            secret = None if is_asset(scope) else self._cookie.read(HTTPConnection(scope))
            session = await self._sessions.find(secret) if secret else None
            state = scope.setdefault("state", {})
            state["session"] = session
            state["session_expired"] = bool(secret) and session is None
        await self._app(scope, receive, send)
