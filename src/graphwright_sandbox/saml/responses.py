"""The messages of the identity provider: responses with their assertions, logout, as elements.

It must not know how they travel, nor sessions.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lxml.builder import ElementMaker

from graphwright_sandbox.saml import names
from graphwright_sandbox.tenant import Person, Tenant

ASSERTION_LIFETIME = timedelta(hours=1)
_CLOCK_SKEW = timedelta(minutes=5)
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_saml = ElementMaker(namespace=names.SAML, nsmap={"saml": names.SAML})
_samlp = ElementMaker(namespace=names.SAMLP, nsmap={"samlp": names.SAMLP, "saml": names.SAML})


@dataclass(frozen=True, slots=True)
class NameId:
    """What a person is called towards one service provider."""

    value: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an assertion says."""

    tenant: Tenant
    entity_id: str
    reply_url: str
    in_response_to: str | None
    name_id: NameId
    claims: Mapping[str, Sequence[str]]
    context: str
    signed_in_at: datetime
    now: datetime


def new_id() -> str:
    """An id; XML wants none that begins with a digit."""
    return f"_{uuid.uuid4()}"


def issuer_of(tenant: Tenant) -> str:
    """The entity id of the identity provider, as Entra ID has it."""
    return f"https://sts.windows.net/{tenant.id}/"


def name_person(person: Person, wanted: str, entity_id: str) -> NameId:
    """A person's NameID of a format; a persistent one is another for each service provider."""
    if wanted == names.PERSISTENT:
        digest = hashlib.sha256(f"{person.id}\x1f{entity_id}".encode()).hexdigest()
        return NameId(digest[:43], wanted)
    if wanted == names.TRANSIENT:
        return NameId(new_id(), wanted)
    return NameId(person.user_principal_name, wanted)


def claims_of(person: Person, tenant: Tenant, groups: Sequence[str] = ()) -> dict[str, list[str]]:
    """The claims that Entra ID gives by default; what a person has none of is left out."""
    values = {
        names.CLAIM_TENANT: [tenant.id],
        names.CLAIM_OBJECT: [person.id],
        names.CLAIM_DISPLAY_NAME: [person.display_name],
        names.CLAIM_PROVIDER: [issuer_of(tenant)],
        names.CLAIM_METHODS: [names.METHOD_PASSWORD],
        names.CLAIM_GIVEN_NAME: [person.given_name],
        names.CLAIM_SURNAME: [person.surname],
        names.CLAIM_EMAIL: [person.mail],
        names.CLAIM_NAME: [person.user_principal_name],
        names.CLAIM_GROUPS: list(groups),
    }
    # Graph takes any character in a name.
    return {
        name: kept
        for name, one in values.items()
        if (kept := [_NOT_IN_XML.sub("\ufffd", text) for text in one if text])
    }


def build_response(answer: Answer) -> Any:
    """A successful Response with its assertion, not signed yet."""
    response = _message("Response", answer.tenant, answer.reply_url, answer.now)
    _respond_to(response, answer.in_response_to)
    response.append(_samlp.Status(_samlp.StatusCode(Value=names.SUCCESS)))
    response.append(_build_assertion(answer))
    return response


def build_refusal(
    tenant: Tenant,
    address: str,
    in_response_to: str | None,
    status: tuple[str, str],
    text: str,
    now: datetime,
) -> Any:
    """A Response without an assertion: the two status codes and what they mean."""
    response = _message("Response", tenant, address, now)
    _respond_to(response, in_response_to)
    response.append(_build_status(status, text))
    return response


def build_logout_response(
    tenant: Tenant,
    address: str,
    in_response_to: str,
    status: tuple[str, str] | None,
    now: datetime,
) -> Any:
    """The answer to a LogoutRequest; `status` None is success."""
    response = _message("LogoutResponse", tenant, address, now)
    _respond_to(response, in_response_to)
    if status is None:
        response.append(_samlp.Status(_samlp.StatusCode(Value=names.SUCCESS)))
    else:
        response.append(_build_status(status, ""))
    return response


def build_logout_request(
    tenant: Tenant, address: str, name_id: NameId, session_index: str, now: datetime
) -> Any:
    """Tells a service provider that a session has ended."""
    request = _message("LogoutRequest", tenant, address, now)
    request.append(_saml.NameID(name_id.value, Format=name_id.format))
    request.append(_samlp.SessionIndex(session_index))
    return request


def _message(name: str, tenant: Tenant, address: str, now: datetime) -> Any:
    return _samlp(
        name,
        _saml.Issuer(issuer_of(tenant)),
        ID=new_id(),
        Version="2.0",
        IssueInstant=_format(now),
        Destination=address,
    )


def _respond_to(element: Any, in_response_to: str | None) -> None:
    if in_response_to is not None:
        element.set("InResponseTo", in_response_to)


def _build_status(status: tuple[str, str], text: str) -> Any:
    outer, inner = status
    built = _samlp.Status(_samlp.StatusCode(_samlp.StatusCode(Value=inner), Value=outer))
    if text:
        built.append(_samlp.StatusMessage(text))
    return built


def _build_assertion(answer: Answer) -> Any:
    identifier = new_id()
    until = _format(answer.now + ASSERTION_LIFETIME)
    data = _saml.SubjectConfirmationData(NotOnOrAfter=until, Recipient=answer.reply_url)
    _respond_to(data, answer.in_response_to)
    return _saml.Assertion(
        _saml.Issuer(issuer_of(answer.tenant)),
        _saml.Subject(
            _saml.NameID(answer.name_id.value, Format=answer.name_id.format),
            _saml.SubjectConfirmation(data, Method=names.BEARER),
        ),
        _saml.Conditions(
            _saml.AudienceRestriction(_saml.Audience(answer.entity_id)),
            NotBefore=_format(answer.now - _CLOCK_SKEW),
            NotOnOrAfter=until,
        ),
        _saml.AttributeStatement(
            *(
                _saml.Attribute(*(_saml.AttributeValue(text) for text in values), Name=name)
                for name, values in answer.claims.items()
            )
        ),
        _saml.AuthnStatement(
            _saml.AuthnContext(_saml.AuthnContextClassRef(answer.context)),
            AuthnInstant=_format(answer.signed_in_at),
            SessionIndex=identifier,
        ),
        ID=identifier,
        IssueInstant=_format(answer.now),
        Version="2.0",
    )


def _format(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
