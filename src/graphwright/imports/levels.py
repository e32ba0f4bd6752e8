"""The mapping of one list, its fields and its child lists. Pure: knows no page and no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from graphwright.expressions import (
    MISSING,
    Expression,
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)
from graphwright.expressions.getters import Getter, make_getter
from graphwright.imports.definition import ChildImport, ImportDefinition
from graphwright.imports.errors import ImportFailed, ImportInvalid
from graphwright.imports.items import find_unread, merge_reads, name_unread
from graphwright.imports.rows import ChildRow, Reason
from graphwright.kernel.errors import nearest
from graphwright.kernel.values import JsonValue
from graphwright.lists import ListTable, Mistyped
from graphwright.lists.tables import column_names
from graphwright.lists.values import (
    KEY_SEPARATOR,
    WRITERS,
    Writer,
    json_text,
    key_text,
    write_text,
)


class Skip(Exception):
    """Ends the mapping of one item or child item."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(why)
        self.reason = (where, why)


@dataclass(slots=True)
class Field:
    """A mapped field: where its value is, and how it is written."""

    name: str
    expression: Expression
    get: Getter
    write: Writer
    width: int
    is_required: bool


Plan = Sequence[tuple[Getter, Writer, int, Field]]
"""For each field how its value is got, written, and over how many columns."""


class Level:
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
        self.plan: Plan = [(field.get, field.write, field.width, field) for field in self.fields]
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

    def _make_child(self, name: str, child: ChildImport) -> "Level":
        for listed in self.listed.children:
            if listed.name == name:
                return Level(listed, child, self.policies)
        raise ImportInvalid(
            f"{name} is no child list of {self.listed.name}.",
            hint=nearest(name, [listed.name for listed in self.listed.children]),
            list=self.listed.name,
            field=name,
        )

    def map_values(self, item: Any, where: str, plan: Plan) -> list[Any]:
        """The values of the mapped columns; `plan` knows what the item is."""
        values: list[Any] = []
        append = values.append
        for get, write, width, field in plan:
            try:
                value = get(item)
                # Most values are such texts: the way through the writer takes twice as long.
                plain = write is write_text and type(value) is str and value.isascii()
                if plain and "\x00" not in value:
                    append(value)
                    continue
                written = None if value is None or value is MISSING else write(value)
            except (Mistyped, ExpressionFailed) as error:
                if self.policies.mistyped != "null":
                    self._refuse(self.policies.mistyped, where, f"{field.name}: {error.message}")
                value = written = None
            if written is not None:
                if width == 1:
                    append(written)
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
        only = parts[0]
        # Nearly every key there is: one field, a text.
        simple = len(parts) == 1 and type(only) is str and not self.key_expressions
        if simple and only and KEY_SEPARATOR not in only:
            return str(only)
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
                except Skip as skip:
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
        values = self.map_values(item, where, self.plan)
        key = self.map_key(item, values, where)
        extra = self.map_extra(item, self.reads, where)
        children = self.map_children(item, where, notices) if self.children else {}
        return ChildRow(
            str(position) if key is None else key, position, tuple(values), extra, children
        )

    def _meet_required(self, field: Field | None, where: str) -> NoReturn:
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
        raise Skip(where, why)


def _compile(listed: ListTable, name: str, source: str) -> Expression:
    try:
        return compile_expression(source)
    except ExpressionInvalid as error:
        raise ImportInvalid(
            f"{listed.name}.{name}: {error.message}", hint=error.hint, list=listed.name, field=name
        ) from error


def _make_field(listed: ListTable, name: str, expression: Expression) -> Field:
    definition = listed.definition.fields.get(name)
    if definition is None:
        raise ImportInvalid(
            f"The list {listed.name} has no field {name}.",
            hint=nearest(name, listed.definition.fields),
            list=listed.name,
            field=name,
        )
    get = expression.evaluate_item if expression.path is None else make_getter(expression.path)
    return Field(
        name,
        expression,
        get,
        WRITERS[definition.type],
        len(column_names(name, definition)),
        definition.required,
    )
