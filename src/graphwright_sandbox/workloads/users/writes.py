"""Users created, changed and deleted: what the directory demands, and how it is kept."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphwright_sandbox.graph.directory_errors import (
    already_exists,
    denied,
    invalid_value,
    refused,
    value_required,
    weak_password,
)
from graphwright_sandbox.graph.directory_members import note_memberships
from graphwright_sandbox.graph.directory_types import USER
from graphwright_sandbox.graph.licenses import has_mailbox
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, Record
from graphwright_sandbox.passwords import hash_password, verify_password
from graphwright_sandbox.tenant import Person

_FIELDS = {
    "accountEnabled": "account_enabled",
    "businessPhones": "business_phones",
    "city": "city",
    "country": "country",
    "department": "department",
    "displayName": "display_name",
    "employeeId": "employee_id",
    "givenName": "given_name",
    "jobTitle": "job_title",
    "mail": "mail",
    "mobilePhone": "mobile_phone",
    "officeLocation": "office_location",
    "preferredLanguage": "preferred_language",
    "surname": "surname",
    "userPrincipalName": "user_principal_name",
}
_NULLABLE_FIELDS = frozenset({"mobile_phone"})
_REQUIRED = (
    "accountEnabled",
    "displayName",
    "passwordProfile",
    "userPrincipalName",
    "mailNickname",
)
_READ_ONLY = frozenset(
    """assignedLicenses assignedPlans createdDateTime creationType deletedDateTime
    externalUserState externalUserStateChangeDateTime id imAddresses isResourceAccount
    lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates
    mailboxSettings onPremisesDistinguishedName onPremisesDomainName onPremisesLastSyncDateTime
    onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier
    onPremisesSyncEnabled onPremisesUserPrincipalName proxyAddresses securityIdentifier
    serviceProvisioningErrors signInSessionsValidFromDateTime""".split()
)
_NAME = re.compile(r"[A-Za-z0-9'._\-!#^~]+")
_NICKNAME = re.compile(r"[!-~]+")
_NOT_IN_NICKNAME = frozenset('@()\\[]";:<>, ')
_OWN_PROFILE = frozenset(
    """aboutMe birthday businessPhones city country employeeHireDate faxNumber givenName hireDate
    interests mobilePhone mySite officeLocation otherMails pastProjects postalCode
    preferredLanguage preferredName responsibilities schools showInAddressList skills state
    streetAddress surname""".split()
)
"""What `User.ReadWrite` lets people change of themselves."""
_PASSWORD_PERMISSIONS = (
    "User-PasswordProfile.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
)


class UserWrites:
    """Writes to the people of a tenant; every one is recorded as a change."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._people = context.tenant.people

    def create(self, request: GraphRequest, data: Record) -> Person:
        for name in _REQUIRED:
            if data.get(name) is None:
                raise value_required(name, "User")
        if not (data["passwordProfile"] or {}).get("password"):
            raise value_required("password", "User")
        person = Person(
            id=str(uuid.uuid4()),
            user_principal_name="",
            display_name="",
            given_name="",
            surname="",
            job_title="",
            department="",
            office_location="",
            mail="",
            preferred_language="",
            created=request.now.replace(microsecond=0),
            profile={"companyName": None, "employeeType": None, "showInAddressList": None},
        )
        person = self._changed(request, person, data)
        self._people.add(person)
        self._record(person, "created", ())
        return person

    def update(self, request: GraphRequest, person: Person, data: Record) -> Person:
        _check_permission(request, data, self._context.schema_extensions.names)
        changed = self._changed(request, person, data)
        self._people.replace(changed)
        self._record(changed, "updated", data)
        return changed

    def delete(self, request: GraphRequest, person: Person) -> None:
        self._people.remove(person.id, request.now)
        self._record(person, "deleted", ())
        note_memberships(self._context, person.id)

    def open_extensions(self, request: GraphRequest) -> Person:
        """The person of the path with extensions that may be written to; the directory does not
        tell of their changes."""
        person = request.person
        changed = replace(person, extensions=dict(person.extensions))
        self._people.replace(changed)
        return changed

    def set_manager(self, person: Person, manager: Person | None) -> None:
        changed = replace(person, manager_id=manager.id if manager else None)
        self._people.replace(changed)
        self._record(changed, "updated", ("manager",))

    def set_licenses(self, person: Person, licenses: list[Record]) -> Person:
        """The licenses somebody holds from now on; a mailbox comes and goes with its plan."""
        mail = ""
        if has_mailbox(licenses):
            mail = person.mail or person.user_principal_name
            self._check_free(person, mail, "proxyAddresses")
        profile = {**person.profile, "assignedLicenses": licenses}
        changed = replace(person, mail=mail, profile=profile)
        self._people.replace(changed)
        self._record(changed, "updated", ("assignedLicenses", "mail", "proxyAddresses"))
        return changed

    def change_password(self, person: Person, current: str, new: str) -> None:
        stored, everybodys = person.password_hash, self._context.tenant.password
        is_right = verify_password(current, stored) if stored else current == everybodys
        if not is_right:
            raise refused("The specified current password is not correct.")
        _check_password(new)
        self._people.replace(replace(person, password_hash=hash_password(new)))
        self._record(person, "updated", ("lastPasswordChangeDateTime",))

    def revoke_sessions(self, request: GraphRequest, person: Person) -> None:
        self._people.replace(replace(person, sessions_valid_from=request.now))
        self._record(person, "updated", ("signInSessionsValidFromDateTime",))

    def set_zone(self, person: Person, windows: str, iana: str) -> None:
        self._people.replace(replace(person, time_zone=windows, iana_time_zone=iana))

    def _record(
        self, person: Person, kind: Any, names: Mapping[str, Any] | tuple[str, ...]
    ) -> None:
        self._context.changes.record(
            "users", person.id, kind, resource=f"users/{person.id}", properties=names
        )

    def _changed(self, request: GraphRequest, person: Person, data: Record) -> Person:
        """The person with the checked values of a body."""
        fields: dict[str, Any] = {}
        profile = dict(person.profile)
        for name, value in data.items():
            if name in _READ_ONLY or name in USER.navigation:
                raise refused(f"Property '{name}' is read-only and cannot be set.")
            _check_value(name, value)
            if name == "passwordProfile":
                if value and value.get("password"):
                    fields["password_hash"] = hash_password(value["password"])
                    profile["lastPasswordChangeDateTime"] = request.now.strftime(
                        "%Y-%m-%dT%H:%M:%SZ"
                    )
            elif name in self._context.schema_extensions:
                self._context.schema_extensions.write(profile, name, value)
            elif name in _FIELDS:
                field = _FIELDS[name]
                empty = None if field in _NULLABLE_FIELDS else ""
                given = tuple(value) if name == "businessPhones" else value
                fields[field] = empty if given is None else given
            else:
                profile[name] = value
        if "userPrincipalName" in data:
            self._check_name(person, data["userPrincipalName"])
        if fields.get("mail"):
            self._check_free(person, fields["mail"], "proxyAddresses")
        return replace(person, profile=profile, **fields)

    def _check_name(self, person: Person, name: str) -> None:
        local, at, domain = name.partition("@")
        if not at or not _NAME.fullmatch(local) or len(local) > 64 or "@" in domain:
            raise refused("Property userPrincipalName is invalid.")
        if domain.lower() != self._context.tenant.domain.lower():
            raise refused(
                "The domain portion of the userPrincipalName property is invalid. You must use "
                "one of the verified domain names in your organization."
            )
        self._check_free(person, name, "userPrincipalName")

    def _check_free(self, person: Person, name: str, prop: str) -> None:
        holder = self._people.find(name)
        if holder is not None and holder.id != person.id:
            raise already_exists(prop)


