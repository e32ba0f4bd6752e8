"""What the check refuses to let through: users' rows for everybody, writes by anybody, secrets."""

import subprocess

import pytest

from tests.application.conftest import Model

SHARED = "title: Inbox\nowner: shared\nkey: [id]\nfields: {id: {type: text}, name: {type: text}}\n"
IMPORT = "list: inbox\nfields: {id: id, name: name}\n"
FLOW = """
kind: regular
path: /leak
start: load
nodes:
  load:
    type: http_request
    url: /me/messages
    authentication: {{type: oauth2, profile: {profile}}}
    response: mine
    exits: {{default: next}}
{nodes}
  take:
    type: import_data
    import: inbox
    from: {source}
"""


def leak(model: Model, source: str, nodes: str, profile: str = "graph-user") -> list[str]:
    """The codes of a flow that imports something into a shared list."""
    model.write("lists/inbox.yaml", SHARED)
    model.write("imports/inbox.yaml", IMPORT)
    model.write("flows/leak.yaml", FLOW.format(source=source, nodes=nodes, profile=profile))
    return [p.code for p in model.problems()]


NEXT = "  next: {type: note, text: on, exits: {default: take}}"
WAYS = {
    "the body": ("mine.body", NEXT),
    "part of an expression": ("$filter(mine.body.value, function($m) { $m.id })", NEXT),
    "in an array": ("'[mine.body]'", NEXT),
    "the whole scope": ("'$.mine.body'", NEXT),
    "through a variable": (
        "copied",
        '  next: {type: assign, set: {copied: "{{ mine.body }}"}, exits: {default: take}}',
    ),
    "through an item of a loop": (
        "one",
        "  next: {type: loop, items: mine.body, item: one, exits: {each: take}}",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_users_response_is_followed_into_a_shared_list(model: Model, way: str) -> None:
    assert leak(model, *WAYS[way]) == ["userRowsShared"]


@pytest.mark.parametrize("way", WAYS)
def test_a_response_of_the_application_may_go_into_a_shared_list(model: Model, way: str) -> None:
    assert leak(model, *WAYS[way], profile="graph-app") == []


def test_share_true_says_that_all_may_see_it(model: Model) -> None:
    leak(model, *WAYS["the body"])
    model.write("imports/inbox.yaml", IMPORT + "share: true\n")
    assert model.problems() == []


def test_a_users_response_is_followed_into_a_sub_flow(model: Model) -> None:
    nodes = (
        '  next: {type: subflow, flow: inner, inputs: {rows: "{{ mine.body }}"}, '
        "exits: {default: take}}"
    )
    model.write(
        "flows/inner.yaml",
        "kind: action\ninputs: {rows: {type: json}}\nstart: keep\n"
        "nodes: {keep: {type: import_data, import: inbox, from: input.rows}}\n",
    )
    codes = leak(model, "\"'nothing'\"", nodes)
    assert codes == ["userRowsShared"]
    assert [p.place.file for p in model.problems()] == ["flows/inner.yaml"]


def test_a_users_response_is_followed_out_of_a_sub_flow(model: Model) -> None:
    model.write(
        "flows/inner.yaml",
        "kind: action\nstart: load\nnodes:\n"
        "  load: {type: http_request, url: /me, response: me, exits: {default: done},"
        " authentication: {type: oauth2, profile: graph-user}}\n"
        '  done: {type: end, result: "{{ me.body }}"}\n',
    )
    nodes = "  next: {type: subflow, flow: inner, result: got, exits: {default: take}}"
    assert leak(model, "got", nodes, profile="graph-app") == ["userRowsShared"]


def test_a_child_list_is_as_shared_as_its_parent(model: Model) -> None:
    model.write("lists/note.yaml", "parent: inbox\nfields: {text: {type: text}}\n")
    model.write("imports/note.yaml", "list: note\nfields: {text: text}\n")
    nodes = NEXT.replace("take", "child") + (
        "\n  child: {type: import_data, import: note, from: mine.body, exits: {default: take}}"
    )
    codes = leak(model, "\"'nothing'\"", nodes)
    assert codes == ["userRowsShared"]


@pytest.mark.parametrize(
    ("old", "new", "leaks"),
    [
        ("client_secret: {secret: MY_DAY_CLIENT_SECRET}", "client_secret: hunter2", "hunter2"),
        (
            "client_id: ${MY_DAY_CLIENT_ID}",
            "client_id: abc8" + "Q~0123456789012345678901234567890123",
            "8Q~0123",
        ),
    ],
)
def test_a_literal_secret_in_a_profile_is_told(
    model: Model, old: str, new: str, leaks: str
) -> None:
    model.change("profiles/graph-user.yaml", old, new)
    found = model.problems()
    assert [p.code for p in found] == ["literalSecret"]
    assert leaks not in str(found)


@pytest.mark.parametrize(
    "header",
    [
        "X-Api-Key: a-0123456789",
        "X-Auth: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x",
        "X-Token: something",
        "X-Note: -----BEGIN " + "PRIVATE KEY-----",
    ],
)
def test_a_literal_secret_in_a_header_is_told(model: Model, header: str) -> None:
    model.change("flows/mail.yaml", "    headers: {", f"    headers: {{{header}, ")
    found = model.problems()
    assert [p.code for p in found] == ["literalSecret"]
    assert header.split(": ")[1] not in str(found)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("imports/event.yaml", "  subject: subject", "  subject: passwordProfile.password"),
        ("flows/mail.yaml", "query: {$top: 100}", 'query: {$skiptoken: "{{ now.date }}"}'),
    ],
)
def test_names_that_only_sound_like_secrets_are_not_told(
    model: Model, name: str, old: str, new: str
) -> None:
    model.change(name, old, new)
    assert model.problems() == []


