"""Mail and calendars written down and read again: all that was written, in another sandbox."""

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import EVERYTHING, NOW, Graph, authorize, person
from tests.sandbox.in_process import InProcess


def _app() -> Starlette:
    app = create_graph_app(create_tenant(), authorize, lambda: NOW, bulk_events=220)
    app.state.context.bulk_messages = 600
    return app


def _graph(client: TestClient, name: str) -> Graph:
    return Graph(client, f"Bearer user:{person(name).id}:{EVERYTHING}")


def _dump(app: Starlette) -> bytes:
    """As the state file holds it."""
    return msgspec.json.encode({part.name: part.dump() for part in app.state.context.state})


def _load(app: Starlette, data: bytes) -> None:
    value = msgspec.json.decode(data)
    for part in app.state.context.state:
        part.load(value[part.name])


def _everything(graph: Graph) -> dict[str, Any]:
    return {
        path: graph.all_pages(path)
        for path in (
            "/me/messages?$top=1000&$expand=attachments",
            "/me/events?$top=1000&$expand=attachments,extensions",
            "/me/mailFolders?$top=100",
            "/me/calendars",
            "/me/calendarGroups",
            "/me/calendar/calendarPermissions",
            "/me/calendarView?startDateTime=2026-03-01&endDateTime=2026-05-01&$top=1000",
        )
    }


def _write(graph: Graph, greta: Graph) -> None:
    point = {"dateTime": "2026-04-07T10:00:00", "timeZone": "Pacific Standard Time"}
    series = {
        "subject": "Series",
        "start": point,
        "end": {**point, "dateTime": "2026-04-07T11:00:00"},
        "attendees": [{"emailAddress": {"address": person("greta.lindqvist").mail}}],
        "recurrence": {
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "startDate": "2026-04-07", "numberOfOccurrences": 5},
        },
        "attachments": [
            {
                "@odata.type": "#microsoft.graph.fileAttachment",
                "name": "a.bin",
                "contentBytes": "AAEC/w==",
            }
        ],
    }
    made = graph.post("/me/events", series).json()
    window = "startDateTime=2026-04-01&endDateTime=2026-05-01"
    days = graph.value(f"/me/events/{made['id']}/instances?{window}")
    graph.patch(f"/me/events/{days[1]['id']}", {"subject": "Exception"})
    graph.delete(f"/me/events/{days[2]['id']}")
    graph.post(f"/me/events/{days[3]['id']}/dismissReminder", {})
    graph.post(f"/me/events/{made['id']}/snoozeReminder", {"newReminderTime": point})
    graph.post(f"/me/events/{made['id']}/extensions", {"extensionName": "A", "value": 1})
    graph.post("/me/calendars", {"name": "Boats"})
    graph.post("/me/mailFolders", {"displayName": "Kept"})
    messages = graph.value("/me/mailFolders/inbox/messages?$top=3&$skip=500")
    graph.patch(
        f"/me/messages/{messages[0]['id']}", {"isRead": True, "categories": ["Red category"]}
    )
    graph.delete(f"/me/messages/{messages[1]['id']}")
    graph.post(f"/me/messages/{messages[2]['id']}/move", {"destinationId": "archive"})
    events = greta.value("/me/events?$top=3&$skip=200")
    greta.patch(f"/me/events/{events[0]['id']}", {"subject": "Changed"})
    greta.delete(f"/me/events/{events[1]['id']}")


def test_what_was_written_is_read_again() -> None:
    first, second = _app(), _app()
    with InProcess(first) as client:
        noah, greta = _graph(client, "noah.kim"), _graph(client, "greta.lindqvist")
        _write(noah, greta)
        wanted = [_everything(noah), _everything(greta)]
    data = _dump(first)
    with InProcess(second) as client:
        _graph(client, "noah.kim").post("/me/messages", {"subject": "Forgotten"})
        _load(second, data)
        noah, greta = _graph(client, "noah.kim"), _graph(client, "greta.lindqvist")
        assert [_everything(noah), _everything(greta)] == wanted
    assert msgspec.json.decode(_dump(second))["mail"] == msgspec.json.decode(data)["mail"]


def test_what_was_only_looked_at_is_not_written_down() -> None:
    app = _app()
    with InProcess(app) as client:
        _graph(client, "noah.kim").value("/me/messages")
        _graph(client, "noah.kim").value("/me/events")
    value = msgspec.json.decode(_dump(app))
    assert value["mail"] == value["calendar"] == {}
