"""What tests of other projects build on: the small surface of `Sandbox` and its fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

import graphwright_sandbox
from graphwright_sandbox.faults.notation import FaultInvalid
from graphwright_sandbox.server import Sandbox

USERS, APPLICATION = "My day (users)", "My day (application)"


@pytest.fixture(scope="module")
def running(state: Path) -> Iterator[Sandbox]:
    with graphwright_sandbox.Sandbox.start(graphwright_sandbox.create_tenant(), state) as started:
        yield started


@pytest.fixture
def get(running: Sandbox, http: requests.Session) -> Callable[[str, str], requests.Response]:
    http.verify = str(running.ca_file)

    def ask(path: str, token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(f"{running.graph_url}/v1.0{path}", headers=headers)

    return ask


def test_a_token_without_a_sign_in_is_that_of_the_person(
    running: Sandbox, get: Callable[[str, str], requests.Response]
) -> None:
    person = running.tenant.people[1]
    token = running.issue_token(USERS.lower(), user=person.user_principal_name)
    assert get("/me", token).json()["id"] == person.id


def test_a_token_of_an_application_has_its_permissions_or_those_named(
    running: Sandbox, get: Callable[[str, str], requests.Response]
) -> None:
    app_id = running.find_app(APPLICATION).app_id
    assert get("/users", running.issue_token(app_id)).status_code == 200
    refused = get("/users", running.issue_token(app_id, permissions=["Mail.Read"]))
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "Authorization_RequestDenied"


def test_after_a_refused_body_the_connection_serves_on(
    running: Sandbox, http: requests.Session
) -> None:
    http.verify = str(running.ca_file)
    url = f"{running.graph_url}/v1.0"
    content = b"x" * 5_000_000
    refused = http.put(f"{url}/me/drive/root:/x.bin:/content", content, stream=True)
    connection = refused.raw.connection
    assert refused.json()["error"]["code"] == "InvalidAuthenticationToken"
    then = http.get(f"{url}/", stream=True)
    assert (then.status_code, then.raw.connection) == (200, connection)
    assert "value" in then.json()


def test_who_is_unknown_is_named(running: Sandbox) -> None:
    with pytest.raises(LookupError, match=r"called 'Nothing'. There are .*'My day \(users\)'"):
        running.issue_token("Nothing")
    with pytest.raises(LookupError, match=r"address .nobody@x"):
        running.issue_token(USERS, user="nobody@x.example")


def test_a_fault_falls_and_a_wrong_one_is_refused(
    running: Sandbox, get: Callable[[str, str], requests.Response]
) -> None:
    running.add_fault("GET /users: 503")
    token = running.issue_token(APPLICATION)
    assert [get("/users", token).status_code for _ in range(2)] == [503, 200]
    with pytest.raises(FaultInvalid):
        running.add_fault("GET /users")


def test_a_reset_takes_back_writes_faults_and_time(
    running: Sandbox, get: Callable[[str, str], requests.Response], http: requests.Session
) -> None:
    url = f"{running.graph_url}/v1.0/groups"
    token = running.issue_token(APPLICATION, permissions=["Group.ReadWrite.All", "User.Read.All"])
    group = {
        "displayName": "Gone soon",
        "mailNickname": "gone",
        "mailEnabled": False,
        "securityEnabled": True,
    }
    made = http.post(url, json=group, headers={"Authorization": f"Bearer {token}"})
    assert made.status_code == 201, made.text
    running.add_fault("GET /users: 503")
    running.clock.offset = timedelta(days=2)
    running.reset()
    assert get(f"/groups/{made.json()['id']}", token).status_code == 404
    assert get("/users", token).status_code == 200
    assert running.clock.offset == timedelta()


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Server'"):
        _ = graphwright_sandbox.Server