def _check_permission(request: GraphRequest, data: Record, extensions: frozenset[str]) -> None:
    """Refuses properties that the granted permission does not cover."""
    held = request.caller.permissions
    if "passwordProfile" in data and not held & set(_PASSWORD_PERMISSIONS[:2]):
        delegated = request.caller.user_id is not None
        if delegated or not held & set(_PASSWORD_PERMISSIONS[2:]):
            raise denied(" ".join(_PASSWORD_PERMISSIONS[:2]))
    rest = set(data) - {"passwordProfile"}
    granted = request.granted
    if granted == "User.ReadWrite" and rest - _OWN_PROFILE - extensions:
        raise denied("User.ReadWrite.All")
    if granted == "User.EnableDisableAccount.All" and rest - {"accountEnabled"}:
        raise denied("User.ReadWrite.All")
    if granted == "User-PasswordProfile.ReadWrite.All" and rest:
        raise denied("User.ReadWrite.All")


def _check_value(name: str, value: Any) -> None:
    """Refuses values that the directory does not take."""
    valid = True
    if name in ("accountEnabled", "displayName", "userPrincipalName", "mailNickname"):
        valid = value is not None and value != ""
    elif isinstance(value, str) and not value:
        valid = False  # what is to be emptied is set to null
    if valid and name == "displayName":
        valid = len(value) <= 256
    elif valid and name == "mailNickname":
        valid = bool(_NICKNAME.fullmatch(value)) and not _NOT_IN_NICKNAME & set(value)
        valid = valid and len(value) <= 64
    elif name == "usageLocation":
        valid = value is None or bool(re.fullmatch(r"[A-Z]{2}", value))
    elif name == "businessPhones":
        valid = len(value) <= 1
    elif name == "userType":
        valid = value in (None, "Member", "Guest")
    elif name == "mail":
        valid = value is None or "@" in value.strip("@")
    elif name == "passwordProfile" and value and value.get("password") is not None:
        _check_password(value["password"])
    if not valid:
        raise invalid_value(name, "User")


def _check_password(password: str) -> None:
    """8 to 256 characters of three kinds, as Entra ID demands."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    found = sum(any(kind(character) for character in password) for kind in kinds)
    if not 8 <= len(password) <= 256 or found < 3:
        raise weak_password()
