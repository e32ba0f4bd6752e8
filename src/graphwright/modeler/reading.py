"""The draft as definitions, with values that are being edited put in their places.

What is wrong with such a value is told as `graphwright check` tells it. Knows no HTTP and no browser.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphwright.application.checks.expressions import check_expressions
from graphwright.application.checks.references import check_references
from graphwright.application.checks.types import check_types
from graphwright.application.definition import AppDefinition, Application
from graphwright.application.documents import Document
from graphwright.application.load import read_parts, read_value
from graphwright.application.problems import Problem, sort_problems
from graphwright.kernel.errors import ModelInvalid, Place
from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import NAME_LENGTH, NAME_PATTERN
from graphwright.modeler.wire.base import ProblemWire

_NAME = r"[a-z][a-z0-9_-]*"
_CHECKS: tuple[Callable[[Application], Iterable[Problem]], ...] = (
    check_references,
    check_expressions,
    check_types,
)


class DefinitionInvalid(ModelInvalid):
    """A value that is being edited is no valid definition; `problems` says where."""

    code = "definitionInvalid"


def read_draft(folder: Path) -> Application:
    """The draft as far as it can be read, whatever is wrong with it; not to be changed."""
    return _read(folder, tuple(_stamps(folder)))


@lru_cache(maxsize=4)
def _read(folder: Path, _stamps: tuple[object, ...]) -> Application:
    # Reading takes a quarter of a second, and expressions are evaluated while somebody types.
    return read_parts(folder)[0]


def _stamps(folder: Path) -> Iterator[object]:
    """What changes with the files: one that is written anew is another file."""
    for path in sorted([*folder.glob("*.y*ml"), *folder.glob("*/*.y*ml")]):
        with suppress(OSError):  # removed meanwhile
            found = path.stat()
            yield str(path), found.st_ino, found.st_mtime_ns, found.st_size


def put_values(
    application: Application, folder: str, values: Mapping[str, JsonValue]
) -> tuple[Application, list[Problem]]:
    """The application with these definitions of a folder, and what is wrong with their values.

    A value that cannot be read takes the definition of its name away.
    """
    definitions: dict[str, Any] = dict(getattr(application, folder))
    documents = dict(application.documents)
    problems: list[Problem] = []
    for name, value in values.items():
        pattern = NAME_PATTERN if folder == "lists" else _NAME
        if len(name) > NAME_LENGTH or not re.fullmatch(pattern, name):
            place = Place(file=f"{folder}/{name[:60]}.yaml")
            problems.append(Problem("nameInvalid", f"{name[:60]!r} is no name.", place))
            continue
        definition, document, found = read_value(folder, name, value)
        documents[document.name] = document
        problems += found
        definitions.pop(name, None)
        if definition is not None:
            definitions[name] = definition
    changed: dict[str, Any] = {folder: definitions}
    return replace(application, documents=documents, **changed), problems


def check_values(application: Application, names: Iterable[str]) -> list[Problem]:
    """What `check` finds in these documents of the application."""
    # Flows and settings are not looked at: they are not what is being edited.
    wanted = set(names)
    alone = replace(
        application,
        app=AppDefinition.model_construct(format=1, title="", home=""),
        flows={},
        documents={**application.documents, "app.yaml": Document("app.yaml", {}, {})},
    )
    return sort_problems(list(_found(alone, wanted)))


def _found(application: Application, wanted: set[str]) -> Iterator[Problem]:
    for check in _CHECKS:
        for problem in check(application):
            if problem.place.file in wanted:
                yield problem


def problem_wire(problem: Problem) -> ProblemWire:
    """A problem of a value: it has a path, and no line."""
    return ProblemWire(**{**problem.to_json(), "line": None, "column": None})


def invalid(problems: list[Problem]) -> DefinitionInvalid:
    """The error for a value that cannot be used, its first problem in words."""
    first = next((found for found in problems if found.severity == "error"), problems[0])
    where = f"{first.place.field}: " if first.place.field else ""
    return DefinitionInvalid(
        f"{where}{first.message}",
        hint=first.hint,
        problems=[problem_wire(found).model_dump() for found in problems],
    )
