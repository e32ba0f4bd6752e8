"""Maps JSON items to rows by an import's definition and its list's types. Pure: touches no database."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from graphwright.expressions import MISSING, Expression, ExpressionFailed, compile_expression
from graphwright.expressions.getters import Getter
from graphwright.imports.decode import ItemShape, PageDecoder, make_decoder
from graphwright.imports.definition import ImportDefinition
from graphwright.imports.errors import ImportInvalid
from graphwright.imports.items import REMOVED, find_items, merge_reads
from graphwright.imports.levels import Level, Plan, Skip
from graphwright.imports.rows import ChildRow, Mapped, Reason, Removed, Row, Skipped
from graphwright.kernel.errors import nearest
from graphwright.kernel.values import JsonValue
from graphwright.lists import ListTable, ListUnknown, Mistyped

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _View:
    """How items of one kind, objects or structs, are looked at."""

    plan: Plan
    etag: Getter | None
    is_removed: Callable[[Any], bool]
    rest: Callable[[Any], JsonValue]
    """What of an item everything else is read from: children, expressions of the key."""


class Mapper:
    """Maps the items of an import; `tables` are those of its list and child lists."""

    def __init__(self, definition: ImportDefinition, tables: Mapping[str, ListTable]) -> None:
        self.definition = definition
        if definition.list not in tables:
            raise ListUnknown(
                f"There is no database list {definition.list}.",
                hint=nearest(definition.list, tables),
            )
        self.listed = tables[definition.list]
        if self.listed.is_child:
            raise ImportInvalid(
                f"{definition.list} is a child list: it is filled with its parent.",
                hint=f"Import into {self.listed.root} and map {definition.list} in `children`.",
                list=definition.list,
            )
        self._level = Level(self.listed, definition, definition)
        self.columns = self._level.columns
        """The names of the columns whose values rows carry."""
        self._items = None if definition.items is None else compile_expression(definition.items)
        self._etag = None if definition.etag is None else compile_expression(definition.etag)
        self._reads = merge_reads(self._level.reads, self._etag.reads() if self._etag else {})
        self._seed = _seed_of(self._level)
        self._objects = _View(
            self._level.plan,
            self._etag.evaluate_item if self._etag else None,
            lambda item: isinstance(item, dict) and REMOVED in item,
            lambda item: item,
        )
        self.decoder = self._make_decoder()
        """Decodes pages into items that `map` takes too; None where items are read whole."""
        self._struct = self.decoder.shape.struct if self.decoder else None
        self._structs = self._view_structs(self.decoder.shape) if self.decoder else None

    @property
    def has_key(self) -> bool:
        """Whether items say which row they are."""
        return bool(self._level.key_expressions or self._level.key_columns)

    def child_columns(self, name: str) -> list[str]:
        """The names of the columns whose values the rows of a child list carry."""
        return _find_level(self._level, name).columns

    def items(self, document: JsonValue) -> list[JsonValue]:
        """The items of a document."""
        return find_items(document, self._items)

    def unread(self, item: JsonValue) -> list[str]:
        """The paths of an item's properties that this import does not read; no annotations."""
        return self._level.name_unread(item, self._reads)

    def map(self, item: Any, number: int = 1) -> Mapped | Removed | Skipped:
        """The row of an item, a JSON value or one of the decoder's; `number` counts from 1.

        `ImportFailed` where a policy says so.
        """
        where = f"item {number}"
        level = self._level
        view = self._structs if type(item) is self._struct and self._structs else self._objects
        try:
            if view.is_removed(item):
                return Removed(self._removed_key(item, view, where))
            values = level.map_values(item, where, view.plan)
            rest = view.rest(item) if level.key_expressions or level.children else None
            key = level.map_key(rest, values, where)
            # What nothing reads is asked for of objects only.
            extra = level.map_extra(item, self._reads, where)
            notices: list[Reason] = []
            children = level.map_children(rest, where, notices) if level.children else {}
            etag = view.etag(item) if view.etag else None
            return Mapped(self._make_row(etag, key, values, extra, children), notices)
        except Skip as skip:
            return Skipped([skip.reason])

    def _make_decoder(self) -> PageDecoder | None:
        level = self._level
        if self.definition.unexpected != "ignore" or self._reads is True:
            return None
        simple = [field.expression for field in level.fields]
        simple += [self._etag] if self._etag else []
        other = [*level.key_expressions, *(items for _, items, _ in level.children)]
        other += [found for found in simple if found.path is None]
        paths = [found.path for found in simple if found.path is not None]
        whole = merge_reads(*(found.reads() for found in other))
        return make_decoder((*paths, (REMOVED,)), tuple(whole))

    def _view_structs(self, shape: ItemShape) -> _View:
        def getter(expression: Expression) -> Getter:
            if expression.path is not None:
                return shape.getter(expression.path)
            return lambda item: expression.evaluate_item(shape.rest(item))

        is_removed = shape.getter((REMOVED,))
        return _View(
            [
                (getter(field.expression), field.write, field.width, field)
                for field in self._level.fields
            ],
            getter(self._etag) if self._etag else None,
            lambda item: is_removed(item) is not MISSING,
            shape.rest,
        )

    def _make_row(
        self,
        etag: JsonValue,
        key: str | None,
        values: list[Any],
        extra: str | None,
        children: dict[str, list[ChildRow]],
    ) -> Row:
        etag = etag if isinstance(etag, str) else None
        below = [_content(rows) for rows in children.values()] if children else None
        content = _encode((values, extra, below, list(children)))
        digest = hashlib.blake2b(self._seed + content, digest_size=16)
        if key is None:
            # Without a key the content is the key: equal items are one row.
            key = digest.hexdigest()
        if etag is not None:
            digest.update(etag.encode("utf-8", "surrogatepass"))
        number = int.from_bytes(digest.digest()[:8], "big", signed=True)
        weight = 1 + (_count(children) if children else 0)
        return Row(key, tuple(values), etag, extra, children, number, weight)

    def _removed_key(self, item: Any, view: _View, where: str) -> str:
        """The key of a removed item: its other properties are gone."""
        key_names = self.listed.definition.key
        values: list[Any] = [None] * len(self.columns)
        for get, write, _, field in view.plan:
            if field.name in key_names:
                try:
                    value = get(item)
                    if value is not None and value is not MISSING:
                        values[self.columns.index(field.name)] = write(value)
                except (Mistyped, ExpressionFailed) as error:
                    raise Skip(where, f"removed: {error.args[0]}") from error
        key = self._level.map_key(view.rest(item), values, where)
        if key is None:
            raise Skip(where, "removed, but the list has no key to find it by")
        return key


def _find_level(level: Level, name: str) -> Level:
    for child_name, _, child in level.children:
        if child_name == name:
            return child
        try:
            return _find_level(child, name)
        except KeyError:
            continue
    raise KeyError(name)


def _seed_of(level: Level) -> bytes:
    """Changes with the lists and the mapped columns, so that a changed mapping writes rows anew."""
    parts = [level.listed.fingerprint, ",".join(level.columns).encode()]
    parts += [_seed_of(child) for _, _, child in level.children]
    return hashlib.blake2b(b"\n".join(parts), digest_size=16).digest()


def _content(rows: list[ChildRow]) -> list[Any]:
    return [
        (
            row.key,
            row.position,
            row.values,
            row.extra,
            [(name, _content(below)) for name, below in row.children.items()],
        )
        for row in rows
    ]


def _count(children: Mapping[str, list[ChildRow]]) -> int:
    return sum(1 + _count(row.children) for rows in children.values() for row in rows)
