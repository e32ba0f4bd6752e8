"""Calls about profiles: what to register, tests, accounts, secrets, the sandbox's app registrations."""

import asyncio
from typing import Any

from starlette.responses import JSONResponse, Response

from graphwright.application.definition import Application
from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.edit import edit_text
from graphwright.application.guides import profile_guide
from graphwright.application.load import read_application
from graphwright.kernel.errors import ModelInvalid, NotFound
from graphwright.kernel.settings import SettingMissing
from graphwright.modeler.accounts import find_account, list_accounts
from graphwright.modeler.api import Call, Route
from graphwright.modeler.errors import DocumentChanged
from graphwright.modeler.files import check_name
from graphwright.modeler.modeler import Modeler, session_id
from graphwright.modeler.routes.documents import document_wire
from graphwright.modeler.sandbox_apps import (
    describe_sandbox,
    fill_in,
    find_app,
    register_redirect_url,
)
from graphwright.modeler.secret_uses import list_secrets
from graphwright.modeler.setup_steps import describe_steps
from graphwright.modeler.sign_ins import account_wire
from graphwright.modeler.wire.documents import DocumentWire
from graphwright.modeler.wire.profiles import (
    Accounts,
    GuideWire,
    PermissionWire,
    RedirectUrlWire,
    SandboxWire,
    Secrets,
    SetSecret,
    TestOutcome,
    TestProfile,
    UseSandboxApp,
)
from graphwright.profiles.definition import resolve_partly
from graphwright.profiles.errors import ProfileInvalid, ProfileUnknown
from graphwright.profiles.setup_guide import SetupGuide, portal_redirect_url


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    calls = _Profiles(modeler)
    return [
        Route("GET", "/api/profiles/{name}/guide", calls.guide, GuideWire),
        Route("POST", "/api/profiles/{name}/test", calls.test, TestOutcome, TestProfile),
        Route("GET", "/api/sign-ins/{id}", calls.sign_in, TestOutcome),
        Route("GET", "/api/accounts", calls.accounts, Accounts),
        Route("DELETE", "/api/accounts/{id}", calls.remove_account),
        Route("GET", "/api/secrets", calls.secrets, Secrets),
        Route("PUT", "/api/secrets/{name}", calls.set_secret, None, SetSecret),
        Route("DELETE", "/api/secrets/{name}", calls.remove_secret),
        Route("GET", "/api/sandbox", calls.sandbox, SandboxWire),
        Route("POST", "/api/profiles/{name}/sandbox", calls.use_app, DocumentWire, UseSandboxApp),
    ]


