"""Speaks to Microsoft Entra ID through MSAL: the only module that imports it.

MSAL answers with dicts and proves nothing about ID tokens; here its errors become our own and every
ID token is verified. Nothing about a user is kept between two calls.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msal
from msal.exceptions import MsalError

from graphwright.kernel.clock import Clock
from graphwright.kernel.errors import GraphwrightError, Place
from graphwright.kernel.settings import Settings
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.profiles.client import BegunAuthorization, GrantEnded, SignIn
from graphwright.profiles.definition import authority_of
from graphwright.profiles.errors import (
    AuthorityUnavailable,
    AuthorizationRequired,
    CallbackInvalid,
    TokenRequestFailed,
)
from graphwright.profiles.id_tokens import IdTokenVerifier, Provider
from graphwright.profiles.kinds.oauth2_entra.aadsts import explain
from graphwright.profiles.kinds.oauth2_entra.config import Config
from graphwright.profiles.kinds.oauth2_entra.transport import AuthorityTransport
from graphwright.profiles.tokens import AccessToken

_KEPT_CLAIMS = (
    "iss", "sub", "tid", "oid", "name", "preferred_username", "email", "roles", "groups",
)  # fmt: skip
_INTERACTION = frozenset({"interaction_required", "login_required", "consent_required"})


# At its debug level MSAL writes authorization codes, PKCE verifiers and account ids into the log.
logging.getLogger("msal").setLevel(logging.WARNING)


class Client:
    """One profile's way to Entra ID."""

    def __init__(self, name: str, profile: Config, settings: Settings, clock: Clock) -> None:
        self._name = name
        self._profile = profile
        self._settings = settings
        self._clock = clock
        self._authority = f"{profile.authority_url}/{profile.tenant}"
        self._discovery = f"{self._authority}/v2.0/.well-known/openid-configuration"
        self._scopes = profile.requested_scopes()
        self._transport = AuthorityTransport(profile.ca_file)
        self._verifier = IdTokenVerifier(lambda url: self._transport.read(url)[1], clock)

    @property
    def registration(self) -> str:
        """Authority, tenant and client id, and the hosts besides Graph that may get the tokens.

        Who changes them in the model gets no token that was given out before.
        """
        profile = self._profile
        elsewhere = sorted(profile.hosts() - {authority_of(profile.resource)})
        return " ".join([f"{self._authority}/{profile.client_id}", *elsewhere]).lower()

    def prepare(self) -> None:
        """Reads the discovery document, unless it is at hand."""
        self._provider()

    def begin(
        self, redirect_uri: str, *, prompt: str | None, login_hint: str | None, claims: str | None
    ) -> BegunAuthorization:
        """Builds an authorization request with state, nonce and PKCE."""
        flow = self._application(None).initiate_auth_code_flow(
            self._scopes,
            redirect_uri=redirect_uri,
            prompt=prompt,
            login_hint=login_hint,
            claims_challenge=claims,
            response_mode="form_post",
        )
        url = _answer_by_query(flow.pop("auth_uri"))
        return BegunAuthorization(url=url, state=flow["state"], flow=flow)

    def redeem(self, flow: JsonObject, parameters: Mapping[str, str]) -> SignIn:
        """Exchanges the code for tokens and verifies the ID token. State is already checked."""
        facts = self._facts(redirect_uri=str(flow.get("redirect_uri", "")))
        if "error" in parameters:
            raise explain(parameters, facts)
        if not parameters.get("code"):
            raise CallbackInvalid("The answer holds neither a code nor an error.")
        cache = msal.SerializableTokenCache()
        application = self._application(cache)
        # Nothing else of what came from outside reaches MSAL.
        answer = {"code": parameters["code"], "state": flow["state"]}
        result = self._call(application.acquire_token_by_auth_code_flow, flow, answer)
        if result is None or "error" in result:
            raise explain(result or {}, facts)
        claims = self._verifier.verify(
            str(result.get("id_token") or ""),
            provider=self._provider(),
            client_id=self._profile.client_id,
            nonce=_nonce_sent(flow),
            tenant_id=self._profile.tenant_id,
        )
        accounts = application.get_accounts()
        if len(accounts) != 1:
            raise AuthorityUnavailable("The answer of the authority names no account.")
        return SignIn(
            issuer=claims["iss"],
            subject=claims["sub"],
            home_account_id=accounts[0]["home_account_id"],
            # Roles go by it. The claim `email` is no substitute: a foreign tenant may put anything
            # there. https://learn.microsoft.com/entra/identity-platform/claims-validation
            username=str(claims.get("preferred_username") or ""),
            name=str(claims.get("name") or claims.get("preferred_username") or ""),
            email=_email(claims),
            claims={key: claims[key] for key in _KEPT_CLAIMS if key in claims},
            tokens=self._pack(cache),
        )

    def stored_token(self, tokens: str) -> AccessToken | None:
        """The stored access token, if it is fresh and was asked for with today's scopes."""
        content = json.loads(tokens)
        if content["scopes"] != sorted(self._scopes):
            return None
        cache = msal.SerializableTokenCache()
        cache.deserialize(content["cache"])
        token = _only_token(cache, self._profile.client_id)
        return token if token is not None and token.is_fresh(self._clock.now()) else None

    def refresh(
        self, tokens: str, home_account_id: str, *, claims: str | None
    ) -> tuple[AccessToken, str]:
        """A new access token by the stored refresh token. Raises `GrantEnded`."""
        cache = msal.SerializableTokenCache()
        cache.deserialize(json.loads(tokens)["cache"])
        application = self._application(cache)
        account = next(
            (a for a in application.get_accounts() if a["home_account_id"] == home_account_id), None
        )
        if account is None:
            raise GrantEnded("There is no sign-in stored for this authority.")
        # An old token must not outlive its successor where its lifetime was the longer one.
        for entry in list(cache.search(cache.CredentialType.ACCESS_TOKEN)):
            cache.remove_at(entry)
        result = self._call(
            application.acquire_token_silent_with_error,
            self._scopes,
            account,
            force_refresh=True,
            claims_challenge=claims,
        )
        if result is None:
            raise GrantEnded("There is no refresh token.")
        if "error" in result:
            raise self._refresh_failure(result)
        token = _only_token(cache, self._profile.client_id)
        if token is None:
            raise AuthorityUnavailable("The answer of the authority holds no access token.")
        return token, self._pack(cache)

    def application_token(self, *, claims: str | None) -> AccessToken:
        """A new access token for the application, by its client secret."""
        cache = msal.SerializableTokenCache()
        application = self._application(cache)
        result = self._call(
            application.acquire_token_for_client, self._scopes, claims_challenge=claims
        )
        if result is None or "error" in result:
            raise explain(result or {}, self._facts())
        seconds = int(result.get("expires_in") or 0)
        return AccessToken(
            value=result["access_token"],
            expires_at=self._clock.now() + timedelta(seconds=seconds),
            scopes=frozenset(self._scopes),
            flavour="application",
        )

    def sign_out_url(self, post_logout_redirect_uri: str) -> str:
        """The authority's end of session; from its discovery document where that is at hand."""
        document = self._transport.kept_document(self._discovery) or {}
        end = document.get("end_session_endpoint") or f"{self._authority}/oauth2/v2.0/logout"
        query = urlencode({"post_logout_redirect_uri": post_logout_redirect_uri})
        return f"{end}{'&' if '?' in end else '?'}{query}"

    def close(self) -> None:
        """Ends connections."""
        self._transport.close()

    def _application(self, cache: msal.TokenCache | None) -> msal.ClientApplication:
        self._provider()  # explains a wrong tenant, which MSAL reports as a bare ValueError
        secret = self._profile.client_secret
        options: dict[str, Any] = {
            "authority": self._authority,
            # The definition names the authority: no third host is asked whether it is one.
            "instance_discovery": False,
            "http_client": self._transport,
            "token_cache": cache,
        }
        if secret is None:
            return self._call(msal.PublicClientApplication, self._profile.client_id, **options)
        place = Place(file=f"profiles/{self._name}.yaml", field="client_secret")
        return self._call(
            msal.ConfidentialClientApplication,
            self._profile.client_id,
            client_credential=self._settings.secret(secret.secret, place),
            **options,
        )

    def _provider(self) -> Provider:
        status, document = self._transport.read(self._discovery)
        if status != 200:
            raise explain(document, self._facts())
        try:
            return Provider(issuer=str(document["issuer"]), jwks_uri=str(document["jwks_uri"]))
        except KeyError as error:
            raise AuthorityUnavailable(
                f"The discovery document of {self._authority} has no {error.args[0]}.",
                hint="Check authority and cloud of the profile.",
            ) from None

    def _call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except GraphwrightError:
            raise
        # MSAL raises bare ValueErrors and RuntimeErrors whose texts hold state, nonce or claims.
        except RuntimeError:
            raise CallbackInvalid(
                "The ID token does not answer the sign-in that was begun here.",
                hint="Start the sign-in again.",
            ) from None
        except (MsalError, ValueError, LookupError, TypeError, AttributeError):
            raise AuthorityUnavailable(
                f"The answer of {urlsplit(self._authority).netloc} is not understood.",
                hint="Check authority, tenant and client_id of the profile.",
            ) from None

    def _refresh_failure(self, result: Mapping[str, Any]) -> Exception:
        failure = explain(result, self._facts())
        if result["error"] == "invalid_grant":
            return GrantEnded(failure.message)
        if result["error"] in _INTERACTION and isinstance(failure, TokenRequestFailed):
            return AuthorizationRequired(failure.message, hint=failure.hint, **failure.facts)
        return failure

    def _facts(self, redirect_uri: str = "") -> dict[str, str]:
        profile = self._profile
        secret = profile.client_secret
        return {
            "client_id": profile.client_id,
            "tenant": profile.tenant,
            "cloud": profile.cloud,
            "secret": secret.secret if secret else "the client secret",
            "scopes": ", ".join(self._scopes),
            "redirect_uri": redirect_uri or "the redirect URL that `graphwright profiles` prints",
        }

    def _pack(self, cache: msal.SerializableTokenCache) -> str:
        return json.dumps({"scopes": sorted(self._scopes), "cache": cache.serialize()})


