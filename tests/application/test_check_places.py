"""Faults with their exact line and column, so that an editor can jump to them."""

import pytest

from tests.application.conftest import Model

# file, old text, new text -> code, the text (marked by |) that the place points at, the hint
PLACES = [
    ("app.yaml", "access: signed_in", "access: {roles: [boss]}", "unknownRole", "|boss", ""),
    (
        "app.yaml",
        "access: signed_in",
        "access: signed_in\nroles: {manager: {}}\nruns: {roles: [manger]}",
        "unknownRole",
        "[|manger]",
        "Did you mean manager?",
    ),
    (
        "flows/mail.yaml",
        "path: /mail",
        "path: /mail\naccess: {roles: [reader]}",
        "unknownRole",
        "[|reader]",
        "There are none yet.",
    ),
    ("flows/mail.yaml", "path: /mail", "path: /api/mail", "pathReserved", "|path: /api", "another"),
    (
        "flows/calendar.yaml",
        "{from_field: start,",
        "{from_field: strat,",
        "unknownField",
        "|from_field: strat",
        "Did you mean start",
    ),
    (
        "flows/refresh_people.yaml",
        "sort: name",
        "sort: nme:desc",
        "unknownField",
        "|sort: nme",
        "Did you mean name?",
    ),
    (
        "flows/refresh_people.yaml",
        "format: csv",
        "format: csv\n    filters: [{field: deprtment, value: Sales}]",
        "unknownField",
        "|field: deprtment",
        "Did you mean department?",
    ),
    (
        "flows/refresh_people.yaml",
        "format: csv",
        'format: csv\n    filters: [{field: department, value: "{{ inptu.a }}"}]',
        "unknownVariable",
        "|value:",
        "Did you mean input?",
    ),
    (
        "flows/people.yaml",
        "outputs: {open: person}",
        "outputs: {open: employee}",
        "unknownVariable",
        "",
        "",
    ),
    (
        "pages/new_event.yaml",
        "default: values.subject",
        "default: valuse.subject",
        "unknownVariable",
        "|default: valuse",
        "Did you mean values",
    ),
    (
        "pages/new_event.yaml",
        "default: values.subject",
        "default: values.(",
        "expressionInvalid",
        "|default: values.(",
        "JSONata",
    ),
    (
        "pages/new_event.yaml",
        "rules:\n  - {check: ",
        'rules:\n  - {check: "starts < end", field: end, message: No.}\n  - {check: ',
        "unknownVariable",
        '|check: "starts',
        "Did you mean start",
    ),
    (
        "imports/event.yaml",
        "fields:",
        "children:\n  person: {items: attendees, fields: {name: a}}\nfields:",
        "notAChild",
        "|person: {items",
        "parent: event",
    ),
    (
        "lists/draft.yaml",
        "storage: transient",
        "storage: transient\nparent: event",
        "listInvalid",
        "|storage: transient",
        "",
    ),
    (
        "lists/draft.yaml",
        "storage: transient",
        "parent: draft",
        "listInvalid",
        "|parent: draft",
        "",
    ),
    (
        "lists/event.yaml",
        "title: Events",
        "title: Events\nrenamed_from: message",
        "listInvalid",
        "|renamed_from",
        "Remove",
    ),
    (
        "lists/event.yaml",
        "title: Events",
        "title: Events\nparent: evnt",
        "unknownList",
        "|parent: evnt",
        "Did you mean event?",
    ),
    (
        "imports/mail_folder.yaml",
        "title: displayName",
        "titel: displayName",
        "unknownField",
        "|titel",
        "Did you mean title",
    ),
    (
        "imports/event.yaml",
        "is_all_day: isAllDay",
        "is_all_day: $sum(a)",
        "typeMismatch",
        "|is_all_day",
        "type",
    ),
    (
        "imports/event.yaml",
        "start: start",
        "start: '[start, end]'",
        "typeMismatch",
        "|start: '[",
        "type",
    ),
    (
        "flows/calendar.yaml",
        "authentication: {type: oauth2, profile: graph-user}\n    response",
        "authentication: {type: oauth2, profile: graf-user}\n    response",
        "unknownProfile",
        "|profile: graf",
        "Did you mean graph-user",
    ),
    (
        "flows/calendar.yaml",
        "authentication: {type: oauth2, profile: graph-user}\n    response",
        "authentication: {type: oauth2, profle: graph-user}\n    response",
        "unknownKey",
        "|profle",
        "profile",
    ),
    ("flows/calendar.yaml", "start: authorize\n", "", "fieldMissing", "|# yaml", ""),
    (
        "flows/calendar.yaml",
        "    url: /me/calendarView\n",
        "",
        "fieldMissing",
        "|load_events:",
        "",
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "at", "hint"),
    PLACES,
    ids=[f"{code}-{new[:30]!r}" for _, _, new, code, _, _ in PLACES],
)
def test_the_place_is_exact(
    model: Model, name: str, old: str, new: str, code: str, at: str, hint: str
) -> None:
    model.change(name, old, new)
    found = [p for p in model.problems() if p.code == code]
    assert found, [str(p) for p in model.problems()]
    if not at:
        return
    text = (model.root / name).read_text("utf-8")
    before = text[: text.index(at.replace("|", "")) + at.index("|")].split("\n")
    expected = (name, len(before), len(before[-1]) + 1)
    places = {(p.place.file, p.place.line, p.place.column) for p in found}
    assert expected in places, [str(p) for p in found]
    assert any(hint in p.hint for p in found), [p.hint for p in found]


