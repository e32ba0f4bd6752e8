"""`import` and `lists`: files into lists, and what lies in them."""

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_rows_that_users_own_need_an_account(run: Run, my_day: Path, tmp_path: Path) -> None:
    (tmp_path / "events.json").write_text("[]")
    result = run("import", "run", my_day, "event", tmp_path / "events.json")
    assert (result.code, result.out) == (2, "")
    assert "--account" in result.err
    shown = run("lists", "show", my_day, "event")
    assert (shown.code, shown.out) == (2, "")
    assert "--account" in shown.err
    assert "Did you mean person?" in run("lists", "show", my_day, "persn").err


PEOPLE = [
    {"id": "1", "displayName": "Ada", "jobTitle": "=1+1", "more": {"deep": [1]}},
    {"id": "2", "displayName": "Bob 👋"},
    {"displayName": "without a key"},
]


def test_a_file_is_imported_and_its_report_is_printed(
    run: Run, my_day: Path, tmp_path: Path
) -> None:
    path = tmp_path / "people.json"
    path.write_text(json.dumps({"value": PEOPLE}), "utf-8")
    first = run("import", "run", my_day, "person", path)
    assert first.code == 0, first.said
    assert first.out.startswith("2 inserted, 0 updated, 0 unchanged, 0 deleted, 1 skipped")
    assert "item 3: the key is required" in first.out
    path.write_text(json.dumps(PEOPLE[:1]), "utf-8")
    again = run("import", "run", my_day, "person", path, "--replace", "--json")
    assert (again.json["unchanged"], again.json["deleted"]) == (1, 1)
    shown = run("lists", "show", my_day, "person")
    assert [json.loads(line)["name"] for line in shown.out.splitlines()] == ["Ada"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "JSON"), (b"\xff\xfe\x00", ""), (b"", ""), (b'"text"', "")],
)
def test_a_file_that_cannot_be_imported_is_told(
    run: Run, my_day: Path, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    result = run("import", "run", my_day, "person", path)
    assert result.code in (1, 2)
    assert result.out == ""
    assert result.err.strip()
    assert words in result.err
    assert run("import", "run", my_day, "person", tmp_path / "missing.json").code == 2
    assert "Did you mean person?" in run("import", "run", my_day, "persn", path).err


def test_a_mapping_is_made_from_an_example_and_runs(run: Run, my_day: Path, tmp_path: Path) -> None:
    path = tmp_path / "rooms.json"
    rooms = [{"id": "r1", "name": "Aula", "seats": 40, "tags": [{"tag": "big"}, {"tag": "old"}]}]
    path.write_text(json.dumps(rooms), "utf-8")
    made = run("import", "infer", my_day, path, "--name", "room")
    assert made.code == 0, made.said
    assert "lists/room.yaml" in made.out
    assert "imports/room.yaml" in made.out
    checked = run("check", my_day)
    assert checked.code == 0, checked.said
    again = run("import", "infer", my_day, path, "--name", "room")
    assert (again.code, again.out) == (2, "")
    assert "fileExists" in again.err
    assert "--force" in again.err
    assert run("import", "infer", my_day, path, "--name", "room", "--force").code == 0
    assert run("import", "infer", my_day, path, "--name", "Bad Name").code == 2
    of_users = run("import", "run", my_day, "room", path, "--account", "nobody")
    assert of_users.code == 2, of_users.said
    assert "owner: user" in (my_day / "lists" / "room.yaml").read_text("utf-8")
    assert f"graphwright import run {my_day} room {path} --account ADDRESS" in made.out
    assert "--owner shared --force" in made.out
    shared = run("import", "infer", my_day, path, "--name", "room", "--owner", "shared", "--force")
    # The printed command is the one that works.
    (then,) = [line for line in shared.out.splitlines() if "graphwright import run" in line]
    taken = run(*shlex.split(then.partition(": graphwright ")[2]))
    assert (taken.code, "1 inserted" in taken.out) == (0, True), taken.said
    counted = [line.split() for line in run("lists", "count", my_day).out.split("\n")]
    assert ["room", "shared", "1"] in counted
    assert ["room_tag", "shared", "2"] in counted, (
        "a child list's rows belong to the parent's owner"
    )


def test_lists_of_a_folder_alone_counts_them(run: Run, my_day: Path) -> None:
    alone = run("lists", my_day)
    assert alone.code == 0, alone.said
    assert ["person", "shared", "0"] in [line.split() for line in alone.out.splitlines()]
    assert alone.out == run("lists", "count", my_day).out
    mistyped = run("lists", "cuont", my_day)
    assert (mistyped.code, mistyped.out) == (2, "")
    assert "Did you mean 'count'?" in mistyped.err
    assert run("lists", my_day / "nothing").code == 2


def test_removed_fields_are_dropped_when_told(run: Run, my_day: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text(json.dumps(PEOPLE[:2]), "utf-8")
    run("import", "run", my_day, "person", path)
    for name in (
        "lists/person.yaml",
        "imports/person.yaml",
        "pages/people.yaml",
        "pages/person.yaml",
    ):
        text = (my_day / name).read_text("utf-8")
        lines = [li for li in text.split("\n") if not li.startswith("  phone:")]
        (my_day / name).write_text("\n".join(lines).replace(", phone", ""), "utf-8")
    assert run("lists", "prune", my_day, "person").code == 130
    assert "Dropped: phone" in run("lists", "prune", my_day, "person", "--yes").out
    assert "Nothing to drop" in run("lists", "prune", my_day, "person", "--yes").out
    assert len(run("lists", "show", my_day, "person").out.splitlines()) == 2


def test_data_lies_where_it_is_told_to(run: Run, my_day: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert run("lists", "count", my_day, "--data", elsewhere).code == 0
    assert (elsewhere / "data.sqlite").is_file()
    assert not (my_day / ".graphwright").exists()


def test_a_data_folder_that_cannot_be_written_is_told(
    run: Run, my_day: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    result = run("lists", "count", my_day, "--data", tmp_path / "file" / "data")
    assert (result.code, result.out) == (1, "")
    assert result.err.strip()
