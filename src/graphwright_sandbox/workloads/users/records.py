"""People as the records Graph shows, made one by one when they are looked at."""

from collections.abc import Sequence
from typing import overload

from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person, Tenant

USER_TYPE = "#microsoft.graph.user"
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
        "createdDateTime": format_instant(person.created),
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
        **person.profile,
    }
