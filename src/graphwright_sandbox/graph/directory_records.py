"""People and groups as the records Graph shows, made one by one when they are looked at.

Knows no operation; several workloads answer with these records.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

from graphwright_sandbox.graph.directory_types import (
    USER_DEFAULTS,
)
from graphwright_sandbox.graph.filter_binding import BoundFilter
from graphwright_sandbox.graph.filter_syntax import (
    Comparison,
    In,
    Literal,
    Logical,
    Node,
    Path,
    parse_filter,
)
from graphwright_sandbox.graph.lazy_records import LazyRecord
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.groups import Group
from graphwright_sandbox.tenant import Person, Tenant

SKU_ID = "6fd2c87f-b296-42f0-b197-1e91e994b900"
"""Office 365 E3: what everybody with a mailbox is licensed for."""
_NAMES = frozenset({"id", "userprincipalname", "mail"})
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


class UserRecords(Sequence[Record]):
    """The records of people, in the order of the directory; a slice makes only its own."""

    def __init__(self, tenant: Tenant, numbers: Sequence[int] | None = None) -> None:
        self._tenant = tenant
        self._numbers = numbers
        """Positions of those it holds; None: of all."""

    def of(self, person: Person) -> Record:
        return user_record(person, self._tenant)

    def find(self, user_id: str) -> Record | None:
        person = self._tenant.people.find(user_id)
        return None if person is None else self.of(person)

    def narrowed(self, text: str | None, bound: BoundFilter | None) -> UserRecords:
        """Those whom a filter may let through, where that is told without looking at everybody.

        Names that are equal are looked up; a test of the display name alone needs no person.
        """
        people = self._tenant.people
        if text is None or bound is None:
            return self
        if (names := _equal_names(parse_filter(text))) is not None:
            persons = [person for person in map(people.find, names) if person is not None]
            places = {people.number_of(person.id) for person in persons}
            return UserRecords(self._tenant, sorted(at for at in places if at is not None))
        if bound.properties == ("displayName",):
            test = lru_cache(maxsize=65536)(lambda name: bound.test({"displayName": name}))
            numbers = [number for number, name in people.display_names() if test(name)]
            return UserRecords(self._tenant, numbers)
        return self

    def by_name(self, *, descending: bool) -> UserRecords:
        """The same, sorted by display name; people are not made for it."""
        named: Iterable[tuple[int, str]] = self._tenant.people.display_names()
        if self._numbers is not None:
            held = set(self._numbers)
            named = (pair for pair in named if pair[0] in held)
        ordered = sorted(named, key=lambda pair: pair[1].casefold(), reverse=descending)
        return UserRecords(self._tenant, [number for number, _ in ordered])

    def __len__(self) -> int:
        return len(self._tenant.people if self._numbers is None else self._numbers)

    def __iter__(self) -> Iterator[Record]:
        return map(self.of, self._people(slice(None)))

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self.of(person) for person in self._people(index)]
        if self._numbers is None:
            return self.of(self._tenant.people[index])
        return next(iter(self[index : index + 1 or None]))

    def _people(self, index: slice) -> Iterable[Person]:
        people = self._tenant.people
        if self._numbers is None:
            whole = index == slice(None)
            return people if whole else people[index]
        found = (people.at(number) for number in self._numbers[index])
        return (person for person in found if person is not None)


def _equal_names(node: Node) -> list[str] | None:
    """The values that an id or a sign-in name has to equal one of; None: it is another filter."""
    match node:
        case Comparison("eq", Path((name,)), Literal("string", value)) if name.lower() in _NAMES:
            return [value]
        case In(Path((name,)), options) if name.lower() in _NAMES:
            return [one.text for one in options if isinstance(one, Literal)]
        case Logical("or", left, right):
            found = [_equal_names(side) for side in (left, right)]
            return None if None in found else [one for names in found for one in names or ()]
    return None


def user_record(person: Person, tenant: Tenant) -> Record:
    """A person with every property that the directory knows of them, most made when asked for."""
    makers = _user_makers(tenant.domain, tenant.display_name)
    if person.profile:
        makers = {**makers, **dict.fromkeys(person.profile, _nothing)}
    record = LazyRecord(person, makers)
    # What is shown by default is made at once: together it costs a third.
    record.update(
        {
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
            **person.profile,
        }
    )
    return record


def _nothing(_person: Person) -> None:
    """Stands where the value is in the record already."""


@lru_cache(maxsize=8)
def _user_makers(domain: str, company: str) -> Mapping[str, Callable[[Person], Any]]:
    """What makes each property of a user from the person."""
    return {
        **dict.fromkeys(USER_DEFAULTS, _nothing),
        "accountEnabled": lambda person: person.account_enabled,
        "assignedLicenses": _licenses,
        "city": lambda person: person.city or None,
        "companyName": lambda _person: company,
        "country": lambda person: person.country or None,
        "createdDateTime": lambda person: format_instant(person.created),
        "department": lambda person: person.department or None,
        "employeeId": lambda person: person.employee_id or None,
        "employeeType": lambda _person: "Employee",
        "identities": lambda person: [
            {
                "issuer": domain,
                "issuerAssignedId": person.user_principal_name,
                "signInType": "userPrincipalName",
            }
        ],
        "imAddresses": lambda person: [person.mail] if person.mail else [],
        "mailNickname": lambda person: person.user_principal_name.partition("@")[0],
        "proxyAddresses": lambda person: [f"SMTP:{person.mail}"] if person.mail else [],
        "securityIdentifier": lambda person: security_identifier(person.id),
        "showInAddressList": lambda _person: True,
        "signInSessionsValidFromDateTime": lambda person: format_instant(
            person.sessions_valid_from or person.created
        ),
        "usageLocation": lambda person: _COUNTRY_CODES.get(person.country),
        "userType": lambda _person: "Member",
    }


def _licenses(person: Person) -> list[Record]:
    return [{"disabledPlans": [], "skuId": SKU_ID}] if person.mail else []


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
        "_owners": group.owners,
        **group.profile,
    }


def security_identifier(identifier: str) -> str:
    """The SID that Entra ID derives from an object id."""
    first, second, third, *rest = identifier.split("-")
    # As the little-endian words of a GUID; uuid.UUID would take three times as long.
    middle = int(third + second, 16)
    words = struct.unpack("<2I", bytes.fromhex("".join(rest)))
    return f"S-1-12-1-{int(first, 16)}-{middle}-{words[0]}-{words[1]}"
