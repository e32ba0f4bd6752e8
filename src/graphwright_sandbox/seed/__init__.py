"""The company every sandbox starts with: who works there and which applications it registered.

Deterministic, so that tests, screenshots and tutorials can name people and ids. What lies in
mailboxes and calendars is seeded by the workloads themselves.
"""

from collections.abc import Sequence

from graphwright_sandbox.groups import Groups
from graphwright_sandbox.people import People
from graphwright_sandbox.seed.app_registrations import create_app_registrations
from graphwright_sandbox.seed.client_credentials import ClientCredentials
from graphwright_sandbox.seed.crowd import SeededCrowd
from graphwright_sandbox.seed.groups import create_groups
from graphwright_sandbox.seed.neighbour import create_neighbour
from graphwright_sandbox.seed.people import DOMAIN, create_people
from graphwright_sandbox.tenant import Tenant

TENANT_ID = "6f1d8a52-3b0c-4c57-9e7a-2d5b8c4e9f10"


def create_tenant(
    redirect_uris: Sequence[str] = (),
    credentials: ClientCredentials | None = None,
    *,
    people: int = 0,
) -> Tenant:
    """The tenant; `redirect_uris` are registered for the web application of users.

    With `credentials` there are also applications that prove themselves by certificate and by
    federation. `people` is how many there are in all; beyond the company they are made when
    looked at.
    """
    company = create_people()
    return Tenant(
        id=TENANT_ID,
        domain=DOMAIN,
        display_name="Northwind Cartography",
        people=People(company, SeededCrowd(company, max(0, people - len(company)))),
        groups=Groups(create_groups(company)),
        app_registrations=create_app_registrations(redirect_uris, credentials),
        neighbours=(create_neighbour(),),
    )