def test_the_parser_does_not_repeat_a_secret_of_a_key_that_stands_there_twice(model: Model) -> None:
    model.change(
        "profiles/graph-user.yaml", "type:", "title: planted-one\ntitle: planted-two\ntype:"
    )
    found = model.problems()
    assert [p.code for p in found if p.place.file == "profiles/graph-user.yaml"] == ["yamlInvalid"]
    assert "title" in found[0].message
    assert "planted" not in str(found)


@pytest.mark.parametrize(
    ("authentication", "missing"),
    [
        ("basic, username: x, password: {secret: NOT_SET}", ["NOT_SET"]),
        ("client_certificate, certificate: {secret: NOT_SET}", ["NOT_SET"]),
        (
            "client_certificate, certificate: {secret: NOT_SET}, passphrase: {secret: NOR_THIS}",
            ["NOT_SET", "NOR_THIS"],
        ),
    ],
)
def test_a_missing_secret_of_a_request_is_a_warning(
    model: Model, authentication: str, missing: list[str]
) -> None:
    model.change(
        "flows/refresh_people.yaml",
        "    url: /users\n",
        "    url: https://example.com/users\n",
    )
    model.change(
        "flows/refresh_people.yaml",
        "authentication: {type: oauth2, profile: graph-app}",
        f"authentication: {{type: {authentication}}}",
    )
    from graphwright.application.check import check_application

    _, problems = check_application(model.root)
    found = [p for p in problems if p.place.file == "flows/refresh_people.yaml"]
    assert [(p.code, p.severity) for p in found] == [("secretMissing", "warning")] * len(missing)
    assert [p.message.split()[2] for p in found] == missing


def test_tracked_data_is_told_in_a_folder_within_a_repository(model: Model) -> None:
    (model.root / ".graphwright").mkdir()
    model.write(".graphwright/data.sqlite", "")
    run = ["git", "-C", str(model.root.parent)]
    subprocess.run([*run, "init", "-q"], check=True)
    subprocess.run([*run, "add", "-f", "app/.graphwright"], check=True)
    (problem,) = model.problems()
    assert problem.code == "secretsTracked"
    assert ".graphwright/data.sqlite" in problem.message
    assert "git rm --cached" in problem.hint
