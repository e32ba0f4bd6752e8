"""Column types whose values are the texts that `values` writes, whatever the database stores.

On SQLite they are texts; on PostgreSQL `timestamptz`, `date` and `json`. Knows no list.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType


class _InstantText(FunctionElement[str]):
    name = "instant_text"
    type = sa.Text()
    inherit_cache = True


class _DateText(FunctionElement[str]):
    name = "date_text"
    type = sa.Text()
    inherit_cache = True


@compiles(_InstantText)
@compiles(_DateText)
def _as_it_is(element: FunctionElement[str], compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_InstantText, "postgresql")
def _instant_to_char(element: FunctionElement[str], compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


@compiles(_DateText, "postgresql")
def _date_to_char(element: FunctionElement[str], compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM-DD')"


class _PostgresJson(UserDefinedType[str]):
    """`json` that takes and gives text: `values` has encoded it already."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


class Instant(TypeDecorator[str]):
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`: text on SQLite, timestamptz on PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.Text())

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return _InstantText(column)


class Date(TypeDecorator[str]):
    """`YYYY-MM-DD`: text on SQLite, date on PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.Date() if dialect.name == "postgresql" else sa.Text())

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return _DateText(column)


class Json(TypeDecorator[str]):
    """JSON text: text on SQLite, json on PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(_PostgresJson())
        return dialect.type_descriptor(sa.Text())

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.cast(column, sa.Text)
