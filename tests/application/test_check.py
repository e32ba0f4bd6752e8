"""`graphwright check`: every fault with its code, its line and column, and the nearest valid name."""

import subprocess

import pytest

from tests.application.conftest import Model

CALENDAR = "flows/calendar.yaml"
END = 'type: end\n    message: People were refreshed.\n    result: "{{ report }}"'

# file, old text, new text -> code, the text whose line the problem stands at, a part of the hint
FAULTS = [
    ("app.yaml", "home: calendar", "home: calender", "unknownFlow", "home:", "calendar"),
    ("app.yaml", "sign_on: graph-user", "sign_on: graph", "unknownProfile", "sign_on:", "graph-"),
    ("app.yaml", "sign_on: graph-user", "sign_on: graph-app", "signOnNotUser", "sign_on:", "auth"),
    ("app.yaml", "flow: mail", "flow: mial", "unknownFlow", "mial", "mail"),
    ("app.yaml", "flow: mail", "flow: refresh_people", "flowWithoutPath", "refresh_people", "path"),
    (CALENDAR, "title: Calendar\npath", "titel: Calendar\npath", "unknownKey", "titel", "title"),
    (CALENDAR, "    method: GET", "    methd: GET", "unknownKey", "methd", "method"),
    (CALENDAR, "    mode: replace", "    mode: replace\n    zzz: 1", "unknownKey", "zzz",
     "exits, from, import, mode"),
    (CALENDAR, "    mode: replace", "    mode: replace\n    set: {subjct: 1}", "unknownField", "set: {s",
     "subject"),
    (CALENDAR, "type: import_data", "type: import", "unknownType", "type: import", "import_data"),
    (CALENDAR, "start: authorize", "start: authorise", "danglingExit", "start: authorise", "auth"),
    (
        CALENDAR,
        "default: import_events, error: failed",
        "default: import_event, error: failed",
        "danglingExit",
        "default: import_event,",
        "import_events",
    ),
    (
        CALENDAR,
        "not_authenticated: not_signed_in",
        "refused: not_signed_in",
        "unknownExit",
        "refused:",
        "not_authenticated",
    ),
    (CALENDAR, "cancel: load_events}", "close: load_events}", "unknownExit", "close:", "cancel"),
    (CALENDAR, "profile: graph-user\n    exits", "profile: graph\n    exits", "unknownProfile",
     "profile: graph\n", "graph-user"),
    (CALENDAR, "import: event", "import: evnt", "unknownImport", "import: evnt", "event"),
    (CALENDAR, "page: calendar", "page: calender", "unknownPage", "page: calender", "calendar"),
    (CALENDAR, "from: events.body", "from: event.body.", "expressionInvalid", "from:", ""),
    (CALENDAR, "from: events.body", "from: evnts.body", "unknownVariable", "from:", "events"),
    (CALENDAR, "{{ event.id }}", "{{ evnt.id }}", "unknownVariable", "evnt.id", "event"),
    ("flows/mail.yaml", "path: /mail", "path: /calendar", "pathTaken", "path:", "own"),
    ("flows/refresh_people.yaml", END, "type: page\n    page: people", "pageInActionFlow",
     "finish:", "regular"),
    ("flows/refresh_people.yaml", "kind: action", "kind: action\npath: /refresh", "pathOfActionFlow",
     "path:", "regular"),
    ("flows/refresh_people.yaml", "list: person", "list: persons", "unknownList", "list:", "person"),
    ("imports/event.yaml", "list: event", "list: events", "unknownList", "list:", "event"),
    ("imports/event.yaml", "  subject: subject", "  subjct: subject", "unknownField", "subjct",
     "subject"),
    ("imports/event.yaml", "showAs", "$uppercase(", "expressionInvalid", "show_as", ""),
    ("imports/event.yaml", "is_all_day: isAllDay", "is_all_day: \"'maybe'\"", "typeMismatch",
     "is_all_day", "type"),
    ("imports/mail_folder.yaml", "unread: unreadItemCount", "unread: $uppercase(displayName)",
     "typeMismatch", "unread:", "type"),
    ("lists/event.yaml", "type: zoned_datetime", "type: zoned_date", "valueInvalid", "start:", ""),
    ("lists/event.yaml", "title: Subject", "titel: Subject", "unknownKey", "subject:", "title"),
    ("lists/message.yaml", "list: mail_folder", "list: folder", "unknownList", "folder:",
     "mail_folder"),
    ("pages/calendar.yaml", "list: event", "list: evnt", "unknownList", "list:", "event"),
    ("pages/calendar.yaml", "title: subject", "title: subjct", "unknownField", "fields:", "subject"),
    ("pages/people.yaml", "office,", "ofice,", "unknownField", "columns:", "office"),
    ("pages/people.yaml", "type: table", "type: tabel", "unknownType", "type:", "table"),
    ("profiles/graph-app.yaml", "type: oauth2_entra", "type: oauth2", "unknownType", "type:",
     "oauth2_entra"),
    ("profiles/graph-user.yaml", "client_secret: {secret: MY_DAY_CLIENT_SECRET}",
     "client_secret: planted-secret-value", "literalSecret", "client_secret:", "{secret: NAME}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "at", "hint"), FAULTS)
def test_a_fault_is_told_with_its_place_and_cure(
    model: Model, name: str, old: str, new: str, code: str, at: str, hint: str
) -> None:
    model.change(name, old, new)
    text = (model.root / name).read_text("utf-8")
    line = text[: text.index(at)].count("\n") + 1
    problems = model.problems()
    found = [p for p in problems if p.code == code and p.place.file == name]
    assert found, [str(p) for p in problems]
    if at == "finish:":
        line += 1  # the problem stands at the node's type
    problem = next((p for p in found if p.place.line == line), None)
    assert problem is not None, f"not at line {line}: {[str(p) for p in found]}"
    assert problem.place.column is not None
    assert hint in problem.hint + problem.message
    assert "planted-secret-value" not in str(problem)


def test_the_example_has_no_problem(model: Model) -> None:
    assert model.problems() == []


def test_all_problems_are_reported_at_once(model: Model) -> None:
    model.change("lists/event.yaml", "title: Subject", "titel: Subject")
    model.change("pages/people.yaml", "office,", "ofice,")
    model.change(CALENDAR, "page: calendar", "page: calender")
    model.change(CALENDAR, "import: event", "import: evnt")
    codes = {(p.place.file, p.code) for p in model.problems()}
    assert {
        ("lists/event.yaml", "unknownKey"),
        ("pages/people.yaml", "unknownField"),
        (CALENDAR, "unknownPage"),
        (CALENDAR, "unknownImport"),
    } <= codes


def test_a_broken_file_does_not_make_its_name_unknown_elsewhere(model: Model) -> None:
    model.change("lists/event.yaml", "title: Subject", "titel: Subject")
    assert {p.code for p in model.problems()} == {"unknownKey"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: regular\nnodes: [", 3),
        ("a: 1\na: 2\n", 2),
        ("a: b: c\n", 1),
        ("\tkind: regular\n", 1),
        ("kind: !!python/object:os.system x\n", 1),
    ],
)
def test_broken_yaml_is_told_with_its_line(model: Model, text: str, line: int) -> None:
    model.write(CALENDAR, text)
    broken = [p for p in model.problems() if p.place.file == CALENDAR]
    assert broken
    assert broken[0].place.line is not None
    assert broken[0].place.line <= line


def test_a_file_that_is_no_text_is_told(model: Model) -> None:
    (model.root / CALENDAR).write_bytes(b"kind: \xff\xfe")
    assert any("UTF-8" in p.message for p in model.problems())


def test_an_empty_file_is_told(model: Model) -> None:
    model.write("lists/event.yaml", "")
    assert any(p.place.file == "lists/event.yaml" for p in model.problems())


def test_a_broken_app_yaml_is_told(model: Model) -> None:
    model.change("app.yaml", "title: My day", "titel: My day")
    codes = {problem["code"] for problem in model.errors_of_app()}
    assert codes == {"unknownKey", "fieldMissing"}


def test_a_node_nobody_reaches_is_told_and_a_note_is_not(model: Model) -> None:
    path = model.root / CALENDAR
    path.write_text(
        path.read_text("utf-8") + "  lonely: {type: end}\n  remark: {type: note, text: hello}\n"
    )
    assert [(p.code, p.place.node) for p in model.problems()] == [("unreachableNode", "lonely")]


def test_a_users_response_may_not_go_into_a_shared_list(model: Model) -> None:
    model.change("lists/event.yaml", "owner: user", "owner: shared")
    assert [p.code for p in model.problems()] == ["userRowsShared"]
    model.change("imports/event.yaml", "list: event", "list: event\nshare: true")
    assert model.problems() == []


def test_a_public_page_must_not_reach_a_write_as_the_application(model: Model) -> None:
    model.change("flows/people.yaml", "path: /people", "path: /people\naccess: public")
    assert model.problems() == []
    model.change("flows/people.yaml", "    url: /users\n", "    url: /users\n    method: POST\n")
    assert [p.code for p in model.problems()] == ["publicWrite", "unaskedWrite"]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("extra_hosts: [evil.example]", "warning"),
        ("graph: https://evil.example", "warning"),
        ("authority: https://evil.example", "warning"),
        ('authority: "${LOGIN_URL:-https://evil.example}"', "warning"),
        ('authority: "${LOGIN_URL:-}"', None),
        ("graph: https://localhost:8443", None),
        ("graph: https://graph.microsoft.us", None),
    ],
)
def test_a_host_that_the_model_gives_tokens_to_is_told(
    model: Model, line: str, severity: str | None
) -> None:
    model.change("profiles/graph-user.yaml", "client_id:", f"{line}\nclient_id:")
    found = [(p.code, p.severity, p.place.line is not None) for p in model.problems()]
    assert found == ([("foreignHost", severity, True)] if severity else [])


