"""Users, groups and contacts as a state file keeps them: written, read again, reset."""

import json
from typing import Any

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed.groups import group_id
from graphwright_sandbox.state import StateParts
from tests.sandbox.graph.calls import NOW, Graph, administered_by, authorize, person
from tests.sandbox.in_process import InProcess

PERMISSIONS = (
    "User.ReadWrite.All Group.ReadWrite.All Contacts.ReadWrite MailboxSettings.ReadWrite "
    "ProfilePhoto.ReadWrite.All User.Read User.ReadWrite Application.ReadWrite.All"
)
SALES = f"/groups/{group_id('sales')}"
EXTENSION = {"extensionName": "com.contoso.kept", "theme": "dark"}
SCHEMA = {
    "id": "northwind_kept",
    "targetTypes": ["Group"],
    "properties": [{"name": "id", "type": "String"}],
}
JPEG = b"\xff\xd8\xff\xe0" + b"1" * 30


def start() -> tuple[Graph, StateParts]:
    app = create_graph_app(administered_by("noah.kim"), authorize, lambda: NOW)
    state: StateParts = app.state.context.state
    return Graph(InProcess(app), f"Bearer user:{person('noah.kim').id}:{PERMISSIONS}"), state


def dump(state: StateParts) -> str:
    return json.dumps({part.name: part.dump() for part in state})


def load(state: StateParts, text: str) -> None:
    kept = json.loads(text)
    for part in state:
        part.load(kept[part.name])


def write(graph: Graph) -> None:
    user = {
        "accountEnabled": True,
        "displayName": "Ada Adams",
        "mailNickname": "adaa",
        "userPrincipalName": "ada.adams@northwind.example",
        "passwordProfile": {"password": "Horse-7-battery"},
        "aboutMe": "Maps",
    }
    photo = {"content": JPEG, "headers": {"Content-Type": "image/jpeg"}}
    answers = [
        graph.post("/users", user),
        graph.patch(f"/users/{person('zoe.adeyemi').id}", {"jobTitle": "Poet"}),
        graph.delete(f"/users/{person('olivia.brandt').id}"),
        graph.patch(SALES, {"description": "Sellers"}),
        graph.post(f"{SALES}/members/$ref", {"@odata.id": f"/users/{person('noah.kim').id}"}),
        graph.delete(f"/groups/{group_id('legal')}"),
        graph.patch("/me/mailboxSettings", {"timeZone": "UTC", "dateFormat": "dd.MM.yyyy"}),
        graph.post("/me/contacts", {"givenName": "Pavel", "extensions": [EXTENSION]}),
        graph.post("/me/extensions", EXTENSION),
        graph.post("/schemaExtensions", SCHEMA),
        graph.patch(SALES, {"northwind_kept": {"id": "7"}}),
        graph.post(f"{SALES}/extensions", EXTENSION),
        graph.request("POST", f"{SALES}/addFavorite"),
        graph.request("PUT", "/me/photo/$value", **photo),
        graph.request("PUT", f"{SALES}/photo/$value", **photo),
    ]
    assert all(answer.is_success for answer in answers), [a.text for a in answers]


def read(graph: Graph) -> list[Any]:
    """What a caller sees of all that was written; entity tags and contexts left out."""
    seen = [
        graph.all_pages("/users?$select=id,displayName,aboutMe,jobTitle&$top=999"),
        graph.value("/directory/deletedItems/microsoft.graph.user?$select=id"),
        graph.value("/directory/deletedItems/microsoft.graph.group?$select=id"),
        graph.value("/groups?$select=id,description"),
        [one["id"] for one in graph.value(f"{SALES}/members?$select=id")],
        graph.get("/me/mailboxSettings").json(),
        graph.all_pages("/me/contacts?$top=50&$expand=extensions"),
    ]
    return [
        *seen,
        graph.value("/me/extensions"),
        graph.value("/schemaExtensions"),
        graph.get(f"{SALES}?$select=northwind_kept").json().get("northwind_kept"),
        graph.value(f"{SALES}/extensions"),
        graph.get(f"{SALES}?$select=isFavorite").json(),
        graph.get("/me/photo/$value").content,
        graph.get(f"{SALES}/photo/$value").content,
    ]


def test_what_was_written_is_read_by_the_next_sandbox_and_reset_brings_the_seed_back() -> None:
    graph, state = start()
    seed, seen_first = dump(state), read(graph)
    write(graph)
    kept, seen_then = dump(state), read(graph)
    assert all(a != b for a, b in zip(seen_first, seen_then, strict=True))
    assert "Horse-7-battery" not in kept

    other, other_state = start()
    load(other_state, kept)
    assert read(other) == seen_then
    load(other_state, seed)
    assert read(other) == seen_first
    load(state, seed)
    assert read(graph) == seen_first


def test_a_delta_goes_on_after_a_restart() -> None:
    graph, state = start()
    links = [
        graph.get(path).json()["@odata.deltaLink"]
        for path in (
            "/users/delta?$select=displayName&$deltatoken=latest",
            "/groups/delta?$select=displayName,members&$top=999",
        )
    ]
    write(graph)
    told = [graph.get(link).json()["value"] for link in links]
    other, other_state = start()
    load(other_state, dump(state))
    assert [other.get(link).json()["value"] for link in links] == told
    assert len(told[0]) == 3
    sales = next(one for one in told[1] if one["id"] == group_id("sales"))
    assert [one["id"] for one in sales["members@delta"]] == [person("noah.kim").id]
