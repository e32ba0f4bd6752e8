"""How new parts of a model are written: as a person would write them.

Short mappings of simple values stand on one line, `{default: next, error: failed}`, others in a block;
texts are quoted only where YAML needs it. Knows no definition.
"""

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

from graphwright.application.documents import make_yaml
from graphwright.kernel.values import JsonObject, JsonValue

# The longest line with a collection in it.
_WIDTH = 100
# ... and of one that its author put on one line.
_WIDTH_OF_AUTHORS = 140
# Collections whose entries each deserve a line, however short they are.
_TALL = frozenset({"nodes", "actions", "children", "variables", "navigation", "json", "query"})
# ... and these where they hold more than simple values.
_TALL_OF_MAPPINGS = frozenset({"fields", "inputs", "roles"})
# Names in these are the author's own: they say nothing of a style.
_NAMED = frozenset({"fields", "actions", "inputs", "variables", "children", "roles"})
_NODE = "a node"
# Texts that need no quotes, so that a line's width can be told without writing it.
_BARE = re.compile(r"[\w$/][\w $/.<>@=+()-]*")


def render_text(value: JsonObject) -> str:
    """The whole text of a mapping."""
    return (
        "".join(f"{line}\n" for key, item in value.items() for line in render_entry(key, item, 0))
        or "{}\n"
    )


def render_entry(
    key: str,
    value: JsonValue,
    column: int,
    *,
    within: str = "",
    raw: bool = False,
    like: Any = None,
) -> list[str]:
    """The lines of one entry of a block mapping whose keys stand at a column.

    `within`: the key of that mapping; `raw`: the key is as it is to be written; `like`: the node it
    takes the place of.
    """
    written = key if raw else render_key(key)
    name = _called(key.strip("'\"") if raw else key, within)
    return [
        " " * column + line
        for line in _lines({"k": _styled(value, name, column + len(written) + 2, like)}, written)
    ]


def render_item(value: JsonValue, column: int, *, like: Any = None) -> list[str]:
    """The lines of one item of a block sequence whose dashes stand at a column."""
    lines = _dump([_styled(value, "", column + 2, like)]).rstrip("\n").split("\n")
    return [" " * column + line for line in lines]


def _lines(entry: dict[str, Any], written: str) -> list[str]:
    text = _dump(entry).rstrip("\n")
    return (written + text[1:]).split("\n")


def _dump(value: Any) -> str:
    stream = StringIO()
    yaml = _yaml()
    if isinstance(value, list):
        yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.dump(value, stream)
    return stream.getvalue().removesuffix("...\n")


def _yaml() -> YAML:
    yaml = make_yaml()
    yaml.allow_unicode = True
    return yaml


def render_key(key: str) -> str:
    """A key as YAML writes it, quoted where it has to be."""
    text = _dump({_scalar(key): 0}).rstrip("\n")
    return text[: text.rindex(":")]


def _styled(value: JsonValue, name: str, column: int, like: Any = None) -> Any:
    """The value as nodes of the YAML library, each with its style."""
    if isinstance(value, dict):
        node = CommentedMap()
        flow = _is_short(value, name, column, like)
        for key, item in value.items():
            inner = _flow() if flow else None
            node[_scalar(key)] = _styled(item, _called(key, name), column + 2, inner)
        if flow:
            node.fa.set_flow_style()
        else:
            node.fa.set_block_style()
        return node
    if isinstance(value, list):
        flow = _is_short(value, name, column, like)
        items = CommentedSeq(_styled(v, "", column + 2, _flow() if flow else None) for v in value)
        if flow:
            items.fa.set_flow_style()
        else:
            items.fa.set_block_style()
        return items
    return _scalar(value, like)


def _called(key: str, within: str) -> str:
    """What a key says of the style of its value: in `nodes` is a node, whatever it is called."""
    return _NODE if within == "nodes" else "" if within in _NAMED else key


def _is_short(value: Any, name: str, column: int, like: Any) -> bool:
    """Whether a collection stands on one line."""
    if not value or _is_in_flow(like):
        return True
    if any("\n" in text for text in _texts(value)):
        return False
    # Nothing in braces is no choice of style.
    if isinstance(like, CommentedMap | CommentedSeq) and like and like.fa.flow_style():
        return column + _width(value) <= _WIDTH_OF_AUTHORS
    simple = all(not isinstance(v, dict | list) or not v for v in _values(value))
    if name in _TALL or name == _NODE or (name in _TALL_OF_MAPPINGS and not simple):
        return False
    shallow = simple or all(_is_simple(v) for v in _values(value))
    return shallow and column + _width(value) <= _WIDTH


def _is_simple(value: Any) -> bool:
    return not isinstance(value, dict | list) or (
        len(value) <= 3 and all(not isinstance(v, dict | list) for v in _values(value))
    )


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict | list):
        return [text for item in _values(value) for text in _texts(item)]
    return []


def _width(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(str(key)) + 4 + _width(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(2 + _width(item) for item in value)
    return len(str(value)) + (2 if isinstance(value, str) and not _BARE.fullmatch(value) else 0)


class _InFlow:
    """Stands for a node inside of a collection on one line: everything in it is there too."""


def _flow() -> _InFlow:
    return _InFlow()


def _is_in_flow(like: Any) -> bool:
    return isinstance(like, _InFlow)


def _scalar(value: Any, like: Any = None) -> Any:
    if not isinstance(value, str):
        return value
    if "\n" in value and not _is_in_flow(like) and _is_literal(value):
        return LiteralScalarString(value)
    quoted = isinstance(like, SingleQuotedScalarString | DoubleQuotedScalarString)
    if quoted and value.isprintable():
        return type(like)(value)
    return DoubleQuotedScalarString(value) if _needs_quotes(value) else value


def _is_literal(value: str) -> bool:
    """Whether a block may hold a text: nothing a reader could not see is in it or at its end.

    How far in the block stands is told by its first line, which so has no space before it.
    """
    lines = value.removesuffix("\n").split("\n")
    return (
        lines[0][:1] not in ("", " ")
        and lines[-1] != ""
        and all(line.isprintable() and line == line.rstrip() for line in lines)
    )


def _needs_quotes(value: str) -> bool:
    """Whether YAML would read the bare text as something else; double quotes are the model's."""
    if not value.isprintable():
        return True  # only there are characters escaped
    plain = _dump([value]).rstrip("\n").removeprefix("- ")
    return plain != value and plain[:1] == "'" and '"' not in value and "\\" not in value
