"""A browser's step of consent: what an application asks for, and who may agree to it.

It must not know what the page looks like.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.resources import describe_role
from graphwright_sandbox.entra.transactions import Transaction
from graphwright_sandbox.pages.consent import consent_page
from graphwright_sandbox.tenant import Person


class ConsentPages:
    """``/{tenant}/consent``."""

    def __init__(self, pages: AuthorizePages) -> None:
        self._pages = pages
        self._entra = pages.entra

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/consent", self.show, methods=["GET"]),
            Route("/{tenant}/consent", self.decide, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        transaction, _ = await self._pages.resume(request)
        if transaction is None or transaction.user_id is None:
            return self._pages.lost()
        directory, resources = self._entra.directory, self._entra.resources
        try:
            person = directory.get_enabled_person(transaction.user_id)
        except EntraError as error:  # disabled or deleted since
            return self._pages.show_error(request, error)
        app = transaction.app
        delegated = self._wanted(transaction)
        roles = app.application_permissions if transaction.for_everyone else ()
        return consent_page(
            action=f"/{transaction.tenant_segment}/consent",
            transaction=transaction.key,
            app_name=app.display_name,
            return_address=transaction.target.description,
            person=person,
            organization=directory.tenant_of(person).display_name,
            delegated=[resources.describe(name) for name in _in_reading_order(delegated)],
            roles=[describe_role(name) for name in roles],
            for_everyone=transaction.for_everyone,
            problem=self._find_problem(transaction, person),
        )

    async def decide(self, request: Request) -> Response:
        transaction, parameters = await self._pages.resume(request)
        if transaction is None or transaction.user_id is None:
            return self._pages.lost()
        decision = parameters.get("decision")
        if decision not in ("accept", "cancel"):
            return self._pages.show_error(request, EntraError(90014, field="decision"))
        if decision == "cancel":
            return self._pages.refuse(request, transaction, EntraError(65004))
        directory = self._entra.directory
        try:
            person = directory.get_enabled_person(transaction.user_id)
        except EntraError as error:
            return self._pages.show_error(request, error)
        if self._find_problem(transaction, person) is not None:
            refusal = EntraError(90094, app_name=transaction.app.display_name)
            return self._pages.show_error(request, refusal)
        names = transaction.scopes.names if transaction.scopes else frozenset()
        if transaction.for_everyone:
            tenant = directory.tenant_of(person)
            directory.consent_for_everyone(transaction.app, names, tenant)
        else:
            directory.consent(transaction.app, person, names)
        return self._pages.finish(request, transaction)

    def _wanted(self, transaction: Transaction) -> frozenset[str]:
        asked = transaction.scopes.names if transaction.scopes else frozenset(PROTOCOL_SCOPES)
        if not transaction.for_everyone:
            return asked
        return asked | self._entra.resources.registered(transaction.app)

    def _find_problem(self, transaction: Transaction, person: Person) -> str | None:
        """Why the person may not agree; None where nothing stands against it."""
        directory = self._entra.directory
        everyone = transaction.for_everyone
        missing = self._wanted(transaction)
        if not everyone:
            missing -= directory.granted_scopes(transaction.app, person)
        # A device's question may be answered by whoever needs to consent to nothing new.
        if (not missing and not everyone) or directory.may_consent(
            person, missing, for_everyone=everyone
        ):
            return None
        return str(EntraError(90094, app_name=transaction.app.display_name))


def _in_reading_order(names: frozenset[str]) -> list[str]:
    return sorted(names, key=lambda name: (name in PROTOCOL_SCOPES, name))
