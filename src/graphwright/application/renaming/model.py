"""An application's documents as values that may be changed. Knows files, nothing of what they say."""

import copy
from typing import Any

from graphwright.application.definition import Application
from graphwright.application.documents import Document, DocumentBroken
from graphwright.kernel.errors import Place

Path = tuple[str | int, ...]


class Model:
    """The values of all documents that can be read, with their texts."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.texts: dict[str, str] = {}
        self.before: dict[str, Any] = {}
        """The values as they were read."""
        self.values: dict[str, Any] = {}
        self.moved: dict[str, str] = {}
        """New names of documents by their old ones."""
        self.left: list[Place] = []
        """Places that could not be changed."""
        root = application.root
        for path in [root / "app.yaml", *sorted(root.glob("[!.]*/*.yaml"))]:
            name = path.relative_to(root).as_posix()
            try:
                value = Document.read(root, name).value
            except DocumentBroken:
                self.left.append(Place(file=name))
                continue
            if isinstance(value, dict):
                self.texts[name] = path.read_bytes().decode("utf-8-sig")
                self.before[name] = value
                self.values[name] = copy.deepcopy(value)

    def names(self, folder: str) -> list[str]:
        """The names of the documents of a folder."""
        start = f"{folder}/"
        return [n[len(start) : -len(".yaml")] for n in self.values if n.startswith(start)]

    def move(self, document: str, new: str) -> None:
        """Gives a document another name, if it is there."""
        if document in self.values:
            self.moved[document] = new

    def leave(self, document: str, path: Path) -> None:
        """Notes a place that could not be changed."""
        place = self.application.documents[document].place(path)
        if place not in self.left:
            self.left.append(place)

    def nodes(self, flow: str) -> dict[str, dict[str, Any]]:
        """The nodes of a flow that are mappings."""
        nodes = mapping(self.values[f"flows/{flow}.yaml"], "nodes")
        return {name: node for name, node in nodes.items() if isinstance(node, dict)}


def mapping(value: Any, key: str) -> dict[str, Any]:
    """The mapping at a key; an empty one where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def replace(value: Any, key: str | int, old: str, new: str) -> None:
    """A text at a key, if it is the old one."""
    if isinstance(value, list) and isinstance(key, int) and value[key] == old:
        value[key] = new
    elif isinstance(value, dict) and value.get(key) == old:
        value[str(key)] = new


def replace_key(value: dict[str, Any], old: str, new: str) -> None:
    """Another key for an entry, at its place."""
    if old in value:
        items = [(new if key == old else key, item) for key, item in value.items()]
        value.clear()
        value.update(items)


def at(value: Any, path: Path) -> Any:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
