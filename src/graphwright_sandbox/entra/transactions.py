"""What the browser's steps share: sign-ins under way, and who is signed in to the sandbox.

A transaction belongs to one browser: its id alone, sent from another browser, does nothing. This
module must not know HTTP.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.responses import Response

from graphwright_sandbox.entra.device_codes import DeviceTarget
from graphwright_sandbox.entra.errors import ErrorReport
from graphwright_sandbox.entra.redirects import RedirectTarget
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.tenant import AppRegistration, Person

TRANSACTION_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(hours=24)


@dataclass(slots=True)
class LoginSession:
    """A browser and the accounts signed in there, the latest first, with their times."""

    key: str
    accounts: dict[str, datetime] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    """What applications call the session (claim ``sid``); it opens nothing."""
    apps: set[str] = field(default_factory=set)
    """The ids of the applications signed in to: they are told when the session ends."""

    def sign_in(self, user_id: str, now: datetime) -> None:
        self.accounts = {user_id: now} | {
            key: value for key, value in self.accounts.items() if key != user_id
        }


class PersonTarget(ABC):
    """Where a sign-in ends that asks for no permissions: who the person is, is the whole answer."""

    @property
    @abstractmethod
    def description(self) -> str:
        """Where the answer goes, for a person."""

    @abstractmethod
    def complete(self, session: LoginSession, person: Person) -> Response:
        """Tell who the person is."""

    @abstractmethod
    def respond_error(self, report: ErrorReport) -> Response:
        """Tell why nobody was signed in."""


@dataclass(slots=True, kw_only=True)
class Transaction:
    """One authorization request on its way through the pages."""

    key: str
    session: LoginSession
    tenant_segment: str
    app: AppRegistration
    target: RedirectTarget | DeviceTarget | PersonTarget
    scopes: RequestedScopes | None
    """None for the admin consent endpoint, which asks for all that is registered."""
    prompt: str | None = None
    login_hint: str | None = None
    domain_hint: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str = "plain"
    capabilities: frozenset[str] = frozenset()
    candidate_id: str | None = None
    """Whom the browser named, whose password is still to be typed."""
    user_id: str | None = None
    """Whom the browser chose, or whom single sign-on took."""

    @property
    def for_everyone(self) -> bool:
        return self.scopes is None or self.prompt == "admin_consent"


class Browsers:
    """Login sessions and transactions."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._sessions: ExpiringStore[LoginSession] = ExpiringStore(
            clock, SESSION_LIFETIME, max_entries=5_000
        )
        self._transactions: ExpiringStore[Transaction] = ExpiringStore(
            clock, TRANSACTION_LIFETIME, max_entries=5_000
        )

    def find_session(self, key: str | None) -> LoginSession | None:
        return self._sessions.get(key) if key else None

    def start_session(self) -> LoginSession:
        session = LoginSession("")
        session.key = self._sessions.add(session)
        return session

    def renew_session(self, session: LoginSession) -> None:
        """Give a session a new key: what a key was before the sign-in is of no use after it."""
        self._sessions.remove(session.key)
        session.key = self._sessions.add(session)

    def end_session(self, key: str | None) -> None:
        if key:
            self._sessions.remove(key)

    def start_transaction(self, transaction: Transaction) -> None:
        transaction.key = self._transactions.add(transaction)

    def find_transaction(self, key: str | None, session: LoginSession | None) -> Transaction | None:
        """The transaction of this key if it belongs to this browser."""
        transaction = self._transactions.get(key) if key else None
        if transaction is None or session is None or transaction.session is not session:
            return None
        return transaction

    def end_transaction(self, transaction: Transaction) -> None:
        self._transactions.remove(transaction.key)
