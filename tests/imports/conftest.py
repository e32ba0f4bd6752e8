"""A data database on SQLite and on PostgreSQL: every test that takes it runs on both."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database, data_metadata


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
