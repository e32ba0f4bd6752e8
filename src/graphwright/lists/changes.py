"""What a changed definition means for its table: a plan, found by comparing definitions. Pure.

Nothing in a plan loses a value: a removed field's column stays, hidden; a type only becomes wider.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from graphwright.lists.definition import FieldDefinition, ListDefinition
from graphwright.lists.values import WIDENINGS

Kind = Literal[
    "create_list",
    "rename_list",
    "rebuild_list",
    "hide_list",
    "restore_list",
    "add_field",
    "rename_field",
    "restore_field",
    "change_type",
    "hide_field",
    "change_key",
    "add_index",
    "drop_index",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a plan."""

    kind: Kind
    list: str
    field: str | None = None
    old: str | None = None
    new: str | None = None

    def __str__(self) -> str:
        return _SENTENCES[self.kind].format(
            list=self.list, field=self.field, old=self.old, new=self.new
        )


_SENTENCES: dict[Kind, str] = {
    "create_list": "create the table {list}",
    "rename_list": "rename the table {old} to {list}",
    "rebuild_list": "make the empty table {list} anew: its {field} changed from {old} to {new}",
    "hide_list": "keep the table {list} of a removed list, hidden",
    "restore_list": "show the table {list} again",
    "add_field": "add {list}.{field}",
    "rename_field": "rename {list}.{old} to {field}",
    "restore_field": "show {list}.{field} again",
    "change_type": "convert {list}.{field} from {old} to {new}",
    "hide_field": "keep the values of the removed field {list}.{field}, hidden",
    "change_key": "compute the keys of {list} anew from {new}",
    "add_index": "index {list}.{field}",
    "drop_index": "drop the index of {list}.{field}",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """A definition as it was last applied, with the fields whose columns are hidden."""

    definition: ListDefinition
    hidden_fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps from what is applied to what is wanted, and why it cannot be taken."""

    changes: tuple[Change, ...]
    problems: tuple[str, ...]


def plan_changes(
    applied: Mapping[str, Applied],
    wanted: Mapping[str, ListDefinition],
    filled: frozenset[str],
) -> Plan:
    """Compares; `filled` names the applied lists that have rows."""
    changes: list[Change] = []
    problems: list[str] = []
    taken: set[str] = set()
    renames = {
        str(definition.renamed_from): name
        for name, definition in wanted.items()
        if name not in applied and definition.renamed_from in applied
    }
    for name, definition in wanted.items():
        if not definition.is_table:
            continue
        old_name = name
        before = applied.get(name)
        if before is None and definition.renamed_from in applied:
            old_name = str(definition.renamed_from)
            before = applied[old_name]
            changes.append(Change("rename_list", name, old=old_name))
        taken.add(old_name)
        if before is None:
            changes.append(Change("create_list", name))
            continue
        parent = before.definition.parent
        before = replace(
            before,
            definition=before.definition.model_copy(
                update={"parent": None if parent is None else renames.get(parent, parent)}
            ),
        )
        _compare(name, before, definition, old_name in filled, changes, problems)
    changes += [
        Change("hide_list", name)
        for name, before in applied.items()
        if name not in taken and not before.is_hidden
    ]
    return Plan(tuple(changes), tuple(problems))


def _compare(
    name: str,
    before: Applied,
    wanted: ListDefinition,
    is_filled: bool,
    changes: list[Change],
    problems: list[str],
) -> None:
    old = before.definition
    if before.is_hidden:
        changes.append(Change("restore_list", name))
    for what, was, now in (
        ("owner", old.owner, wanted.owner),
        ("parent", old.parent, wanted.parent),
    ):
        if was == now or (what == "owner" and wanted.parent is not None):
            continue
        if is_filled and what == "owner":
            problems.append(
                f"{name} has rows and its owner cannot change from {was} to {now}: rows of one "
                "person must not become another's. Make a new list and import into it."
            )
        elif is_filled:
            problems.append(
                f"{name} has rows and its parent cannot change from {was} to {now}. "
                "Make a new list and import into it."
            )
        elif what == "parent" and (was is None) != (now is None):
            changes.append(Change("rebuild_list", name, what, was or "none", now or "none"))
            return
    steps, refusals = _compare_fields(name, before, wanted)
    changes += steps
    problems += refusals
    renamed = {step.old: step.field for step in steps if step.kind == "rename_field"}
    old_key = tuple(renamed.get(part, part) for part in old.key)
    converted = {step.field for step in steps if step.kind == "change_type"}
    if is_filled and (old_key != wanted.key or converted & set(wanted.key)):
        if wanted.key:
            changes.append(Change("change_key", name, new=", ".join(wanted.key)))
        else:
            problems.append(
                f"{name} has rows and its key cannot be removed: they could not be told apart. "
                "Make a new list and import into it."
            )


def _compare_fields(
    name: str, before: Applied, wanted: ListDefinition
) -> tuple[list[Change], list[str]]:
    old_fields = before.definition.fields
    steps: list[Change] = []
    problems: list[str] = []
    kept: set[str] = set()
    for field_name, definition in wanted.fields.items():
        source = field_name
        old = old_fields.get(field_name)
        if old is None and definition.renamed_from in old_fields:
            source = str(definition.renamed_from)
            old = old_fields[source]
            if field_name in before.hidden_fields:
                problems.append(
                    f"{name}.{source} cannot be renamed to {field_name}: a removed field of this "
                    f"name still has values. Run `graphwright lists prune` for {name} first."
                )
                continue
            steps.append(Change("rename_field", name, field_name, source))
            old = old.model_copy(update={"indexed": False})  # the index goes with the old name
        if old is None and field_name in before.hidden_fields:
            old = before.hidden_fields[field_name]
            steps.append(Change("restore_field", name, field_name))
        if old is None:
            steps.append(Change("add_field", name, field_name, new=definition.type))
            if definition.indexed:
                steps.append(Change("add_index", name, field_name))
            continue
        kept.add(source)
        steps += _compare_field(name, field_name, old, definition, problems)
    steps += [Change("hide_field", name, gone) for gone in old_fields if gone not in kept]
    return steps, problems


def _compare_field(
    name: str, field_name: str, old: FieldDefinition, new: FieldDefinition, problems: list[str]
) -> Iterator[Change]:
    is_converted = old.type != new.type
    if is_converted and new.type not in WIDENINGS[old.type]:
        wider = ", ".join(sorted(WIDENINGS[old.type]))
        becomes = f"It can become {wider}; or give" if wider else "Give"
        problems.append(
            f"{name}.{field_name} cannot change from {old.type} to {new.type}: values could be "
            f"lost. {becomes} the field another name."
        )
        return
    if old.indexed and (is_converted or not new.indexed):
        yield Change("drop_index", name, field_name)
    if is_converted:
        yield Change("change_type", name, field_name, old.type, new.type)
    if new.indexed and (is_converted or not old.indexed):
        yield Change("add_index", name, field_name)
