"""Renaming on the example: every reference follows, no new problem, rows stay, comments too."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.application.check import check_application
from graphwright.application.documents import Document
from graphwright.application.load import read_application
from graphwright.application.rename import (
    Kind,
    NameTaken,
    NewNameInvalid,
    NotThere,
    Renamed,
    rename,
)
from graphwright.kernel.database import Database, data_metadata
from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.lists import Lists

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-day"


def do(
    root: Path, kind: Kind, name: str, to: str, within: str | None = None, **how: Any
) -> Renamed:
    """Renames and writes the documents."""
    application, _ = read_application(root)
    found = rename(application, kind, name, to, within, **how)
    for document, text in found.documents.items():
        if text is None:
            (root / document).unlink()
    for document, text in found.documents.items():
        if text is not None:
            (root / document).write_text(text, "utf-8")
    return found


def value(root: Path, name: str) -> Any:
    """What a document says."""
    return Document.read(root, name).value


def lines(root: Path) -> list[str]:
    """Every comment of the application."""
    return sorted(
        line
        for path in root.glob("[!.]*/*.yaml")
        for line in path.read_text("utf-8").splitlines()
        if line.lstrip().startswith("#")
    )


CASES: list[tuple[Kind, str, str, str | None]] = [
    ("profile", "graph-user", "me", None),
    ("profile", "graph-app", "the_app", None),
    ("list", "event", "appointment", None),
    ("list", "mail_folder", "folder_of_mail", None),
    ("list", "draft", "new_mail", None),
    ("import", "event", "appointments", None),
    ("flow", "calendar", "week", None),
    ("page", "calendar", "week", None),
    ("node", "load_events", "get_events", "calendar"),
    ("node", "authorize", "begin", "calendar"),
    ("field", "id", "event_id", "event"),
    ("field", "start", "begins", "event"),
    ("field", "subject", "what", "event"),
    ("field", "is_read", "seen", "message"),
    ("field", "rank", "place", "mail_folder"),
    ("field", "name", "full_name", "person"),
    ("variable", "range", "span", "calendar"),
    ("variable", "values", "typed", "calendar"),
    ("variable", "event", "appointment", "calendar"),
    ("variable", "problem", "trouble", "mail"),
    ("variable", "events", "answer", "calendar"),
    ("variable", "person", "somebody", "people"),
    ("variable", "report", "outcome", "refresh_people"),
]


@pytest.fixture(scope="module")
def before() -> list[str]:
    """What the check says of the example."""
    return [str(problem) for problem in check_application(EXAMPLE)[1]]


@pytest.mark.parametrize(("kind", "name", "to", "within"), CASES, ids=str)
def test_after_a_rename_nothing_is_wrong_that_was_right(
    model: Any, before: list[str], kind: Kind, name: str, to: str, within: str | None
) -> None:
    comments = lines(model.root)
    found = do(model.root, kind, name, to, within)
    assert found.documents
    after = [str(p) for p in check_application(model.root)[1]]
    assert len(after) == len(before), after
    assert lines(model.root) == comments
    # And back again: the same files as before, but for the old names of lists and fields.
    if kind not in ("list", "field"):
        do(model.root, kind, to, name, within)
        names = [str(p.relative_to(model.root)) for p in sorted(model.root.glob("**/*.yaml"))]
        changed = [
            name
            for name in names
            if (model.root / name).read_bytes() != (EXAMPLE / name).read_bytes()
            and value(model.root, name) != value(EXAMPLE, name)
        ]
        assert changed == []


def test_a_profile_is_renamed_in_app_and_flows(model: Any) -> None:
    found = do(model.root, "profile", "graph-user", "me")
    assert found.documents["profiles/graph-user.yaml"] is None
    assert value(model.root, "app.yaml")["sign_on"] == "me"
    nodes = value(model.root, "flows/calendar.yaml")["nodes"]
    assert nodes["authorize"]["profile"] == "me"
    assert nodes["load_events"]["authentication"]["profile"] == "me"
    assert found.left == ()


def test_a_profile_is_renamed_in_pages_with_files(tmp_path: Path) -> None:
    root = tmp_path / "site-browser"
    shutil.copytree(EXAMPLE.parent / "site-browser", root)
    do(root, "profile", "graph-user", "me")
    assert value(root, "pages/files.yaml")["contents"]["profile"] == "me"


def test_a_flow_takes_its_layout_along_and_stays_at_its_path(model: Any) -> None:
    do(model.root, "flow", "calendar", "week")
    assert value(model.root, "app.yaml")["home"] == "week"
    assert value(model.root, "app.yaml")["navigation"][0]["flow"] == "week"
    assert (model.root / "layout/week.yaml").is_file()
    assert not (model.root / "layout/calendar.yaml").exists()
    assert value(model.root, "flows/week.yaml")["path"] == "/calendar"


def test_a_node_is_renamed_at_every_exit_and_on_the_canvas(model: Any) -> None:
    do(model.root, "node", "load_events", "get_events", "calendar")
    text = (model.root / "flows/calendar.yaml").read_text("utf-8")
    assert "load_events" not in text
    assert "get_events" in value(model.root, "layout/calendar.yaml")


def test_fields_follow_in_imports_pages_nodes_and_expressions(model: Any) -> None:
    do(model.root, "field", "start", "begins", "event")
    do(model.root, "field", "id", "event_id", "event")
    assert value(model.root, "lists/event.yaml")["key"] == ["event_id"]
    assert value(model.root, "imports/event.yaml")["fields"]["begins"] == "start"
    assert value(model.root, "pages/calendar.yaml")["fields"]["start"] == "begins"
    nodes = value(model.root, "flows/calendar.yaml")["nodes"]
    assert nodes["import_events"]["within"]["from_field"] == "begins"
    assert nodes["update_event"]["url"] == "/me/events/{{ event.event_id }}"
    body = nodes["create_event"]["body"]["json"]
    assert body["start"] == "{{ values.begins }}"
    rules = value(model.root, "pages/new_event.yaml")["rules"]
    assert rules[0]["check"] == "begins.dateTime < end.dateTime"
    assert "renamed_from: start" in (model.root / "lists/event.yaml").read_text("utf-8")


def test_a_variable_left_to_a_default_is_said_from_now_on(model: Any) -> None:
    model.change("pages/calendar.yaml", "range: range\n", "")
    do(model.root, "variable", "range", "span", "calendar")
    assert value(model.root, "pages/calendar.yaml")["range"] == "span"
    nodes = value(model.root, "flows/calendar.yaml")["nodes"]
    assert nodes["show_calendar"]["outputs"]["range_changed"] == "span"
    assert nodes["load_events"]["query"]["startDateTime"] == "{{ span.start }}"


def test_what_cannot_be_changed_safely_is_told(model: Any) -> None:
    model.change("flows/calendar.yaml", "{{ event.id }}", "{{ event[0].id }}")
    found = do(model.root, "field", "id", "event_id", "event")
    assert [(p.file, p.field) for p in found.left] == [
        ("flows/calendar.yaml", "nodes.update_event.url")
    ]


def test_a_page_of_two_flows_is_not_changed_for_one(model: Any) -> None:
    text = (model.root / "flows/calendar.yaml").read_text("utf-8")
    model.write("flows/other.yaml", text.replace("path: /calendar", "path: /other"))
    found = do(model.root, "variable", "problem", "trouble", "calendar")
    assert {p.file for p in found.left} == {"pages/edit_event.yaml", "pages/new_event.yaml"}


def test_an_unsaved_list_or_field_says_no_old_name(model: Any) -> None:
    do(model.root, "field", "rank", "place", "mail_folder", keep_rows=False)
    do(model.root, "list", "person", "human", keep_rows=False)
    assert "renamed_from" not in (model.root / "lists/mail_folder.yaml").read_text("utf-8")
    assert "renamed_from" not in (model.root / "lists/human.yaml").read_text("utf-8")


def test_the_first_name_is_kept_until_it_is_saved_and_goes_when_it_comes_back(model: Any) -> None:
    do(model.root, "list", "person", "human")
    do(model.root, "list", "human", "somebody", keep_rows=False)
    assert value(model.root, "lists/somebody.yaml")["renamed_from"] == "person"
    do(model.root, "list", "somebody", "person", keep_rows=False)
    assert value(model.root, "lists/person.yaml") == value(EXAMPLE, "lists/person.yaml")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A data database."""
    database = Database(f"sqlite:///{tmp_path / 'rows.sqlite'}")
    database.upgrade(data_metadata)
    yield database
    database.close()


