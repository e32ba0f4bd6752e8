"""A new name for a part of an application, wherever the old one stands.

Works on the documents as they are: also where other parts have problems. Gives the documents' new
texts and writes nothing. Lists and fields say what they were called, so that their rows are kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graphwright.application.definition import Application
from graphwright.application.edit import edit_text
from graphwright.application.renaming import expressions, references
from graphwright.application.renaming.model import Model
from graphwright.flows.definition import CONTEXT_NAMES
from graphwright.kernel.errors import Conflict, InvalidInput, NotFound, Place, nearest
from graphwright.lists.definition import (
    NAME_LENGTH,
    NAME_PATTERN,
    RESERVED_FIELDS,
    RESERVED_LIST_PREFIXES,
)

Kind = Literal["profile", "list", "import", "flow", "page", "node", "field", "variable"]
_FILE = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_VARIABLE = re.compile(r"[a-z][A-Za-z0-9_]{0,59}")
_LIST = re.compile(NAME_PATTERN.strip("^$"))


class NameTaken(Conflict):
    """Something of that kind has the name already."""

    code = "nameTaken"


class NotThere(NotFound):
    """Nothing of that kind has the name that is to be changed."""

    code = "nothingToRename"


class NewNameInvalid(InvalidInput):
    """A name that nothing of that kind may have."""

    code = "nameInvalid"


@dataclass(frozen=True, slots=True)
class Renamed:
    """The new text of every document that changes (None: it is removed), and what could not be."""

    documents: Mapping[str, str | None]
    left: tuple[Place, ...]
    """Places that may read the old name in a way that cannot be changed safely."""


def rename(
    application: Application,
    kind: Kind,
    name: str,
    to: str,
    within: str | None = None,
    *,
    keep_rows: bool = True,
) -> Renamed:
    """Renames; `within` is the flow of a node or variable, the list of a field.

    `keep_rows`: a list or field is stored under its old name somewhere, and says so from now on.
    Raises `NotThere`, `NameTaken`, `NewNameInvalid`.
    """
    model = Model(application)
    _check_new_name(kind, to)
    if name == to:
        return Renamed({}, ())
    if kind in ("node", "field", "variable"):
        if within is None:
            raise InvalidInput(
                f"A {kind} is renamed within a {'list' if kind == 'field' else 'flow'}."
            )
        _rename_inside(model, kind, name, to, within, keep_rows=keep_rows)
    else:
        _rename_document(model, kind, name, to, keep_rows=keep_rows)
    return Renamed(_texts(model), tuple(model.left))


def _rename_document(model: Model, kind: str, name: str, to: str, *, keep_rows: bool) -> None:
    document, new = f"{kind}s/{name}.yaml", f"{kind}s/{to}.yaml"
    _check_there(kind, name, to, model.names(f"{kind}s"))
    definition = model.application.lists.get(name) if kind == "list" else None
    if definition is not None and not definition.is_table:
        # The rows of a transient list are the variable of its name, in every flow.
        for flow in model.names("flows"):
            expressions.rename_variable(model, flow, name, to)
    references.rename_references(model, kind, name, to)
    model.move(document, new)
    if kind == "flow":
        model.move(f"layout/{name}.yaml", f"layout/{to}.yaml")
    if kind == "list":
        references.note_old_name(model.values[document], name, to, keep_rows=keep_rows)


def _rename_inside(
    model: Model, kind: str, name: str, to: str, within: str, *, keep_rows: bool
) -> None:
    document = f"{'lists' if kind == 'field' else 'flows'}/{within}.yaml"
    if document not in model.values:
        raise NotThere(f"There is no {document}.")
    value = model.values[document]
    if kind == "node":
        _check_there(kind, name, to, list(value.get("nodes") or {}))
        references.rename_node(model, within, name, to)
    elif kind == "field":
        _check_there(kind, name, to, list(value.get("fields") or {}))
        references.rename_field(model, within, name, to, keep_rows=keep_rows)
        expressions.rename_field(model, within, name, to)
    else:
        _check_there(kind, name, to, sorted(expressions.variables_of(model, within)))
        expressions.rename_variable(model, within, name, to)


def _check_there(kind: str, name: str, to: str, known: list[str]) -> None:
    if name not in known:
        raise NotThere(f"There is no {kind} {name!r}.", hint=nearest(name, known))
    if to in known:
        raise NameTaken(f"There is a {kind} {to!r} already.", hint="Choose another name.")


def _check_new_name(kind: str, to: str) -> None:
    is_table = kind in ("list", "field")
    pattern = _LIST if is_table else _VARIABLE if kind == "variable" else _FILE
    reserved = (
        (kind == "variable" and to in CONTEXT_NAMES)
        or (kind == "field" and to in RESERVED_FIELDS)
        or (kind == "list" and to.startswith(RESERVED_LIST_PREFIXES))
    )
    if reserved:
        raise NewNameInvalid(f"The name {to} is reserved.", hint="Choose another name.")
    if not pattern.fullmatch(to) or (is_table and len(to) > NAME_LENGTH):
        allowed = (
            "letters, digits and _"
            if is_table or kind == "variable"
            else "letters, digits, _ and -"
        )
        raise NewNameInvalid(
            f"{to[:80]!r} cannot be the name of a {kind}.",
            hint=f"Names begin with a small letter; then come {allowed}.",
        )


def _texts(model: Model) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, value in model.values.items():
        new = model.moved.get(name, name)
        before = model.texts[name]
        text = before if value == model.before[name] else edit_text(before, value)
        if new != name:
            found[name] = None
        if new != name or text != before:
            found[new] = text
    return found
