"""The running profiles of one application: signs users in, hands out access tokens, keeps accounts.

Knows no protocol: each kind's client speaks to its authorization server. Tokens leave this folder
only as `AccessToken`s; a log line or an error never holds one.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from weakref import WeakValueDictionary

from sqlalchemy.engine import Connection

from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Databases
from graphwright.kernel.encryption import Keyring, Tampered, WrongKey
from graphwright.kernel.errors import InvalidInput, nearest
from graphwright.kernel.settings import Settings
from graphwright.kernel.times import format_instant, parse_instant
from graphwright.kernel.values import JsonObject
from graphwright.profiles.client import GrantEnded, ProfileClient, SignIn
from graphwright.profiles.definition import PROFILE_KINDS, Profile, resolve
from graphwright.profiles.errors import (
    AuthorizationRequired,
    CallbackInvalid,
    ProfileUnknown,
)
from graphwright.profiles.principals import (
    Principal,
    find_principal,
    list_principals,
    upsert_principal,
)
from graphwright.profiles.tokens import (
    AccessToken,
    Account,
    PendingAuthorization,
    PrincipalId,
)
from graphwright.profiles.vault import StoredAccount, Vault

T = TypeVar("T")

_THREADS = 8
_SIGN_IN_LIFETIME = timedelta(minutes=15)
_START_AGAIN = "Start the sign-in again."


class Profiles:
    """The profiles of one application, with their settings filled in when first used."""

    def __init__(
        self,
        definitions: Mapping[str, Profile],
        settings: Settings,
        databases: Databases,
        keyring: Keyring,
        clock: Clock,
    ) -> None:
        self._definitions = definitions
        self._settings = settings
        self._database = databases.system
        self._keyring = keyring
        self._clock = clock
        self._vault = Vault(databases.system, keyring)
        self._resolved: dict[str, Profile] = {}
        self._clients: dict[str, ProfileClient] = {}
        self._application_tokens: dict[str, AccessToken] = {}
        self._locks: WeakValueDictionary[tuple[str, ...], asyncio.Lock] = WeakValueDictionary()
        self._threads = ThreadPoolExecutor(_THREADS, "profiles")

    def definition(self, name: str) -> Profile:
        """The profile of that name with its settings filled in.

        Raises `ProfileUnknown`, `SettingMissing`, `ProfileInvalid`.
        """
        if name not in self._resolved:
            if name not in self._definitions:
                raise ProfileUnknown(
                    f"There is no profile {name!r}.", hint=nearest(name, self._definitions)
                )
            self._resolved[name] = resolve(name, self._definitions[name], self._settings)
        return self._resolved[name]

    async def begin(
        self,
        name: str,
        redirect_uri: str,
        *,
        prompt: str | None = None,
        login_hint: str | None = None,
        claims: str | None = None,
    ) -> PendingAuthorization:
        """Begins a user's sign-in. `claims`: those a refused request asked for."""
        client = self._user_client(name)
        begun = await self._in_thread(
            lambda: client.begin(redirect_uri, prompt=prompt, login_hint=login_hint, claims=claims)
        )
        sealed = {
            "state": begun.state,
            "flow": begun.flow,
            "until": format_instant(self._clock.now() + _SIGN_IN_LIFETIME),
        }
        flow = self._keyring.encrypt(json.dumps(sealed).encode(), _flow_binding(name))
        return PendingAuthorization(url=begun.url, state=begun.state, flow=flow)

    async def complete(
        self,
        name: str,
        flow: bytes,
        parameters: Mapping[str, str],
        principal_id: PrincipalId | None = None,
    ) -> Account:
        """Completes a sign-in with the callback's parameters, and stores the account.

        Without `principal_id` the account's own principal is made or found; with it, the account is
        added to that principal. Raises `CallbackInvalid`, `ConsentRefused`, `IdTokenInvalid`,
        `TokenRequestFailed`.
        """
        client = self._user_client(name)
        begun = self._open_flow(name, flow, parameters)
        signed_in = await self._in_thread(lambda: client.redeem(begun, parameters))
        return await self._database.write(
            self._store, name, client.registration, signed_in, principal_id
        )

    async def access_token(
        self,
        name: str,
        principal_id: PrincipalId | None,
        *,
        account: str | None = None,
        refresh: bool = False,
        claims: str | None = None,
    ) -> AccessToken:
        """A token with at least five minutes left.

        `account`: the home account id, else the one that signed in last. `refresh`: a new token,
        because the last one was refused; `claims`: what that refusal asked for.
        Raises `AuthorizationRequired` where a user must sign in, `TokenRequestFailed`.
        """
        if self.definition(name).flavour == "application":
            return await self._application_token(
                name, renew=refresh or claims is not None, claims=claims
            )
        if principal_id is None:
            raise self._sign_in_needed(name, "Nobody is signed in.")
        stored = await self._find(name, principal_id, account)
        client = self._client(name)
        if not refresh and claims is None:
            token = client.stored_token(stored.tokens)
            if token is not None:
                return token
        async with self._lock(name, principal_id, stored.account.home_account_id):
            return await self._renew(name, stored, claims)

    async def granted(
        self, name: str, principal_id: PrincipalId, account: str | None = None
    ) -> frozenset[str] | None:
        """The permissions of the account's token at hand; None where there is no fresh one.

        Asks nobody.
        """
        client = self._client(name)
        stored = await self._vault.find(
            principal_id, name, registration=client.registration, home_account_id=account
        )
        token = client.stored_token(stored.tokens) if stored is not None else None
        return token.scopes if token is not None else None

    async def principal(self, principal_id: PrincipalId) -> Principal | None:
        """Who a principal is."""
        return await self._database.read(find_principal, principal_id)

    async def principals(self) -> list[Principal]:
        """Everybody who ever signed in: for whoever runs the application, not for its users."""
        return await self._database.read(list_principals)

    async def accounts(self, principal_id: PrincipalId) -> list[Account]:
        """The principal's accounts of all profiles."""
        return list(await self._vault.list(principal_id))

    async def remove(
        self, principal_id: PrincipalId, name: str | None = None, account: str | None = None
    ) -> int:
        """Forgets a principal's accounts with their tokens: all, those of a profile, or one."""
        return await self._vault.remove(principal_id, name, account)

    async def prepare(self, name: str) -> None:
        """Reads what the authorization server publishes, so that `sign_out_url` can tell it."""
        await self._in_thread(self._client(name).prepare)

    def sign_out_url(self, name: str, post_logout_redirect_uri: str) -> str | None:
        """Where a browser goes to end the session at the authorization server; None: nowhere.

        It makes no request: before `prepare`, or a first sign-in, it is the usual address.
        """
        if self.definition(name).flavour == "application":
            return None
        return self._client(name).sign_out_url(post_logout_redirect_uri)

    async def close(self) -> None:
        """Ends connections and threads."""
        for client in self._clients.values():
            client.close()
        self._application_tokens.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _client(self, name: str) -> ProfileClient:
        if name not in self._clients:
            profile = self.definition(name)
            kind = PROFILE_KINDS.kind(profile.type).module("client")
            self._clients[name] = kind.Client(name, profile, self._settings, self._clock)
        return self._clients[name]

    def _user_client(self, name: str) -> ProfileClient:
        if self.definition(name).flavour != "user":
            raise InvalidInput(
                f"Nobody signs in with the profile {name}: it stands for the application.",
                hint="Use a profile whose grant_type is authorization_code.",
            )
        return self._client(name)

    def _open_flow(self, name: str, flow: bytes, parameters: Mapping[str, str]) -> JsonObject:
        try:
            begun = json.loads(self._keyring.decrypt(flow, _flow_binding(name)))
        except (Tampered, WrongKey):
            raise CallbackInvalid(
                "The answer does not belong to a sign-in begun here.", hint=_START_AGAIN
            ) from None
        state = parameters.get("state", "")
        if not hmac.compare_digest(state.encode(), begun["state"].encode()):
            raise CallbackInvalid(
                "The answer belongs to another sign-in (state).", hint=_START_AGAIN
            )
        if self._clock.now() > parse_instant(begun["until"]):
            raise CallbackInvalid("The sign-in took too long.", hint=_START_AGAIN)
        opened: JsonObject = begun["flow"]
        return opened

    def _store(
        self,
        connection: Connection,
        name: str,
        registration: str,
        signed_in: SignIn,
        principal_id: PrincipalId | None,
    ) -> Account:
        now = self._clock.now()
        if principal_id is None:
            principal_id = upsert_principal(
                connection,
                issuer=signed_in.issuer,
                subject=signed_in.subject,
                username=signed_in.username,
                name=signed_in.name,
                email=signed_in.email,
                now=now,
            )
        elif find_principal(connection, principal_id) is None:
            raise AuthorizationRequired("The portal does not know you any more.", hint="Sign in.")
        account = Account(
            principal_id=principal_id,
            profile=name,
            home_account_id=signed_in.home_account_id,
            username=signed_in.username,
            name=signed_in.name,
            claims=dict(signed_in.claims),
        )
        self._vault.put(
            connection, account, registration=registration, tokens=signed_in.tokens, now=now
        )
        return account

    async def _application_token(
        self, name: str, *, renew: bool, claims: str | None
    ) -> AccessToken:
        before = self._application_tokens.get(name)
        if before is not None and not renew and before.is_fresh(self._clock.now()):
            return before
        async with self._lock(name):
            known = self._application_tokens.get(name)
            # Whoever waited here for another's request takes its token.
            if known is not None and known is not before and claims is None:
                return known
            client = self._client(name)
            token = await self._in_thread(lambda: client.application_token(claims=claims))
            self._application_tokens[name] = token
            return token

    async def _find(
        self, name: str, principal_id: PrincipalId, account: str | None
    ) -> StoredAccount:
        stored = await self._vault.find(
            principal_id,
            name,
            registration=self._client(name).registration,
            home_account_id=account,
        )
        if stored is None:
            raise self._sign_in_needed(name, "You are not signed in there.")
        return stored

    async def _renew(self, name: str, before: StoredAccount, claims: str | None) -> AccessToken:
        """One refresh; called under the account's lock."""
        client = self._client(name)
        principal_id, home = before.account.principal_id, before.account.home_account_id
        while True:
            stored = await self._find(name, principal_id, home)
            if stored.version != before.version and claims is None:
                # Somebody here or in another process renewed it since.
                token = client.stored_token(stored.tokens)
                if token is not None:
                    return token
            try:
                renewed, tokens = await self._in_thread(
                    _bind_refresh(client, stored.tokens, home, claims)
                )
            except GrantEnded as ended:
                if await self._vault.drop(stored):
                    raise self._sign_in_needed(name, ended.reason) from None
                before = stored
                continue
            # Not stored where somebody else renewed it meanwhile: both tokens are good.
            await self._vault.replace_tokens(stored, tokens, self._clock.now())
            return renewed

    def _sign_in_needed(self, name: str, reason: str) -> AuthorizationRequired:
        title = self.definition(name).title or name
        return AuthorizationRequired(
            f"A sign-in to {title} is needed. {reason}", hint="Sign in again.", profile=name
        )

    def _lock(self, *key: str) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)


def _bind_refresh(
    client: ProfileClient, tokens: str, home: str, claims: str | None
) -> Callable[[], tuple[AccessToken, str]]:
    return lambda: client.refresh(tokens, home, claims=claims)


def _flow_binding(name: str) -> str:
    return json.dumps(["authorization", name])
