"""What a changed list would do to the rows that are there: the saved application's and the draft's.

Reads only. A database that cannot be read is told, and is no reason to say nothing.
"""

from collections.abc import Mapping
from typing import Any

from graphwright.application.definition import Application
from graphwright.kernel.database import Database, DatabaseUnavailable, open_data_to_read
from graphwright.kernel.settings import Settings
from graphwright.kernel.values import JsonValue
from graphwright.lists import ListDefinition
from graphwright.lists.effects import Effect, Effects, find_effects
from graphwright.modeler.reading import check_values, invalid, put_values
from graphwright.modeler.wire.mappings import PlanAnswer, PlanChange

_IN_DRAFT = "In the draft's own data: "
_NO_DATA = "There are no rows of this list yet."
_NOTHING = "Nothing happens to the rows that are there."


async def plan_list(
    application: Application,
    name: str,
    value: JsonValue,
    renamed: Mapping[str, str],
    saved: Settings,
    draft: Database,
) -> PlanAnswer:
    """The effects of the list's new definition; `DefinitionInvalid` where it is none.

    `saved`: the settings of the application's own folder; `draft`: the draft's data.
    """
    wanted = _read(application, name, _with_renames(value, renamed))
    changes: list[Effect] = []
    rows = 0
    found: dict[bool, Effects] = {}
    for is_draft in (False, True):
        try:
            found[is_draft] = await _find(name, wanted, None if not is_draft else draft, saved)
        except DatabaseUnavailable as error:
            text = f"The rows cannot be looked at: {error.message} {error.hint}".strip()
            changes.append(Effect(_IN_DRAFT * is_draft + text, "warning"))
            continue
        rows += found[is_draft].rows
    told = {effect.text for effect in found[False].effects} if False in found else set()
    for is_draft, effects in found.items():
        for effect in effects.effects:
            if not is_draft:
                changes.append(effect)
            elif effect.text not in told:
                changes.append(Effect(_IN_DRAFT + effect.text, effect.tone))
    if not changes:
        is_known = any(effects.is_known for effects in found.values())
        changes.append(Effect(_NOTHING if is_known else _NO_DATA))
    return PlanAnswer(
        rows=rows, changes=[PlanChange(text=effect.text, tone=effect.tone) for effect in changes]
    )


async def _find(
    name: str, wanted: Mapping[str, ListDefinition], draft: Database | None, saved: Settings
) -> Effects:
    database = draft or open_data_to_read(saved)
    if database is None:
        return Effects(0, (), is_known=False)
    try:
        return await database.read(find_effects, name, wanted)
    finally:
        if database is not draft:
            database.close()


def _with_renames(value: Any, renamed: Mapping[str, str]) -> Any:
    """The value with the old name of each renamed field, where it does not say one itself."""
    fields = value.get("fields") if isinstance(value, dict) else None
    if not isinstance(fields, dict):
        return value
    named = {
        name: {**field, "renamed_from": renamed[name]}
        if name in renamed and isinstance(field, dict) and "renamed_from" not in field
        else field
        for name, field in fields.items()
    }
    return {**value, "fields": named}


def _read(application: Application, name: str, value: JsonValue) -> dict[str, ListDefinition]:
    application, problems = put_values(application, "lists", {name: value})
    problems += check_values(application, [f"lists/{name}.yaml"])
    if any(problem.severity == "error" for problem in problems):
        raise invalid(problems)
    return application.lists
