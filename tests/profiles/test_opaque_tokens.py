"""The product with access tokens that only Microsoft Graph can read: it never looks into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import ADA, Workshop
from tests.sandbox.conftest import create_echo_graph, create_small_tenant


@pytest.fixture
def sandbox(sandbox_state: Path) -> Iterator[Sandbox]:
    tenant = replace(create_small_tenant(), opaque_access_tokens=True)
    with Sandbox.start(tenant, sandbox_state, create_graph=create_echo_graph) as running:
        yield running


async def test_a_user_and_the_application_work_with_opaque_tokens(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    token = await profiles.access_token("web", account.principal_id)
    renewed = await profiles.access_token("web", account.principal_id, refresh=True)
    application = await profiles.access_token("daemon", None)
    assert token.value != renewed.value
    assert {"User.Read", "Calendars.ReadWrite"} <= token.scopes
    assert token.scopes == renewed.scopes
    with requests.Session() as http:
        http.trust_env = False
        http.verify = str(sandbox.ca_file)
        for one, user in ((token, ADA), (renewed, ADA), (application, None)):
            assert "." not in one.value
            headers = {"Authorization": f"Bearer {one.value}"}
            caller = http.get(f"{sandbox.graph_url}/v1.0/me", headers=headers).json()
            assert caller["user_id"] == user
