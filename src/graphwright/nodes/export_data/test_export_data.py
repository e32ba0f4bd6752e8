"""The node `export_data`: whose rows, in which form, into which file."""

import csv
import io
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graphwright.flows.context import Exit
from graphwright.imports import Importer
from graphwright.kernel.errors import FileNotWritten, GraphwrightError, InvalidInput
from graphwright.nodes.export_data.run import csv_line
from tests.flows.conftest import ADA, BOB, NodeRunner

NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    'say "hi", you',
    "two\nlines",
    "宮本 👋",
    "'",
]


@pytest.fixture
async def runner(run_node: NodeRunner) -> NodeRunner:
    """People whom all see, and memos of two users with the same keys."""
    rows: list[tuple[str, str | None, list[Any]]] = [
        ("person", None, [{"id": str(n), "name": name, "age": n} for n, name in enumerate(NASTY)]),
        ("memo", "ada-id", [{"id": "1", "text": "of Ada", "size": 1}]),
        ("memo", "bob-id", [{"id": "1", "text": "of Bob"}, {"id": "2", "text": "of Bob too"}]),
    ]
    services = run_node.place.services
    for name, owner, items in rows:
        importer = Importer(services.lists, services.imports[name], name=name, owner=owner)
        await importer.apply_document(items)
    return run_node


def folder(runner: NodeRunner) -> Path:
    return runner.place.services.settings.data / "exports"


def names(runner: NodeRunner) -> list[str]:
    return sorted(path.name for path in folder(runner).iterdir())


async def test_rows_are_written_as_json(runner: NodeRunner) -> None:
    outcome, context = await runner("{type: export_data, list: person, sort: age, file: all.json}")
    assert (outcome, context.counts) == (Exit(), {"exported": len(NASTY)})
    rows = json.loads((folder(runner) / "all.json").read_text("utf-8"))
    assert [row["name"] for row in rows] == NASTY
    assert rows[0] == {"id": "0", "name": "=1+1", "age": 0}


async def test_rows_are_written_as_csv_without_formulas(runner: NodeRunner) -> None:
    await runner("{type: export_data, list: person, format: csv, sort: age, file: a.csv}")
    text = (folder(runner) / "a.csv").read_bytes().decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    shown = [row["name"] for row in rows]
    assert shown == [f"'{name}" if name[0] in "=+-@\t\r" else name for name in NASTY]
    assert [row["age"] for row in rows] == [str(n) for n in range(len(NASTY))]
    assert text.startswith("id,name,age\r\n")


async def test_no_rows_make_an_empty_document(runner: NodeRunner) -> None:
    node = (
        "{type: export_data, list: person, filters: [{field: name, value: nobody}], file: e.json}"
    )
    await runner(node)
    assert json.loads((folder(runner) / "e.json").read_text("utf-8")) == []


async def test_rows_become_a_variable(runner: NodeRunner) -> None:
    node = "{type: export_data, list: memo, format: %s, result: got}"
    _, context = await runner(node % "json", person=ADA)
    assert context.frame.variables["got"] == [{"id": "1", "text": "of Ada", "size": 1}]
    _, context = await runner(node % "csv", person=ADA)
    assert context.frame.variables["got"] == "id,text,size\r\n1,of Ada,1\r\n"


async def test_only_the_rows_of_whom_the_run_is_for_are_exported(runner: NodeRunner) -> None:
    node = "{type: export_data, list: memo, sort: id, result: got}"
    _, context = await runner(node, person=BOB)
    assert [row["text"] for row in context.frame.variables["got"]] == ["of Bob", "of Bob too"]


async def test_nobody_exports_rows_that_users_own(runner: NodeRunner) -> None:
    with pytest.raises(GraphwrightError):
        await runner("{type: export_data, list: memo, result: got}")
    with pytest.raises(GraphwrightError):
        await runner("{type: export_data, list: memo, file: all.json}")
    assert not (folder(runner) / "all.json").exists()


async def test_filters_and_sort_are_those_of_the_list(runner: NodeRunner) -> None:
    node = """
        type: export_data
        list: person
        filters: [{field: age, op: ge, value: "{{ least }}"}, {field: age, op: lt, value: 6}]
        sort: age:desc
        result: got
    """
    _, context = await runner(node, least=3)
    assert [row["age"] for row in context.frame.variables["got"]] == [5, 4, 3]


