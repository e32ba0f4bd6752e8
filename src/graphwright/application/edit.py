"""Edits of YAML texts: a document's text with another value, everything untouched as it was.

Works on lines. A block mapping or sequence is taken apart into its entries; entries whose value stays
are kept byte for byte, with the comments and blank lines around them; changed ones are written anew in
the style of their neighbours. What this cannot take apart (anchors, several lines of a flow
collection) is left to the YAML library, which keeps comments but not every layout. Knows no definition.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from graphwright.application.documents import Document, DocumentBroken, key_text
from graphwright.application.schemas import schema_comment
from graphwright.application.yaml_style import render_entry, render_item, render_key, render_text
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue


class NotEditable(InvalidInput):
    """The text is no YAML mapping, so that it can be changed as a text only."""

    code = "notEditable"


class _TooIntricate(Exception):
    """The layout cannot be taken apart into lines."""


def edit_text(text: str, value: JsonValue) -> str:
    """The text of a document with a new value; the same text where the value stays.

    Raises `NotEditable` where the text is no YAML mapping or the value no object.
    """
    try:
        document = Document.shared("document", text)
    except DocumentBroken as error:
        raise NotEditable("The text is not valid YAML.", hint="Mend it as a text first.") from error
    if not isinstance(value, dict):
        raise NotEditable("A document is a mapping of names to values.")
    if _same_order(document.value, value):
        return text
    if not isinstance(document.value, dict) or not document.value:
        header = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
        return header + render_text(value)
    tree = document.tree
    attempts: tuple[Callable[[], str], ...] = (
        lambda: _edit_lines(text, tree, value, anchors=True),
        lambda: _merge(text, value),
        lambda: _edit_lines(text, tree, value, anchors=False),
    )
    for attempt in attempts:
        with suppress(_TooIntricate, DocumentBroken):
            edited = attempt()
            if Document.shared("document", edited).value == value:
                return edited
    return render_text(value)


def new_text(folder: str, value: JsonValue) -> str:
    """The text of a new document of a folder (`app.yaml` is one too), its schema named for editors."""
    if not isinstance(value, dict):
        raise NotEditable("A document is a mapping of names to values.")
    comment = schema_comment(folder) if folder != "layout" else ""
    return comment + render_text(value)


def _same_order(one: JsonValue, other: JsonValue) -> bool:
    return json.dumps(one) == json.dumps(other)


def _edit_lines(text: str, tree: Any, value: JsonObject, *, anchors: bool) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    if not isinstance(tree, CommentedMap) or _is_flow(tree):
        raise _TooIntricate
    end = len(lines) - 1 if lines[-1] == "" else len(lines)
    changed = _Lines(lines, anchors=anchors).map(tree, value, 0, end)
    return newline.join([*changed, *lines[end:]])


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The lines of one entry: comments and blank lines before it, itself, and where its value is."""

    key: str
    lead: range
    body: range
    column: int


