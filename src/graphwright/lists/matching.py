"""Finds text within columns without regard to case, in every script, on both databases.

Knows no list and no owner.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

LONGEST: Final = 1_000
_ESCAPE: Final = "\\"


def matches(
    connection: Connection, column: sa.ColumnElement[Any], text: str, *, at_start: bool = False
) -> sa.ColumnElement[bool]:
    """Whether the column holds the text (or begins with it), whatever the case."""
    text = text[:LONGEST]
    if "\x00" in text:
        return sa.false()
    prefix = "" if at_start else "%"
    if connection.dialect.name == "sqlite":
        return _matches_sqlite(column, text, prefix)
    lowered = sa.func.lower(sa.cast(column, sa.Text).collate("und-x-icu"))
    folded = sa.func.translate(lowered, "ς", "σ")
    return _like(folded, prefix, text.lower().replace("ς", "σ"))


def _matches_sqlite(
    column: sa.ColumnElement[Any], text: str, prefix: str
) -> sa.ColumnElement[bool]:
    """SQLite's own LIKE folds ASCII; `casefold` is a Python function and many times slower.

    So it is called for those texts only that hold more than ASCII.
    """
    if text.isascii():
        return _like(column, prefix, text)
    folded_text = text.casefold()
    has_more_bytes = sa.func.length(sa.cast(column, sa.LargeBinary)) > sa.func.length(column)
    folded = sa.case(
        (has_more_bytes, _like(sa.func.casefold(column), prefix, folded_text)),
        else_=sa.false(),
    )
    if folded_text.isascii():
        return sa.or_(_like(column, prefix, folded_text), folded)
    return folded == sa.true()


def _like(column: sa.ColumnElement[Any], prefix: str, text: str) -> sa.ColumnElement[bool]:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return column.like(f"{prefix}{text}%", escape=_ESCAPE)
