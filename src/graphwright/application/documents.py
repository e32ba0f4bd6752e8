"""YAML documents of an application: plain values for the definitions, positions for the problems.

Knows YAML and nothing of what the documents say. Writing keeps comments and order.
"""

import datetime as dt
import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarbool import ScalarBoolean

from graphwright.application.problems import Problem
from graphwright.kernel.errors import Place
from graphwright.kernel.values import JsonValue

MAX_DOCUMENT_BYTES = 2_000_000
# Aliases of aliases can stand for billions of values in a few lines.
MAX_VALUES = 200_000
MAX_DEPTH = 100
MAX_MARKS = 50_000
# What YAML can say and JSON cannot is named in these words.
_NO_JSON = {"TaggedScalar": "a value with a tag", "CommentedSet": "a set", "bytes": "binary data"}
_BRACKET = re.compile(r"[\[\]{}]")
_DUPLICATE = re.compile(r'found duplicate key "(.*?)" with value ', re.DOTALL)


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
            return cls.shared(name, content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise _broken(name, f"The file is not UTF-8 (byte {error.start}).") from error
        except OSError as error:
            raise _broken(name, f"The file cannot be read: {error.strerror}.") from error

    @classmethod
    def parse(cls, name: str, text: str) -> "Document":
        """The document of a text; raises `DocumentBroken` with the place of the fault."""
        _check_structure(name, text)
        try:
            tree = make_yaml().load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise _broken(name, _explain(error), line, column) from error
        except ReaderError as error:
            before = text[: error.position].split("\n")
            message = f"The character U+{ord(text[error.position]):04X} may not stand in YAML."
            raise _broken(name, message, len(before), len(before[-1]) + 1) from error
        except (YAMLError, RecursionError, ValueError) as error:
            raise _broken(name, "This is not valid YAML.") from error
        document = cls(name, tree, None)
        try:
            document.value = _Plain().of(tree, ())
        except _NotJson as error:
            place = document.place(error.path)
            raise _broken(name, error.message, place.line or 1, place.column or 1) from error
        return document

    @classmethod
    def shared(cls, name: str, text: str) -> "Document":
        """As `parse`, but remembered by its text: the tree is for reading only, others hold it too.

        Parsing is most of what a check or an edit costs, and nearly every file is as it was.
        """
        tree = _RECENT.find(text)
        if tree is None:
            document = cls.parse(name, text)
            _RECENT.keep(text, document.tree)
            return document
        return cls(name, tree, _Plain().of(tree, ()))

    @staticmethod
    def plain(node: Any) -> JsonValue:
        """The plain value of a part of a document's tree."""
        return _Plain().of(node, ())

    def text(self) -> str:
        """The document as YAML, comments and order kept."""
        stream = StringIO()
        make_yaml().dump(self.tree, stream)
        return stream.getvalue()

    def node(self, path: Sequence[str | int]) -> Any:
        """The node of the tree at a path, as it is written; None where there is none."""
        node: Any = self.tree
        for step in path:
            key = _key_in(node, step)
            if key is None:
                return None
            node = node[key]
        return node

    def place(self, path: Sequence[str | int] = (), **names: Any) -> Place:
        """The place of the value (or, where it has none, of the key) at a path of the tree."""
        line, column = 1, 1
        node: Any = self.tree
        for step in path:
            key = _key_in(node, step)
            if key is None:
                break
            # What a merge (`<<`) brings in stands elsewhere: the nearest place is its parent's.
            line, column = _position(node, key) or (line, column)
            node = node[key]
        field = ".".join(str(step) for step in path) or None
        return Place(file=self.name, line=line, column=column, field=field, **names)


class Recent:
    """The trees of the texts that were read lately; long ones are not kept."""

    # Characters: a tree takes some thirty bytes for each.
    MOST = 1024 * 1024
    LONGEST = 64 * 1024

    def __init__(self) -> None:
        self._trees: OrderedDict[str, Any] = OrderedDict()
        self._length = 0
        self._lock = Lock()

    def find(self, text: str) -> Any:
        """The tree, or None."""
        with self._lock:
            if text in self._trees:
                self._trees.move_to_end(text)
            return self._trees.get(text)

    def keep(self, text: str, tree: Any) -> None:
        """Remembers a tree; those that were not asked for longest make room."""
        if len(text) > self.LONGEST:
            return
        with self._lock:
            # Two threads may have read the same text at once.
            if text not in self._trees:
                self._length += len(text)
            self._trees[text] = tree
            while self._length > self.MOST:
                oldest, _ = self._trees.popitem(last=False)
                self._length -= len(oldest)


_RECENT = Recent()


def _key_in(node: Any, step: str | int) -> Any:
    """The key of the tree for a step of the plain value, whose keys are all texts."""
    if isinstance(node, CommentedSeq):
        return step if isinstance(step, int) and step < len(node) else None
    if not isinstance(node, CommentedMap):
        return None
    if step in node:
        return step
    return next((key for key in node if key_text(key) == step), None)


def _position(node: Any, key: Any) -> tuple[int, int] | None:
    try:
        line, column = (node.lc.key if isinstance(node, CommentedMap) else node.lc.item)(key)
    except (KeyError, AttributeError):
        return None
    return line + 1, column + 1


class _Representer(RoundTripRepresenter):
    """Writes null as `null`."""

    def represent_null(self, _value: None) -> Any:
        """The scalar."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_null)


def make_yaml() -> YAML:
    """The YAML library, set as models are written."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    # Never fold a line that the author did not fold.
    yaml.width = 100_000
    # `null` and `[{a: b}]` stay as they are usually written.
    yaml.Representer = _Representer
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _check_structure(name: str, text: str) -> None:
    """Refuses what the parser would work on for minutes; it takes a tenth of a millisecond a value,
    and for nested brackets the square of their depth.
    """
    if sum(text.count(mark) for mark in "\n,[{") > MAX_MARKS:
        raise _broken(name, f"The file has more than {MAX_MARKS:,} lines and values.")
    depth = 0
    for found in _BRACKET.finditer(text):
        depth = depth + 1 if found.group() in "[{" else max(depth - 1, 0)
        if depth > 4 * MAX_DEPTH:  # those in texts count too, and need not be closed
            raise _broken(name, f"Values are nested more than {MAX_DEPTH} deep.")


def _explain(error: MarkedYAMLError) -> str:
    reason = (error.problem or error.context or "it does not parse").strip()
    # The parser quotes the values, and a value may be a secret.
    if duplicate := _DUPLICATE.match(reason):
        return f"The key {duplicate.group(1)!r} stands there twice."
    return f"This is not valid YAML: {reason}."


def _broken(name: str, message: str, line: int = 1, column: int = 1) -> DocumentBroken:
    return DocumentBroken(
        Problem("yamlInvalid", message, Place(file=name, line=line, column=column))
    )


class _NotJson(Exception):
    """Something in the tree has no JSON value."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


class _Plain:
    """Makes the tree plain JSON values; dates become texts, since YAML guesses where JSON does not."""

    def __init__(self) -> None:
        self._seen = 0

    def of(self, value: Any, path: tuple[str | int, ...]) -> JsonValue:
        """The plain value of a part of the tree at a path; raises `_NotJson`."""
        self._seen += 1
        if len(path) > MAX_DEPTH:
            raise _NotJson(path[:1], f"Values are nested more than {MAX_DEPTH} deep.")
        if self._seen > MAX_VALUES:
            raise _NotJson(path[:1], f"The file stands for more than {MAX_VALUES:,} values.")
        if isinstance(value, dict):
            found: dict[str, JsonValue] = {}
            for key, item in value.items():
                name = key_text(key)
                if name is None or name in found:
                    told = "is no text" if name is None else f"({name!r}) stands there twice"
                    raise _NotJson(path, f"A key here {told}.")
                found[name] = self.of(item, (*path, name))
            return found
        if isinstance(value, list):
            return [self.of(item, (*path, index)) for index, item in enumerate(value)]
        return _scalar(value, path)


def _scalar(value: Any, path: tuple[str | int, ...]) -> JsonValue:
    # `true` with an anchor is an integer to Python, but not to who wrote it.
    if isinstance(value, bool | ScalarBoolean):
        return bool(value)
    if value is None:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    kind = "no number" if isinstance(value, float) else _NO_JSON.get(type(value).__name__)
    raise _NotJson(path, f"This is {kind or type(value).__name__}, which JSON cannot say.")


def key_text(key: Any) -> str | None:
    """A key as text: numbers and truth values as they were written."""
    if isinstance(key, bool | ScalarBoolean):
        return "true" if key else "false"
    return str(key) if isinstance(key, str | int | float) else None
