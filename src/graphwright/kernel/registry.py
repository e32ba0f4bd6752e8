"""Registries of kinds: a kind is one folder with fixed file names, found by folder or entry point."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, resources
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from graphwright.kernel.errors import NotFound, nearest

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Kind:
    """One kind: its name and the package that holds its files."""

    name: str
    package: str

    def module(self, name: str) -> ModuleType:
        """The kind's module of that name (`config`, `run`, `view`, …), imported when asked for."""
        return import_module(f"{self.package}.{name}")

    @cached_property
    def config(self) -> Any:
        """The kind's pydantic model: class `Config` of its `config.py`."""
        return self.module("config").Config

    @cached_property
    def help(self) -> str:
        """The kind's help text, Markdown."""
        return (resources.files(self.package) / "help.md").read_text("utf-8")


class Registry:
    """The kinds in the folders of a package, and those that other packages name by entry points."""

    def __init__(self, package: str, group: str) -> None:
        self._package = package
        self._group = group

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        folder = import_module(self._package)
        kinds = {
            module.name: Kind(module.name, f"{self._package}.{module.name}")
            for module in iter_modules(folder.__path__)
            if module.ispkg
        }
        for entry in entry_points(group=self._group):
            kinds.setdefault(entry.name, Kind(entry.name, entry.value))
        return kinds

    def names(self) -> list[str]:
        """The names of all kinds, sorted."""
        return sorted(self._kinds)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds[name] for name in self.names())

    def kind(self, name: str) -> Kind:
        """The kind of that name; `NotFound` naming the nearest ones."""
        try:
            return self._kinds[name]
        except KeyError:
            raise NotFound(f"There is no kind {name!r}.", hint=nearest(name, self._kinds)) from None

    def read(self, raw: object, base: type[Model]) -> Model:
        """The definition of a parsed YAML mapping, as the model of the kind its `type` names.

        Raises pydantic's ValidationError; for an unknown `type` with the error type `unknown_type`.
        """
        name = raw.get("type") if isinstance(raw, dict) else None
        if not isinstance(name, str):
            return base.model_validate(raw)
        try:
            config: type[Model] = self.kind(name).config
        except NotFound as error:
            problem = PydanticCustomError(
                "unknown_type", "{message}", {"message": f"{error.message} {error.hint}"}
            )
            details = InitErrorDetails(type=problem, loc=("type",), input=name)
            raise ValidationError.from_exception_data(base.__name__, [details]) from error
        return config.model_validate(raw)
