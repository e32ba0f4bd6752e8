"""What a page type is given to draw a page, and the four functions it offers; all of them pure.

A page type's `view.py` holds: `parts(page, opening)`, the rows a browser may page through;
`reads(page, opening)`, the rows needed to draw; `view(page, opening)`, what the browser gets, once
those are read; and `receive(page, exit_name, data, opening)`, the checked data of one of its
events or page actions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from graphwright.expressions import compile_expression, compile_template
from graphwright.kernel.errors import InvalidInput, nearest
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists.definition import FieldDefinition, ListDefinition
from graphwright.pages.definition import Condition
from graphwright.pages.errors import PageInvalid
from graphwright.pages.rows import Column, Part, RowFilter, RowQuery, title_of


@dataclass(frozen=True)
class Opening:
    """One page being opened for one person at one step of a flow."""

    scope: Mapping[str, JsonValue]
    lists: Mapping[str, ListDefinition]
    time_zone: str
    now: datetime
    exits: frozenset[str] = frozenset()
    """The exits of the page node that lead to another node."""
    rows: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)

    def with_rows(
        self, rows: Mapping[str, Sequence[JsonObject]], totals: Mapping[str, int]
    ) -> "Opening":
        """The same with the rows that `reads` asked for."""
        return replace(self, rows=rows, totals=totals)

    def with_row(self, row: JsonObject) -> "Opening":
        """The same with `row` in scope."""
        return replace(self, scope={**self.scope, "row": row})

    def evaluate(self, source: str) -> JsonValue:
        """The value of an expression."""
        return compile_expression(source).evaluate(self.scope)

    def render(self, source: str) -> str:
        """The text of a template."""
        return compile_template(source).render_text(self.scope)

    def list(self, name: str | None) -> ListDefinition:
        """A list's definition; `PageInvalid` where the page names none or an unknown one."""
        if name is None:
            raise PageInvalid("The page names no list.", hint="Add `list:` to the page.")
        found = self.lists.get(name)
        if found is None:
            raise PageInvalid(f"There is no list {name!r}.", hint=nearest(name, self.lists))
        return found

    def field(self, list_name: str | None, name: str) -> FieldDefinition:
        """A field of a list; `PageInvalid` where there is none."""
        fields = self.list(list_name).fields
        if name not in fields:
            raise PageInvalid(
                f"The list {list_name} has no field {name!r}.", hint=nearest(name, fields)
            )
        return fields[name]

    def column(
        self,
        list_name: str | None,
        field_name: str,
        name: str | None = None,
        *,
        title: str | None = None,
        negated: bool = False,
        shown: bool = True,
    ) -> Column:
        """A column over a field of a list."""
        found = self.field(list_name, field_name)
        name = name or field_name
        label = title or title_of(name if name != field_name else field_name, found.title)
        return Column(name, field_name, label, found.type, negated, shown)

    def where(self, conditions: Sequence[Condition]) -> tuple[RowFilter, ...]:
        """A page's fixed conditions with their values rendered."""
        return tuple(
            RowFilter(c.field, c.op, compile_template(c.value).render(self.scope))
            for c in conditions
        )


class PageType(Protocol):
    """The module `view` of a page type."""

    def parts(self, page: Any, opening: Opening) -> Mapping[str, Part]:
        """The parts with rows, the main one first."""
        ...

    def reads(self, page: Any, opening: Opening) -> Mapping[str, RowQuery]:
        """The rows needed to draw, by name."""
        ...

    def view(self, page: Any, opening: Opening) -> JsonObject:
        """What the browser gets."""
        ...

    def receive(self, page: Any, exit_name: str, data: JsonValue, opening: Opening) -> JsonValue:
        """The data of an event or page action for the flow, checked."""
        ...


def receive_nothing(exit_name: str, data: JsonValue) -> None:
    """The data of a page action that carries none."""
    if data not in (None, {}):
        raise InvalidInput(f"The exit {exit_name!r} of this page carries no data.")


def row_query(page_list: str | None, source: str, opening: Opening) -> RowQuery:
    """The query of one row that an expression gives: a row, or a row's key."""
    opening.list(page_list)
    value = opening.evaluate(source)
    if isinstance(value, Mapping):
        return RowQuery(str(page_list), value={**value}, limit=1)
    if isinstance(value, str) and value:
        return RowQuery(str(page_list), key=value, limit=1)
    raise PageInvalid(
        f"The expression {source!r} gives no row.",
        hint="It must give a row, such as the variable a row action set, or a row's key.",
    )
