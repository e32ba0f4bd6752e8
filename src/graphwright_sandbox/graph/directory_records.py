"""People and groups as the records Graph shows, made one by one when they are looked at.

Knows no operation; several workloads answer with these records.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import overload

from graphwright_sandbox.graph.directory_types import (
    BASIC_PROPERTIES,
    GROUP,
    GROUP_DEFAULTS,
    GROUP_TYPE,
    MEMBER,
    USER,
    USER_DEFAULTS,
    USER_TYPE,
)
from graphwright_sandbox.graph.presentation import View
from graphwright_sandbox.graph.request import GraphRequest, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.groups import Group
from graphwright_sandbox.tenant import Person, Tenant

SKU_ID = "6fd2c87f-b296-42f0-b197-1e91e994b900"
"""Office 365 E3: what everybody with a mailbox is licensed for."""
_COUNTRY_CODES = {
    "Germany": "DE",
    "United States": "US",
    "United Kingdom": "GB",
    "India": "IN",
    "New Zealand": "NZ",
    "Japan": "JP",
    "Greece": "GR",
    "Egypt": "EG",
    "Kazakhstan": "KZ",
    "Brazil": "BR",
}


_READS_USERS = frozenset(
    "User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All "
    "Directory.ReadWrite.All".split()
)
_READS_GROUPS = frozenset(
    "Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All "
    "Directory.Read.All Directory.ReadWrite.All".split()
)


class UserRecords(Sequence[Record]):
    """The records of all people, in the order of the directory; a slice makes only its own."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def of(self, person: Person) -> Record:
        return user_record(person, self._tenant)

    def find(self, user_id: str) -> Record | None:
        person = self._tenant.people.find(user_id)
        return None if person is None else self.of(person)

    def __len__(self) -> int:
        return len(self._tenant.people)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self.of(person) for person in self._tenant.people[index]]
        return self.of(self._tenant.people[index])


def user_record(person: Person, tenant: Tenant) -> Record:
    """A person with every property that the directory knows of them."""
    created = format_instant(person.created)
    valid_from = person.sessions_valid_from
    return {
        "id": person.id,
        "businessPhones": list(person.business_phones),
        "displayName": person.display_name,
        "givenName": person.given_name or None,
        "jobTitle": person.job_title or None,
        "mail": person.mail or None,
        "mobilePhone": person.mobile_phone,
        "officeLocation": person.office_location or None,
        "preferredLanguage": person.preferred_language or None,
        "surname": person.surname or None,
        "userPrincipalName": person.user_principal_name,
        "accountEnabled": person.account_enabled,
        "city": person.city or None,
        "companyName": tenant.display_name,
        "country": person.country or None,
        "createdDateTime": created,
        "department": person.department or None,
        "employeeId": person.employee_id or None,
        "employeeType": "Employee",
        "identities": [
            {
                "issuer": tenant.domain,
                "issuerAssignedId": person.user_principal_name,
                "signInType": "userPrincipalName",
            }
        ],
        "imAddresses": [person.mail] if person.mail else [],
        "mailNickname": person.user_principal_name.partition("@")[0],
        "proxyAddresses": [f"SMTP:{person.mail}"] if person.mail else [],
        "showInAddressList": True,
        "usageLocation": _COUNTRY_CODES.get(person.country),
        "userType": "Member",
        "assignedLicenses": [{"disabledPlans": [], "skuId": SKU_ID}] if person.mail else [],
        "securityIdentifier": security_identifier(person.id),
        "signInSessionsValidFromDateTime": format_instant(valid_from) if valid_from else created,
        **person.profile,
    }


def group_record(group: Group) -> Record:
    """A group with every property that the directory knows of it."""
    created = format_instant(group.created)
    return {
        "id": group.id,
        "createdDateTime": created,
        "description": group.description or None,
        "displayName": group.display_name,
        "groupTypes": list(group.group_types),
        "mail": group.mail or None,
        "mailEnabled": group.mail_enabled,
        "mailNickname": group.mail_nickname,
        "proxyAddresses": [f"SMTP:{group.mail}"] if group.mail else [],
        "renewedDateTime": created,
        "resourceProvisioningOptions": list(group.resource_provisioning_options),
        "securityEnabled": group.security_enabled,
        "securityIdentifier": security_identifier(group.id),
        "visibility": group.visibility,
        **group.profile,
    }


def security_identifier(identifier: str) -> str:
    """The SID that Entra ID derives from an object id."""
    first, second, third, *rest = identifier.split("-")
    # As the little-endian words of a GUID; uuid.UUID would take three times as long.
    middle = int(third + second, 16)
    words = struct.unpack("<2I", bytes.fromhex("".join(rest)))
    return f"S-1-12-1-{int(first, 16)}-{middle}-{words[0]}-{words[1]}"


class DirectoryObjects:
    """Users and groups by id, as members of collections that may hold both."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def find(self, identifier: str) -> Record | None:
        """The object of an id, with its `@odata.type`."""
        person = self._tenant.people.find(identifier)
        if person is not None and person.id == identifier.lower():
            return self.of_person(person)
        group = self._tenant.groups.find(identifier)
        return None if group is None else self.of_group(group)

    def of_person(self, person: Person) -> Record:
        return {"@odata.type": USER_TYPE, **user_record(person, self._tenant)}

    def of_group(self, group: Group) -> Record:
        return {"@odata.type": GROUP_TYPE, **group_record(group)}

    def all(self, identifiers: Iterable[str]) -> list[Record]:
        """The objects of these ids that (still) exist."""
        return [record for record in map(self.find, identifiers) if record is not None]


def _shown_properties(request: GraphRequest, kind: str) -> frozenset[str] | None:
    """What the caller may see of an object of this kind in a mixed collection; None: all."""
    held = request.caller.permissions
    if not held & (_READS_USERS if kind == USER_TYPE else _READS_GROUPS):
        return frozenset({"id", "@odata.type"})
    if kind == USER_TYPE and held & _READS_USERS == {"User.ReadBasic.All"}:
        return BASIC_PROPERTIES | {"@odata.type"}
    return None


def _render_member(request: GraphRequest, record: Record) -> Record:
    """A user or group of a mixed collection: by default what its own type shows by default, and
    null for what the caller may not read, as the directory does it."""
    kind = record["@odata.type"]
    shown = _shown_properties(request, kind)
    if shown is not None:
        record = {name: value for name, value in record.items() if name in shown}
    if request.options.select is not None:
        return record
    names, declared = (USER_DEFAULTS, USER) if kind == USER_TYPE else (GROUP_DEFAULTS, GROUP)
    properties = declared.properties
    return {
        "@odata.type": kind,
        **{name: record.get(name, [] if properties[name].collection else None) for name in names},
    }


MEMBERS = View(MEMBER, render=_render_member)
"""How the users and groups of one collection are shown."""
