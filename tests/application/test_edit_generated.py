"""Edits of generated documents: any layout, comments anywhere."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.application.documents import Document
from graphwright.application.edit import edit_text, new_text

_TEXTS = st.one_of(
    st.sampled_from(
        ["", "on", "null", "12", "a: b", "#x", "- y", "{{ a.b }}", "two\nlines\n", "é 日 🎉"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
    # Texts of several lines: deeper lines, empty ones, spaces at either end, what YAML has a use for.
    st.lists(
        st.sampled_from(
            ["", "a", "  in", " ", "end ", "\tb", "# c", "- d", "e: f", "---", "%g", "é"]
        ),
        min_size=2,
        max_size=6,
    ).map("\n".join),
)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), _TEXTS)
_KEYS = st.one_of(
    st.from_regex(r"[a-z$][a-z0-9_]{0,7}", fullmatch=True),
    st.sampled_from(["404", "4xx", "true", "a b", "no", "#", "x:y", "1.5", "~"]),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=8,
)
_DOCUMENTS = st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=4)


class _Writer:
    """Writes a value as somebody might: each collection its own way, comments between."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.count = 0

    def mapping(self, value: dict[str, Any], column: int) -> list[str]:
        """The lines of a block mapping."""
        lines: list[str] = []
        for key, item in value.items():
            lines += self._between(column)
            written = self._draw(st.sampled_from([json.dumps(key), _bare(key)]))
            lines += self._value(" " * column + written + ":", item, column)
        return lines

    def _value(self, head: str, value: Any, column: int) -> list[str]:
        block = isinstance(value, dict | list) and value and self._draw(st.booleans())
        if not block:
            return [f"{head} {_flow(value)}{self._behind()}"]
        inner = column + self._draw(st.sampled_from([2, 4]))
        if isinstance(value, dict):
            return [head + self._behind(), *self.mapping(value, inner)]
        dash = self._draw(st.sampled_from([column, inner]))
        lines = [head + self._behind()]
        for item in value:
            lines += self._between(dash)
            if isinstance(item, dict) and item and self._draw(st.booleans()):
                below = self.mapping(item, dash + 2)
                first = next(i for i, line in enumerate(below) if line.strip()[:1] not in ("", "#"))
                below[first] = f"{below[first][:dash]}- {below[first][dash + 2 :]}"
                lines += below
            else:
                lines.append(f"{' ' * dash}- {_flow(item)}{self._behind()}")
        return lines

    def _between(self, column: int) -> list[str]:
        kind = self._draw(st.sampled_from(["", "", "blank", "comment"]))
        self.count += 1
        return {"": [], "blank": [""], "comment": [f"{' ' * column}# comment {self.count}"]}[kind]

    def _behind(self) -> str:
        self.count += 1
        return self._draw(st.sampled_from(["", "", f"   # behind {self.count}"]))


def _bare(key: str) -> str:
    return (
        key if key.isidentifier() and key not in ("true", "no", "on", "null") else json.dumps(key)
    )


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return (
        json.dumps(value, ensure_ascii=True).replace("\\ud", "\\uD")
        if not isinstance(value, str)
        else _quoted(value)
    )


def _quoted(text: str) -> str:
    """A double quoted YAML text; JSON's surrogate pairs are no YAML."""
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    plain = character.isprintable() and ord(character) < 0xFFFF
    return character if plain else f"\\U{ord(character):08X}"


@st.composite
def _texts(draw: st.DrawFn) -> str:
    writer = _Writer(draw)
    lines = writer.mapping(draw(_DOCUMENTS), 0)
    end = draw(st.sampled_from(["\n", "\n\n", "\n# the end\n"]))
    return "\n".join(lines) + end


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += _places(item, (*path, step))
    return found


@st.composite
def _edits(draw: st.DrawFn) -> tuple[str, Any, str]:
    """A text, what it is to say, and the top-level key below which that differs."""
    text = draw(_texts())
    value: Any = Document.parse("generated", text).value
    wanted = copy.deepcopy(value)
    path = draw(st.sampled_from(_places(value)))
    holder = wanted
    for step in path[:-1]:
        holder = holder[step]
    how = draw(st.sampled_from(["set", "remove", "add"]))
    new = draw(_VALUES)
    if how == "set" or len(wanted) == 1 == len(path):
        holder[path[-1]] = new
    elif how == "remove":
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder[draw(_KEYS)] = new
    else:
        holder.insert(path[-1], new)
    return text, wanted, path[0]


@settings(max_examples=100)
@given(_DOCUMENTS)
def test_a_new_document_says_what_it_should(value: dict[str, Any]) -> None:
    found = Document.parse("generated", new_text("lists", value)).value
    assert json.dumps(found) == json.dumps(value)


@settings(max_examples=60)
@given(_texts())
def test_no_edit_changes_no_byte(text: str) -> None:
    assert edit_text(text, Document.parse("generated", text).value) == text


@settings(max_examples=150)
@given(_edits())
def test_an_edit_says_what_it_should_and_touches_nothing_else(edit: tuple[str, Any, str]) -> None:
    text, wanted, touched = edit
    before: Any = Document.parse("generated", text).value
    after = edit_text(text, wanted)
    found: Any = Document.parse("generated", after).value
    assert json.dumps(found) == json.dumps(wanted)
    # Every line of an entry that stayed is still there, with the comments before and behind it.
    kept = [key for key in before if key != touched and before[key] == wanted.get(key, ...)]
    lines = after.split("\n")
    for line in _lines_of(text, kept):
        assert line in lines


def _lines_of(text: str, keys: list[str]) -> list[str]:
    tree = Document.parse("generated", text).tree
    every = text.split("\n")
    starts = sorted((tree.lc.key(key)[0], str(key)) for key in tree)
    ends = [start for start, _ in starts[1:]] + [len(every)]
    named = {str(key) for key in keys}
    of_kept = [
        line
        for (start, key), end in zip(starts, ends, strict=True)
        if key in named
        for line in every[start:end]
    ]
    return every[: starts[0][0]] + of_kept
