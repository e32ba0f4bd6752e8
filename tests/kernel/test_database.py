"""Databases: transactions, the one writer, upgrades, and errors a person can act on."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import Database, DatabaseUnavailable, system_metadata
from graphwright.kernel.errors import InvalidInput


def make_table(*extra: sa.Column[str]) -> tuple[sa.MetaData, sa.Table]:
    metadata = sa.MetaData()
    table = sa.Table("_things", metadata, sa.Column("id", sa.Integer, primary_key=True), *extra)
    return metadata, table


def open_database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'test.sqlite'}")


async def test_what_is_written_is_read_and_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    metadata, table = make_table()
    database.upgrade(metadata)

    def insert_and_fail(connection: Connection) -> None:
        connection.execute(table.insert().values(id=2))
        raise RuntimeError("half-way")

    await database.write(lambda connection: connection.execute(table.insert().values(id=1)))
    with pytest.raises(RuntimeError, match="half-way"):
        await database.write(insert_and_fail)
    rows = await database.read(lambda connection: connection.execute(sa.select(table)).all())
    assert [row.id for row in rows] == [1]
    database.close()


def test_an_upgrade_adds_columns_and_indexes_and_keeps_the_rows(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    metadata, table = make_table()
    database.upgrade(metadata)
    database.write_sync(lambda connection: connection.execute(table.insert().values(id=1)))
    newer, wider = make_table(sa.Column("name", sa.Text, index=True))
    database.upgrade(newer)
    database.upgrade(newer)
    rows = database.read_sync(lambda connection: connection.execute(sa.select(wider)).all())
    indexes = sa.inspect(database.engine).get_indexes("_things")
    assert [(row.id, row.name) for row in rows] == [(1, None)]
    assert [index["name"] for index in indexes] == ["ix__things_name"]
    database.close()


def test_a_database_that_somebody_else_holds_says_so(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    metadata, table = make_table()
    database.upgrade(metadata)
    other = sqlite3.connect(tmp_path / "test.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def impatient(connection: Connection) -> None:
        connection.execute(table.insert().values(id=1))

    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with pytest.raises(DatabaseUnavailable, match="database is locked") as caught:
        database.write_sync(impatient)
    assert "Another program" in caught.value.hint
    other.execute("ROLLBACK")
    other.close()
    database.write_sync(impatient)
    database.close()


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    metadata, table = make_table(sa.Column("name", sa.Text))
    database.upgrade(metadata)
    database.write_sync(lambda c: c.execute(table.insert().values(id=1, name="kept")))

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.execute(table.insert().values(id=2, name="x" * 1_000_000))

    with pytest.raises(DatabaseUnavailable, match="disk is full"):
        database.write_sync(fill)
    rows = database.read_sync(lambda connection: connection.execute(sa.select(table)).all())
    assert [row.name for row in rows] == ["kept"]
    database.close()


def test_a_file_that_is_no_database_is_refused_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "test.sqlite").write_text("not a database at all, " * 20)
    database = open_database(tmp_path)
    with pytest.raises(DatabaseUnavailable, match="not a database") as caught:
        database.upgrade(make_table()[0])
    assert "backup" in caught.value.hint
    database.close()


def test_an_error_of_the_database_shows_no_values(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    metadata, table = make_table(sa.Column("name", sa.Text))
    database.upgrade(metadata)

    def insert_twice(connection: Connection) -> None:
        connection.execute(table.insert(), [{"id": 1, "name": "planted-secret"}] * 2)

    with pytest.raises(sa.exc.IntegrityError) as caught:
        database.write_sync(insert_twice)
    assert "planted-secret" not in str(caught.value)
    database.close()


def test_a_url_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(InvalidInput) as caught:
        Database("user:planted-secret@nowhere")
    assert "planted-secret" not in str(caught.value)


@pytest.mark.postgres
async def test_postgresql_works_the_same(postgres_url: str) -> None:
    database = Database(postgres_url)
    metadata, table = make_table(sa.Column("name", sa.Text))
    metadata.drop_all(database.engine)
    database.write_sync(lambda c: c.exec_driver_sql("DROP TABLE IF EXISTS _schemas"))
    database.upgrade(metadata)
    await database.write(lambda c: c.execute(table.insert().values(id=1, name="एक")))
    rows = await database.read(lambda connection: connection.execute(sa.select(table)).all())
    assert [row.name for row in rows] == ["एक"]
    metadata.drop_all(database.engine)
    database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("round_number", range(3))
def test_servers_that_start_at_once_on_an_empty_postgresql_make_its_tables_once(
    postgres_url: str, round_number: int
) -> None:
    name = f"start_{round_number}_{uuid4().hex}"
    url = sa.make_url(postgres_url).set(drivername="postgresql+psycopg")
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    own = url.update_query_dict({"options": f"-csearch_path={name}"})
    databases = [Database(own.render_as_string(hide_password=False)) for _ in range(6)]
    together = threading.Barrier(len(databases))

    def start(database: Database) -> None:
        together.wait(10)
        database.upgrade(system_metadata)

    try:
        with ThreadPoolExecutor(len(databases)) as threads:
            list(threads.map(start, databases))
        with databases[0].engine.connect() as connection:
            tables = set(sa.inspect(connection).get_table_names())
            applied = connection.exec_driver_sql("SELECT count(*) FROM _schemas").scalar_one()
        assert tables >= set(system_metadata.tables)
        assert applied == 1
    finally:
        for database in databases:
            database.close()
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
        server.dispose()
