"""`python -m tools.reference`: writes docs/reference/ from the code, so that it cannot be wrong.

The definitions give the tables of fields, each kind its help text, the command line its options,
the sandbox the tables of what it covers.
With `--check` nothing is written: the exit code is 1 where a page is not what would be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import typer
import typer.main
from pydantic import BaseModel

from graphwright.application.definition import AppDefinition
from graphwright.cli import commands as graphwright_commands
from graphwright.cli.app import app as graphwright_app
from graphwright.flows.definition import NODE_TYPES, FlowDefinition, NodeDefinition
from graphwright.imports.definition import ImportDefinition
from graphwright.kernel.registry import Kind, Registry
from graphwright.lists.definition import ListDefinition
from graphwright.pages.definition import PAGE_TYPES
from graphwright.profiles.definition import PROFILE_KINDS
from graphwright_sandbox.cli import sandbox
from tools import coverage
from tools.tracked import ROOT

FOLDER = ROOT / "docs" / "reference"
_NOTE = "<!-- Written by `python -m tools.reference`; edit the code it describes. -->\n"
_FORMATS = {"jsonata": "expression", "template": "text with `{{ }}`"}
_SCALARS = {"text", "true, false", "integer", "number"}
# Commands that only pass on to another program's command line.
_PASSED_ON: Mapping[tuple[str, ...], Any] = {("sandbox",): sandbox}


@dataclass
class Parts:
    """The models inside the models of a page, each described once at its end."""

    schemas: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes the definitions of a schema."""
        for name, schema in definitions.items():
            if self.schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two models have the name {name}")

    def write(self, skip: Iterable[str] = ()) -> str:
        """The section `Parts`."""
        names = [name for name in sorted(self.schemas) if name not in skip]
        if not names:
            return ""
        texts = [
            f"### {name}\n\n{_summary(self.schemas[name])}{_table(self.schemas[name])}"
            for name in names
        ]
        return "\n## Parts\n\n" + "\n".join(texts)


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    return {
        "app.md": _model_page("app.yaml", AppDefinition, "../model.md"),
        "cli.md": _cli_page(),
        "imports.md": _model_page("imports/NAME.yaml", ImportDefinition, "../lists-and-imports.md"),
        "lists.md": _model_page("lists/NAME.yaml", ListDefinition, "../lists-and-imports.md"),
        "nodes.md": _nodes_page(),
        "page-types.md": _kinds_page("pages/NAME.yaml", PAGE_TYPES, "../pages.md", "Page types"),
        "profiles.md": _kinds_page(
            "profiles/NAME.yaml", PROFILE_KINDS, "../authorization.md", "Authorization profiles"
        ),
        "sandbox-coverage.md": _coverage_page(),
    }


def _coverage_page() -> str:
    head = f"# What the sandbox answers\n\n{_NOTE}\nExplained in [sandbox](../sandbox.md).\n\n"
    return head + coverage.write_tables()


def _model_page(file: str, model: type[BaseModel], guide: str) -> str:
    schema = model.model_json_schema(by_alias=True)
    parts = Parts()
    parts.add(schema.get("$defs", {}))
    head = f"# `{file}`\n\n{_NOTE}\nExplained in [{_stem(guide)}]({guide}).\n\n"
    return head + _summary(schema) + _table(schema) + parts.write()


def _nodes_page() -> str:
    parts = Parts()
    flow = FlowDefinition.model_json_schema(by_alias=True)
    parts.add(flow.get("$defs", {}))
    head = f"# `flows/NAME.yaml`\n\n{_NOTE}\nExplained in [flows](../flows.md).\n\n"
    body = "".join(_kind(kind, parts) for kind in NODE_TYPES)
    # Of NodeDefinition every node type says more itself.
    rest = parts.write(skip=[NodeDefinition.__name__])
    return head + _summary(flow) + _table(flow) + "\n## Node types\n\n" + body + rest


def _kinds_page(file: str, registry: Registry, guide: str, title: str) -> str:
    parts = Parts()
    head = f"# `{file}`\n\n{_NOTE}\nExplained in [{_stem(guide)}]({guide}).\n\n## {title}\n\n"
    return head + "".join(_kind(kind, parts) for kind in registry) + parts.write()


def _kind(kind: Kind, parts: Parts) -> str:
    """One kind: its help text under a heading of its name, its exits, its fields."""
    config = kind.config
    schema = config.model_json_schema(by_alias=True)
    parts.add(schema.get("$defs", {}))
    text = re.sub(r"\A# .*\n+", "", kind.help).strip()
    exits = getattr(config, "exit_names", None)
    named = ", ".join(f"`{name}`" for name in exits or ())
    line = f"Exits of its own: {named or 'none'}.\n\n" if exits is not None else ""
    return f"### {kind.name}\n\n{text}\n\n{line}{_table(schema)}\n"


def _summary(schema: Mapping[str, Any]) -> str:
    text = str(schema.get("description", "")).strip()
    return f"{text}\n\n" if text else ""