class _Profiles:
    def __init__(self, modeler: Modeler) -> None:
        self._modeler = modeler
        self._engine = modeler.engine
        self._workspace = modeler.workspace

    async def guide(self, call: Call) -> GuideWire:
        """What to register for a profile."""
        name = call.part("name")
        guide = await self._describe(name)
        return GuideWire(
            profile=guide.profile,
            title=guide.title,
            type=guide.type,
            flavour=guide.flavour,
            grant_type=guide.grant_type,
            tenant=guide.tenant,
            client_id=guide.client_id,
            redirect_urls=[
                RedirectUrlWire(url=u.url, platform=u.platform, purpose=u.purpose)
                for u in guide.redirect_urls
            ],
            permissions=[
                PermissionWire(name=p.name, requests=list(p.requests), covered=p.covered)
                for p in guide.permissions
            ],
            scopes=list(guide.scopes),
            unknown_requests=list(guide.unknown_requests),
            admin_consent_url=guide.admin_consent_url,
            notes=list(guide.notes),
            steps=describe_steps(guide),
            missing=list(guide.missing),
        )

    async def test(self, call: Call) -> TestOutcome:
        """Gets a token, or begins a sign-in."""
        name = call.part("name")
        try:
            guide = await self._describe(name)
            needed = [permission.name for permission in guide.permissions]
        except (ModelInvalid, SettingMissing):
            needed = []  # the test tells what is wrong with it
        return await self._modeler.sign_ins.test(name, call.body.account, needed)

    async def sign_in(self, call: Call) -> TestOutcome:
        """What a sign-in has come to by now."""
        return self._modeler.sign_ins.find(call.part("id"))

    async def accounts(self, _: Call) -> Accounts:
        """Who has signed in."""
        known = await list_accounts(await self._engine.profiles())
        return Accounts(accounts=[account_wire(one.account) for one in known])

    async def remove_account(self, call: Call) -> None:
        """Forgets an account with its tokens."""
        profiles = await self._engine.profiles()
        account = (await find_account(profiles, call.part("id"))).account
        await profiles.remove(account.principal_id, account.profile, account.home_account_id)
        self._modeler.events.publish("accounts", {})

    async def secrets(self, _: Call) -> Secrets:
        """Which secrets and settings the draft names, and where they are set."""
        values = {state.name: self._value(state.name) for state in self._workspace.documents()}
        return Secrets(secrets=await asyncio.to_thread(list_secrets, values, self._engine.settings))

    async def set_secret(self, call: Call) -> None:
        """Stores a secret."""
        store = self._engine.settings.secret_store
        await asyncio.to_thread(store.put, call.part("name"), call.body.value.strip())
        await self._modeler.settings_changed()

    async def remove_secret(self, call: Call) -> None:
        """Removes a secret from the store."""
        await asyncio.to_thread(self._engine.settings.secret_store.remove, call.part("name"))
        await self._modeler.settings_changed()

    async def sandbox(self, _: Call) -> SandboxWire | Response:
        """The sandbox's app registrations; null where none runs."""
        if self._modeler.sandbox is None:
            return JSONResponse(None)
        return describe_sandbox(self._modeler.sandbox)

    async def use_app(self, call: Call) -> DocumentWire:
        """Puts an app registration of the sandbox into a profile."""
        name, ready = call.part("name"), self._modeler.sandbox
        app = find_app(ready, call.body.client_id)
        assert ready is not None  # noqa: S101 - for the type checker: find_app has raised
        document = check_name(f"profiles/{name}.yaml")
        before = self._workspace.read(document)
        if before.revision != call.body.revision:
            raise DocumentChanged(
                f"{document} was changed in the meantime.",
                hint="Look at the new text, then make your change again.",
                revision=before.revision,
                text=before.text,
            )
        value = self._value(document)
        settings = self._engine.settings
        filled, secret = fill_in(name, value, ready, app, settings)
        if filled.get("grant_type") != "client_credentials":
            url = portal_redirect_url(name, settings.base_url)
            await asyncio.to_thread(register_redirect_url, ready, app["client_id"], url)
        if secret is not None:
            store = settings.secret_store
            await asyncio.to_thread(store.put, secret, app["client_secret"])
        text = await asyncio.to_thread(edit_text, before.text, filled)
        state = self._workspace.write(document, before.revision, text, session_id(call.request))
        await self._modeler.settings_changed()
        return document_wire(state)

    async def _describe(self, name: str) -> SetupGuide:
        """The guide of a profile, with its settings filled in as far as they are set."""
        profiles = await self._engine.profiles()
        application = await asyncio.to_thread(self._application)
        try:
            profile = profiles.definition(name)
        except (SettingMissing, ProfileInvalid):
            definition = application.profiles.get(name) if application else None
            if definition is None:
                raise
            try:
                profile = resolve_partly(name, definition, self._engine.settings)
            except ProfileInvalid:
                profile = definition
        return profile_guide(application, name, profile, self._engine.settings)

    def _application(self) -> Application | None:
        try:
            return read_application(self._workspace.draft)[0]
        except (NotFound, ModelInvalid):
            return None

    def _value(self, document: str) -> dict[str, Any]:
        text = self._workspace.draft_text(check_name(document))
        if text is None:
            raise ProfileUnknown(f"There is no {document}.")
        try:
            value = Document.shared(document, text).value
        except DocumentBroken:
            value = None
        return value if isinstance(value, dict) else {}
