"""What is written is still there after a restart; a reset brings the seed back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import USERS_APP_ID, USERS_SECRET
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.state import StateUnusable
from tests.sandbox.open_graph import create_open_graph

Start = Callable[..., Sandbox]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


@pytest.fixture
def start(state: Path, file: Path) -> Start:
    """A sandbox of the seeded company that keeps its state."""

    def start(**changes: Any) -> Sandbox:
        tenant = replace(create_tenant(), **changes)
        return Sandbox.start(tenant, state, state_file=file, create_graph=create_open_graph)

    return start


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None) -> Any:
    with requests.Session() as http:
        http.trust_env = False
        answer = http.request(
            method,
            f"{sandbox.graph_url}{path}",
            json=body,
            headers={"Authorization": f"Bearer {sandbox.control_key}"},
            verify=str(sandbox.ca_file),
        )
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def write_something(sandbox: Sandbox) -> dict[str, Any]:
    """One write of each kind that everybody has; gives what is then read."""
    moment = {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"}
    ask(sandbox, "POST", "/v1.0/me/messages", {"subject": "Kept letter"})
    event = {"subject": "Kept event", "start": moment, "end": moment}
    ask(sandbox, "POST", "/v1.0/me/events", event)
    ask(sandbox, "POST", "/v1.0/me/contacts", {"givenName": "Kept"})
    ask(sandbox, "POST", "/v1.0/me/drive/root/children", {"name": "Kept folder", "folder": {}})
    ask(sandbox, "POST", "/v1.0/me/todo/lists", {"displayName": "Kept list"})
    return read_something(sandbox)


def read_something(sandbox: Sandbox) -> dict[str, Any]:
    letters = "/v1.0/me/messages?$filter=subject eq 'Kept letter'&$select=subject,createdDateTime"
    events = "/v1.0/me/events?$filter=subject eq 'Kept event'"
    files = "/v1.0/me/drive/root/children?$select=id"
    lists = ask(sandbox, "GET", "/v1.0/me/todo/lists")["value"]
    return {
        "letters": ask(sandbox, "GET", letters)["value"],
        "events": [one["id"] for one in ask(sandbox, "GET", events)["value"]],
        "files": [one["id"] for one in ask(sandbox, "GET", files)["value"]],
        "lists": [one["displayName"] for one in lists],
    }


def test_what_was_written_is_there_after_a_restart(start: Start, file: Path) -> None:
    with start() as sandbox:
        written = write_something(sandbox)
        seeded = ask(sandbox, "GET", "/v1.0/me/messages?$top=5&$select=id")["value"]
    assert [len(written["letters"]), len(written["events"])] == [1, 1]
    assert "Kept list" in written["lists"]
    assert file.stat().st_mode & 0o777 == 0o600
    with start() as again:
        assert read_something(again) == written
        assert ask(again, "GET", "/v1.0/me/messages?$top=5&$select=id")["value"] == seeded


def test_everything_is_on_disk_a_moment_after_it_was_written(start: Start, file: Path) -> None:
    with start() as sandbox:
        write_something(sandbox)
        until = time.monotonic() + 5
        while time.monotonic() < until and (
            not file.exists() or b"Kept list" not in file.read_bytes()
        ):
            time.sleep(0.05)
        assert b"Kept list" in file.read_bytes()


def test_a_kept_company_stays_that_of_its_first_day(start: Start, file: Path) -> None:
    with start() as sandbox:
        write_something(sandbox)
    document = json.loads(file.read_bytes())
    earlier = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    file.write_text(json.dumps({**document, "day": earlier}))
    with start() as again:
        assert again.graph_app.state.context.today.isoformat() == earlier


def dump_all(sandbox: Sandbox) -> dict[str, Any]:
    """What would be written, without what tells two logs of changes apart."""
    dumped = {part.name: part.dump() for part in sandbox.graph_app.state.context.state}
    del dumped["changes"]["epoch"]
    return dumped


def test_a_reset_brings_the_seed_back(start: Start, file: Path) -> None:
    with start() as sandbox:
        pristine = dump_all(sandbox)
        before = read_something(sandbox)
        write_something(sandbox)
        added = ask(sandbox, "POST", "/_sandbox/control/faults", {"path": "/x", "fault": "reset"})
        assert added["id"]
        assert dump_all(sandbox) != pristine
        ask(sandbox, "POST", "/_sandbox/control/reset")
        assert dump_all(sandbox) == pristine
        assert read_something(sandbox) == before
        assert ask(sandbox, "GET", "/_sandbox/control/faults")["faults"] == []
    with start() as again:
        assert read_something(again) == before


def test_what_every_part_reads_it_writes_again(start: Start, file: Path) -> None:
    with start() as sandbox:
        write_something(sandbox)
    document = json.loads(file.read_bytes())
    with start() as again:
        ask(again, "POST", "/_sandbox/control/set-clock", {"offset_seconds": 0})
    rewritten = json.loads(file.read_bytes())
    assert {"people", "groups", "changes", "mail", "calendar", "consents"} <= set(document["parts"])
    for name, part in document["parts"].items():
        assert rewritten["parts"][name] == part, name


def test_consents_and_redirect_uris_are_kept(start: Start) -> None:
    with start() as sandbox:
        directory = sandbox.entra.directory
        app, person = directory.apps[0], next(iter(sandbox.tenant.people))
        body = {"client_id": app.app_id, "redirect_uri": "http://localhost:9/kept"}
        directory.consent(app, person, ["Mail.Read"])
        ask(sandbox, "POST", "/_sandbox/control/register-redirect-uri", body)
    with start() as again:
        directory = again.entra.directory
        app, person = directory.apps[0], next(iter(again.tenant.people))
        assert "Mail.Read" in directory.granted_scopes(app, person)
        assert "http://localhost:9/kept" in app.redirect_uris


def test_registrations_are_those_of_the_start_and_what_is_new_in_them_counts(start: Start) -> None:
    tenant = create_tenant()
    first, second, *_ = tenant.app_registrations
    with start() as sandbox:
        sandbox.entra.directory.withdraw_consents(second)
        ask(sandbox, "POST", "/_sandbox/control/rotate-keys")  # what changes something is kept
    changed = replace(first, application_permissions=("User.Read.All",), admin_consented=True)
    added = replace(second, app_id="99999999-0000-4000-8000-000000000001")
    with start(app_registrations=(changed, second, added)) as again:
        directory = again.entra.directory
        assert [app.app_id for app in directory.apps] == [
            first.app_id,
            second.app_id,
            added.app_id,
        ]
        assert directory.granted_roles(changed) == {"User.Read.All"}
        assert directory.granted_roles(added) == {"User.Read.All"}
        assert directory.granted_roles(second) == frozenset()


def test_no_secret_of_a_registration_is_kept(document: dict[str, Any]) -> None:
    assert USERS_SECRET not in json.dumps(document)
    assert USERS_APP_ID in json.dumps(document)


DAMAGED: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda document: None, "is damaged"),
    (lambda document: [], "is damaged"),
    (lambda document: {**document, "more": 1}, "is damaged"),
    (lambda document: {**document, "parts": {"mail": 5}}, "damaged in its part 'mail'"),
    (lambda document: {**document, "parts": {"other": 5}}, "'other', which this sandbox has not"),
    (lambda document: {**document, "version": 99}, "no state of this version"),
    (lambda document: {**document, "format": "x"}, "no state of this version"),
    (lambda document: {**document, "tenant": "x"}, "another tenant"),
    (lambda document: {**document, "day": "yesterday"}, "is damaged"),
]


@pytest.fixture(scope="module")
def document(state: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a sandbox wrote."""
    file = tmp_path_factory.mktemp("state") / "state.json"
    with Sandbox.start(
        create_tenant(), state, state_file=file, create_graph=create_open_graph
    ) as sandbox:
        write_something(sandbox)
    return dict(json.loads(file.read_bytes()))


@pytest.mark.parametrize(("damage", "message"), DAMAGED)
def test_a_damaged_file_is_refused_and_left_alone(
    start: Start,
    file: Path,
    document: dict[str, Any],
    damage: Callable[[dict[str, Any]], Any],
    message: str,
) -> None:
    content = json.dumps(damage(document))
    file.write_text(content)
    with pytest.raises(StateUnusable) as caught:
        start()
    assert message in str(caught.value)
    assert file.read_text() == content


def test_half_a_file_is_refused_and_left_alone(
    start: Start, file: Path, document: dict[str, Any]
) -> None:
    content = json.dumps(document)[:-100]
    file.write_text(content)
    with pytest.raises(StateUnusable, match="is damaged"):
        start()
    assert file.read_text() == content


def test_a_folder_is_no_file(start: Start, file: Path) -> None:
    file.mkdir()
    with pytest.raises(StateUnusable, match="cannot be read"):
        start()
