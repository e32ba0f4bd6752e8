"""Ready requests to Microsoft Graph, one TOML file a workload; permissions are the profiles' table.

Knows no tenant and no profile: whoever takes a request says who sends it.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from graphwright.modeler.wire.tries import LibraryRequest
from graphwright.profiles.permissions import find_operation

_DOCS = "https://learn.microsoft.com/graph/api/"
_OF_THE_REQUEST = ("method", "url", "query", "headers", "body")


@cache
def library() -> tuple[LibraryRequest, ...]:
    """All of them, by workload."""
    files = [f for f in resources.files(__package__).iterdir() if f.name.endswith(".toml")]
    documents = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return tuple(
        _read(document["workload"], entry)
        for document in sorted(documents, key=lambda document: str(document["workload"]))
        for entry in document["requests"]
    )


def _read(workload: str, entry: dict[str, Any]) -> LibraryRequest:
    operation = find_operation(entry["method"], entry["url"])
    if operation is None:
        raise LookupError(f"permissions.toml lacks {entry['method']} {entry['url']}")
    return LibraryRequest(
        id=entry["id"],
        title=entry["title"],
        workload=workload,
        request={name: entry[name] for name in _OF_THE_REQUEST if name in entry},
        collection=entry.get("collection", False),
        delegated=list(operation.delegated or ()),
        application=list(operation.application or ()),
        docs=_DOCS + entry["docs"],
        range=entry.get("range", False),
        import_name=entry.get("import_name"),
    )