def _table(schema: Mapping[str, Any]) -> str:
    """The fields of a model, one a row."""
    required = set(schema.get("required", ()))
    lines = ["| field | type | default | meaning |", "|---|---|---|---|"]
    for name, value in schema.get("properties", {}).items():
        default = "required" if name in required else _default(value)
        cells = [f"`{name}`", _type(value), default, str(value.get("description", ""))]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _default(schema: Mapping[str, Any]) -> str:
    value = schema.get("default")
    if value in (None, "", [], {}, ()):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if not isinstance(value, str | int | float):
        return ""
    # A text with backticks of its own stands between double ones.
    return f"`` {value} ``" if "`" in str(value) else f"`{value}`"


def _type(schema: Mapping[str, Any]) -> str:
    """A JSON Schema in a few words."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return "a node" if name == NodeDefinition.__name__ else f"[{name}](#{name.lower()})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{item}`" for item in schema["enum"])
    if schema.get("format") in _FORMATS:
        return _FORMATS[str(schema["format"])]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            types = [_type(item) for item in schema[union] if item.get("type") != "null"]
            if set(types) >= _SCALARS:
                types = ["text, number, true, false", *(t for t in types if t not in _SCALARS)]
            return " or ".join(dict.fromkeys(types))
    return _plain_type(schema)


def _plain_type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return "a pair: " + ", ".join(_type(item) for item in schema["prefixItems"])
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object":
        values = next(iter(schema.get("patternProperties", {}).values()), None)
        values = values if values is not None else schema.get("additionalProperties")
        return f"map of {_type(values)}" if isinstance(values, Mapping) else "map"
    names = {"string": "text", "boolean": "true, false", "integer": "integer", "number": "number"}
    return names.get(str(kind), "any value")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".md").replace("-", " ")


@cache
def _command_tree() -> Any:
    graphwright_commands.register(graphwright_app)
    return typer.main.get_command(graphwright_app)


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something: the words behind `graphwright`, and the command."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), _command_tree())]
    while waiting:
        words, command = waiting.pop(0)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
        else:
            waiting = [((*words, name), below) for name, below in inner.items()] + waiting


def _cli_page() -> str:
    head = (
        f"# `graphwright`\n\n{_NOTE}\nExplained with examples in "
        "[command line](../command-line.md). Every command has `--help`.\n\n"
    )
    return head + "\n".join(_command(words, command) for words, command in commands())


def _command(words: tuple[str, ...], command: Any) -> str:
    summary = str(command.help).strip()
    passed_on = _PASSED_ON.get(words)
    described = _single(passed_on) if passed_on is not None else command
    arguments = [p for p in described.params if p.param_type_name == "argument"]
    shown = [f"{p.metavar or p.name.upper()}" for p in arguments]
    usage = " ".join(
        [
            "graphwright",
            *words,
            *(s if p.required else f"[{s}]" for s, p in zip(shown, arguments, strict=True)),
        ]
    )
    rows = [
        f"| `{name}` | {_cell(str(p.help or ''))} |"
        for name, p in zip(shown, arguments, strict=True)
    ] + [_option(p) for p in described.params if p.param_type_name == "option" and _is_shown(p)]
    table = "\n".join(["| argument or option | meaning |", "|---|---|", *rows]) + "\n"
    example = re.sub(r"^Examples?: ", "", str(command.epilog or ""))
    lines = "\n".join(part.strip() for part in example.split("·"))
    return f"## {' '.join(words)}\n\n{summary}\n\n`{usage}`\n\n{table}\n```sh\n{lines}\n```\n"


def _single(function: Any) -> Any:
    """The command of one function."""
    program = typer.Typer(add_completion=False)
    program.command()(function)
    return typer.main.get_command(program)


def _is_shown(option: Any) -> bool:
    return not option.hidden and option.name not in (
        "install_completion",
        "show_completion",
        "help",
    )


def _option(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    takes = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    default = option.default
    plain = isinstance(default, str | int) and not isinstance(default, bool) and default != ""
    more = " Required." if option.required else f" Default: {default}." if plain else ""
    return f"| {names}{takes} | {_cell(str(option.help or ''))}{more} |"


def stale_pages() -> list[str]:
    """The names of the pages that are not what the code says, and of those that should not be."""
    written = pages()
    there = {path.name for path in FOLDER.glob("*.md")}
    changed = [
        name
        for name, text in written.items()
        if name not in there or (FOLDER / name).read_text("utf-8") != text
    ]
    return sorted({*changed, *(there - written.keys())})


def main(arguments: list[str]) -> int:
    """Writes what is stale, or with `--check` names it."""
    stale = stale_pages()
    if arguments == ["--check"]:
        for name in stale:
            print(f"docs/reference/{name} is stale: run `python -m tools.reference`")
        return 1 if stale else 0
    written = pages()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in written:
            (FOLDER / name).write_text(written[name], "utf-8")
        else:
            (FOLDER / name).unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
