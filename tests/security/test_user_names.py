"""Roles go by user name, so that nobody may choose theirs."""

from typing import Any

import pytest

from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import (
    Workshop,
    browser,
    clock,
    database,
    keyring,
    sandbox,
    sandbox_state,
    settings,
    workshop,
)
from tests.profiles.test_forged_id_tokens import forge, forge_id_tokens

FIXTURES = (browser, clock, database, keyring, sandbox, sandbox_state, settings, workshop)


async def test_an_address_that_anybody_may_claim_is_no_user_name(
    workshop: Workshop,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The claim `email` is what a tenant's administrator writes there; nobody has verified it.
    claims: dict[str, Any] = {"preferred_username": None, "email": "boss@contoso.com"}
    forge_id_tokens(monkeypatch, sandbox, forge(**claims))
    account = await workshop.sign_in(workshop.open())
    assert account.claims["email"] == "boss@contoso.com"
    assert account.username != "boss@contoso.com"
    principals = await workshop.open().principals()
    assert [principal.username for principal in principals] == [account.username]
