"""Says which Python modules and functions are longer than tools/limits.toml allows.

A long module hides two nouns, a long function two verbs. It reads sources as text and syntax trees
and never imports them.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.tracked import ROOT, tracked_files

LIMITS = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Unit:
    """A module, or a function in it, with its length."""

    module: str
    function: str | None
    line: int
    lines: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.function or 'the module'} has {self.lines} lines"


def measure(module: str, source: str) -> Iterator[Unit]:
    """The module and every function of it, with their lengths."""
    yield Unit(module, None, 1, len(source.splitlines()))
    yield from _functions(module, ast.parse(source, module), "")


def _functions(module: str, parent: ast.AST, prefix: str) -> Iterator[Unit]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{node.name}"
            yield Unit(module, name, node.lineno, (node.end_lineno or 0) - node.lineno + 1)
            yield from _functions(module, node, f"{name}.")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(module, node, f"{prefix}{node.name}.")
        else:
            yield from _functions(module, node, prefix)


def find_problems(units: Iterable[Unit], limits: dict[str, Any]) -> list[str]:
    """What is too long and not excepted, and which exceptions are needless or give no reason."""
    allowed = limits["limits"]
    exceptions = {(e["module"], e.get("function")): e for e in limits.get("exceptions", [])}
    problems = [
        f"tools/limits.toml: the exception for {module} {function or ''} gives no reason"
        for (module, function), exception in exceptions.items()
        if not exception.get("reason", "").strip()
    ]
    needed = set()
    for unit in units:
        limit = allowed["function_lines" if unit.function else "module_lines"]
        if unit.lines <= limit:
            continue
        exception = exceptions.get((unit.module, unit.function))
        if exception is not None:
            needed.add((unit.module, unit.function))
            limit = exception["lines"]
        if unit.lines > limit:
            problems.append(f"{unit}; the limit is {limit}")
    problems += [
        f"tools/limits.toml: the exception for {module} {function or ''} is not needed any more"
        for module, function in sorted(exceptions.keys() - needed, key=str)
    ]
    return problems


def main() -> int:
    units = [
        unit
        for path in tracked_files()
        if path.suffix == ".py"
        for unit in measure(path.as_posix(), (ROOT / path).read_text(encoding="utf-8"))
    ]
    problems = find_problems(units, tomllib.loads(LIMITS.read_text(encoding="utf-8")))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
