"""YAML documents of an application: plain values for the definitions, positions for the problems.

Knows YAML and nothing of what the documents say. Writing keeps comments and order.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from graphwright.application.problems import Problem
from graphwright.kernel.errors import Place
from graphwright.kernel.values import JsonValue

MAX_DOCUMENT_BYTES = 2_000_000


class DocumentBroken(Exception):
    """The file is no YAML document; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class Document:
    """One YAML file: its name in the application, its tree with positions, its plain value."""

    name: str
    tree: Any
    value: JsonValue

    @classmethod
    def read(cls, root: Path, name: str) -> "Document":
        """Reads `root/name`; raises `DocumentBroken`."""
        try:
            content = (root / name).read_bytes()
            if len(content) > MAX_DOCUMENT_BYTES:
                raise _broken(name, f"The file has over {MAX_DOCUMENT_BYTES:,} bytes.")
            return cls.parse(name, content.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise _broken(name, f"The file is not UTF-8 (byte {error.start}).") from error
        except OSError as error:
            raise _broken(name, f"The file cannot be read: {error.strerror}.") from error

    @classmethod
    def parse(cls, name: str, text: str) -> "Document":
        """The document of a text; raises `DocumentBroken` with the place of the fault."""
        try:
            tree = _yaml().load(text)
            return cls(name, tree, _plain(tree))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = (error.problem or error.context or "it does not parse").strip()
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise _broken(name, f"This is not valid YAML: {reason}.", line, column) from error
        except (YAMLError, RecursionError, ValueError) as error:
            raise _broken(name, "This is not valid YAML.") from error

    def text(self) -> str:
        """The document as YAML, comments and order kept."""
        stream = StringIO()
        _yaml().dump(self.tree, stream)
        return stream.getvalue()

    def place(self, path: Sequence[str | int] = (), **names: Any) -> Place:
        """The place of the value (or, where it has none, of the key) at a path of the tree."""
        line, column = 1, 1
        node: Any = self.tree
        for step in path:
            position = _position(node, step)
            if position is None:
                break
            line, column = position
            node = node[step]
        field = ".".join(str(step) for step in path) or None
        return Place(file=self.name, line=line, column=column, field=field, **names)


def _position(node: Any, step: str | int) -> tuple[int, int] | None:
    if isinstance(node, CommentedMap) and step in node:
        line, column = node.lc.key(step)
    elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
        line, column = node.lc.item(step)
    else:
        return None
    return line + 1, column + 1


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _broken(name: str, message: str, line: int = 1, column: int = 1) -> DocumentBroken:
    return DocumentBroken(
        Problem("yamlInvalid", message, Place(file=name, line=line, column=column))
    )


def _plain(value: Any, depth: int = 0) -> JsonValue:
    """The tree as plain JSON values; dates become texts, since YAML guesses where JSON does not."""
    if depth > 100:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise ValueError(f"a {type(value).__name__}")
