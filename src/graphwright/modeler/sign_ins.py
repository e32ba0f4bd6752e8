"""Tests of the draft's profiles: a token got, or somebody signed in, and what that came to.

A user signs in in another tab of the browser, which comes back to a port of this machine. Outcomes hold
decoded claims and granted scopes, never a token.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from graphwright.kernel.errors import GraphwrightError, NotFound, Unexpected
from graphwright.kernel.ids import new_id
from graphwright.kernel.times import format_instant
from graphwright.modeler.accounts import account_id, find_account
from graphwright.modeler.engine import Engine
from graphwright.modeler.events import Events
from graphwright.modeler.wire.profiles import AccountWire, TestOutcome
from graphwright.profiles.errors import ProfileUnknown
from graphwright.profiles.loopback import sign_in
from graphwright.profiles.permissions import covers
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import AccessToken, Account

_KEPT = 50
_SECONDS = 300.0
logger = logging.getLogger("graphwright.modeler")


class SignInMissing(NotFound):
    """There is no such sign-in, or not any more."""

    code = "signInMissing"


class SignIns:
    """Tests of profiles, those under way among them."""

    def __init__(self, engine: Engine, events: Events, *, seconds: float = _SECONDS) -> None:
        self._engine = engine
        self._events = events
        self._seconds = seconds
        self._outcomes: dict[str, TestOutcome] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def test(self, name: str, account: str | None, needed: list[str]) -> TestOutcome:
        """Tests a profile; `needed`: the permissions that the application's requests need.

        Raises `ProfileUnknown`, `AccountMissing`; any other failure is the outcome.
        """
        profiles = await self._engine.profiles()
        known = None if account is None else await find_account(profiles, account, name)

        try:
            profiles.definition(name)
        except ProfileUnknown:
            raise
        except GraphwrightError:
            pass  # the outcome tells it

        async def token() -> TestOutcome:
            is_user = profiles.definition(name).flavour == "user"
            if is_user and known is None:
                return await self._begin(profiles, name, needed)
            return await _use(profiles, name, known.account if known else None, needed)

        return await _outcome_of(token)

    def find(self, sign_in_id: str) -> TestOutcome:
        """What a sign-in has come to by now; `SignInMissing`."""
        found = self._outcomes.get(sign_in_id)
        if found is None:
            raise SignInMissing("There is no such sign-in any more.", hint="Start it again.")
        return found

    async def close(self) -> None:
        """Ends those under way."""
        for task in list(self._tasks.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _begin(self, profiles: Profiles, name: str, needed: list[str]) -> TestOutcome:
        loop = asyncio.get_running_loop()
        url: asyncio.Future[str] = loop.create_future()

        def open_browser(address: str) -> None:
            # The page opens it: a browser that the server opens may be another one.
            loop.call_soon_threadsafe(url.set_result, address)

        async def finish() -> TestOutcome:
            account = await sign_in(
                profiles, name, seconds=self._seconds, open_browser=open_browser
            )
            self._events.publish("accounts", {})
            return await _use(profiles, name, account, needed)

        # One at a time: whoever starts again has closed the other tab.
        for running in list(self._tasks.values()):
            running.cancel()
        key = new_id()
        self._keep(key, TestOutcome(status="waiting", sign_in=key))

        async def run() -> None:
            try:
                outcome = await _outcome_of(finish)
            except asyncio.CancelledError:
                outcome = TestOutcome(status="failed", error={
                    "code": "signInEnded", "message": "Another sign-in was started.",
                })  # fmt: skip
            self._keep(key, outcome.model_copy(update={"sign_in": key}))

        task = self._tasks[key] = asyncio.create_task(run())
        task.add_done_callback(lambda _: self._tasks.pop(key, None))
        either: list[asyncio.Future[Any]] = [task, url]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if url.done() and not task.done():
            self._keep(key, TestOutcome(status="waiting", sign_in=key, url=url.result()))
        return self._outcomes[key]

    def _keep(self, key: str, outcome: TestOutcome) -> None:
        self._outcomes[key] = outcome
        for old in list(self._outcomes)[:-_KEPT]:
            del self._outcomes[old]


async def _outcome_of(work: Callable[[], Awaitable[TestOutcome]]) -> TestOutcome:
    """What it comes to; a failure is explained, and one nobody foresaw tells its log id only."""
    try:
        return await work()
    except GraphwrightError as error:
        return TestOutcome(status="failed", error=error.to_wire()["error"])
    except RuntimeError:
        # The profile's threads end when its document, or a secret, is changed.
        return TestOutcome(status="failed", error={
            "code": "profileChanged", "message": "The profile was changed meanwhile.",
            "hint": "Test it again.",
        })  # fmt: skip
    except Exception:
        log_id = new_id()
        logger.exception("A test of a profile failed (%s)", log_id)
        unforeseen = Unexpected(
            "Something unforeseen went wrong.", hint=f"The log has it: {log_id}."
        )
        return TestOutcome(status="failed", error=unforeseen.to_wire()["error"])


async def _use(
    profiles: Profiles, name: str, account: Account | None, needed: list[str]
) -> TestOutcome:
    """Gets a token, and tells what it allows."""
    if account is None:
        token = await profiles.access_token(name, None, refresh=True)
        roles = _roles_of(token)
        scopes = sorted(token.scopes if roles is None else roles)
    else:
        token = await profiles.access_token(
            name, account.principal_id, account=account.home_account_id
        )
        scopes = sorted(scope.rsplit("/", 1)[-1] for scope in token.scopes)
    # An application's token may not say what it allows: then nothing is known to be missing.
    told = account is not None or _roles_of(token) is not None
    missing = [p for p in needed if told and not any(covers(scope, p) for scope in scopes)]
    return TestOutcome(
        status="done",
        account=account_wire(account) if account else None,
        claims=dict(account.claims) if account else None,
        scopes=scopes,
        expires_at=format_instant(token.expires_at),
        missing_permissions=missing,
    )


def account_wire(account: Account) -> AccountWire:
    """An account as the browser gets it."""
    return AccountWire(
        id=account_id(account),
        profile=account.profile,
        username=account.username,
        name=account.name or None,
    )


def _roles_of(token: AccessToken) -> list[str] | None:
    """The application permissions that a token names, where it is a JWT that can be read.

    Only to tell what is missing: clients may not rely on the content of Graph's tokens.
    """
    try:
        payload = token.value.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        roles = claims.get("roles", [])
    except (IndexError, ValueError, AttributeError):
        return None
    return [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else None
