"""From paths to operations: every form in which Graph takes them."""

import pytest

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import no_content
from graphwright_sandbox.graph.routing import Operation, Router, join_path, split_path

TEMPLATES = """
/users /users/$count /users/delta /users/{user} /users/{user}/sendMail
/users/{user}/reminderView(startDateTime={start},endDateTime={end})
/users/{user}/photos/{size}/$value
/groups/{group}/members/$ref /groups/{group}/members/{member}/$ref
/groups/{group}/members/microsoft.graph.user /groups/{group}/members
/drives/{drive}/root /drives/{drive}/root/children /drives/{drive}/root/search(q={query})
/drives/{drive}/root/delta /drives/{drive}/root/delta(token={token})
/drives/{drive}/root:/{path}: /drives/{drive}/root:/{path}:/content
/drives/{drive}/items/{item}:/{path}:/content /drives/{drive}/items/{item}/content
/sites/root /sites/{site}/lists /sites/{site}:/{path}: /sites/{site}:/{path}:/lists
""".split()
FOUND = [
    ("/users", "/users", {}),
    ("//Users//", "/users", {}),
    ("/users/%24count", "/users/$count", {}),
    ("/users/delta()", "/users/delta", {}),
    ("/users/microsoft.graph.delta", "/users/delta", {}),
    ("/users/microsoft.graph.delta()", "/users/delta", {}),
    ("/users('a')", "/users/{user}", {"user": "a"}),
    ("/users(id='a')", "/users/{user}", {"user": "a"}),
    ("/users(a)", "/users/{user}", {"user": "a"}),
    ("/users('o''b%40x')/microsoft.graph.sendMail", "/users/{user}/sendMail", {"user": "o'b@x"}),
    ("/users/o'b@x", "/users/{user}", {"user": "o'b@x"}),
    ("/users/a%2Fb", "/users/{user}", {"user": "a/b"}),
    (
        "/users/a/ReminderView(endDateTime='2',StartDateTime='1')",
        "/users/{user}/reminderView(startDateTime={start},endDateTime={end})",
        {"user": "a", "start": "1", "end": "2"},
    ),
    (
        "/users/a/photos('48x48')/$value",
        "/users/{user}/photos/{size}/$value",
        {"user": "a", "size": "48x48"},
    ),
    ("/groups/g/members/$ref", "/groups/{group}/members/$ref", {"group": "g"}),
    (
        "/groups/g/members/m/$ref",
        "/groups/{group}/members/{member}/$ref",
        {"group": "g", "member": "m"},
    ),
    (
        "/groups/g/members/graph.user",
        "/groups/{group}/members/microsoft.graph.user",
        {"group": "g"},
    ),
    (
        "/groups/g/members/Microsoft.Graph.User",
        "/groups/{group}/members/microsoft.graph.user",
        {"group": "g"},
    ),
    (
        "/drives/d/root/search(q='it''s, a/b (c)')",
        "/drives/{drive}/root/search(q={query})",
        {"drive": "d", "query": "it's, a/b (c)"},
    ),
    (
        "/drives/d/root/search(q=%27a%20b%27)",
        "/drives/{drive}/root/search(q={query})",
        {"drive": "d", "query": "a b"},
    ),
    ("/drives/d/root/search(q='')", "/drives/{drive}/root/search(q={query})", {"query": ""}),
    ("/drives/d/root/delta(token='t')", "/drives/{drive}/root/delta(token={token})", {}),
    ("/drives/d/root/delta", "/drives/{drive}/root/delta", {}),
    ("/drives/d/root:/a/b (1).txt", "/drives/{drive}/root:/{path}:", {"path": "a/b (1).txt"}),
    (
        "/drives/d/root%3A%2Fa%2Fb%3A/content",
        "/drives/{drive}/root:/{path}:/content",
        {"path": "a/b"},
    ),
    ("/drives/d/root:/a:/content", "/drives/{drive}/root:/{path}:/content", {"path": "a"}),
    ("/drives/d/root:/a%3A/content", "/drives/{drive}/root:/{path}:/content", {"path": "a"}),
    (
        "/drives/d/items/i:/new.txt:/content",
        "/drives/{drive}/items/{item}:/{path}:/content",
        {"item": "i", "path": "new.txt"},
    ),
    ("/drives/d/items/i/content", "/drives/{drive}/items/{item}/content", {"item": "i"}),
    ("/sites/root", "/sites/root", {}),
    ("/sites/root/lists", "/sites/{site}/lists", {"site": "root"}),
    (
        "/sites/h.example:/sites/team/",
        "/sites/{site}:/{path}:",
        {"site": "h.example", "path": "sites/team"},
    ),
    ("/sites/h.example:/", "/sites/{site}:/{path}:", {"site": "h.example", "path": ""}),
    (
        "/sites/h.example:/sites/team:/lists",
        "/sites/{site}:/{path}:/lists",
        {"path": "sites/team"},
    ),
]
UNKNOWN = [
    ("/nothing", "nothing"),
    ("/users/a/nothing", "nothing"),
    ("/users/a/nothing/more", "nothing"),
    ("/groups/g", "g"),
    ("/groups/g/nothing", "nothing"),
    ("/users/a/reminderView(startDateTime='1')", "reminderView(startDateTime='1')"),
    ("/users/a/reminderView", "reminderView"),
    ("/drives/d/root/search(q='a',q='b')", "search(q='a',q='b')"),
    ("/drives/d/root/search('a'b')", "search('a'b')"),
    ("/users/a/sendMail/x", "x"),
    ("/users()()", "users()()"),
]


