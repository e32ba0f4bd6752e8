"""Who may do what: scopes, roles, other people's mailboxes, and the table against Microsoft's."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphwright_sandbox import workloads
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.permissions import load_requirements
from tests.sandbox.graph.calls import NOW, TENANT, Graph, authorize, error_code, person

REFUSED = [
    ("GET", "/users", "User.Read", "Authorization_RequestDenied"),
    ("GET", "/me/manager", "User.Read", "Authorization_RequestDenied"),
    ("GET", "/me", "Calendars.Read", "Authorization_RequestDenied"),
    ("GET", "/me/events", "User.Read Mail.Read", "ErrorAccessDenied"),
    ("POST", "/me/events", "Calendars.Read", "ErrorAccessDenied"),
    ("GET", "/me/messages", "Calendars.ReadWrite", "ErrorAccessDenied"),
    ("POST", "/me/sendMail", "Mail.ReadWrite", "ErrorAccessDenied"),
    ("GET", "/me/mailboxSettings", "User.Read", "ErrorAccessDenied"),
    ("GET", "/me/messages/x/attachments", "Mail.ReadBasic", "ErrorAccessDenied"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("method", "path", "scopes", "code"), REFUSED)
def test_a_missing_scope_is_refused_and_named(
    sign_in: Callable[..., Graph], method: str, path: str, scopes: str, code: str
) -> None:
    answer = sign_in("noah.kim", scopes).request(method, path)
    assert (answer.status_code, error_code(answer)) == (403, code)
    assert answer.headers["x-sandbox-required-permissions"]


@pytest.mark.unchanging
@pytest.mark.parametrize("path", ["events", "messages", "mailFolders", "calendarView", "calendars"])
def test_nobody_reads_the_mailbox_of_somebody_else(graph: Graph, path: str) -> None:
    answer = graph.get(f"/users/{person('zoe.adeyemi').id}/{path}")
    assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    assert graph.get(f"/users/{person('noah.kim').id}/calendars").status_code == 200


def test_an_item_of_somebody_else_is_not_found_in_the_own_mailbox(
    sign_in: Callable[..., Graph],
) -> None:
    noah, zoe = sign_in("noah.kim"), sign_in("zoe.adeyemi")
    for kind in ("events", "messages"):
        theirs = zoe.value(f"/me/{kind}?$top=1")[0]["id"]
        assert noah.get(f"/me/{kind}/{theirs}").status_code == 404
        assert noah.delete(f"/me/{kind}/{theirs}").status_code == 404


def test_the_application_reads_mailboxes_by_its_roles(
    application: Callable[[str], Graph], sign_in: Callable[..., Graph]
) -> None:
    me = person("noah.kim")
    everything = application("Calendars.ReadWrite Mail.ReadWrite User.Read.All Mail.Send")
    own = sign_in("noah.kim")
    for path in ("events?$top=50", "messages?$top=50", "mailFolders"):
        theirs = everything.value(f"/users/{me.user_principal_name}/{path}")
        assert theirs == own.value(f"/me/{path}")
    assert everything.get("/users").status_code == 200
    without = application("User.Read.All")
    assert error_code(without.get(f"/users/{me.id}/events")) == "ErrorAccessDenied"
    answer = everything.get("/me")
    assert answer.status_code == 400
    assert "delegated authentication flow" in answer.json()["error"]["message"]


def test_basic_permissions_hide_what_they_do_not_show(sign_in: Callable[..., Graph]) -> None:
    basic = sign_in("noah.kim", "User.ReadBasic.All Calendars.ReadBasic Mail.ReadBasic")
    other = basic.get(f"/users/{person('zoe.adeyemi').id}?$select=displayName,department").json()
    assert (other["displayName"], other["department"]) == ("Zoë Adeyemi", None)
    assert "body" not in basic.value("/me/events?$top=1")[0]
    assert "bodyPreview" not in basic.value("/me/messages?$top=1")[0]


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    app = create_graph_app(TENANT, authorize, lambda: NOW)
    names = [operation.name for operation in app.state.operations]
    assert len(names) == len(set(names)) > 60


# A reader who deletes: Microsoft's page of the operation asks for Tasks.ReadWrite.
MISTAKEN = {
    "DELETE /users/{user}/todo/lists/{list}",
    "POST /users/{user}/messages/{message}/attachments/createUploadSession",
    # The documentation knows no application permission for them.
    "GET /users/{user}/outlook/supportedLanguages",
    "GET /users/{user}/outlook/supportedTimeZones",
}
FOREIGN = {
    "Application.Read.All",
    "DeviceManagementServiceConfig.Read.All",
    "Group-NestingSupport.ReadWrite.All",
}
"""Least permissions for objects and properties that are not here."""


def _rows() -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for folder in workloads.__path__:
        for table in sorted(Path(folder).glob("*/permissions.toml")):
            rows.update(load_requirements(table))
    return rows


def test_the_table_holds_the_least_permissions_of_the_corpus(corpus: Path) -> None:
    file = corpus / "permissions" / "permissions_least.json"
    known = {
        path.lower(): methods
        for path, methods in json.loads(file.read_text(encoding="utf-8")).items()
    }
    compared = 0
    for operation, row in _rows().items():
        method, path = operation.split(" ")
        path = re.sub(r"\{\w+\}", "{id}", path.lower())
        for prefix, granted in (("/me", row.me), ("/users/{id}", row.application)):
            least = known.get(path.replace("/users/{id}", prefix, 1), {}).get(method, {})
            wanted = least.get("delegatedWork" if prefix == "/me" else "application")
            if wanted is None or (prefix == "/me" and not path.startswith("/users/{id}")):
                continue
            if (operation in MISTAKEN or wanted in FOREIGN) and wanted not in granted:
                continue
            assert wanted in granted, (operation, prefix, wanted, granted)
            compared += 1
    assert compared > 60
