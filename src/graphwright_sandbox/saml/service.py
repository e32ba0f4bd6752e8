"""The identity provider of one tenant: who was signed in where, and messages ready to travel.

It must not know HTTP requests.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from lxml import etree

from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.entra.transactions import SESSION_LIFETIME, LoginSession
from graphwright_sandbox.saml import names
from graphwright_sandbox.saml.errors import SamlError
from graphwright_sandbox.saml.requests import LogoutRequest, ServiceProvider, SignOnRequest
from graphwright_sandbox.saml.responses import (
    Answer,
    NameId,
    build_logout_request,
    build_response,
    claims_of,
    name_person,
)
from graphwright_sandbox.saml.signatures import (
    Identity,
    encrypt,
    identity_of,
    sign,
    sign_query,
)
from graphwright_sandbox.tenant import Person

_ASSERTION = f"{{{names.SAML}}}Assertion"


@dataclass(frozen=True, slots=True)
class SignOn:
    """Somebody was signed in to a service provider within a login session."""

    session_id: str
    app_id: str
    index: str
    name_id: NameId


class IdentityProvider:
    """Entra ID of one tenant as it speaks SAML."""

    def __init__(self, entra: Entra) -> None:
        self.entra = entra
        self._sign_ons: ExpiringStore[SignOn] = ExpiringStore(entra.clock, SESSION_LIFETIME)

    @property
    def identity(self) -> Identity:
        """The key that signs."""
        return identity_of(self.entra.keys.current)

    @property
    def identities(self) -> list[Identity]:
        """The keys that metadata publishes, the signing one first."""
        return [identity_of(key) for key in self.entra.keys.published]

    def answer_sign_on(
        self,
        provider: ServiceProvider,
        request: SignOnRequest,
        session: LoginSession,
        person: Person,
    ) -> Any:
        """The Response, signed and encrypted as the registration has it."""
        entra, settings = self.entra, provider.settings
        now = entra.clock()
        tenant = entra.directory.tenant_of(person)
        wanted = request.name_id_format
        if wanted in (None, names.UNSPECIFIED):
            wanted = names.NAME_ID_FORMATS[settings.name_id]
        answer = Answer(
            tenant=tenant,
            entity_id=provider.entity_id,
            reply_url=request.reply_url,
            in_response_to=request.id,
            name_id=name_person(person, wanted or names.EMAIL, provider.entity_id),
            claims=claims_of(person, tenant, self._groups(provider, person)),
            context=_choose_context(request.contexts),
            signed_in_at=session.accounts.get(person.id, now),
            now=now,
        )
        response = build_response(answer)
        assertion = response.find(_ASSERTION)
        index = str(assertion.get("ID"))
        self._sign_ons.put(index, SignOn(session.id, provider.app.app_id, index, answer.name_id))
        if settings.signing in ("assertion", "both"):
            sign(assertion, self.identity)
        if settings.encryption_certificate is not None:
            encrypt(assertion, settings.encryption_certificate)
        if settings.signing in ("response", "both"):
            # Last, and over what the receiver gets: the encrypted assertion.
            sign(response, self.identity)
        return response

    def is_about(
        self, request: LogoutRequest, provider: ServiceProvider, session: LoginSession
    ) -> bool:
        """Whether a logout names somebody who was signed in there within this session."""
        return any(
            one.name_id.value == request.name_id
            and (not request.session_indexes or one.index in request.session_indexes)
            for one in self._within(session)
            if one.app_id == provider.app.app_id
        )

    def logout_urls(self, session: LoginSession, but: str | None = None) -> list[str]:
        """Where the service providers (`but` one) hear that a session has ended."""
        urls = {}
        apps = {app.app_id: app.saml for app in self.entra.directory.apps}
        for one in self._within(session):
            settings = apps.get(one.app_id)
            if one.app_id == but or settings is None or settings.logout_url is None:
                continue
            request = build_logout_request(
                self.entra.tenant, settings.logout_url, one.name_id, one.index, self.entra.clock()
            )
            urls[one.app_id] = self.redirect_url(settings.logout_url, "SAMLRequest", request, None)
        return list(urls.values())

    def redirect_url(
        self, address: str, parameter: str, message: Any, relay_state: str | None
    ) -> str:
        """A message by the redirect binding, signed."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(etree.tostring(message)) + packer.flush()
        query = f"{parameter}={quote_plus(base64.b64encode(packed).decode())}"
        if relay_state is not None:
            query += f"&RelayState={quote_plus(relay_state)}"
        separator = "&" if urlsplit(address).query else "?"
        return address + separator + sign_query(query, self.identity)

    def _within(self, session: LoginSession) -> Iterable[SignOn]:
        return [one for _, _, one in self._sign_ons.entries() if one.session_id == session.id]

    def _groups(self, provider: ServiceProvider, person: Person) -> Sequence[str]:
        if not provider.settings.group_claims:
            return ()
        return [group.id for group in self.entra.tenant.groups.of(person.id)]


def encode(message: Any) -> str:
    """A message as the POST binding carries it."""
    return base64.b64encode(etree.tostring(message)).decode()


def _choose_context(wanted: Sequence[str]) -> str:
    """The context that is told; AADSTS75011 where none of those wanted is what happened."""
    if not wanted or names.ANY_CONTEXT in wanted:
        return names.PASSWORD
    for context in wanted:
        if context in names.PASSWORD_CONTEXTS:
            return context
    requested = ", ".join(one.rpartition(":")[2][:80] for one in wanted)
    raise SamlError(75011, actual="Password", requested=requested)