@pytest.mark.parametrize("value", ["' OR 1=1 --", "{{ name }}", "%", "\\"])
async def test_the_value_of_a_filter_is_never_sql(runner: NodeRunner, value: str) -> None:
    node = (
        '{type: export_data, list: person, filters: [{field: name, value: "{{ v }}"}], result: g}'
    )
    _, context = await runner(node, v=value)
    assert context.frame.variables["g"] == []


@pytest.mark.parametrize(
    "name",
    [
        "../out.csv",
        "a/../../out.csv",
        "/srv/out.csv",
        "..",
        ".",
        "",
        "a\0b",
        "x" * 300,
        "x/" * 3000,
        None,
    ],
)
async def test_a_file_outside_the_exports_is_refused(runner: NodeRunner, name: str | None) -> None:
    with pytest.raises((InvalidInput, FileNotWritten)) as caught:
        await runner('{type: export_data, list: person, file: "{{ name }}"}', name=name)
    assert len(str(caught.value)) < 500
    data = runner.place.services.settings.data
    assert not (data / "out.csv").exists()
    assert not (data.parent / "out.csv").exists()


async def test_a_link_that_leads_out_is_refused(runner: NodeRunner, tmp_path: Path) -> None:
    folder(runner).mkdir(parents=True)
    (folder(runner) / "link").symlink_to(tmp_path)
    with pytest.raises(InvalidInput):
        await runner("{type: export_data, list: person, file: link/out.csv}")
    (folder(runner) / "round").symlink_to("round")
    with pytest.raises((InvalidInput, FileNotWritten)):
        await runner("{type: export_data, list: person, file: round}")


async def test_a_file_may_lie_in_a_folder_below_and_is_for_its_user_alone(
    runner: NodeRunner,
) -> None:
    await runner("{type: export_data, list: person, file: 2026/people.json}")
    path = folder(runner) / "2026" / "people.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await runner("{type: export_data, list: person, file: 2026/people.json}")
    assert sorted(p.name for p in path.parent.iterdir()) == ["people.json"]


async def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(
    runner: NodeRunner,
) -> None:
    (folder(runner) / "taken.csv" / "inner").mkdir(parents=True)
    with pytest.raises(FileNotWritten, match=r"taken.csv cannot be written"):
        await runner("{type: export_data, list: person, file: taken.csv}")
    assert names(runner) == ["taken.csv"]


async def test_an_export_that_fails_midway_keeps_the_file_that_was_there(
    runner: NodeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await runner("{type: export_data, list: person, file: all.json}")
    before = (folder(runner) / "all.json").read_bytes()

    async def half(*_: object) -> AsyncIterator[Any]:
        yield {"id": "1"}
        raise InvalidInput("the database is gone")

    monkeypatch.setattr(runner.place.services.lists, "export", half)
    with pytest.raises(InvalidInput, match="gone"):
        await runner("{type: export_data, list: person, file: all.json}")
    assert (folder(runner) / "all.json").read_bytes() == before
    assert names(runner) == ["all.json"]


async def test_a_variable_takes_ten_thousand_rows_and_no_more(
    runner: NodeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def many(*_: object) -> AsyncIterator[Any]:
        for number in range(10_001):
            yield {"id": str(number)}

    monkeypatch.setattr(runner.place.services.lists, "export", many)
    with pytest.raises(InvalidInput, match="10,000 rows"):
        await runner("{type: export_data, list: person, result: got}")
    _, context = await runner("{type: export_data, list: person, file: many.json}")
    assert context.counts == {"exported": 10_001}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (-1.5, "-1.5"),
        ({"a": "=1"}, '"{""a"": ""=1""}"'),
        ("=1", "'=1"),
        ("", ""),
        ("a\tb, c", '"a\tb, c"'),
    ],
)
def test_a_value_in_csv(value: Any, text: str) -> None:
    assert csv_line([value, 1]) == f"{text},1\r\n"


@pytest.mark.parametrize("target", ["", "file: a.json, result: b"])
def test_a_target_is_either_a_file_or_a_variable(target: str) -> None:
    from pydantic import ValidationError

    from graphwright.nodes.export_data.config import Config

    given = {"file": "a.json", "result": "b"} if target else {}
    with pytest.raises(ValidationError, match="either a file or a result"):
        Config.model_validate({"type": "export_data", "list": "person", **given})
