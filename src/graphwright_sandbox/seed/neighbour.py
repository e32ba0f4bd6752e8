"""Another organization, whose people sign in where an application lets everybody in.

It has no Microsoft 365 here: Microsoft Graph serves the seeded company only.
"""

import uuid

from graphwright_sandbox.groups import Groups
from graphwright_sandbox.people import People
from graphwright_sandbox.tenant import Person, Tenant

NEIGHBOUR_ID = "7a2e9b63-4c1d-4d68-8f8b-3e6c9d5fa021"
NEIGHBOUR_DOMAIN = "southridge.example"
_NAMESPACE = uuid.UUID("c2b7a2e1-8e9f-4a7b-9b68-6a1d4f3eab55")
_PEOPLE = (
    ("Ines", "Carvalho", "Head of Procurement", "Procurement"),
    ("Tom", "Okonkwo", "Instrument Maker", "Workshop"),
)


def create_neighbour() -> Tenant:
    return Tenant(
        id=NEIGHBOUR_ID,
        domain=NEIGHBOUR_DOMAIN,
        display_name="Southridge Instruments",
        people=People([_create_person(*row) for row in _PEOPLE]),
        groups=Groups(),
        app_registrations=(),
    )


def _create_person(given: str, surname: str, job: str, department: str) -> Person:
    address = f"{given}.{surname}@{NEIGHBOUR_DOMAIN}".lower()
    return Person(
        id=str(uuid.uuid5(_NAMESPACE, address)),
        user_principal_name=address,
        display_name=f"{given} {surname}",
        given_name=given,
        surname=surname,
        job_title=job,
        department=department,
        office_location="",
        mail=address,
    )
