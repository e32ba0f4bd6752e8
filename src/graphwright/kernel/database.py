"""Databases: SQLite files with one writer each, or one PostgreSQL database by URL.

A function given to `read` or `write` runs in a thread inside one transaction, so that nothing awaits
while a transaction is open. Knows no table; folders register theirs on the metadata objects here.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from graphwright.kernel.errors import InvalidInput, Unavailable
from graphwright.kernel.migration import upgrade_tables
from graphwright.kernel.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

# System tables: sessions, vault, flow states, runs. Their names start with `_`.
system_metadata = sa.MetaData()
# What lies beside the lists' own tables: their applied definitions and continuations.
data_metadata = sa.MetaData()

_READERS = 4


class DatabaseUnavailable(Unavailable):
    """The database cannot be opened, is locked by somebody else, or has no room."""

    code = "databaseUnavailable"


class Database:
    """One database. Reads run side by side, writes one after the other."""

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._write_lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "database-writer")
        self._readers = ThreadPoolExecutor(_READERS, "database-reader")

    async def read(
        self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `function(connection, …)` returns, run in a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: self.read_sync(function, *args, **kwargs)
        )

    async def write(
        self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `function(connection, …)` returns, run in the writer thread and committed."""
        return await asyncio.get_running_loop().run_in_executor(
            self._writer, lambda: self.write_sync(function, *args, **kwargs)
        )

    def read_sync(
        self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `read`, in this thread."""
        with _explained(self.engine), self.engine.connect() as connection, connection.begin():
            return function(connection, *args, **kwargs)

    def write_sync(
        self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `write`, in this thread, waiting for its turn."""
        with self._write_lock, _explained(self.engine), self.engine.connect() as opened:
            connection = opened.execution_options(graphwright_write=True)
            with connection.begin():
                return function(connection, *args, **kwargs)

    def upgrade(self, metadata: sa.MetaData) -> None:
        """Creates the metadata's tables and adds what they lack."""
        self.write_sync(upgrade_tables, metadata)

    def close(self) -> None:
        """Ends the threads and connections."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


@dataclass(frozen=True)
class Databases:
    """The system database and the data database: two SQLite files, or one PostgreSQL database.

    Each has its own writer, there too: a sign-in never waits for an import's batch.
    """

    system: Database
    data: Database

    @classmethod
    def open(cls, settings: Settings) -> "Databases":
        """Opens both, creating files and tables. Import the folders that register tables before."""
        if settings.database_url:
            databases = cls(Database(settings.database_url), Database(settings.database_url))
        else:
            _make_data_folder(settings.data)
            databases = cls(
                open_file(settings.data / "system.sqlite"),
                open_file(settings.data / "data.sqlite"),
            )
        databases.system.upgrade(system_metadata)
        databases.data.upgrade(data_metadata)
        return databases

    def close(self) -> None:
        """Closes both."""
        self.system.close()
        if self.data is not self.system:
            self.data.close()


def open_data_to_read(settings: Settings) -> Database | None:
    """The data database of settings, never to be written; None where there is none yet."""
    if settings.database_url:
        return Database(settings.database_url)
    path = settings.data / "data.sqlite"
    if not path.is_file():
        return None
    return Database(f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true")


def _make_data_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "ascii")
    except OSError as error:
        raise DatabaseUnavailable(
            f"The data folder {folder} cannot be made: {error.strerror}.",
            hint="Name another one with --data or GRAPHWRIGHT_DATA.",
        ) from error


def open_file(path: Path) -> Database:
    """The database of a SQLite file, which only its owner may read where it is made here."""
    # SQLite makes its files as the umask says, and the log beside a file like the file. What cannot
    # be made here, SQLite explains.
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return Database(f"sqlite:///{path}")


def _create_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(
            "The database URL is not valid.",
            hint="It looks like postgresql://user@host/name or sqlite:////folder/file.sqlite.",
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    # Parameters hold users' data: they must not show in an error's text.
    engine = sa.create_engine(parsed, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event says BEGIN, not the driver
    # SQLite's own lower() and LIKE fold ASCII only.
    connection.create_function("casefold", 1, _casefold, deterministic=True)
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-16000",
        "temp_store=MEMORY",
        # Each 16 MB in place of 4: an import writes the same pages of an index over and over, and is
        # a sixth cheaper. A log of 64 MB, or a larger cache, gains no more.
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _casefold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("graphwright_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


_CURES = (
    ("database or disk is full", "Free some space on the disk, then try again."),
    ("database is locked", "Another program holds the database; close it, then try again."),
    ("readonly database", "Give this user the right to write the file and its folder."),
    ("unable to open database file", "Check that the folder exists and may be written."),
    ("file is not a database", "Restore the file from a backup, or name another data folder."),
    ("disk image is malformed", "Restore the file from a backup."),
    ("connection failed", "Check that the database server runs and GRAPHWRIGHT_DATABASE_URL."),
    ("connection refused", "Check that the database server runs and GRAPHWRIGHT_DATABASE_URL."),
    ("no space left", "Free some space on the database server's disk, then try again."),
)


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    # What a driver raises itself, as in a COPY, comes without SQLAlchemy's cover.
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        reason = str(getattr(error, "orig", error)).lower()
        for sign, cure in _CURES:
            if sign in reason:
                name = engine.url.database or engine.url.render_as_string(hide_password=True)
                raise DatabaseUnavailable(
                    f"The database {name} cannot be used: {sign}.", hint=cure
                ) from error
        raise
