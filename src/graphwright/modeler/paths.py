"""Completes Graph paths, segment by segment, from the table of permissions.

A parameter is completed as a placeholder named after what stands before it: `{{ event_id }}`.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from graphwright.profiles.permissions import operations

_MOST = 100
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# A template may hold anything, also a slash; this stands for it while the text is cut up.
_MARK = "\0"
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
# In the table a path, in a URL a function.
_SEARCH = "/search/{q}"


@dataclass(slots=True)
class _Node:
    """A place in the tree of paths: by lower-case segment its spelling and what is below."""

    children: dict[str, tuple[str, "_Node"]] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    below: set[str] = field(default_factory=set)


def complete_path(prefix: str, method: str = "") -> list[str]:
    """The paths that begin with the prefix, one segment on; `/` ends those that only lead further.

    `method`: only paths that lead to an operation of it.
    """
    if "?" in prefix or "://" in prefix:
        return []
    templates = _TEMPLATE.findall(prefix)
    *before, last = _TEMPLATE.sub(_MARK, prefix).lstrip("/").split("/")
    node = _walk(before)
    if node is None:
        return []
    wanted = method.upper()
    start = "".join(f"/{segment}" for segment in before)
    found = []
    for key, (spelling, child) in node.children.items():
        is_parameter = key == "{}"
        if not (spelling if is_parameter else key).startswith(last.lower()):
            continue
        if wanted and wanted not in child.below:
            continue
        shown = f"{{{{ {_name_of(before)} }}}}" if is_parameter else spelling
        ends = bool(child.methods) if not wanted else wanted in child.methods
        found.append(f"{start}/{shown}{'' if ends else '/'}")
    return sorted(_restore(path, templates) for path in found)[:_MOST]


def _walk(segments: list[str]) -> _Node | None:
    node = _tree()
    for segment in segments:
        child = node.children.get(segment.lower()) or node.children.get("{}")
        if child is None:
            return None
        node = child[1]
    return node


@cache
def _tree() -> _Node:
    root = _Node()
    for operation in operations():
        path = operation.path.replace(_SEARCH, "/search(q='{{ text }}')")
        node = root
        node.below.add(operation.method)
        for segment in re.sub(r"\{\{ text \}\}", _MARK, path).strip("/").split("/"):
            spelling = segment.replace(_MARK, "{{ text }}")
            key = "{}" if segment.startswith("{") else spelling.lower()
            node = node.children.setdefault(key, (spelling, _Node()))[1]
            node.below.add(operation.method)
        node.methods.add(operation.method)
    return root


def _name_of(before: list[str]) -> str:
    """What a parameter after these segments is called: `event_id` after `events`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", before[-1]) if before else ""
    word = _NO_NAME.sub("_", words).strip("_").lower()
    word = word.removesuffix("ies") + "y" if word.endswith("ies") else word.removesuffix("s")
    return f"{word}_id" if word else "id"


def _restore(path: str, templates: list[str]) -> str:
    parts = path.split(_MARK)
    return "".join(
        part + (templates[index] if index < len(parts) - 1 else "")
        for index, part in enumerate(parts)
    )
