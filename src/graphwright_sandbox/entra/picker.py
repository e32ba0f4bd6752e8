"""Whom a browser may sign in as: the people of the tenants that the application lets in.

It must not know how the choice goes on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from starlette.responses import Response

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.transactions import Transaction
from graphwright_sandbox.pages.picker import picker_page
from graphwright_sandbox.tenant import Person, Tenant

_SHOWN = 200
"""So many people are shown at once: a search finds the others."""


def show_picker(
    entra: Entra,
    transaction: Transaction,
    *,
    search: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """The people to choose from; those of this browser and the hinted one come first."""
    directory = entra.directory
    tenant = directory.find_tenant(transaction.tenant_segment)
    known = (directory.find_person(user_id) for user_id in transaction.session.accounts)
    first = [person for person in known if person is not None]
    if transaction.login_hint:
        hinted = directory.find_person(transaction.login_hint)
        if hinted is None:
            hint = transaction.login_hint[:120]
            name = (tenant or entra.tenant).display_name
            problem = problem or str(EntraError(50034, user=hint, tenant=name))
        elif hinted not in first:
            first.insert(0, hinted)
    others = (
        person
        for person in _people(directory.tenants if tenant is None else (tenant,), transaction)
        if person not in first and _matches(person, search)
    )
    return picker_page(
        action=f"/{transaction.tenant_segment}/login",
        transaction=transaction.key,
        app_name=transaction.app.display_name,
        organization=tenant.display_name if tenant else "your organization",
        first=[person for person in first if _matches(person, search)],
        others=list(itertools.islice(others, _SHOWN)),
        signed_in=set(transaction.session.accounts),
        search=search,
        problem=problem,
        status=status,
    )


def _people(tenants: tuple[Tenant, ...], transaction: Transaction) -> Iterator[Person]:
    hint = (transaction.domain_hint or "").lower()
    hinted = [tenant for tenant in tenants if tenant.domain.lower() == hint]
    for tenant in hinted or tenants:
        yield from tenant.people


def _matches(person: Person, search: str) -> bool:
    text = (
        f"{person.display_name} {person.user_principal_name} {person.job_title} {person.department}"
    ).casefold()
    return all(word in text for word in search.casefold().split())
