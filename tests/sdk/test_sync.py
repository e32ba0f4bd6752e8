"""Tables that follow collections: equal to the server after every run, by few requests."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
import sqlalchemy as sa

from graphwright import Graph, HttpError
from graphwright.kernel.errors import GraphwrightError
from graphwright.sdk.sync import SyncReport
from graphwright_sandbox.server import Sandbox
from tests.sdk.conftest import PERMISSIONS, requests_at

FIELDS = {"id": "id", "name": "displayName", "active": "accountEnabled", "fax": "faxNumber"}


@pytest.fixture
async def graph(sandbox: Sandbox) -> AsyncIterator[Graph]:
    """Graph as an application."""
    names = [*PERMISSIONS, "User.Read.All"]
    token = sandbox.issue_token("My day (application)", permissions=names)
    async with Graph(token) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the rows go."""
    return tmp_path / "people.sqlite"


async def sync(graph: Graph, file: Path, path: str = "/users/delta", **more: Any) -> SyncReport:
    """One sync of the people, in pages of 7."""
    options: dict[str, Any] = {"fields": FIELDS, "table": "people", "top": 7}
    return await graph.sync(path, into=file, **(options | more))


def rows_of(file: Path, columns: str = "id, name", table: str = "people") -> set[tuple[Any, ...]]:
    """The rows that another program finds."""
    with sqlite3.connect(file) as connection:
        found = set(connection.execute(f"SELECT {columns} FROM {table}"))  # noqa: S608
    connection.close()
    return found


def people_of(sandbox: Sandbox) -> set[tuple[str, str]]:
    """The people as the server has them."""
    return {(person.id, person.display_name) for person in sandbox.tenant.people}


async def change(graph: Graph, sandbox: Sandbox) -> None:
    """One person gets another name, one is gone."""
    first, second = sandbox.tenant.people[5:7]
    await graph.send("PATCH", f"/users/{first.id}", json={"displayName": "Someone Else"})
    await graph.send("DELETE", f"/users/{second.id}")


