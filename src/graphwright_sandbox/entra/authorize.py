"""The authorization endpoint and the browser's steps after it: choose a person, consent, return.

It must not know what the pages look like nor how codes are redeemed.
"""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorization_request import read_request, read_target
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.grants import CodeBinding, Grant
from graphwright_sandbox.entra.parameters import Parameters, read_form, read_query
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.resources import describe_role
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.tokens import encode_client_info
from graphwright_sandbox.entra.transactions import LoginSession, Transaction
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.pages.consent import consent_page
from graphwright_sandbox.pages.error import error_page
from graphwright_sandbox.pages.picker import picker_page
from graphwright_sandbox.tenant import Person

_LOST = (
    "This sign-in is no longer under way in this browser. It may be older than 15 minutes, or "
    "done already. Go back to the application and sign in again."
)


class AuthorizePages:
    """Every step of a browser between an authorization request and its answer."""

    def __init__(self, entra: Entra, cookie_name: str) -> None:
        self.entra = entra
        self._cookie_name = cookie_name

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/oauth2/v2.0/authorize", self.authorize, methods=["GET", "POST"]),
            Route("/{tenant}/login", self.show_people, methods=["GET"]),
            Route("/{tenant}/login", self.choose_person, methods=["POST"]),
            Route("/{tenant}/consent", self.show_consent, methods=["GET"]),
            Route("/{tenant}/consent", self.decide_consent, methods=["POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        try:
            parameters = await _read(request)
            segment = request.path_params["tenant"]
            app, target = read_target(self.entra, segment, parameters)
            exchange_of(request.scope).app_id = app.app_id
        except EntraError as error:
            return self.show_error(request, error)
        try:
            wanted = read_request(self.entra, app, parameters)
        except EntraError as error:
            return target.respond_error(self._report(request, error))
        session = self.session_of(request)
        transaction = Transaction(
            key="",
            session=session,
            tenant_segment=segment,
            app=app,
            target=target,
            scopes=wanted.scopes,
            prompt=wanted.prompt,
            login_hint=wanted.login_hint,
            nonce=wanted.nonce,
            code_challenge=wanted.code_challenge,
            code_challenge_method=wanted.code_challenge_method,
        )
        return self.start(request, transaction)

    def start(self, request: Request, transaction: Transaction) -> Response:
        """The first step: on without a question where single sign-on may answer it."""
        session = transaction.session
        transaction.user_id = self._signed_in_person(transaction)
        if transaction.prompt == "none":
            response = self._answer_silently(request, transaction)
        else:
            self.entra.browsers.start_transaction(transaction)
            if transaction.user_id is None:
                response = self._picker(transaction)
            else:
                response = self._after_choice(request, transaction)
        return self._with_cookie(response, session)

    async def show_people(self, request: Request) -> Response:
        transaction, parameters = await self._resume(request)
        if transaction is None:
            return self._lost()
        return self._picker(transaction, search=parameters.get("q", ""))

    async def choose_person(self, request: Request) -> Response:
        transaction, parameters = await self._resume(request)
        if transaction is None:
            return self._lost()
        directory = self.entra.directory
        try:
            person = directory.get_enabled_person(parameters.get("person", ""))
        except EntraError as error:
            return self._picker(transaction, problem=str(error), status=400)
        transaction.user_id = person.id
        transaction.session.sign_in(person.id, self.entra.clock())
        self.entra.browsers.renew_session(transaction.session)
        response = self._after_choice(request, transaction)
        return self._with_cookie(response, transaction.session)

    async def show_consent(self, request: Request) -> Response:
        transaction, _ = await self._resume(request)
        if transaction is None or transaction.user_id is None:
            return self._lost()
        person = self.entra.directory.get_person(transaction.user_id)
        app = transaction.app
        if transaction.scopes is None:
            delegated = {*self.entra.resources.registered(app), *PROTOCOL_SCOPES}
            roles = app.application_permissions
        else:
            delegated = set(transaction.scopes.names)
            roles = ()
            if transaction.for_everyone:
                delegated |= self.entra.resources.registered(app)
                roles = app.application_permissions
        return consent_page(
            action=f"/{transaction.tenant_segment}/consent",
            transaction=transaction.key,
            app_name=app.display_name,
            return_address=transaction.target.uri,
            person=person,
            organization=self.entra.tenant.display_name,
            delegated=[
                self.entra.resources.describe(name) for name in _in_reading_order(delegated)
            ],
            roles=[describe_role(name) for name in roles],
            for_everyone=transaction.for_everyone,
        )

    async def decide_consent(self, request: Request) -> Response:
        transaction, parameters = await self._resume(request)
        if transaction is None or transaction.user_id is None:
            return self._lost()
        decision = parameters.get("decision")
        if decision not in ("accept", "cancel"):
            return self.show_error(request, EntraError(90014, field="decision"))
        if decision == "cancel":
            self.entra.browsers.end_transaction(transaction)
            return transaction.target.respond_error(self._report(request, EntraError(65004)))
        directory = self.entra.directory
        names = transaction.scopes.names if transaction.scopes else frozenset()
        if transaction.for_everyone:
            directory.consent_for_everyone(transaction.app, names)
        else:
            directory.consent(transaction.app, directory.get_person(transaction.user_id), names)
        return self._finish(request, transaction)

    def session_of(self, request: Request) -> LoginSession:
        """This browser's login session; a new one where it has none."""
        browsers = self.entra.browsers
        key = request.cookies.get(self._cookie_name)
        return browsers.find_session(key) or browsers.start_session()

    def show_error(self, request: Request, error: EntraError) -> Response:
        registered: tuple[str, ...] = ()
        if error.code == 50011:
            client_id = request.query_params.get("client_id")
            try:
                registered = self.entra.directory.find_app(client_id).redirect_uris
            except EntraError:
                registered = ()  # the request was posted: its client is not in the address
        return error_page(self._report(request, error), registered)

    def _after_choice(self, request: Request, transaction: Transaction) -> Response:
        if self._needs_consent(transaction):
            return RedirectResponse(
                f"/{transaction.tenant_segment}/consent?tx={transaction.key}", status_code=303
            )
        return self._finish(request, transaction)

    def _needs_consent(self, transaction: Transaction) -> bool:
        if transaction.scopes is None or transaction.prompt in ("consent", "admin_consent"):
            return True
        directory = self.entra.directory
        person = directory.get_person(transaction.user_id or "")
        return not transaction.scopes.names <= directory.granted_scopes(transaction.app, person)

    def _signed_in_person(self, transaction: Transaction) -> str | None:
        """The one account that single sign-on may take without asking, if there is one."""
        if transaction.prompt in ("login", "select_account") or transaction.scopes is None:
            return None
        directory = self.entra.directory
        accounts = [
            user_id
            for user_id in transaction.session.accounts
            if (person := directory.find_person(user_id)) and person.account_enabled
        ]
        if transaction.login_hint:
            hinted = directory.find_person(transaction.login_hint)
            return hinted.id if hinted is not None and hinted.id in accounts else None
        return accounts[0] if len(accounts) == 1 else None

    def _answer_silently(self, request: Request, transaction: Transaction) -> Response:
        target = transaction.target
        if transaction.user_id is None:
            several = len(transaction.session.accounts) > 1 and not transaction.login_hint
            return target.respond_error(
                self._report(request, EntraError(16000 if several else 50058))
            )
        if self._needs_consent(transaction):
            app = transaction.app
            error = EntraError(
                65001, error="consent_required", app_id=app.app_id, app_name=app.display_name
            )
            return target.respond_error(self._report(request, error))
        return self._finish(request, transaction)

    def _finish(self, request: Request, transaction: Transaction) -> Response:
        self.entra.browsers.end_transaction(transaction)
        tenant = self.entra.tenant
        if transaction.scopes is None:
            return transaction.target.respond({"admin_consent": "True", "tenant": tenant.id})
        now = self.entra.clock()
        try:
            person = self.entra.directory.get_enabled_person(transaction.user_id or "")
        except EntraError as error:  # disabled while the consent page was open
            return self.show_error(request, error)
        grant = Grant(
            app_id=transaction.app.app_id,
            user_id=person.id,
            scopes=transaction.scopes,
            auth_time=transaction.session.accounts.get(person.id, now),
            issued_at=now,
        )
        binding = CodeBinding(
            redirect_uri=transaction.target.uri,
            nonce=transaction.nonce,
            code_challenge=transaction.code_challenge,
            code_challenge_method=transaction.code_challenge_method,
        )
        return transaction.target.respond(
            {
                "code": self.entra.grants.issue_code(grant, binding),
                "client_info": encode_client_info(person, tenant),
                "session_state": str(uuid.uuid4()),
            }
        )

    def _picker(
        self,
        transaction: Transaction,
        *,
        search: str = "",
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        directory = self.entra.directory
        known = (directory.find_person(user_id) for user_id in transaction.session.accounts)
        first = [person for person in known if person is not None]
        if transaction.login_hint:
            hinted = directory.find_person(transaction.login_hint)
            if hinted is None:
                hint = transaction.login_hint[:120]
                tenant = self.entra.tenant.display_name
                problem = problem or str(EntraError(50034, user=hint, tenant=tenant))
            elif hinted not in first:
                first.insert(0, hinted)
        found = [person for person in self.entra.tenant.people if _matches(person, search)]
        return picker_page(
            action=f"/{transaction.tenant_segment}/login",
            transaction=transaction.key,
            app_name=transaction.app.display_name,
            organization=self.entra.tenant.display_name,
            first=[person for person in first if person in found],
            others=[person for person in found if person not in first],
            signed_in=set(transaction.session.accounts),
            search=search,
            problem=problem,
            status=status,
        )

    async def _resume(self, request: Request) -> tuple[Transaction | None, Parameters]:
        try:
            parameters = await _read(request)
        except EntraError:
            return None, Parameters("")
        browsers = self.entra.browsers
        session = browsers.find_session(request.cookies.get(self._cookie_name))
        return browsers.find_transaction(parameters.get("tx"), session), parameters

    def _lost(self) -> Response:
        return error_page(None, (), message=_LOST)

    def _report(self, request: Request, error: EntraError) -> ErrorReport:
        exchange_of(request.scope).refuse(f"AADSTS{error.code}", error.text)
        correlation_id = request.query_params.get("client-request-id")
        return ErrorReport.of(error, self.entra.clock(), correlation_id)

    def _with_cookie(self, response: Response, session: LoginSession) -> Response:
        # Not "Secure": the browser's port is plain http on this machine.
        response.set_cookie(self._cookie_name, session.key, httponly=True, samesite="lax", path="/")
        return response


async def _read(request: Request) -> Parameters:
    return await read_form(request) if request.method == "POST" else read_query(request)


def _matches(person: Person, search: str) -> bool:
    text = (
        f"{person.display_name} {person.user_principal_name} {person.job_title} {person.department}"
    ).casefold()
    return all(word in text for word in search.casefold().split())


def _in_reading_order(names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: (name in PROTOCOL_SCOPES, name))
