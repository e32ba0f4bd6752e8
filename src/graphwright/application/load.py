"""Reads an application's folder: every file, every problem; nothing is checked across files here."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from graphwright.application.definition import AppDefinition, Application
from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.problems import Problem, sort_problems
from graphwright.flows.definition import NODE_TYPES, FlowDefinition
from graphwright.imports.definition import ImportDefinition
from graphwright.kernel.errors import ModelInvalid, NotFound, Place, nearest
from graphwright.lists.definition import ListDefinition
from graphwright.pages.definition import PAGE_TYPES, PageDefinition
from graphwright.profiles.definition import PROFILE_KINDS, Profile


def read_profile(raw: object) -> Profile:
    """The profile of a parsed YAML document as its kind's model; ValidationError with all problems."""
    return PROFILE_KINDS.read(raw, Profile)  # type: ignore[type-abstract]


FOLDERS: dict[str, Callable[[Any], BaseModel]] = {
    "profiles": read_profile,
    "lists": ListDefinition.model_validate,
    "imports": ImportDefinition.model_validate,
    "flows": FlowDefinition.read,
    "pages": PageDefinition.read,
}
_NAME = re.compile(r"^[a-z][a-z0-9_-]*$")
_TABLE_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


def read_application(root: Path) -> tuple[Application, list[Problem]]:
    """The application of a folder as far as it can be read, and what is wrong with its files.

    Raises `NotFound` where the folder holds no `app.yaml`, `ModelInvalid` where that cannot be read.
    """
    if not (root / "app.yaml").is_file():
        raise NotFound(
            f"{root} is no application: it has no app.yaml.",
            hint="`graphwright init FOLDER` makes one.",
        )
    application, problems, has_app = read_parts(root)
    if not has_app:
        raise model_invalid(sort_problems(problems))
    return application, problems


def read_parts(root: Path) -> tuple[Application, list[Problem], bool]:
    """The same for a folder whose `app.yaml` may be missing or broken, and whether it could be read."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    app = _read_one(root, "app.yaml", AppDefinition.model_validate, documents, problems)
    # Where app.yaml cannot be read, the problems of the other files are told all the same.
    stand_in = AppDefinition.model_construct(format=1, title="", home="")
    application = Application(
        root, app if isinstance(app, AppDefinition) else stand_in, documents=documents
    )
    for folder, read in FOLDERS.items():
        definitions: dict[str, Any] = getattr(application, folder)
        for path in sorted((root / folder).glob("*.y*ml")):
            name = f"{folder}/{path.name}"
            if problem := _check_name(folder, path):
                problems.append(problem)
                continue
            definition = _read_one(root, name, read, documents, problems)
            if definition is not None:
                definitions[path.stem] = definition
    problems += _stray_files(root)
    return application, problems, app is not None


def read_value(
    folder: str, name: str, value: Any
) -> tuple[BaseModel | None, Document, list[Problem]]:
    """A definition that stands in no file yet, its document without lines, and its problems."""
    document = Document(f"{folder}/{name}.yaml", value, value)
    try:
        return FOLDERS[folder](value), document, []
    except ValidationError as error:
        return (
            None,
            document,
            [_problem(document, item) for item in error.errors(include_url=False)],
        )


def _stray_files(root: Path) -> list[Problem]:
    """YAML files that nothing reads: most likely their folder's name is wrong."""
    known = {*FOLDERS, "layout"}
    return [
        Problem(
            "strayFile",
            "Nothing reads this file.",
            Place(file=str(path.relative_to(root)), line=1, column=1),
            nearest(path.parent.name, known) if path.parent != root else "",
            "warning",
        )
        for path in sorted([*root.glob("*.y*ml"), *root.glob("[!.]*/*.y*ml")])
        if path.name != "app.yaml" and path.parent.name not in known
    ]


def model_invalid(problems: list[Problem]) -> ModelInvalid:
    """The error that stands for these problems."""
    errors = [problem for problem in problems if problem.severity == "error"]
    count = "one problem" if len(errors) == 1 else f"{len(errors)} problems"
    listed = "\n".join(f"  {problem}" for problem in errors[:20])
    return ModelInvalid(
        f"The model has {count}:\n{listed}\n",
        hint="`graphwright check` lists all of them.",
        problems=[problem.to_json() for problem in problems],
    )