async def test_the_second_sync_asks_for_the_changes_alone(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    first = await sync(graph, file)
    assert (first.inserted, first.delta, first.resynced) == (40, True, False)
    assert rows_of(file) == people_of(sandbox)
    await change(graph, sandbox)
    sandbox.inspector.clear()
    second = await sync(graph, file)
    assert len(requests_at(sandbox)) == 1
    assert (second.inserted, second.updated, second.deleted) == (0, 1, 1)
    assert rows_of(file) == people_of(sandbox)
    third = await sync(graph, file)
    assert (third.inserted, third.updated, third.deleted, third.pages) == (0, 0, 0, 1)


async def test_without_a_delta_every_sync_reads_all_and_deletes_what_is_gone(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    await sync(graph, file, "/users")
    await change(graph, sandbox)
    report = await sync(graph, file, "/users")
    assert (report.updated, report.deleted, report.unchanged, report.delta) == (1, 1, 38, False)
    assert rows_of(file) == people_of(sandbox)


@pytest.mark.parametrize("fault", ["expired-delta", "400 code=SyncStateNotFound"])
async def test_a_delta_link_that_is_too_old_leads_to_a_full_comparison(
    graph: Graph, sandbox: Sandbox, file: Path, fault: str
) -> None:
    await sync(graph, file)
    await change(graph, sandbox)
    sandbox.add_fault(f"GET /users/delta: {fault} times=1")
    report = await sync(graph, file)
    assert (report.resynced, report.delta, report.updated, report.deleted) == (True, True, 1, 1)
    assert rows_of(file) == people_of(sandbox)
    assert not (await sync(graph, file)).resynced


@pytest.mark.parametrize("path", ["/users/delta", "/users"])
async def test_a_run_that_was_cut_off_goes_on_where_it_was(
    graph: Graph, sandbox: Sandbox, file: Path, path: str
) -> None:
    for first_time in (True, False):
        sandbox.inspector.clear()
        rule = sandbox.add_fault(f"GET {path}: 503 after=3 times=99 retry-after=0")
        with pytest.raises(HttpError, match="503"):
            await sync(graph, file, path)
        kept = len(rows_of(file)) if first_time else 40
        assert kept == (21 if first_time else 40)
        sandbox.faults.remove(rule.id)
        sandbox.inspector.clear()
        report = await sync(graph, file, path)
        assert report.resumed
        assert len(requests_at(sandbox)) == 3
        assert rows_of(file) == people_of(sandbox)
        if path == "/users/delta":
            return  # its second run has but one page


async def test_after_a_round_of_changes_was_cut_off_no_row_is_lost(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    """The place where a round of changes was cut off says nothing of the rows that did not change."""
    await sync(graph, file)
    for person in sandbox.tenant.people[5:25]:
        await graph.send("PATCH", f"/users/{person.id}", json={"displayName": f"New {person.id}"})
    rule = sandbox.add_fault("GET /users/delta: 503 after=1 times=99 retry-after=0")
    with pytest.raises(HttpError, match="503"):
        await sync(graph, file)
    sandbox.faults.remove(rule.id)
    sandbox.add_fault("GET /users/delta: expired-delta times=1")
    report = await sync(graph, file)
    assert report.deleted == 0
    assert rows_of(file) == people_of(sandbox)


async def test_another_mapping_is_filled_from_the_beginning(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    await sync(graph, file)
    await change(graph, sandbox)
    more = {**FIELDS, "short": "$substring(displayName, 0, 1)"}
    report = await sync(graph, file, fields=more)
    assert (report.deleted, report.pages) == (1, 6)
    assert {(name[0],) for _, name in people_of(sandbox)} == rows_of(file, "short")


async def test_types_come_from_the_first_page_unless_they_are_given(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    fields = FIELDS | {"born": "createdDateTime", "phones": "businessPhones", "shoe": "$number(1)"}
    found = {"id": "text", "name": "text", "active": "boolean", "fax": "text"}
    found |= {"born": "datetime", "phones": "json", "shoe": "integer"}
    for table, types in (("one", {}), ("two", {"shoe": "text", "phones": "text"})):
        report = await sync(graph, file, fields=fields, table=table, types=types)
        assert report.skipped == (40 if types else 0)
        with sqlite3.connect(file) as connection:
            query = "SELECT definition FROM _lists WHERE name = ?"
            (text,) = connection.execute(query, [table]).fetchone()
        connection.close()
        shown = {name: one["type"] for name, one in json.loads(text)["fields"].items()}
        assert shown == found | types
    with pytest.raises(GraphwrightError, match="values could be lost"):
        await sync(graph, file, fields=fields, table="two")


async def test_what_the_mapping_reads_is_asked_for_unless_that_is_refused(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    await sync(graph, file, "/users")
    await sync(graph, file, "/users", table="named", select=["id", "displayName"])
    queries = [parse_qs(one.query)["$select"] for one in sandbox.inspector]
    assert queries[0] == ["id,displayName,accountEnabled,faxNumber"]
    assert queries[-1] == ["id,displayName"]
    sandbox.inspector.clear()
    report = await sync(graph, file, fields={"id": "id", "gone": "noSuchProperty"}, table="odd")
    assert report.inserted == 40
    assert [one.status for one in sandbox.inspector] == [400] + [200] * report.pages


async def test_several_tables_lie_in_one_file(graph: Graph, sandbox: Sandbox, file: Path) -> None:
    await sync(graph, file)
    await sync(graph, file, table="others", key=["name"])
    assert (await sync(graph, file)).pages == 1
    assert rows_of(file) == people_of(sandbox) == rows_of(file, table="others")


async def test_two_collections_in_one_table_keep_their_rows_and_columns(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    manager, path = {"id": "id", "boss": "displayName"}, "/users"
    first = await sync(graph, file)
    await sync(graph, file, path, filter="department eq 'Management'", fields=manager)
    second = await sync(graph, file)
    assert (first.inserted, second.pages, second.deleted) == (40, 1, 0)
    assert rows_of(file) == people_of(sandbox)
    bosses = {name for (name,) in rows_of(file, "boss") if name}
    assert 0 < len(bosses) < 40


async def test_items_that_are_no_rows_are_told_and_the_rest_is_kept(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    report = await sync(graph, file, types={"name": "integer"})
    assert report.skipped == 40
    assert "name" in report.reasons[0][1]
    sandbox.add_fault("GET /users/delta: missing-id times=1")
    report = await sync(graph, file)
    assert (report.skipped, report.inserted) == (1, 39)


@pytest.mark.postgres
async def test_rows_lie_in_postgresql_as_well(
    graph: Graph, sandbox: Sandbox, postgres_url: str
) -> None:
    server = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"))
    name = f"test_{uuid4().hex}"
    options: dict[str, Any] = {"table": "people", "fields": FIELDS}
    try:
        with server.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        own = sa.make_url(postgres_url).update_query_dict({"options": f"-csearch_path={name}"})
        into = own.render_as_string(hide_password=False)
        first = await graph.sync("/users/delta", into=into, **options)
        await change(graph, sandbox)
        second = await graph.sync("/users/delta", into=into, **options)
        assert (first.inserted, second.updated, second.deleted, second.pages) == (40, 1, 1, 1)
        with server.begin() as connection:
            rows = connection.exec_driver_sql(f"SELECT id, name FROM {name}.people")  # noqa: S608
            assert {tuple(row) for row in rows} == people_of(sandbox)
    finally:
        with server.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        server.dispose()


async def test_a_link_to_another_host_gets_no_token(
    graph: Graph, sandbox: Sandbox, file: Path
) -> None:
    await sync(graph, file)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE _sync_links SET link = 'https://graph.microsoft.com/v1.0/users'")
    connection.close()
    with pytest.raises(GraphwrightError) as refused:
        await sync(graph, file)
    assert refused.value.code == "hostRefused"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"table": "My people"}, "pattern"),
        ({"table": "sqlite_people"}, "reserved"),
        ({"fields": {"id": "id", "displayName": "displayName"}}, "displayName"),
        ({"fields": {"name": "displayName"}}, "names no field: id"),
        ({"fields": {"id": "a b"}}, "does not compile"),
        ({"fields": {"id": ""}}, "empty"),
        ({"types": {"name": "txet"}}, "name.type"),
        ({"types": {"nmae": "text"}}, "no column"),
        ({"into": "mysql://x/y"}, "mysql"),
        ({"into": "/gone/there/x.sqlite"}, "unable to open"),
    ],
)
async def test_a_destination_that_cannot_be_is_refused(
    graph: Graph, file: Path, wrong: dict[str, Any], said: str
) -> None:
    options: dict[str, Any] = {"into": file, "table": "people", "fields": FIELDS} | wrong
    with pytest.raises(GraphwrightError, match=said):
        await graph.sync("/users/delta", **options)


def test_blocking_syncs_too(sandbox: Sandbox, file: Path, token: str) -> None:
    with Graph(token).blocking as graph:
        report = graph.sync("/users/delta", into=file, table="people", fields=FIELDS)
    assert report.inserted == 40