class _Lines:
    """The lines of a document, taken apart along its tree.

    Without `anchors`, entries that hold one are written anew with plain values.
    """

    def __init__(self, lines: Sequence[str], *, anchors: bool) -> None:
        self._lines = lines
        self._anchors = anchors

    def _slice(self, span: range) -> list[str]:
        return list(self._lines[span.start : span.stop])

    def map(
        self, node: CommentedMap, new: JsonObject, start: int, end: int, name: str = ""
    ) -> list[str]:
        """The lines of a block mapping that stands at `start` up to `end`, with a new value.

        `name`: the key that it is the value of.
        """
        chunks = self._chunks(node, start, end)
        known = [chunk.key for chunk in chunks]
        kept = [key for key in known if key in new]
        # The first comments belong to the whole, wherever its first entry goes.
        found = self._slice(chunks[0].lead)
        if renamed := _renamed(known, new):
            found += self._with_new_keys(node, chunks, new, renamed, name)
        elif kept == [key for key in new if key in kept]:
            found += self._in_place(node, chunks, new, name)
        else:
            found += self._in_new_order(node, chunks, new, name)
        return found + list(self._lines[chunks[-1].body.stop : end])

    def _in_place(
        self, node: CommentedMap, chunks: list[_Chunk], new: JsonObject, within: str
    ) -> list[str]:
        """Entries where they were; each new one stands behind what it follows in the value."""
        column = chunks[0].column
        following: dict[str | None, list[str]] = {}
        after: str | None = None
        known = {chunk.key for chunk in chunks}
        for key in new:
            if key in known:
                after = key
            else:
                lines = render_entry(key, new[key], column, within=within)
                following.setdefault(after, []).extend(lines)
        found = following.get(None, [])
        for chunk in chunks:
            # What is deleted leaves its comments.
            found += self._slice(chunk.lead) if chunk is not chunks[0] else []
            if chunk.key in new:
                found += self._entry(node, chunk, new[chunk.key], within)
                found += following.get(chunk.key, [])
        return found

    def _with_new_keys(
        self,
        node: CommentedMap,
        chunks: list[_Chunk],
        new: JsonObject,
        renamed: dict[str, str],
        within: str,
    ) -> list[str]:
        """Entries where they were, some under another key."""
        found: list[str] = []
        for chunk in chunks:
            name = renamed[chunk.key]
            lines = self._entry(node, chunk, new[name], within)
            if name != chunk.key:
                head = " " * chunk.column
                lines[0] = (
                    head + render_key(name) + lines[0].removeprefix(head + self._raw_key(chunk))
                )
            found += (self._slice(chunk.lead) if chunk is not chunks[0] else []) + lines
        return found

    def _in_new_order(
        self, node: CommentedMap, chunks: list[_Chunk], new: JsonObject, within: str
    ) -> list[str]:
        """Entries in the value's order, each with the comments before it."""
        by_key = {chunk.key: chunk for chunk in chunks}
        found: list[str] = []
        for key in new:
            chunk = by_key.get(key)
            if chunk is None:
                found += render_entry(key, new[key], chunks[0].column, within=within)
                continue
            found += self._slice(chunk.lead) if chunk is not chunks[0] else []
            found += self._entry(node, chunk, new[key], within)
        gone = [chunk for chunk in chunks[1:] if chunk.key not in new]
        return found + [line for chunk in gone for line in self._slice(chunk.lead)]

    def _entry(self, node: CommentedMap, chunk: _Chunk, new: JsonValue, within: str) -> list[str]:
        key = next(k for k in node if key_text(k) == chunk.key)
        child = node[key]
        body = self._slice(chunk.body)
        raw_key = self._raw_key(chunk)
        column = chunk.column
        if not self._anchors and _has_anchor(child):
            return render_entry(raw_key, new, column, within=within, raw=True)
        if _same_order(_plain(child), new):
            return body
        if _has_anchor(child):
            raise _TooIntricate
        after = chunk.body.start + 1
        if isinstance(child, CommentedMap) and not _is_flow(child) and child:
            if isinstance(new, dict) and new:
                return [body[0], *self.map(child, new, after, chunk.body.stop, chunk.key)]
        elif isinstance(child, CommentedSeq) and not _is_flow(child) and child:
            if isinstance(new, list) and new:
                return [body[0], *self.sequence(child, new, after, chunk.body.stop)]
        elif len(body) == 1:
            lines = render_entry(raw_key, new, column, within=within, raw=True, like=child)
            comment = _line_comment(node, key, body[0])
            return [lines[0] + comment, *lines[1:]] if comment else lines
        if _is_flow(child) and any("#" in line for line in body):
            raise _TooIntricate
        return render_entry(raw_key, new, column, within=within, raw=True, like=child)

    def sequence(self, node: CommentedSeq, new: list[JsonValue], start: int, end: int) -> list[str]:
        """The lines of a block sequence with new items."""
        chunks = self._items(node, start, end)
        column = chunks[0].column
        old = [_plain(item) for item in node]
        matcher = SequenceMatcher(
            None, [json.dumps(i) for i in old], [json.dumps(i) for i in new], autojunk=False
        )
        found = self._slice(chunks[0].lead)
        for kind, first, last, begin, stop in matcher.get_opcodes():
            pairs = min(last - first, stop - begin)
            for offset in range(last - first):
                chunk = chunks[first + offset]
                if chunk is not chunks[0]:
                    found += self._slice(chunk.lead)
                if kind == "equal":
                    found += self._slice(chunk.body)
                elif offset < pairs:
                    found += self._item(node[first + offset], chunk, new[begin + offset])
            for offset in range(pairs, stop - begin) if kind != "equal" else ():
                found += render_item(new[begin + offset], column)
        return found + list(self._lines[chunks[-1].body.stop : end])

    def _item(self, child: Any, chunk: _Chunk, new: JsonValue) -> list[str]:
        if _has_anchor(child):
            raise _TooIntricate
        block = isinstance(child, CommentedMap) and not _is_flow(child) and child
        if not (block and isinstance(new, dict) and new):
            return render_item(new, chunk.column, like=child)
        # The first key stands behind the dash: without the dash the item is a mapping like others.
        first = self._lines[chunk.body.start]
        if first[: chunk.column].strip() or first[chunk.column] != "-":
            raise _TooIntricate
        bare = f"{first[: chunk.column]} {first[chunk.column + 1 :]}"
        lines = list(self._lines)
        lines[chunk.body.start] = bare
        edited = _Lines(lines, anchors=self._anchors).map(
            child, new, chunk.body.start, chunk.body.stop
        )
        at = next(i for i, line in enumerate(edited) if line.strip() and line.lstrip()[0] != "#")
        edited[at] = f"{edited[at][: chunk.column]}-{edited[at][chunk.column + 1 :]}"
        return edited

    def _chunks(self, node: CommentedMap, start: int, end: int) -> list[_Chunk]:
        if getattr(node, "merge", None):
            raise _TooIntricate
        places = []
        for key in node:
            name = key_text(key)
            if name is None:
                raise _TooIntricate
            places.append((name, *node.lc.key(key)))
        return self._between(places, start, end)

    def _items(self, node: CommentedSeq, start: int, end: int) -> list[_Chunk]:
        places = []
        for index in range(len(node)):
            line, column = node.lc.item(index)
            before = self._lines[line][:column]
            if not before.rstrip().endswith("-"):
                raise _TooIntricate
            places.append((str(index), line, before.rindex("-")))
        return self._between(places, start, end)

    def _between(self, places: list[tuple[str, int, int]], start: int, end: int) -> list[_Chunk]:
        """The chunks of entries at these places (name, line, column), one below the other."""
        columns = {column for _, _, column in places}
        lines = [line for _, line, _ in places]
        if len(columns) != 1 or sorted(set(lines)) != lines or lines[0] < start or lines[-1] >= end:
            raise _TooIntricate
        found: list[_Chunk] = []
        lead = start
        for (name, line, column), following in zip(places, [*lines[1:], end], strict=True):
            stop = following
            while stop > line + 1 and self._is_between(self._lines[stop - 1], column):
                stop -= 1
            found.append(_Chunk(name, range(lead, line), range(line, stop), column))
            lead = stop
        return found

    def _is_between(self, line: str, column: int) -> bool:
        """Whether a line behind an entry is no part of it: blank, or a comment not further in."""
        bare = line.lstrip()
        return not bare or (bare[0] == "#" and len(line) - len(bare) <= column)

    def _raw_key(self, chunk: _Chunk) -> str:
        """The key as it is written, quotes and all."""
        rest = self._lines[chunk.body.start][chunk.column :]
        if rest[0] in "'\"":
            end = rest.index(rest[0], 1) + 1
            while rest[end : end + 1] == rest[0] == "'":
                end = rest.index("'", end + 1) + 1
        else:
            end = rest.index(":")
        if rest[end : end + 1] != ":" or rest[0] in "?[{&*!":
            raise _TooIntricate
        return rest[:end]


