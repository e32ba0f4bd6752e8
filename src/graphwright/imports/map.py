"""Maps JSON items to rows by an import's definition and its list's types. Pure: touches no database."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from graphwright.expressions import (
    MISSING,
    Expression,
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)
from graphwright.expressions.getters import make_getter
from graphwright.imports.definition import ChildImport, ImportDefinition
from graphwright.imports.errors import ImportFailed, ImportInvalid
from graphwright.imports.items import (
    REMOVED,
    find_items,
    find_unread,
    merge_reads,
    name_unread,
)
from graphwright.imports.rows import ChildRow, Mapped, Reason, Removed, Row, Skipped
from graphwright.kernel.errors import nearest
from graphwright.kernel.values import JsonValue
from graphwright.lists import ListTable, ListUnknown, Mistyped
from graphwright.lists.tables import column_names
from graphwright.lists.values import WRITERS, Writer, json_text, key_text, write_text

_encode = msgspec.json.Encoder().encode


class _Skip(Exception):
    """Ends the mapping of one item or child item."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(why)
        self.reason = (where, why)


@dataclass(slots=True)
class _Field:
    name: str
    get: Any
    write: Writer
    width: int
    is_required: bool


class _Level:
    """The mapping of one list: its fields and its child lists."""

    def __init__(
        self, listed: ListTable, mapping: ImportDefinition | ChildImport, policies: ImportDefinition
    ) -> None:
        self.listed = listed
        self.policies = policies
        definition = listed.definition
        expressions = [
            (name, _compile(listed, name, source)) for name, source in mapping.fields.items()
        ]
        key_expressions = [
            _compile(listed, "key", source) for source in getattr(mapping, "key", None) or ()
        ]
        self.fields = [_make_field(listed, name, found) for name, found in expressions]
        self.plan = [(field.get, field.write, field.width, field) for field in self.fields]
        self.columns = [
            column
            for name, _ in expressions
            for column in column_names(name, definition.fields[name])
        ]
        self.key_expressions = key_expressions
        self.key_columns = [] if key_expressions else self._find_key_columns(mapping)
        self.children = [
            (
                child_name,
                _compile(listed, child_name, child.items),
                self._make_child(child_name, child),
            )
            for child_name, child in mapping.children.items()
        ]
        self.reads = merge_reads(
            *(found.reads() for _, found in expressions),
            *(found.reads() for found in key_expressions),
            *(items.reads() for _, items, _ in self.children),
        )

    def _find_key_columns(self, mapping: ImportDefinition | ChildImport) -> list[int]:
        for name in self.listed.definition.key:
            if name not in mapping.fields:
                raise ImportInvalid(
                    f"The import into {self.listed.name} does not map {name}, which is its key.",
                    hint=f"Add {name} to `fields`.",
                    list=self.listed.name,
                    field=name,
                )
        return [self.columns.index(name) for name in self.listed.definition.key]

    def _make_child(self, name: str, child: ChildImport) -> "_Level":
        for listed in self.listed.children:
            if listed.name == name:
                return _Level(listed, child, self.policies)
        raise ImportInvalid(
            f"{name} is no child list of {self.listed.name}.",
            hint=nearest(name, [listed.name for listed in self.listed.children]),
            list=self.listed.name,
            field=name,
        )

    def map_values(self, item: JsonValue, where: str) -> list[Any]:
        """The values of the mapped columns."""
        values: list[Any] = []
        for get, write, width, field in self.plan:
            try:
                value = get(item)
                written = None if value is None or value is MISSING else write(value)
            except (Mistyped, ExpressionFailed) as error:
                if self.policies.mistyped != "null":
                    self._refuse(self.policies.mistyped, where, f"{field.name}: {error.message}")
                value = written = None
            if written is not None:
                if width == 1:
                    values.append(written)
                    continue
                values.extend(written)
                if written[0] is not None:
                    continue
            elif value is MISSING and self.policies.missing != "null":
                self._refuse(self.policies.missing, where, f"{field.name} is missing")
            if field.is_required:
                self._meet_required(field, where)
            if written is None:
                values.extend((None,) * width)
        return values

    def map_key(self, item: JsonValue, values: Sequence[Any], where: str) -> str | None:
        """The key; None where neither the import nor the list says what it is."""
        if self.key_expressions:
            parts = [found.evaluate_item(item) for found in self.key_expressions]
        else:
            parts = [values[index] for index in self.key_columns]
        if not parts:
            return None
        try:
            if any(part is None or part is MISSING or part == "" for part in parts):
                self._meet_required(None, where)
            if self.key_expressions:
                parts = [write_text(part) for part in parts]
            return key_text(parts)
        except Mistyped as error:
            policy = "fail" if self.policies.mistyped == "fail" else "skip_row"
            self._refuse(policy, where, f"the key: {error.message}")

    def map_extra(self, item: JsonValue, reads: JsonValue, where: str) -> str | None:
        """What nothing reads, by the policy `unexpected`, as JSON text for `_extra`."""
        if self.policies.unexpected == "ignore":
            return None
        unread = find_unread(item, reads)
        if unread is MISSING:
            return None
        if self.policies.unexpected == "keep":
            return json_text(unread)
        names = name_unread(unread)
        if names:
            shown = ", ".join(name[:60] for name in names[:5])
            self._refuse(self.policies.unexpected, where, f"unexpected: {shown}")
        return None

    def name_unread(self, item: JsonValue, reads: JsonValue) -> list[str]:
        """The paths of an item's properties that nothing reads, child items' among them."""
        unread = find_unread(item, reads)
        names = [] if unread is MISSING else name_unread(unread)
        for _, items, level in self.children:
            found = items.evaluate_item(item)
            if found is None or found is MISSING:
                continue
            at = items.source if items.path is not None else level.listed.name
            for child in found if isinstance(found, list) else [found]:
                names += [f"{at}.{name}" for name in level.name_unread(child, level.reads)]
        return list(dict.fromkeys(names))

    def map_children(
        self, item: JsonValue, where: str, notices: list[Reason]
    ) -> dict[str, list[ChildRow]]:
        """The child rows by list; what became none is in `notices`."""
        found: dict[str, list[ChildRow]] = {}
        for name, items, level in self.children:
            value = items.evaluate_item(item)
            if value is None or value is MISSING:
                continue
            rows: dict[str, ChildRow] = {}
            for position, child in enumerate(value if isinstance(value, list) else [value]):
                at = f"{where}, {name} {position + 1}"
                try:
                    row = level.map_child(child, position, at, notices)
                except _Skip as skip:
                    notices.append(skip.reason)
                    continue
                rows[row.key] = row
            if rows:
                found[name] = list(rows.values())
        return found

    def map_child(
        self, item: JsonValue, position: int, where: str, notices: list[Reason]
    ) -> ChildRow:
        """One child row."""
        values = self.map_values(item, where)
        key = self.map_key(item, values, where)
        extra = self.map_extra(item, self.reads, where)
        children = self.map_children(item, where, notices) if self.children else {}
        return ChildRow(
            str(position) if key is None else key, position, tuple(values), extra, children
        )

    def _meet_required(self, field: _Field | None, where: str) -> NoReturn:
        name = "the key" if field is None else field.name
        policy = "fail" if self.policies.missing == "fail" else "skip_row"
        self._refuse(policy, where, f"{name} is required and has no value")

    def _refuse(self, policy: str, where: str, why: str) -> NoReturn:
        why = why.rstrip(".")
        if policy == "fail":
            raise ImportFailed(
                f"Import into {self.listed.name}, {where}: {why}.",
                hint="Nothing of this batch was written. Change the mapping, or the policy.",
                where=where,
            )
        raise _Skip(where, why)


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
        self._level = _Level(self.listed, definition, definition)
        self.columns = self._level.columns
        """The names of the columns whose values rows carry."""
        self._items = None if definition.items is None else compile_expression(definition.items)
        self._etag = None if definition.etag is None else compile_expression(definition.etag)
        self._reads = merge_reads(self._level.reads, self._etag.reads() if self._etag else {})
        self._seed = _seed_of(self._level)

    def child_columns(self, name: str) -> list[str]:
        """The names of the columns whose values the rows of a child list carry."""
        return _find_level(self._level, name).columns

    def items(self, document: JsonValue) -> list[JsonValue]:
        """The items of a document."""
        return find_items(document, self._items)

    def unread(self, item: JsonValue) -> list[str]:
        """The paths of an item's properties that this import does not read; no annotations."""
        return self._level.name_unread(item, self._reads)

    def map(self, item: JsonValue, number: int = 1) -> Mapped | Removed | Skipped:
        """The row of an item; `ImportFailed` where a policy says so. `number` counts from 1."""
        where = f"item {number}"
        try:
            if isinstance(item, dict) and REMOVED in item:
                return Removed(self._removed_key(item, where))
            values = self._level.map_values(item, where)
            key = self._level.map_key(item, values, where)
            extra = self._level.map_extra(item, self._reads, where)
            notices: list[Reason] = []
            children = (
                self._level.map_children(item, where, notices) if self._level.children else {}
            )
            return Mapped(self._make_row(item, key, values, extra, children), notices)
        except _Skip as skip:
            return Skipped([skip.reason])

    def _make_row(
        self,
        item: JsonValue,
        key: str | None,
        values: list[Any],
        extra: str | None,
        children: dict[str, list[ChildRow]],
    ) -> Row:
        etag = self._etag.evaluate_item(item) if self._etag else None
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

    def _removed_key(self, item: JsonValue, where: str) -> str:
        """The key of a removed item: its other properties are gone."""
        key_names = self.listed.definition.key
        values: list[Any] = [None] * len(self.columns)
        for field in self._level.fields:
            if field.name in key_names:
                try:
                    value = field.get(item)
                    if value is not None and value is not MISSING:
                        values[self.columns.index(field.name)] = field.write(value)
                except (Mistyped, ExpressionFailed) as error:
                    raise _Skip(where, f"removed: {error.args[0]}") from error
        key = self._level.map_key(item, values, where)
        if key is None:
            raise _Skip(where, "removed, but the list has no key to find it by")
        return key


def _compile(listed: ListTable, name: str, source: str) -> Expression:
    try:
        return compile_expression(source)
    except ExpressionInvalid as error:
        raise ImportInvalid(
            f"{listed.name}.{name}: {error.message}", hint=error.hint, list=listed.name, field=name
        ) from error


def _make_field(listed: ListTable, name: str, expression: Expression) -> _Field:
    definition = listed.definition.fields.get(name)
    if definition is None:
        raise ImportInvalid(
            f"The list {listed.name} has no field {name}.",
            hint=nearest(name, listed.definition.fields),
            list=listed.name,
            field=name,
        )
    get = expression.evaluate_item if expression.path is None else make_getter(expression.path)
    return _Field(
        name,
        get,
        WRITERS[definition.type],
        len(column_names(name, definition)),
        definition.required,
    )


def _find_level(level: _Level, name: str) -> _Level:
    for child_name, _, child in level.children:
        if child_name == name:
            return child
        try:
            return _find_level(child, name)
        except KeyError:
            continue
    raise KeyError(name)


def _seed_of(level: _Level) -> bytes:
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