def test_a_secret_that_a_profile_reads_as_a_setting_is_an_error(model: Model) -> None:
    model.change("profiles/graph-user.yaml", "type:", "description: ${A_CLIENT_SECRET:-}\ntype:")
    (model.root / ".env").write_text("A_CLIENT_SECRET=planted-value\n")
    (problem,) = model.problems()
    assert (problem.code, problem.severity) == ("secretRead", "error")
    assert "planted-value" not in str(problem)


@pytest.mark.parametrize(
    "own",
    [
        "{type: basic, username: us, password: {secret: OURS}}",
        "{type: client_certificate, certificate: {secret: OURS}}",
    ],
)
def test_nor_such_a_write_with_a_password_or_certificate_of_ours(model: Model, own: str) -> None:
    model.change("flows/people.yaml", "path: /people", "path: /people\naccess: public")
    model.change(
        "flows/people.yaml", "url: /users\n", "url: https://crm.example/x\n    method: POST\n"
    )
    model.change(
        "flows/people.yaml",
        "authentication: {type: oauth2, profile: graph-app}",
        f"authentication: {own}",
    )
    assert "publicWrite" in [p.code for p in model.problems()]


def test_a_write_before_the_first_page_is_told_since_a_link_is_enough_to_send_it(
    model: Model,
) -> None:
    model.change("flows/people.yaml", "    url: /users\n", "    url: /users\n    method: POST\n")
    (problem,) = model.problems()
    assert (problem.code, problem.severity) == ("unaskedWrite", "warning")
    assert (problem.place.node, "/people" in problem.message) == ("load_people", True)
    model.change("flows/people.yaml", "url: /users\n", "url: /users/getByIds\n")
    assert model.problems() == []