def _renamed(known: list[str], new: JsonObject) -> dict[str, str]:
    """The new key of each entry, where some have another one and all stand where they stood."""
    pairs = dict(zip(known, new, strict=False))
    moved = [(old, key) for old, key in pairs.items() if old != key]
    fits = len(known) == len(new) and all(o not in new and k not in known for o, k in moved)
    return pairs if moved and fits else {}


def _line_comment(node: CommentedMap, key: Any, line: str) -> str:
    """The comment behind a value on its own line, with the space before it."""
    tokens = node.ca.items.get(key)
    token = tokens[2] if tokens else None
    child = node[key]
    if token is None and isinstance(child, CommentedMap | CommentedSeq) and child.ca.comment:
        token = child.ca.comment[0]
    text = token.value.split("\n")[0] if token is not None else ""
    if not text.startswith("#") or not line.endswith(text):
        return ""
    return line[len(line[: -len(text)].rstrip()) :]


def _is_flow(node: Any) -> bool:
    return isinstance(node, CommentedMap | CommentedSeq) and bool(node.fa.flow_style())


def _has_anchor(node: Any) -> bool:
    anchor = getattr(node, "yaml_anchor", lambda: None)()
    if anchor is not None:
        return True
    if getattr(node, "merge", None):
        return True
    inner: Any = node.values() if isinstance(node, CommentedMap) else node
    return isinstance(node, CommentedMap | CommentedSeq) and any(_has_anchor(i) for i in inner)


def _plain(node: Any) -> JsonValue:
    return Document.plain(node)


def _merge(text: str, value: JsonObject) -> str:
    """The library's way: the tree with the new value, written anew."""
    document = Document.parse("document", text)
    _merge_into(document.tree, value)
    return document.text()


def _merge_into(tree: Any, value: JsonObject) -> None:
    names = {key_text(key): key for key in tree}
    for name, key in names.items():
        if name not in value:
            del tree[key]
    for name, new in value.items():
        key = names.get(name, name)
        old = tree.get(key)
        if isinstance(old, CommentedMap) and isinstance(new, dict):
            _merge_into(old, new)
        elif key not in tree or _plain(old) != new:
            tree[key] = new
