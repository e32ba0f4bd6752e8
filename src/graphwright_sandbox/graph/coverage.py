"""What a workload says of its own gaps: operations served in part, operations refused on purpose.

`coverage.toml` beside a workload's routes has two tables, both of which may be left out:
`[partial]` with `"METHOD path" = "what is missing"`, `[refused]` with `"METHOD path" = "why"`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.routing import Operation, Router


@dataclass(frozen=True, slots=True)
class Coverage:
    partial: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@cache
def load_coverage(file: Path) -> Coverage:
    """The gaps of one workload; none where there is no file. Read once. Raises ValueError."""
    if not file.exists():
        return Coverage()
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    if unknown := data.keys() - {"partial", "refused"}:
        raise ValueError(f"{file}: unknown table {sorted(unknown)}")
    for name, text in {**data.get("partial", {}), **data.get("refused", {})}.items():
        method, _, path = name.partition(" ")
        if not (method.isupper() and path.startswith("/") and isinstance(text, str) and text):
            raise ValueError(f"{file}: {name!r} is not METHOD path = text")
    return Coverage(data.get("partial", {}), data.get("refused", {}))


def find_contradictions(coverage: Coverage, operations: Iterable[Operation]) -> list[str]:
    """What the table says and the routes do not: a partial one unserved, a refused one served."""
    router = Router()
    names = set()
    for operation in operations:
        router.add(operation)
        names.add(operation.name)
    problems = [f"partial, but not served: {name}" for name in coverage.partial.keys() - names]
    for name in coverage.refused:
        method, _, path = name.partition(" ")
        try:
            match = router.match(method, path.strip("/").split("/"))
        except GraphError:
            continue
        # A key of a template is met by any key: only the same template counts as served.
        if match.operation.path.count("{") == path.count("{"):
            problems.append(f"refused, but served: {name}")
    return sorted(problems)