@pytest.fixture(scope="module")
def router() -> Router:
    router = Router()
    for template in TEMPLATES:
        router.add(Operation("GET", template, lambda request: no_content()))
    router.add(Operation("POST", "/users", lambda request: no_content()))
    return router


@pytest.mark.parametrize(("path", "template", "keys"), FOUND, ids=[row[0] for row in FOUND])
def test_a_path_leads_to_its_operation(
    router: Router, path: str, template: str, keys: dict[str, str]
) -> None:
    match = router.match("GET", split_path(path))
    assert match.operation.path == template
    assert keys.items() <= match.keys.items()


@pytest.mark.parametrize("path", [row[0] for row in FOUND])
def test_the_link_of_a_path_leads_to_the_same_place(router: Router, path: str) -> None:
    segments = split_path(path)
    again = split_path("/" + join_path(segments))
    assert router.match("GET", again) == router.match("GET", segments)


@pytest.mark.parametrize(("path", "segment"), UNKNOWN)
def test_an_unknown_segment_is_named(router: Router, path: str, segment: str) -> None:
    with pytest.raises(GraphError) as refusal:
        router.match("GET", split_path(path))
    assert refusal.value.status == 400
    assert refusal.value.message == f"Resource not found for the segment '{segment}'."


def test_a_method_that_is_not_served_names_those_that_are(router: Router) -> None:
    with pytest.raises(GraphError) as refusal:
        router.match("PATCH", split_path("/users"))
    assert (refusal.value.status, refusal.value.headers) == (405, {"Allow": "GET, POST"})


@pytest.mark.parametrize("path", ["/" + "a/" * 50, "/users/%FF", "/" + "('" * 9000])
def test_a_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(GraphError) as refusal:
        split_path(path)
    assert refusal.value.status == 400


def test_templates_that_contradict_each_other_are_a_fault() -> None:
    router = Router()
    router.add(Operation("GET", "/users/{user}", lambda request: no_content()))
    with pytest.raises(ValueError, match="key person meets key user"):
        router.add(Operation("GET", "/users/{person}/x", lambda request: no_content()))
    with pytest.raises(ValueError, match="served twice"):
        router.add(Operation("GET", "/USERS/{user}", lambda request: no_content()))