def _answer_by_query(url: str) -> str:
    # MSAL recommends form_post and warns about anything else. A POST from another site comes
    # without the SameSite cookie of the session that began, so that state could not be checked;
    # state, nonce and PKCE protect the code on the way of a query.
    parts = urlsplit(url)
    query = [(k, "query" if k == "response_mode" else v) for k, v in parse_qsl(parts.query)]
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def _nonce_sent(flow: JsonObject) -> str:
    # MSAL sends the hash, so that the flow's own nonce never leaves it.
    return hashlib.sha256(str(flow["nonce"]).encode("ascii")).hexdigest()


def _only_token(cache: msal.TokenCache, client_id: str) -> AccessToken | None:
    kind = msal.TokenCache.CredentialType.ACCESS_TOKEN
    entry = next(cache.search(kind, query={"client_id": client_id}), None)
    if entry is None:
        return None
    return AccessToken(
        value=entry["secret"],
        expires_at=datetime.fromtimestamp(int(entry["expires_on"]), UTC),
        scopes=frozenset(entry["target"].split()),
        flavour="user",
    )


def _email(claims: Mapping[str, JsonValue]) -> str | None:
    for name in ("email", "preferred_username"):
        value = claims.get(name)
        if isinstance(value, str) and "@" in value:
            return value
    return None
