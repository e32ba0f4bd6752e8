"""A data database on SQLite and on PostgreSQL: every test that takes it runs on both."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database, data_metadata
from graphwright.lists import ListTable
from graphwright.lists.tables import column_names
from graphwright.lists.values import key_text, write


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from _open(f"sqlite:///{tmp_path / 'data.sqlite'}")
        return
    url = sa.make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    name = f"test_{uuid4().hex}"
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    try:
        own = url.update_query_dict({"options": f"-csearch_path={name}"})
        yield from _open(own.render_as_string(hide_password=False))
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
        server.dispose()


def _open(url: str) -> Iterator[Database]:
    database = Database(url)
    database.upgrade(data_metadata)
    yield database
    database.close()


Insert = Callable[..., None]


@pytest.fixture
def insert(database: Database) -> Insert:
    """Puts rows into a list as an import would: `insert(table, owner, {field: value}, …)`."""

    def put(
        listed: ListTable, owner: str, *rows: dict[str, Any], parent: str | None = None
    ) -> None:
        fields = listed.definition.fields
        values = []
        for position, row in enumerate(rows):
            columns = {"_owner": owner, "_scope": "", "_import": "1", "_etag": row.get("_etag")}
            keys = [write(fields[name].type, row[name])[0] for name in listed.definition.key]
            columns["_key"] = key_text(keys) if keys else str(position)
            if listed.is_child:
                columns.update(_parent=parent, _position=position)
            for name, field in fields.items():
                names = column_names(name, field)
                columns.update(zip(names, write(field.type, row.get(name)), strict=True))
            values.append(columns)
        database.write_sync(lambda connection: connection.execute(sa.insert(listed.table), values))

    return put
