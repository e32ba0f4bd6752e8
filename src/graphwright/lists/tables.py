"""SQL tables from list definitions: plain tables with the fields as columns.

Pure: builds SQLAlchemy objects, talks to no database.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from graphwright.kernel.errors import nearest
from graphwright.lists.column_types import Date, Instant, Json
from graphwright.lists.definition import FieldDefinition, ListDefinition, check_lists, root_of
from graphwright.lists.errors import ListUnknown
from graphwright.lists.values import KEY_SEPARATOR, SUFFIXES

_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "text": sa.Text(),
    "integer": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "datetime": Instant(),
    "zoned_datetime": Instant(),
    "date": Date(),
    "duration": sa.Text(),
    "json": Json(),
    "html": sa.Text(),
    "reference": sa.Text(),
    "file": sa.Text(),
}
_PART_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {"__size": sa.BigInteger()}


def field_columns(name: str, field: FieldDefinition) -> list[sa.Column[Any]]:
    """The columns of a field. All may be null: `required` is the import's and the form's to check,
    so that a field can be removed and its column stay."""
    columns: list[sa.Column[Any]] = [sa.Column(name, _TYPES[field.type])]
    columns += [
        sa.Column(name + suffix, _PART_TYPES.get(suffix, sa.Text()))
        for suffix in SUFFIXES.get(field.type, ())
    ]
    return columns


def column_names(name: str, field: FieldDefinition) -> list[str]:
    """The names of a field's columns."""
    return [name, *(name + suffix for suffix in SUFFIXES.get(field.type, ()))]


def _system_columns(*, is_child: bool) -> list[sa.Column[Any]]:
    columns: list[sa.Column[Any]] = [sa.Column("_owner", sa.Text(), primary_key=True)]
    if is_child:
        columns.append(sa.Column("_parent", sa.Text(), primary_key=True))
    columns.append(sa.Column("_key", sa.Text(), primary_key=True))
    if is_child:
        columns.append(sa.Column("_position", sa.Integer(), nullable=False))
    return [
        *columns,
        sa.Column("_scope", sa.Text(), nullable=False),
        sa.Column("_import", sa.Text(), nullable=False),
        # Tells an import whether a row, its children included, is as it was.
        sa.Column("_hash", sa.BigInteger()),
        sa.Column("_etag", sa.Text()),
        sa.Column("_extra", Json()),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class ListTable:
    """A list with its table."""

    name: str
    definition: ListDefinition
    table: sa.Table
    root: str
    is_shared: bool
    children: tuple["ListTable", ...]

    @property
    def is_child(self) -> bool:
        """Whether its rows belong to rows of another list."""
        return self.definition.parent is not None

    @property
    def fingerprint(self) -> bytes:
        """Changes with the fields' names, order and types: part of every row's hash."""
        described = [self.name, *(f"{n}:{f.type}" for n, f in self.definition.fields.items())]
        return hashlib.blake2b("\n".join(described).encode(), digest_size=16).digest()

    def descendants(self) -> Iterator["ListTable"]:
        """Its child lists, theirs, and so on; a parent before its children."""
        for child in self.children:
            yield child
            yield from child.descendants()


TableSet = Mapping[str, ListTable]


def build_tables(definitions: Mapping[str, ListDefinition]) -> dict[str, ListTable]:
    """The tables of all database lists; `ListInvalid` where definitions do not fit together."""
    check_lists(definitions)
    metadata = sa.MetaData()
    built: dict[str, ListTable] = {}

    def build(name: str) -> ListTable:
        if name not in built:
            definition = definitions[name]
            root = root_of(name, definitions)
            below = [child for child, other in definitions.items() if other.parent == name]
            built[name] = ListTable(
                name,
                definition,
                _build_table(metadata, name, definition),
                root,
                definitions[root].owner == "shared",
                tuple(build(child) for child in below),
            )
        return built[name]

    for name, definition in definitions.items():
        if definition.is_table:
            build(name)
    return built


def _build_table(metadata: sa.MetaData, name: str, definition: ListDefinition) -> sa.Table:
    columns = _system_columns(is_child=definition.parent is not None)
    for field_name, field in definition.fields.items():
        columns += field_columns(field_name, field)
    table = sa.Table(name, metadata, *columns)
    for field_name, field in definition.fields.items():
        if field.indexed:
            field_index(table, field_name)
    return table


def index_name(list_name: str, field_name: str) -> str:
    """The name of a field's index; short enough for PostgreSQL."""
    digest = hashlib.blake2b(f"{list_name}.{field_name}".encode(), digest_size=8).hexdigest()
    return f"_index_{digest}"


def field_index(table: sa.Table, field_name: str) -> sa.Index:
    """The index of a field: within an owner, in the order in which queries sort."""
    column = table.c[field_name]
    return sa.Index(index_name(table.name, field_name), table.c["_owner"], sort_key(column))


def sort_key(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """What rows are sorted by: text without regard to the case of A to Z, as both databases can."""
    if isinstance(column.type, sa.Text):
        return CaseFolded(column)
    return column


class CaseFolded(FunctionElement[str]):
    """A text column, ordered without the case of A to Z, the same on both databases."""

    name = "case_folded"
    type = sa.Text()
    inherit_cache = True


@compiles(CaseFolded)
def _no_case(element: CaseFolded, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} COLLATE NOCASE"


@compiles(CaseFolded, "postgresql")
def _lower(element: CaseFolded, compiler: Any, **options: Any) -> str:
    return f'lower({compiler.process(element.clauses, **options)} COLLATE "C")'


def find_table(tables: TableSet, name: str) -> ListTable:
    """The table of a list; `ListUnknown` names the nearest."""
    try:
        return tables[name]
    except KeyError:
        raise ListUnknown(f"There is no list {name}.", hint=nearest(name, tables)) from None


def path_of(parent: str | None, key: str) -> str:
    """What a row's children hold as `_parent`: the keys from the top, joined."""
    return key if parent is None else f"{parent}{KEY_SEPARATOR}{key}"