async def test_rows_of_a_renamed_list_and_field_are_still_there(
    model: Any, database: Database
) -> None:
    lists = Lists(read_application(model.root)[0].lists, database)
    await lists.prepare()

    def insert(connection: sa.Connection) -> None:
        table = lists.table("event").table
        connection.execute(
            table.insert(),
            {
                "_owner": "lena",
                "_key": "e1",
                "_scope": "",
                "_import": "1",
                "id": "e1",
                "subject": "Lunch",
            },
        )

    await database.write(insert)
    do(model.root, "field", "subject", "what", "event")
    do(model.root, "list", "event", "appointment")
    renamed = Lists(read_application(model.root)[0].lists, database)
    await renamed.prepare()
    row = await renamed.row("appointment", "lena", "e1")
    assert row is not None
    assert row["what"] == "Lunch"


@pytest.mark.parametrize(
    ("kind", "name", "to", "within", "error"),
    [
        ("list", "event", "person", None, NameTaken),
        ("field", "id", "subject", "event", NameTaken),
        ("node", "failed", "load_events", "calendar", NameTaken),
        ("variable", "range", "values", "calendar", NameTaken),
        ("list", "nothing", "thing", None, NotThere),
        ("flow", "nothing", "thing", None, NotThere),
        ("node", "nothing", "thing", "calendar", NotThere),
        ("node", "failed", "thing", "nothing", NotThere),
        ("node", "failed", "thing", "../app", NotThere),
        ("field", "nothing", "thing", "event", NotThere),
        ("variable", "nothing", "thing", "calendar", NotThere),
        ("list", "event", "my-event", None, NewNameInvalid),
        ("list", "event", "pg_event", None, NewNameInvalid),
        ("list", "event", "e" * 51, None, NewNameInvalid),
        ("field", "id", "xmin", "event", NewNameInvalid),
        ("field", "id", "a__b", "event", NewNameInvalid),
        ("flow", "calendar", "../../x", None, NewNameInvalid),
        ("flow", "calendar", "Week", None, NewNameInvalid),
        ("page", "calendar", "", None, NewNameInvalid),
        ("page", "calendar", "a\n", None, NewNameInvalid),
        ("variable", "range", "user", "calendar", NewNameInvalid),
        ("variable", "range", "a-b", "calendar", NewNameInvalid),
        ("field", "id", "event_id", None, InvalidInput),
    ],
)
def test_bad_names_are_refused(
    model: Any, kind: Kind, name: str, to: str, within: str | None, error: type[GraphwrightError]
) -> None:
    with pytest.raises(error) as caught:
        do(model.root, kind, name, to, within)
    assert caught.value.message


def test_the_same_name_changes_nothing(model: Any) -> None:
    assert do(model.root, "list", "event", "event").documents == {}
