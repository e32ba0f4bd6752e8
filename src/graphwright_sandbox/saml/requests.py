"""What a service provider asks for: an AuthnRequest or a LogoutRequest, read and checked.

It must not know sessions nor how an answer travels back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.saml.errors import SamlError
from graphwright_sandbox.saml.messages import Message
from graphwright_sandbox.saml.names import NAME_ID_FORMATS, POST, SAML, SAMLP
from graphwright_sandbox.saml.signatures import verify
from graphwright_sandbox.tenant import AppRegistration, SamlSettings, Tenant

_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """A registration that signs people in by SAML, as one message names it."""

    app: AppRegistration
    settings: SamlSettings
    entity_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnRequest:
    """What a sign-on is to be like; without a request (IdP-initiated) all of it is the default."""

    id: str | None = None
    reply_url: str
    relay_state: str | None
    force: bool = False
    passive: bool = False
    name_id_format: str | None = None
    contexts: tuple[str, ...] = ()
    login_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """Whose session is to end."""

    id: str
    relay_state: str | None
    name_id: str
    session_indexes: tuple[str, ...]


def find_provider(
    apps: Iterable[AppRegistration], entity_id: str, tenant: Tenant
) -> ServiceProvider:
    """The registration that an Issuer names; AADSTS700016 where there is none."""
    for app in apps:
        if app.saml is not None and entity_id in app.saml.entity_ids:
            return ServiceProvider(app, app.saml, entity_id)
    raise EntraError(700016, app_id=entity_id[:120], tenant=tenant.display_name)


def check_message(message: Message, provider: ServiceProvider, own_urls: Iterable[str]) -> None:
    """What every request has to keep to: version, id, destination, signature."""
    root = message.root
    if root.get("Version") != "2.0" or not message.id or root.get("IssueInstant") is None:
        raise SamlError(75005)
    if not (message.id[0].isalpha() or message.id[0] == "_"):
        raise SamlError(7500529, value=message.id[:120])
    destination = root.get("Destination")
    if destination and destination.lower() not in own_urls:
        raise SamlError(75008)
    certificate = provider.settings.request_certificate
    if certificate is not None:
        verify(message, certificate)


def read_reply_url(message: Message, provider: ServiceProvider) -> str:
    """Where the answer is posted to; AADSTS50011 where that is not registered."""
    wanted = message.root.get("AssertionConsumerServiceURL")
    registered = provider.settings.reply_urls
    if wanted is None:
        index = message.root.get("AssertionConsumerServiceIndex", "0")
        if index.isascii() and index.isdigit() and int(index[:6]) < len(registered):
            return registered[int(index[:6])]
        return registered[0]
    # The whole address, and nothing but it: no prefix, no other casing, no further path.
    if wanted not in registered:
        raise EntraError(50011, redirect_uri=wanted[:500], app_id=provider.entity_id[:200])
    return str(wanted)


def read_sign_on(message: Message, reply_url: str) -> SignOnRequest:
    """The rest of an AuthnRequest. A SamlError from here may be sent back to `reply_url`."""
    root = message.root
    if root.get("ProtocolBinding", POST) != POST:
        raise SamlError(75003)
    policy = root.find(f"{{{SAMLP}}}NameIDPolicy")
    wanted = None if policy is None else policy.get("Format")
    if wanted is not None and wanted not in NAME_ID_FORMATS.values():
        raise SamlError(75016)
    contexts = root.iterfind(f"{{{SAMLP}}}RequestedAuthnContext/{{{SAML}}}AuthnContextClassRef")
    hint = root.findtext(f"{{{SAML}}}Subject/{{{SAML}}}NameID")
    return SignOnRequest(
        id=message.id,
        reply_url=reply_url,
        relay_state=message.relay_state,
        force=root.get("ForceAuthn", "").lower() in _TRUE,
        passive=root.get("IsPassive", "").lower() in _TRUE,
        name_id_format=wanted,
        contexts=tuple((one.text or "").strip() for one in contexts),
        login_hint=hint.strip() if hint else None,
    )


def read_logout(message: Message) -> LogoutRequest:
    """The rest of a LogoutRequest."""
    name_id = message.text_of("NameID")
    if not name_id:
        raise SamlError(75005)
    indexes = message.root.iterfind(f"{{{SAMLP}}}SessionIndex")
    return LogoutRequest(
        id=message.id,
        relay_state=message.relay_state,
        name_id=name_id,
        session_indexes=tuple((one.text or "").strip() for one in indexes),
    )
