"""Imports into tables: upsert, replace, children, continuations; on SQLite and PostgreSQL."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.imports import (
    ImportDefinition,
    Importer,
    ImportFailed,
    ImportIncomplete,
    ImportInvalid,
    ImportReport,
    SharedListRefused,
)
from graphwright.kernel.database import Database
from graphwright.kernel.errors import SignInRequired, Unavailable
from graphwright.lists import ListDefinition, Lists, QueryInvalid, RangeFilter, RowQuery

LISTS = {
    name: ListDefinition.model_validate(definition)
    for name, definition in {
        "event": {
            "key": ["id"],
            "fields": {
                "id": {"type": "text"},
                "subject": {"type": "text"},
                "size": {"type": "integer"},
                "score": {"type": "number"},
                "done": {"type": "boolean"},
                "start": {"type": "zoned_datetime"},
                "end": {"type": "zoned_datetime"},
                "seen": {"type": "datetime"},
                "day": {"type": "date"},
                "long": {"type": "duration"},
                "tags": {"type": "json"},
                "body": {"type": "html"},
                "note": {"type": "text"},
            },
        },
        "guest": {
            "parent": "event",
            "key": ["email"],
            "fields": {"email": {"type": "text"}, "age": {"type": "integer"}},
        },
        "slot": {"parent": "guest", "fields": {"at": {"type": "text"}}},
        "person": {"owner": "shared", "key": ["id"], "fields": {"id": {"type": "text"}}},
    }.items()
}
EVENT = ImportDefinition.model_validate(
    {
        "list": "event",
        "unexpected": "keep",
        "fields": {name: name for name in LISTS["event"].fields if name != "note"},
        "children": {
            "guest": {
                "items": "guests",
                "fields": {"email": "email", "age": "age"},
                "children": {"slot": {"items": "slots", "fields": {"at": "$"}}},
            }
        },
    }
)
PERSON = ImportDefinition.model_validate({"list": "person", "fields": {"id": "id"}})
WEEK = RangeFilter("start", "end", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")


def local(day: int, hour: int = 9) -> dict[str, str]:
    return {"dateTime": f"2026-11-{day:02}T{hour:02}:00:00.0000000", "timeZone": "Europe/Berlin"}


def item(key: str, **values: Any) -> dict[str, Any]:
    return {"id": key, "subject": f"subject of {key}", **values}


FULL: dict[str, Any] = {
    "@odata.etag": 'W/"1"',
    "id": "full",
    "subject": "'; DROP TABLE event; -- {{ x }} %s ? 😀 \\ / \"",
    "size": 2**63 - 1,
    "score": 0.1,
    "done": True,
    "start": local(23),
    "end": local(23, 10),
    "seen": "2026-11-23T09:00:00.123456Z",
    "day": "2026-11-23",
    "long": "PT1H",
    "tags": [{"a": "\u0000"}, 2**70],
    "body": "<p>x</p>",
}


@pytest.fixture
async def lists(database: Database) -> Lists:
    found = Lists(LISTS, database)
    await found.prepare()
    return found


def importer(lists: Lists, owner: str | None = "ann", **options: Any) -> Importer:
    return Importer(lists, EVENT, name="event", owner=owner, **options)


async def run(lists: Lists, items: list[Any], **options: Any) -> dict[str, int]:
    report = await importer(lists, **options).apply_document({"value": items})
    return {name: count for name, count in report.counts.items() if count}


async def keys(lists: Lists, owner: str = "ann", name: str = "event") -> list[str]:
    return [row["_key"] for row in (await lists.query(name, owner, RowQuery(limit=None))).rows]


async def test_a_row_reads_as_the_item_said(lists: Lists) -> None:
    assert await run(lists, [FULL]) == {"inserted": 1}
    row = await lists.row("event", "ann", "full")
    expected = {name: value for name, value in FULL.items() if not name.startswith("@")}
    assert row == {"_key": "full", "_etag": 'W/"1"', "note": None, **expected}


async def test_rows_are_inserted_updated_and_left_as_they_are(lists: Lists) -> None:
    assert await run(lists, [item("a"), item("b")]) == {"inserted": 2}
    assert await run(lists, [item("a"), item("b", size=5), item("c")]) == {
        "inserted": 1, "updated": 1, "unchanged": 1
    }  # fmt: skip
    assert (await lists.row("event", "ann", "b"))["size"] == 5
    assert await run(lists, [item("b")]) == {"updated": 1}
    assert (await lists.row("event", "ann", "b"))["size"] is None


async def test_a_column_that_the_import_does_not_map_stays(
    lists: Lists, database: Database
) -> None:
    await run(lists, [item("a")])
    database.write_sync(lambda c: c.exec_driver_sql("UPDATE event SET note = 'mine'"))
    assert await run(lists, [item("a", size=1)]) == {"updated": 1}
    assert (await lists.row("event", "ann", "a"))["note"] == "mine"


async def test_a_changed_etag_is_kept(lists: Lists) -> None:
    await run(lists, [item("a", **{"@odata.etag": "1"})])
    assert await run(lists, [item("a", **{"@odata.etag": "2"})]) == {"updated": 1}
    assert (await lists.row("event", "ann", "a"))["_etag"] == "2"


async def test_of_one_key_that_comes_twice_the_last_wins(lists: Lists) -> None:
    assert await run(lists, [item("a", size=1), item("b"), item("a", size=2)]) == {
        "inserted": 2, "duplicates": 1
    }  # fmt: skip
    run_ = importer(lists)
    await run_.apply([item("c", size=n) for n in range(3)] + [item(f"x{n}") for n in range(3000)])
    await run_.apply([item("c", size=9)])
    report = await run_.finish()
    assert report.counts == {
        "inserted": 3001, "updated": 0, "unchanged": 0, "deleted": 0, "skipped": 0, "duplicates": 3
    }  # fmt: skip
    assert (await lists.row("event", "ann", "c"))["size"] == 9


async def test_replace_deletes_what_did_not_come_in_its_scope_only(lists: Lists) -> None:
    await run(lists, [item("a"), item("b")], scope="one", mode="replace")
    await run(lists, [item("c")], scope="two", mode="replace")
    await run(lists, [item("a")], scope="one", mode="replace", owner="bob")
    assert await run(lists, [item("b"), item("d")], scope="one", mode="replace") == {
        "inserted": 1, "unchanged": 1, "deleted": 1
    }  # fmt: skip
    assert await keys(lists) == ["b", "c", "d"]
    assert await keys(lists, "bob") == ["a"]
    assert await run(lists, [], scope="one", mode="replace") == {"deleted": 2}
    assert await keys(lists) == ["c"]


async def test_upsert_deletes_nothing(lists: Lists) -> None:
    await run(lists, [item("a")], scope="one")
    await run(lists, [item("b")], scope="one")
    assert await keys(lists) == ["a", "b"]


async def test_within_deletes_what_overlaps_the_range_whatever_its_scope(lists: Lists) -> None:
    await run(
        lists,
        [
            item("before", start=local(20), end=local(20, 10)),
            item("into", start=local(22), end=local(23, 10)),
            item("in", start=local(25), end=local(25, 10)),
            item("after", start=local(30), end=local(30, 10)),
            item("never"),
        ],
        scope="other",
    )
    await run(lists, [item("in", start=local(25), end=local(25))], owner="bob", scope="other")
    done = await run(lists, [item("new", start=local(24), end=local(24, 10))], scope="week",
                     mode="replace", within=WEEK)  # fmt: skip
    assert done == {"inserted": 1, "deleted": 2}
    assert await keys(lists) == ["after", "before", "never", "new"]
    assert await keys(lists, "bob") == ["in"]


async def test_many_stale_rows_are_deleted_in_parts(lists: Lists) -> None:
    await run(lists, [item(f"{n:05}") for n in range(4_500)], scope="one", mode="replace")
    assert await run(lists, [item("00000")], scope="one", mode="replace") == {
        "unchanged": 1, "deleted": 4_499
    }  # fmt: skip


async def test_nothing_is_deleted_before_the_last_page_came(lists: Lists) -> None:
    await run(lists, [item("a"), item("b")], scope="one", mode="replace")
    broken = importer(lists, scope="one", mode="replace")
    await broken.apply([item("b")])
    assert await keys(lists) == ["a", "b"]
    failing = Importer(
        lists, EVENT.model_copy(update={"mistyped": "fail"}), name="event", owner="ann",
        scope="one", mode="replace",
    )  # fmt: skip
    await failing.apply([item("d")], continuation="page 2")
    with pytest.raises(ImportFailed):
        await failing.apply([item("c", size="big")])
    await failing.keep()
    with pytest.raises(ImportIncomplete):
        await failing.finish()
    assert await keys(lists) == ["a", "b"]


async def test_children_are_replaced_with_their_parent(lists: Lists) -> None:
    guests = [{"email": "x", "age": 1, "slots": ["p", "q"]}, {"email": "y"}]
    await run(lists, [item("a", guests=guests), item("b", guests=[{"email": "x", "slots": ["r"]}])])
    assert [await lists.count(name) for name in ("event", "guest", "slot")] == [2, 3, 3]
    assert await run(lists, [item("a", guests=guests)]) == {"unchanged": 1}
    assert await run(lists, [item("a", guests=[{"email": "y", "age": 2, "slots": ["s"]}])]) == {
        "updated": 1
    }
    children = await lists.children("event", "ann", "a")
    assert [(row["email"], row["age"]) for row in children["guest"]] == [("y", 2)]
    deeper = await lists.children("guest", "ann", "y", parent="a")
    assert [row["at"] for row in deeper["slot"]] == ["s"]
    assert await lists.count("slot") == 2
    await run(lists, [item("a")], owner="bob")
    assert await run(lists, [{"id": "b", "@removed": {"reason": "deleted"}}]) == {"deleted": 1}
    assert [await lists.count(name) for name in ("event", "guest", "slot")] == [2, 1, 1]


async def test_removed_items_delete_their_rows_in_the_order_they_come(lists: Lists) -> None:
    gone = {"id": "a", "@removed": {"reason": "changed"}}
    await run(lists, [item("a"), item("b")])
    assert await run(lists, [gone]) == {"deleted": 1}
    assert await run(lists, [gone]) == {}
    assert await run(lists, [item("a"), gone]) == {}
    assert await run(lists, [gone, item("a")]) == {"inserted": 1}
    assert await keys(lists) == ["a", "b"]


async def test_rows_of_two_people_with_one_key_are_apart(lists: Lists) -> None:
    await run(lists, [item("a", size=1, guests=[{"email": "x"}])])
    await run(lists, [item("a", size=2, guests=[{"email": "x", "age": 5}])], owner="bob")
    assert (await lists.row("event", "ann", "a"))["size"] == 1
    assert (await lists.row("guest", "ann", "x", parent="a"))["age"] is None
    assert (await lists.row("guest", "bob", "x", parent="a"))["age"] == 5


async def test_an_import_needs_somebody_to_own_the_rows(lists: Lists) -> None:
    with pytest.raises(SignInRequired):
        importer(lists, owner=None)


async def test_a_users_response_goes_into_a_shared_list_only_if_the_import_says_so(
    lists: Lists,
) -> None:
    with pytest.raises(SharedListRefused):
        Importer(lists, PERSON, name="person", owner="ann", from_user=True)
    shared = PERSON.model_copy(update={"share": True})
    for definition, from_user in ((shared, True), (PERSON, False)):
        run_ = Importer(lists, definition, name="p", owner="ann", from_user=from_user)
        await run_.apply_document([{"id": "1"}])
    assert await keys(lists, "bob", "person") == ["1"]


async def test_skipped_items_are_counted_with_the_first_reasons(lists: Lists) -> None:
    report = await importer(lists).apply_document([{"id": None} for _ in range(30)] + [item("a")])
    assert (report.skipped, report.inserted, len(report.reasons)) == (30, 1, 20)
    assert report.reasons[0][0] == "item 1"
    assert ImportReport.from_json(report.to_json()) == report


async def test_a_run_that_was_cut_off_goes_on_where_it_stopped(lists: Lists) -> None:
    await run(lists, [item("old"), item("p1-0")], scope="one", mode="replace")
    first = importer(lists, scope="one", mode="replace")
    for page in range(1, 15):
        await first.apply([item(f"p{page}-{n}") for n in range(3)], continuation=f"page {page + 1}")
    second = importer(lists, scope="one", mode="replace")
    assert await second.resume() == "page 11"
    assert (second.report.inserted, second.report.unchanged) == (29, 1)
    await second.apply([item("p11-0")])
    report = await second.finish()
    assert (report.inserted, report.deleted) == (30, 1)
    assert "old" not in await keys(lists)
    assert "p5-2" in await keys(lists)
    assert await importer(lists, scope="one").resume() is None


async def test_what_came_before_a_failure_is_kept_and_nothing_is_deleted(lists: Lists) -> None:
    await run(lists, [item("old")], scope="one", mode="replace")
    first = importer(lists, scope="one", mode="replace")
    await first.keep()
    assert await importer(lists, scope="one").resume() is None
    for page in (1, 2):
        await first.apply([item(f"p{page}")], continuation=f"page {page + 1}")
    await first.keep()
    assert await keys(lists) == ["old", "p1", "p2"]
    with pytest.raises(ImportIncomplete):
        await first.finish()
    second = importer(lists, scope="one", mode="replace")
    assert await second.resume() == "page 3"
    await second.apply([item("p3")])
    assert (await second.finish()).counts["inserted"] == 3
    assert await keys(lists) == ["p1", "p2", "p3"]


async def test_a_continuation_belongs_to_its_owner_and_scope_and_grows_old(lists: Lists) -> None:
    first = importer(lists, scope="one")
    for page in range(10):
        await first.apply([item(f"{page}")], continuation=f"page {page + 1}")
    assert await importer(lists, scope="two").resume() is None
    assert await importer(lists, owner="bob", scope="one").resume() is None
    later = datetime.now(UTC) + timedelta(hours=2)
    assert await importer(lists, scope="one").resume(later) is None
    assert await importer(lists, scope="one").resume() == "page 10"


async def test_rows_and_continuation_are_committed_together_or_not_at_all(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    run_ = importer(lists)
    monkeypatch.setattr("graphwright.imports.write._save_continuation", fail)
    for page in range(9):
        await run_.apply([item(f"{page}")], continuation="next")
    with pytest.raises(RuntimeError):
        await run_.apply([item("9")], continuation="next")
    monkeypatch.undo()
    assert await keys(lists) == []
    assert await importer(lists).resume() is None


async def test_a_page_larger_than_a_batch_is_written_in_parts(lists: Lists) -> None:
    run_ = importer(lists)
    run_._budget = 100
    await run_.apply([item(f"{n:05}") for n in range(2_345)], continuation="next")
    await run_.finish()
    assert len(await keys(lists)) == 2_345


async def test_a_wrong_range_or_mode_is_refused_before_anything_is_written(lists: Lists) -> None:
    with pytest.raises(QueryInvalid):
        importer(lists, within=RangeFilter("subject", "end", "2026-01-01", "2026-02-01"))
    with pytest.raises(QueryInvalid):
        importer(lists, within=RangeFilter("start", "end", "soon", "later"))
    with pytest.raises(ImportInvalid):
        importer(lists, mode="delete")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", ["full", "locked"])
async def test_a_database_that_cannot_write_says_the_cure_and_loses_nothing(
    lists: Lists, database: Database, damage: str
) -> None:
    await run(lists, [item("a")])
    if damage == "full":
        pages = database.read_sync(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())

        def limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        sa.event.listen(database.engine, "checkout", limit)
        with pytest.raises(Unavailable) as caught:
            await run(lists, [item(f"{n}", body="x" * 5000) for n in range(500)])
        sa.event.remove(database.engine, "checkout", limit)
        database.engine.dispose()
    else:
        other = sqlite3.connect(str(database.engine.url.database))
        other.execute("BEGIN IMMEDIATE")
        database.engine.dispose()

        def hurry(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA busy_timeout=50")

        sa.event.listen(database.engine, "checkout", hurry)
        with pytest.raises(Unavailable) as caught:
            await run(lists, [item("b")])
        other.rollback()
        other.close()
    assert caught.value.hint
    assert caught.value.retryable
    assert await keys(lists) == ["a"]
    assert await run(lists, [item("b")]) == {"inserted": 1}
