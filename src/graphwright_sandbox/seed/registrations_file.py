"""App registrations from a TOML file, so that a person can use the sandbox for an own application.

Every problem is told with its line. It must not know what a registration is used for.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from graphwright_sandbox.entra.permissions import application_permissions
from graphwright_sandbox.entra.resources import Resources
from graphwright_sandbox.tenant import (
    AppRegistration,
    ExposedScope,
    FederatedCredential,
    SamlNameId,
    SamlSettings,
    SamlSigning,
    SignInAudience,
    Tenant,
)

_HEADER = re.compile(r"^\s*(\[{1,2})\s*([\w.\s-]+?)\s*\]{1,2}")
_KEY = re.compile(r"""^\s*["']?([\w-]+)["']?\s*=""")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
_QUOTES = ('"""', "'''")
Place = tuple[str | int, ...]


class RegistrationsInvalid(ValueError):
    """A file of registrations that cannot be used; its text has a line for every problem."""


def _check_redirect_uri(uri: str) -> str:
    parts = urlsplit(uri)
    if not parts.scheme or "#" in uri or (parts.scheme in ("http", "https") and not parts.hostname):
        raise ValueError("must be an absolute address without '#'")
    if parts.scheme in ("javascript", "data", "vbscript"):
        raise ValueError("must not be run by a browser")
    return uri


def _check_web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https address")
    return url


def _check_identifier_uri(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme not in ("api", "https") or not parts.netloc:
        raise ValueError("must be of the form api://name or https://name")
    return uri


def _check_role(name: str) -> str:
    if name not in application_permissions():
        raise ValueError(f"Microsoft Graph has no application permission '{name}'")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Scope(_Strict):
    name: Annotated[str, Field(pattern=r"^[\w.-]{1,120}$")]
    title: Annotated[str, Field(min_length=1)]
    needs_administrator: bool = False


class _Federated(_Strict):
    name: str
    issuer: Annotated[str, Field(min_length=1)]
    subject: Annotated[str, Field(min_length=1)]
    audience: str = "api://AzureADTokenExchange"
    keys_file: str


class SamlEntry(_Strict):
    """The table ``saml`` of an entry."""

    entity_ids: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
    reply_urls: Annotated[
        list[Annotated[str, AfterValidator(_check_web_address)]], Field(min_length=1)
    ]
    relay_state: str | None = None
    logout_url: Annotated[str, AfterValidator(_check_web_address)] | None = None
    name_id: SamlNameId = "emailAddress"
    signing: SamlSigning = "assertion"
    request_certificate_file: str | None = None
    encryption_certificate_file: str | None = None
    group_claims: bool = False


class RegistrationEntry(_Strict):
    """One ``[[app_registrations]]`` of a file."""

    client_id: Annotated[UUID, Field(strict=False)]
    display_name: Annotated[str, Field(min_length=1)]
    secrets: list[Annotated[str, Field(min_length=1)]] = []
    certificate_files: list[str] = []
    federated_credentials: list[_Federated] = []
    redirect_uris: list[Annotated[str, AfterValidator(_check_redirect_uri)]] = []
    front_channel_logout_url: Annotated[str, AfterValidator(_check_web_address)] | None = None
    public_client: bool = False
    sign_in_audience: SignInAudience = "AzureADMyOrg"
    identifier_uris: list[Annotated[str, AfterValidator(_check_identifier_uri)]] = []
    exposed_scopes: list[_Scope] = []
    delegated_permissions: list[str] = []
    application_permissions: list[Annotated[str, AfterValidator(_check_role)]] = []
    saml: SamlEntry | None = None
    admin_consented: bool = False


class _File(_Strict):
    replace_seeded: bool = False
    app_registrations: Annotated[list[RegistrationEntry], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class _Problem:
    place: Place
    text: str


def read_registrations(file: Path, seeded: Tenant) -> tuple[AppRegistration, ...]:
    """The registrations of a tenant: the seeded ones and those of the file, which come first.

    One of the file takes the place of a seeded one with its client id; `replace_seeded` of all.
    RegistrationsInvalid names everything that is wrong.
    """
    try:
        text = file.read_text("utf-8")
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        where = f"{file}:{found[1]}" if found else str(file)
        raise RegistrationsInvalid(f"{where}: {_PLACE.sub('', str(error))}") from None
    except OSError as error:
        raise RegistrationsInvalid(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RegistrationsInvalid(f"{file}: {error}") from None
    try:
        model = _File.model_validate(content)
    except ValidationError as error:
        found_problems = [
            _Problem(one["loc"], one["msg"].removeprefix("Value error, "))
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise _invalid(file, text, found_problems) from None
    problems: list[_Problem] = []
    own = tuple(
        _convert(one, ("app_registrations", index), file.parent, problems)
        for index, one in enumerate(model.app_registrations)
    )
    ids = {app.app_id for app in own}
    kept = () if model.replace_seeded else seeded.app_registrations
    registrations = (*own, *(app for app in kept if app.app_id not in ids))
    problems += _find_conflicts(own, registrations)
    if problems:
        raise _invalid(file, text, problems)
    return registrations


def _convert(
    one: RegistrationEntry, place: Place, folder: Path, problems: list[_Problem]
) -> AppRegistration:
    if one.public_client and (one.secrets or one.certificate_files or one.federated_credentials):
        text = "a public client has neither secrets nor certificates nor federated credentials"
        problems.append(_Problem((*place, "public_client"), text))
    certificates = []
    for index, name in enumerate(one.certificate_files):
        try:
            certificates.append(_read_certificate(folder / name))
        except (OSError, ValueError) as error:
            problems.append(_Problem((*place, "certificate_files", index), str(error)))
    credentials = []
    for index, item in enumerate(one.federated_credentials):
        try:
            keys = _read_keys(folder / item.keys_file)
        except (OSError, ValueError) as error:
            found = (*place, "federated_credentials", index, "keys_file")
            problems.append(_Problem(found, str(error)))
            continue
        fields = item.model_dump(exclude={"keys_file"})
        credentials.append(FederatedCredential(**fields, keys=keys))
    return AppRegistration(
        app_id=str(one.client_id),
        display_name=one.display_name,
        secrets=tuple(one.secrets),
        certificates=tuple(certificates),
        federated_credentials=tuple(credentials),
        redirect_uris=tuple(one.redirect_uris),
        front_channel_logout_url=one.front_channel_logout_url,
        public_client=one.public_client,
        sign_in_audience=one.sign_in_audience,
        identifier_uris=tuple(one.identifier_uris),
        exposed_scopes=tuple(ExposedScope(**scope.model_dump()) for scope in one.exposed_scopes),
        delegated_permissions=tuple(one.delegated_permissions),
        application_permissions=tuple(one.application_permissions),
        saml=_convert_saml(one.saml, (*place, "saml"), folder, problems) if one.saml else None,
        admin_consented=one.admin_consented,
    )


def _convert_saml(
    saml: SamlEntry, place: Place, folder: Path, problems: list[_Problem]
) -> SamlSettings:
    certificates: dict[str, str | None] = {}
    for name in ("request_certificate", "encryption_certificate"):
        file = getattr(saml, f"{name}_file")
        try:
            certificates[name] = None if file is None else _read_rsa_certificate(folder / file)
        except (OSError, ValueError) as error:
            problems.append(_Problem((*place, f"{name}_file"), str(error)))
    files = {"request_certificate_file", "encryption_certificate_file"}
    fields = saml.model_dump(exclude=files)
    return SamlSettings(
        **fields
        | {"entity_ids": tuple(saml.entity_ids), "reply_urls": tuple(saml.reply_urls)}
        | certificates
    )


def _find_conflicts(
    own: Sequence[AppRegistration], registrations: Sequence[AppRegistration]
) -> Iterator[_Problem]:
    """What can only be told with all registrations at hand."""
    resources = Resources(registrations)
    seen: set[str] = set()
    for index, app in enumerate(own):
        place: Place = ("app_registrations", index)
        if app.app_id in seen:
            yield _Problem((*place, "client_id"), "another registration has this client id")
        seen.add(app.app_id)
        for number, entity_id in enumerate(app.saml.entity_ids if app.saml else ()):
            holders = [
                one for one in registrations if one.saml and entity_id in one.saml.entity_ids
            ]
            if len(holders) > 1:
                text = f"another registration has the entity id '{entity_id}'"
                yield _Problem((*place, "saml", "entity_ids", number), text)
        for number, name in enumerate(app.delegated_permissions):
            if resources.find_permission(name) is None:
                text = f"neither Microsoft Graph nor a registered API has the permission '{name}'"
                yield _Problem((*place, "delegated_permissions", number), text)


def _read_certificate(path: Path) -> str:
    try:
        text = path.read_text("ascii")
        x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        raise ValueError(f"{path} holds no certificate in PEM form") from None
    return text


def _read_rsa_certificate(path: Path) -> str:
    text = _read_certificate(path)
    key = x509.load_pem_x509_certificate(text.encode()).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError(f"{path} holds no RSA key")  # noqa: TRY004  (a file's content, not a type)
    return text


def _read_keys(path: Path) -> str:
    text = path.read_text("utf-8")
    try:
        keys = jwt.PyJWKSet.from_dict(json.loads(text)).keys
    except (ValueError, AttributeError, RecursionError, jwt.PyJWTError):
        raise ValueError(f"{path} holds no JSON Web Key Set") from None
    if not any(key.key_type == "RSA" for key in keys):
        raise ValueError(f"{path} holds no RSA key")
    return text


def _invalid(file: Path, text: str, problems: Sequence[_Problem]) -> RegistrationsInvalid:
    lines = _find_lines(text)
    told = []
    for problem in problems:
        place = problem.place
        while place and place not in lines:
            place = place[:-1]
        name = ".".join(str(part) for part in problem.place if isinstance(part, str))
        told.append((lines.get(place, 1), f"{name}: {problem.text}"))
    return RegistrationsInvalid("\n".join(f"{file}:{line}: {what}" for line, what in sorted(told)))


def _find_lines(text: str) -> Mapping[Place, int]:
    """The line of every table and key, by the way through the file's tables to it."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    open_quote: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if open_quote is None:
            if header := _HEADER.match(line):
                table = _enter(header[2].split("."), counts, is_item=header[1] == "[[")
                lines[table] = number
            elif key := _KEY.match(line):
                lines[(*table, key[1])] = number
        for quote in _QUOTES:
            # A text of several lines is nothing but text until its quotes come again.
            if open_quote in (None, quote) and line.count(quote) % 2:
                open_quote = None if open_quote else quote
    return lines


def _enter(names: Sequence[str], counts: dict[Place, int], *, is_item: bool) -> Place:
    table: Place = ()
    for position, name in enumerate(names):
        table = (*table, name.strip())
        if position == len(names) - 1 and is_item:
            counts[table] = counts.get(table, -1) + 1
        if table in counts:
            table = (*table, counts[table])
    return table
