"""A browser's steps until it is known whose it is: choose a person, type the password.

It must not know consent nor what the pages look like.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.picker import show_picker
from graphwright_sandbox.entra.transactions import Transaction
from graphwright_sandbox.pages.password import password_page


class SignInPages:
    """``/{tenant}/login`` and ``/{tenant}/password``."""

    def __init__(self, pages: AuthorizePages) -> None:
        self._pages = pages
        self._entra = pages.entra

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/login", self.show_people, methods=["GET"]),
            Route("/{tenant}/login", self.choose_person, methods=["POST"]),
            Route("/{tenant}/password", self.ask_password, methods=["GET"]),
            Route("/{tenant}/password", self.check_password, methods=["POST"]),
        ]

    async def show_people(self, request: Request) -> Response:
        transaction, parameters = await self._pages.resume(request)
        if transaction is None:
            return self._pages.lost()
        return show_picker(self._entra, transaction, search=parameters.get("q", ""))

    async def choose_person(self, request: Request) -> Response:
        transaction, parameters = await self._pages.resume(request)
        if transaction is None:
            return self._pages.lost()
        directory = self._entra.directory
        try:
            person = directory.get_enabled_person(parameters.get("person", ""))
            tenant = directory.find_tenant(transaction.tenant_segment)
            directory.check_membership(person, tenant, transaction.app)
        except EntraError as error:
            return show_picker(self._entra, transaction, problem=str(error), status=400)
        if directory.needs_password(person):
            transaction.candidate_id = person.id
            return RedirectResponse(
                f"/{transaction.tenant_segment}/password?tx={transaction.key}", status_code=303
            )
        return self._pages.sign_in(request, transaction, person)

    async def ask_password(self, request: Request) -> Response:
        transaction, _ = await self._pages.resume(request)
        return self._answer_password(request, transaction, None)

    async def check_password(self, request: Request) -> Response:
        transaction, parameters = await self._pages.resume(request)
        return self._answer_password(request, transaction, parameters.get("password", ""))

    def _answer_password(
        self, request: Request, transaction: Transaction | None, password: str | None
    ) -> Response:
        """Ask for the password (None: it was not typed yet), or go on with the right one."""
        if transaction is None or transaction.candidate_id is None:
            return self._pages.lost()
        directory = self._entra.directory
        try:
            person = directory.get_enabled_person(transaction.candidate_id)
        except EntraError as error:  # disabled or deleted since
            return show_picker(self._entra, transaction, problem=str(error), status=400)
        problem = None
        if password is not None:
            try:
                directory.check_password(person, password)
            except EntraError as error:
                problem = str(error)
            else:
                return self._pages.sign_in(request, transaction, person)
        return password_page(
            action=f"/{transaction.tenant_segment}/password",
            transaction=transaction.key,
            person=person,
            problem=problem,
        )
