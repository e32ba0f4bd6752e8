"""Changed definitions: tables follow, rows stay, or the change is refused and nothing happens."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database
from graphwright.lists import ListChangeRefused, ListDefinition, Lists, RowQuery, path_of

Insert = Callable[..., None]
ALL = RowQuery(limit=None)


def event(fields: dict[str, Any] | None = None, **values: Any) -> ListDefinition:
    fields = {
        name: {"type": field} if isinstance(field, str) else field
        for name, field in (fields or {"id": "text", "size": "integer"}).items()
    }
    return ListDefinition.model_validate({"key": ["id"], "fields": fields, **values})


async def prepare(database: Database, **definitions: ListDefinition) -> tuple[Lists, list[str]]:
    lists = Lists(definitions, database)
    return lists, [change.kind for change in await lists.prepare()]


@pytest.fixture
async def filled(database: Database, insert: Insert) -> Database:
    lists, kinds = await prepare(database, event=event())
    assert kinds == ["create_list"]
    insert(lists.table("event"), "ann", {"id": "a", "size": 1}, {"id": "b", "size": 2})
    insert(lists.table("event"), "bob", {"id": "a", "size": 3})
    return database


async def test_applying_twice_changes_nothing(filled: Database) -> None:
    _, kinds = await prepare(filled, event=event())
    assert kinds == []


async def test_an_added_field_is_empty_in_old_rows(filled: Database) -> None:
    wanted = event({"id": "text", "size": "integer", "start": "zoned_datetime"})
    lists, kinds = await prepare(filled, event=wanted)
    assert kinds == ["add_field"]
    page = await lists.query("event", "ann", ALL)
    assert [row["start"] for row in page.rows] == [None, None]


async def test_a_renamed_field_keeps_its_values(filled: Database) -> None:
    wanted = event({"id": "text", "bytes": {"type": "integer", "renamed_from": "size"}})
    lists, kinds = await prepare(filled, event=wanted)
    assert kinds == ["rename_field"]
    assert [row["bytes"] for row in (await lists.query("event", "ann", ALL)).rows] == [1, 2]
    _, again = await prepare(filled, event=wanted)
    assert again == []


async def test_a_zoned_field_is_renamed_with_all_its_columns(
    database: Database, insert: Insert
) -> None:
    lists, _ = await prepare(database, event=event({"id": "text", "start": "zoned_datetime"}))
    start = {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
    insert(lists.table("event"), "ann", {"id": "a", "start": start})
    begin = {"type": "zoned_datetime", "renamed_from": "start"}
    lists, _ = await prepare(database, event=event({"id": "text", "begin": begin}))
    assert (await lists.row("event", "ann", "a"))["begin"] == start


async def test_a_renamed_list_keeps_its_rows_and_children(
    database: Database, insert: Insert
) -> None:
    child = event({"name": {"type": "text", "indexed": True}}, key=[], parent="event")
    lists, _ = await prepare(database, event=event(), guest=child)
    insert(lists.table("event"), "ann", {"id": "a", "size": 1})
    insert(lists.table("guest"), "ann", {"name": "Zoë"}, parent="a")
    lists, kinds = await prepare(
        database,
        meeting=event(renamed_from="event"),
        person=child.model_copy(update={"parent": "meeting", "renamed_from": "guest"}),
    )
    assert kinds == ["rename_list", "rename_list"]
    assert (await lists.row("meeting", "ann", "a"))["size"] == 1
    children = await lists.children("meeting", "ann", "a")
    assert [row["name"] for row in children["person"]] == ["Zoë"]


@pytest.mark.parametrize(
    ("new", "expected"),
    [("number", [1, 2]), ("text", ["1", "2"]), ("json", [1, 2])],
)
async def test_a_wider_type_keeps_every_value(
    filled: Database, new: str, expected: list[Any]
) -> None:
    lists, kinds = await prepare(filled, event=event({"id": "text", "size": new}))
    assert kinds == ["change_type"]
    assert [row["size"] for row in (await lists.query("event", "ann", ALL)).rows] == expected
    _, again = await prepare(filled, event=event({"id": "text", "size": new}))
    assert again == []


async def test_a_type_changes_in_many_rows_of_many_columns(
    database: Database, insert: Insert
) -> None:
    lists, _ = await prepare(database, event=event({"id": "text", "start": "zoned_datetime"}))
    start = {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
    rows = [{"id": f"{n:06}", "start": start} for n in range(11_000)]
    insert(lists.table("event"), "ann", *rows)
    lists, _ = await prepare(database, event=event({"id": "text", "start": "json"}))
    page = await lists.query("event", "ann", ALL)
    assert page.total == 11_000
    assert {str(row["start"]) for row in page.rows} == {str(start)}


async def test_a_narrower_type_is_refused_and_says_why(filled: Database) -> None:
    with pytest.raises(ListChangeRefused) as caught:
        await prepare(filled, event=event({"id": "text", "size": "boolean", "more": "text"}))
    assert "event.size" in caught.value.message
    lists, kinds = await prepare(filled, event=event())
    assert kinds == []
    assert (await lists.row("event", "ann", "a"))["size"] == 1


async def test_a_removed_field_is_hidden_and_comes_back_with_its_values(filled: Database) -> None:
    lists, kinds = await prepare(filled, event=event({"id": "text"}))
    assert kinds == ["hide_field"]
    assert "size" not in await lists.row("event", "ann", "a")
    lists, kinds = await prepare(filled, event=event())
    assert kinds == ["restore_field"]
    assert (await lists.row("event", "ann", "a"))["size"] == 1


async def test_the_files_that_rows_hold_are_known_those_of_removed_fields_and_lists_too(
    database: Database, insert: Insert
) -> None:
    def file(letter: str) -> dict[str, Any]:
        return {"file": letter * 22, "name": "a.txt", "size": 2**40, "type": "text/plain"}

    fields = {"id": "text", "one": "file", "two": "file"}
    lists, _ = await prepare(database, event=event(fields), other=event(fields))
    rows = [{"id": "a", "one": file("a"), "two": file("b")}, {"id": "b", "one": file("c")}]
    insert(lists.table("event"), "ann", *rows)
    insert(lists.table("other"), "bob", {"id": "a", "two": file("d")})
    assert (await lists.row("event", "ann", "a"))["two"] == file("b")
    two = {"type": "file", "renamed_from": "two"}
    lists, kinds = await prepare(database, event=event({"id": "text", "new": two}))
    assert kinds == ["rename_field", "hide_field", "hide_list"]
    assert (await lists.row("event", "ann", "a"))["new"] == file("b")
    assert await lists.files_in_use() == {letter * 22 for letter in "abcd"}
    with pytest.raises(ListChangeRefused, match="Give the field another name"):
        await prepare(database, event=event({"id": "text", "new": "json"}))


async def test_prune_drops_the_values_of_removed_fields(filled: Database) -> None:
    lists, _ = await prepare(filled, event=event({"id": "text"}))
    assert await lists.prune("event") == ["size"]
    assert await lists.prune("event") == []
    lists, kinds = await prepare(filled, event=event())
    assert kinds == ["add_field"]
    assert (await lists.row("event", "ann", "a"))["size"] is None


async def test_a_field_is_not_renamed_onto_a_hidden_one(filled: Database) -> None:
    await prepare(filled, event=event({"id": "text", "other": "integer"}))
    size = {"type": "integer", "renamed_from": "other"}
    with pytest.raises(ListChangeRefused) as caught:
        await prepare(filled, event=event({"id": "text", "size": size}))
    assert "prune" in caught.value.message


async def test_a_removed_list_is_hidden_until_it_is_pruned(filled: Database) -> None:
    lists, kinds = await prepare(filled)
    assert kinds == ["hide_list"]
    lists, kinds = await prepare(filled, event=event())
    assert kinds == ["restore_list"]
    assert await lists.count("event") == 3
    lists, _ = await prepare(filled)
    assert await lists.prune_hidden_lists() == ["event"]
    lists, kinds = await prepare(filled, event=event())
    assert (kinds, await lists.count("event")) == (["create_list"], 0)


@pytest.mark.parametrize("wanted", [event(owner="shared"), event(parent="other"), event(key=[])])
async def test_owner_parent_and_key_are_kept_where_there_are_rows(
    filled: Database, wanted: ListDefinition
) -> None:
    with pytest.raises(ListChangeRefused):
        await prepare(filled, event=wanted, other=event())
    lists, kinds = await prepare(filled, event=event())
    assert (kinds, await lists.count("event")) == ([], 3)


async def test_owner_and_parent_of_an_empty_list_may_change(
    database: Database, insert: Insert
) -> None:
    await prepare(database, event=event(), other=event())
    lists, kinds = await prepare(database, event=event(parent="other"), other=event())
    assert kinds == ["rebuild_list"]
    insert(lists.table("event"), "ann", {"id": "x", "size": 1}, parent="o")
    assert (await lists.row("event", "ann", "x", parent="o"))["_position"] == 0


async def test_a_new_key_is_computed_from_the_rows(filled: Database) -> None:
    lists, kinds = await prepare(filled, event=event(key=["size"]))
    assert kinds == ["change_key"]
    assert (await lists.row("event", "ann", "2"))["id"] == "b"
    lists, _ = await prepare(filled, event=event(key=["size", "id"]))
    assert (await lists.row("event", "bob", '["3","a"]'))["size"] == 3


async def test_a_key_that_is_not_unique_is_refused(database: Database, insert: Insert) -> None:
    lists, _ = await prepare(database, event=event())
    insert(lists.table("event"), "ann", {"id": "a", "size": 1}, {"id": "b", "size": 1})
    with pytest.raises(ListChangeRefused, match="two rows"):
        await prepare(database, event=event(key=["size"]))
    assert await lists.row("event", "ann", "a")


async def test_a_key_with_an_empty_value_is_refused(database: Database, insert: Insert) -> None:
    lists, _ = await prepare(database, event=event())
    insert(lists.table("event"), "ann", {"id": "a"})
    with pytest.raises(ListChangeRefused, match="empty"):
        await prepare(database, event=event(key=["size"]))


async def test_the_key_stays_while_children_have_rows(database: Database, insert: Insert) -> None:
    guest = event({"name": "text"}, key=[], parent="event")
    lists, _ = await prepare(database, event=event(), guest=guest)
    insert(lists.table("event"), "ann", {"id": "a", "size": 1})
    insert(lists.table("guest"), "ann", {"name": "x"}, parent=path_of(None, "a"))
    with pytest.raises(ListChangeRefused, match="guest"):
        await prepare(database, event=event(key=["size"]), guest=guest)


async def test_a_table_of_somebody_else_is_not_taken(database: Database) -> None:
    database.write_sync(lambda connection: connection.exec_driver_sql("CREATE TABLE event (x int)"))
    with pytest.raises(ListChangeRefused, match="already"):
        await prepare(database, event=event())


async def test_an_index_comes_and_goes(filled: Database) -> None:
    def indexes() -> int:
        return filled.read_sync(lambda c: len(sa.inspect(c).get_indexes("event")))

    indexed = event({"id": {"type": "text", "indexed": True}, "size": "integer"})
    _, kinds = await prepare(filled, event=indexed)
    assert (kinds, indexes()) == (["add_index"], 1)
    _, kinds = await prepare(filled, event=event())
    assert (kinds, indexes()) == (["drop_index"], 0)
    new = event({"id": "text", "size": "integer", "more": {"type": "date", "indexed": True}})
    _, kinds = await prepare(filled, event=new)
    assert (kinds, indexes()) == (["add_field", "add_index"], 1)
    renamed = {"type": "date", "indexed": True, "renamed_from": "more"}
    _, kinds = await prepare(filled, event=event({"id": "text", "day": renamed}))
    assert indexes() == 1


async def test_a_failure_on_the_way_leaves_everything_as_it_was(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("graphwright.lists.schema._remember", fail)
    wanted = event({"id": "text", "size": "text", "more": "text"})
    with pytest.raises(RuntimeError):
        await prepare(filled, event=wanted)
    monkeypatch.undo()
    lists, kinds = await prepare(filled, event=event())
    assert kinds == []
    assert (await lists.row("event", "ann", "a"))["size"] == 1


async def test_a_plan_says_in_words_what_would_happen(filled: Database) -> None:
    lists = Lists({"event": event({"id": "text", "size": "text", "more": "date"})}, filled)
    plan = await lists.plan()
    assert [str(change) for change in plan.changes] == [
        "convert event.size from integer to text",
        "add event.more",
    ]
    assert plan.problems == ()