def test_a_write_before_the_first_page_is_told_in_a_sub_flow_too(model: Model) -> None:
    model.change("flows/people.yaml", "error: failed}", "error: call}")
    path = model.root / "flows/people.yaml"
    path.write_text(path.read_text("utf-8") + "  call: {type: subflow, flow: refresh_people}\n")
    model.change("flows/refresh_people.yaml", "url: /users", "url: /users\n    method: DELETE")
    assert [p.code for p in model.problems()] == ["unaskedWrite"]


def test_a_public_page_must_not_reach_such_a_write_through_a_sub_flow(model: Model) -> None:
    model.change("flows/people.yaml", "path: /people", "path: /people\naccess: public")
    model.change("flows/people.yaml", "error: failed}", "error: call}")
    path = model.root / "flows/people.yaml"
    path.write_text(path.read_text("utf-8") + "  call: {type: subflow, flow: refresh_people}\n")
    assert model.problems() == []
    model.change("flows/refresh_people.yaml", "url: /users", "url: /users\n    method: DELETE")
    assert "publicWrite" in [p.code for p in model.problems()]


def test_a_tracked_env_file_is_told(model: Model) -> None:
    model.write(".env", "MY_DAY_CLIENT_SECRET=x\n")
    run = ["git", "-C", str(model.root)]
    subprocess.run([*run, "init", "-q"], check=True)
    assert model.problems() == []
    subprocess.run([*run, "add", "-f", ".env"], check=True)
    assert [p.code for p in model.problems()] == ["secretsTracked"]


def test_a_secret_in_a_flow_is_told_without_repeating_it(model: Model) -> None:
    secret = "abc8Q~" + "d" * 34
    model.change(CALENDAR, "$top: 100", f"key: {secret}")
    found = model.problems()
    assert [p.code for p in found] == ["literalSecret"]
    assert secret not in str(found)


def test_a_name_that_is_reserved_is_told(model: Model) -> None:
    (model.root / "lists" / "_hidden.yaml").write_text("fields: {a: {type: text}}\n")
    assert [p.code for p in model.problems()] == ["nameInvalid"]


def test_missing_settings_are_warnings(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphwright.application.check import check_application

    monkeypatch.delenv("MY_DAY_TENANT", raising=False)
    _, problems = check_application(model.root)
    missing = [p for p in problems if p.code == "settingMissing"]
    assert missing
    assert {p.severity for p in missing} == {"warning"}
    assert any("MY_DAY_TENANT" in p.message for p in missing)
