"""Definitions in the place of those that could not be read: a wrong value hides no other problem.

They are for checks alone: nothing runs what was never written. What is wrong is left out, and where a
value must be stands an expression that does nothing.
"""

from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from graphwright.application.definition import Application
from graphwright.application.load import FOLDERS, existing_path

# A list without one of its fields would be a list of which others say what is not true.
_CHECKED: Final = ("imports", "flows", "pages")
_NOTHING: Final = "null"
_NODE: Final = 2
"""How long the path of a node is: without it others would lead nowhere."""
_MOST_ROUNDS: Final = 5


def with_stand_ins(application: Application) -> Application:
    """The application with a stand-in for each definition that is absent, where one can be made."""
    found: dict[str, dict[str, Any]] = {
        folder: dict(getattr(application, folder)) for folder in _CHECKED
    }
    for name, document in application.documents.items():
        folder, _, file = name.partition("/")
        stem = file.removesuffix(".yaml")
        if folder not in found or stem in found[folder]:
            continue
        definition = _stand_in(folder, document.value)
        if definition is not None:
            found[folder][stem] = definition
    return replace(application, **found)  # type: ignore[arg-type]


def _stand_in(folder: str, value: Any) -> BaseModel | None:
    """The definition without its wrong values; None where too much is wrong or missing."""
    value = deepcopy(value)
    for _ in range(_MOST_ROUNDS):
        try:
            return FOLDERS[folder](value)
        except ValidationError as error:
            wrong = {
                existing_path(value, tuple(item["loc"])): item["type"] == "extra_forbidden"
                for item in error.errors(include_url=False)
            }
            mended = [_mend(value, path, unknown) for path, unknown in wrong.items()]
            if not all(mended):
                return None
    return None


def _mend(value: Any, path: tuple[Any, ...], is_unknown: bool) -> bool:
    """Leaves out what is wrong, puts nothing in the place of a text; False where it is a whole part."""
    if not path or (path[0] == "nodes" and len(path) <= _NODE):
        return False
    if existing_path(value, path) != path:
        return True  # it was left out with something else
    *parents, last = path
    holder = value
    for step in parents:
        holder = holder[step]
    if isinstance(holder[last], str) and holder[last] != _NOTHING and not is_unknown:
        holder[last] = _NOTHING
        return True
    if isinstance(holder, dict):
        del holder[last]
        return True
    return False
