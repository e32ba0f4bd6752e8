"""What a batch writes and what it leaves alone: marks of unchanged rows, the staging table."""

from __future__ import annotations

from typing import Any, Literal

import pytest
import sqlalchemy as sa

from graphwright.imports import ImportDefinition, Importer
from graphwright.kernel.database import Database
from graphwright.lists import ListDefinition, Lists

LIST = ListDefinition.model_validate(
    {"key": ["id"], "fields": {"id": {"type": "text"}, "size": {"type": "integer"}}}
)
WHOLE = {"id": "id", "size": "size"}


@pytest.fixture
async def lists(database: Database) -> Lists:
    found = Lists({"thing": LIST}, database)
    await found.prepare()
    return found


async def run(
    lists: Lists,
    *pages: list[Any],
    scope: str = "one",
    mode: Literal["upsert", "replace"] = "upsert",
    fields: dict[str, str] = WHOLE,
) -> dict[str, int]:
    """What became of the pages, each in a transaction of its own."""
    definition = ImportDefinition.model_validate({"list": "thing", "fields": fields})
    importer = Importer(lists, definition, name="thing", owner="ann", scope=scope, mode=mode)
    for number, page in enumerate(pages):
        await importer.apply(page, f"page {number}", 50_000_000)
    counts = (await importer.finish()).counts
    return {name: count for name, count in counts.items() if count}


async def marks(lists: Lists) -> list[Any]:
    def read(connection: sa.Connection) -> list[Any]:
        columns = lists.tables["thing"].table.c
        found = sa.select(columns["_scope"], columns["_import"]).order_by(columns["_key"])
        return list(connection.execute(found))

    return await lists.database.read(read)


A, B = {"id": "a", "size": 1}, {"id": "b", "size": 2}


async def test_unchanged_rows_are_not_written_where_none_is_deleted(lists: Lists) -> None:
    assert await run(lists, [A, B]) == {"inserted": 2}
    before = await marks(lists)
    assert await run(lists, [A, {**B, "size": 3}]) == {"updated": 1, "unchanged": 1}
    after = await marks(lists)
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert await run(lists, [A], mode="replace") == {"unchanged": 1, "deleted": 1}
    assert await marks(lists) != before[:1], "what came is told from what did not"


async def test_an_unchanged_row_belongs_to_the_scope_in_which_it_came_last(lists: Lists) -> None:
    await run(lists, [A, B], mode="replace")
    assert await run(lists, [A], scope="two") == {"unchanged": 1}
    assert await run(lists, [], mode="replace") == {"deleted": 1}
    assert [scope for scope, _ in await marks(lists)] == ["two"]


async def test_an_item_that_comes_twice_is_a_duplicate_where_its_row_was_written(
    lists: Lists,
) -> None:
    assert await run(lists, [A], [A, B], [B]) == {"inserted": 2, "duplicates": 2}
    assert await run(lists, [A], [{**A, "size": 5}], [{**A, "size": 5}]) == {
        "updated": 1, "unchanged": 1, "duplicates": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    "database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
async def test_batches_of_one_shape_share_a_staging_table(lists: Lists) -> None:
    pages = [[{"id": f"{page}-{n}", "size": n} for n in range(3)] for page in range(4)]
    assert await run(lists, *pages) == {"inserted": 12}
    assert await run(lists, *pages[:2], [{"id": "0-0", "size": 9}]) == {
        "updated": 1, "unchanged": 6
    }  # fmt: skip
    assert await run(lists, [{"id": "0-1"}], [{"id": "0-2"}], fields={"id": "id"}) == {"updated": 2}

    def count(connection: sa.Connection) -> Any:
        staged = "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()"
        return connection.execute(sa.text(staged)).scalar()

    assert await lists.database.read(count) == 2
