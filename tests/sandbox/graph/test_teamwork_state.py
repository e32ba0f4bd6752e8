"""What is written in Teams, To Do and Planner is kept with the state, and gone after a reset."""

import json
from typing import Any

from starlette.applications import Starlette

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import NOW, Graph, authorize, person
from tests.sandbox.in_process import InProcess

SCOPES = "Tasks.ReadWrite Team.Create Group.ReadWrite.All Chat.ReadWrite Chat.Create"
SCOPES += " Team.ReadBasic.All Presence.Read Presence.ReadWrite ChatMessage.Send"
PATHS = (
    "/me/joinedTeams",
    "/me/chats?$expand=members,lastMessagePreview",
    "/me/presence",
    "/me/todo/lists",
    "/me/planner/tasks",
    "/me/planner/plans?$expand=details",
)


def new_app() -> Starlette:
    return create_graph_app(create_tenant(), authorize, lambda: NOW)


def seen_by(graph: Graph) -> list[Any]:
    return [graph.get(path).json() for path in PATHS]


def test_what_was_written_is_there_again_with_the_state() -> None:
    first, second = new_app(), new_app()
    noah = f"Bearer user:{person('noah.kim').id}:{SCOPES}"
    with InProcess(first) as writing, InProcess(second) as reading:
        writer, reader = Graph(writing, noah), Graph(reading, noah)
        seed = seen_by(reader)
        empty = {part.name: part.dump() for part in new_app().state.context.state}
        template = "https://graph.microsoft.com/v1.0/teamsTemplates('standard')"
        writer.post("/teams", {"template@odata.bind": template, "displayName": "Kept"})
        chat = writer.value("/me/chats")[0]["id"]
        writer.post(f"/chats/{chat}/messages", {"body": {"content": "Kept"}})
        writer.post("/me/todo/lists", {"displayName": "Kept"})
        plan = writer.value("/me/planner/plans")[0]["id"]
        writer.post("/planner/tasks", {"planId": plan, "title": "Kept"})
        body = {"sessionId": "app", "availability": "Busy", "activity": "InACall"}
        writer.post("/me/presence/setPresence", body)
        kept = json.loads(
            json.dumps({part.name: part.dump() for part in first.state.context.state})
        )
        assert seen_by(writer) != seed
        for part in second.state.context.state:
            part.load(kept[part.name])
        assert seen_by(reader) == seen_by(writer)
        for part in second.state.context.state:
            part.load(empty[part.name])
        assert seen_by(reader) == seed