def _read_one(
    root: Path,
    name: str,
    read: Callable[[Any], BaseModel],
    documents: dict[str, Document],
    problems: list[Problem],
) -> BaseModel | None:
    try:
        document = documents[name] = Document.read(root, name)
        return read(document.value)
    except DocumentBroken as error:
        problems.append(error.problem)
    except ValidationError as error:
        problems += [_problem(document, item) for item in error.errors(include_url=False)]
    return None


def _check_name(folder: str, path: Path) -> Problem | None:
    place = Place(file=f"{folder}/{path.name}", line=1, column=1)
    if path.suffix != ".yaml":
        return Problem("nameInvalid", "The file must end in .yaml.", place)
    pattern = _TABLE_NAME if folder == "lists" else _NAME
    if pattern.match(path.stem):
        return None
    return Problem(
        "nameInvalid",
        f"{path.stem!r} is no name: names are lower case letters, digits and _"
        + ("." if folder == "lists" else " or -."),
        place,
        hint="Names that start with _ are reserved." if path.stem.startswith("_") else "",
    )


def _problem(document: Document, item: Any) -> Problem:
    path = existing_path(document.value, tuple(item["loc"]))
    place = document.place(path)
    kind = str(item["type"])
    if kind == "extra_forbidden" or "Extra inputs" in str(item["msg"]):
        known = _known_fields(document, path[:-1])
        return Problem(
            "unknownKey",
            f"There is no field {path[-1]!r} here.",
            place,
            hint=nearest(str(path[-1]), known) if known else "",
        )
    code = {"missing": "fieldMissing", "unknown_type": "unknownType"}.get(kind, "valueInvalid")
    message = str(item["msg"]).removeprefix("Value error, ")
    if code == "fieldMissing":
        # It stands nowhere, so the line is its parent's; the field is still its own.
        missing = item["loc"][-1]
        field_path = ".".join(str(step) for step in (*path, missing))
        return Problem(code, f"The field {missing} is missing.", replace(place, field=field_path))
    if code == "unknownType":
        return Problem(code, message, place)
    field = str(path[-1]) if path else document.name
    return Problem(code, f"{field}: {message}", place)


def _value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        if isinstance(value, dict) or (isinstance(value, list) and isinstance(step, int)):
            try:
                value = value[step]
            except (KeyError, IndexError):
                return None
    return value


def existing_path(value: Any, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """The path without pydantic's own steps (names of union members), so far as it exists."""
    kept: list[Any] = []
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            continue
        kept.append(step)
    return tuple(kept)


def _known_fields(document: Document, path: tuple[Any, ...]) -> list[str]:
    """The fields that the definitions at a path know, found through the pydantic models."""
    folder = document.name.split("/")[0]
    registries = {"flows": NODE_TYPES, "pages": PAGE_TYPES, "profiles": PROFILE_KINDS}
    models = {"app.yaml": AppDefinition, "lists": ListDefinition, "imports": ImportDefinition}
    annotations: list[Any] = [models.get(folder, FlowDefinition)]
    if folder in registries:
        depth = 2 if folder == "flows" and path[:1] == ("nodes",) else 0
        kind = _value_at(document.value, (*path[:depth], "type"))
        if kind in registries[folder].names():
            annotations, path = [registries[folder].kind(kind).config], path[depth:]
    for step in path:
        annotations = [a for annotation in annotations for a in _inside(annotation, step)]
    return sorted({name for a in annotations for model in _models(a) for name in _fields(model)})


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The annotations of a model's fields, by the names that they have in files."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (dict, list, tuple):
        return []
    return [model for argument in get_args(annotation) for model in _models(argument)]


def _inside(annotation: Any, step: Any) -> list[Any]:
    """What stands at a key or index of a value of this annotation."""
    found = [fields[step] for fields in map(_fields, _models(annotation)) if step in fields]
    if get_origin(annotation) in (dict, list):
        return [*found, get_args(annotation)[-1]]
    return found + [
        inner
        for argument in get_args(annotation)
        if get_origin(argument) in (dict, list)
        for inner in _inside(argument, step)
    ]
