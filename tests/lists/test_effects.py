"""Effects of changed definitions: told with the rows they meet; looking writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database
from graphwright.lists import ListDefinition, Lists
from graphwright.lists.effects import find_effects, is_applied

Insert = Callable[..., None]
FIELDS = {"id": "text", "size": "integer", "name": "text", "at": "datetime"}


def thing(**fields: Any) -> ListDefinition:
    kinds = {name: kind for name, kind in {**FIELDS, **fields}.items() if kind is not None}
    shaped = {n: {"type": kind} if isinstance(kind, str) else kind for n, kind in kinds.items()}
    return ListDefinition.model_validate({"key": ["id"], "fields": shaped})


@pytest.fixture
async def filled(database: Database, insert: Insert) -> Database:
    lists = Lists({"thing": thing()}, database)
    await lists.prepare()
    table = lists.table("thing")
    insert(table, "ann", {"id": "a", "size": 1, "name": "1"}, {"id": "b", "size": 2, "name": "x"})
    insert(table, "bob", {"id": "a", "size": None, "name": "x"})
    return database


@pytest.mark.parametrize(
    ("wanted", "tone", "text"),
    [
        (thing(size="text"), "info", "The field size becomes text: 2 rows are converted."),
        (
            thing(size=None),
            "warning",
            "The field size is removed: its column stays, hidden, with 2",
        ),
        (thing(at=None), "info", "The field at is removed: its column stays, hidden, with 0 rows."),
        (
            thing(name="integer"),
            "error",
            "The field name cannot change from text to integer: 2 rows",
        ),
        (
            thing(name=None, label={"type": "text", "renamed_from": "name"}),
            "info",
            "The field name becomes label: 3 rows keep their values.",
        ),
    ],
)
async def test_effects_count_the_rows_they_meet(
    filled: Database, wanted: ListDefinition, tone: str, text: str
) -> None:
    found = await filled.read(find_effects, "thing", {"thing": wanted})
    assert found.rows == 3
    [effect] = found.effects
    assert effect.tone == tone
    assert effect.text.startswith(text)


async def test_a_key_that_comes_twice_for_one_owner_is_told(filled: Database) -> None:
    wanted = ListDefinition.model_validate({**thing().model_dump(), "key": ["name"]})
    found = await filled.read(find_effects, "thing", {"thing": wanted})
    assert [effect.tone for effect in found.effects] == ["info"]  # each owner has x once
    wanted = ListDefinition.model_validate({**thing().model_dump(), "key": ["size"]})
    found = await filled.read(find_effects, "thing", {"thing": wanted})
    assert "one row would have none" in found.effects[0].text


async def test_looking_writes_nothing(filled: Database) -> None:
    def rows(connection: sa.Connection) -> list[Any]:
        lists = connection.execute(sa.text("SELECT definition FROM _lists")).all()
        return [*lists, *connection.execute(sa.text("SELECT * FROM thing ORDER BY 1, 2")).all()]

    before = await filled.read(rows)
    await filled.read(find_effects, "thing", {"thing": thing(size="text", name=None)})
    assert await filled.read(rows) == before


async def test_a_list_that_was_never_applied_is_not_known(filled: Database) -> None:
    found = await filled.read(find_effects, "other", {"other": thing()})
    assert (found.rows, found.effects, found.is_known) == (0, (), False)


async def test_tables_are_compared_with_the_definitions(filled: Database) -> None:
    assert await filled.read(is_applied, {"thing": thing()})
    assert not await filled.read(is_applied, {"thing": thing(size="text")})
    assert not await filled.read(is_applied, {"other": thing()})