def test_a_missing_field_is_named_by_its_own_path(model: Model) -> None:
    model.change("flows/calendar.yaml", "    url: /me/calendarView\n", "")
    model.change("flows/calendar.yaml", "start: authorize\n", "")
    fields = {p.place.field for p in model.problems() if p.code == "fieldMissing"}
    assert fields == {"nodes.load_events.url", "start"}


def test_an_unknown_key_in_app_yaml_has_its_place(model: Model) -> None:
    model.change("app.yaml", "{title: Mail, flow: mail,", "{title: Mail, titel: x, flow: mail,")
    (problem,) = model.errors_of_app()
    lines = (model.root / "app.yaml").read_text("utf-8").split("\n")
    line, column = int(str(problem["line"])), int(str(problem["column"]))
    assert lines[line - 1][column - 1 :].startswith("titel")
    assert problem["hint"] == "Did you mean title?"


def test_a_status_written_as_a_number_is_an_exit_with_its_place(model: Model) -> None:
    model.change("flows/calendar.yaml", '"404": load_events', "404: nowhere")
    (problem,) = [p for p in model.problems() if p.code == "danglingExit"]
    line = (model.root / "flows/calendar.yaml").read_text("utf-8").split("\n")
    assert problem.place.line is not None
    assert line[problem.place.line - 1][(problem.place.column or 0) - 1 :].startswith("404:")


@pytest.mark.parametrize(
    ("field", "expression"),
    [
        ("is_all_day", "$boolean(a) ? b : $exists(c)"),
        ("subject", '$string(a) & ")"'),
        ("location", "[a, b][0]"),
        ("subject", "{'a': b}.a"),
        ("show_as", "$join(['(', a], ')')"),
        ("start", "{'dateTime': a, 'timeZone': 'UTC'}"),
    ],
)
def test_what_may_fit_is_not_told(model: Model, field: str, expression: str) -> None:
    path = model.root / "imports/event.yaml"
    lines = path.read_text("utf-8").split("\n")
    quoted = expression.replace("'", "''")
    changed = [f"  {field}: '{quoted}'" if li.startswith(f"  {field}:") else li for li in lines]
    path.write_text("\n".join(changed), "utf-8")
    assert model.problems() == []


def test_a_file_in_a_folder_that_nothing_reads_is_told(model: Model) -> None:
    (model.root / "list").mkdir()
    model.write("list/event.yaml", "title: Lost\n")
    (problem,) = model.problems()
    assert (problem.code, problem.severity) == ("strayFile", "warning")
    assert "lists" in problem.hint


def test_files_are_told_though_app_yaml_is_broken(model: Model) -> None:
    model.change("app.yaml", "title: My day", "title: [")
    model.change("lists/event.yaml", "title: Subject", "titel: Subject")
    found = {(problem["file"], problem["code"]) for problem in model.errors_of_app()}
    assert found == {("app.yaml", "yamlInvalid"), ("lists/event.yaml", "unknownKey")}


@pytest.mark.parametrize(
    "name", ["Event.yaml", "my event.yaml", "a-b.yaml", "event.yml", "_x.yaml"]
)
def test_a_bad_file_name_is_told(model: Model, name: str) -> None:
    model.write(f"lists/{name}", "fields: {a: {type: text}}\n")
    (problem,) = model.problems()
    assert (problem.code, problem.place.file) == ("nameInvalid", f"lists/{name}")


def test_bad_node_and_variable_names_are_told(model: Model) -> None:
    model.change("flows/calendar.yaml", "  slot: null", "  Slot one: null")
    model.change("flows/mail.yaml", "  load_folders:", "  Load Folders:")
    found = {(p.place.file, p.code) for p in model.problems()}
    assert ("flows/calendar.yaml", "valueInvalid") in found
    assert ("flows/mail.yaml", "valueInvalid") in found
