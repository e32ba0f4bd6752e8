"""A list of 100,000 rows: imported, queried, exported and replaced without a mistake."""

import pytest

from graphwright.imports import ImportDefinition, Importer
from graphwright.kernel.database import Database
from graphwright.lists import Filter, ListDefinition, Lists, RowQuery, Sort

ROWS = 100_000
LIST = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {"id": {"type": "text"}, "name": {"type": "text"}, "size": {"type": "integer"}},
    }
)
IMPORT = ImportDefinition.model_validate(
    {"list": "thing", "fields": {"id": "id", "name": "name", "size": "size"}}
)


def make(lists: Lists) -> Importer:
    return Importer(lists, IMPORT, name="thing", owner="ann", scope="all", mode="replace")


@pytest.mark.verify
async def test_a_list_is_right_at_100_000_rows(database: Database) -> None:
    lists = Lists({"thing": LIST}, database)
    await lists.prepare()
    importer = make(lists)
    ids = [f"{number:06}" for number in range(ROWS)]
    for start in range(0, ROWS, 1_000):
        page = [{"id": i, "name": f"Name {i}", "size": int(i) % 1_000} for i in ids[start:][:1_000]]
        await importer.apply(page, continuation=f"{start}")
    assert (await importer.finish()).inserted == ROWS

    last = RowQuery(sort=(Sort("size", descending=True),), offset=ROWS - 1, limit=10)
    page_of = await lists.query("thing", "ann", last)
    assert (page_of.total, [row["_key"] for row in page_of.rows]) == (ROWS, ["099000"])
    found = await lists.query("thing", "ann", RowQuery(search="NAME 0999"))
    assert found.total == sum("0999" in i for i in ids)
    filtered = await lists.query("thing", "ann", RowQuery(filters=(Filter("size", "eq", 7),)))
    assert filtered.total == 100
    exported = [row["_key"] async for row in lists.export("thing", "ann", RowQuery())]
    assert exported == ids

    importer = make(lists)
    await importer.apply([{"id": "000000", "name": "Name 000000", "size": 0}])
    report = await importer.finish()
    assert (report.unchanged, report.deleted, await lists.count("thing")) == (1, ROWS - 1, 1)
