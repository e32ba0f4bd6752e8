"""Everything has its place in the documentation: kinds, settings, commands, codes, functions."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import graphwright
from graphwright.application.load import FOLDERS
from graphwright.expressions.functions import FUNCTIONS
from graphwright.flows.context import describe_error, describe_now
from graphwright.flows.definition import CONTEXT_NAMES, NODE_TYPES
from graphwright.kernel.clouds import CLOUDS
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.registry import Registry
from graphwright.lists.definition import FIELD_TYPES
from graphwright.pages.definition import PAGE_TYPES
from graphwright.profiles.definition import PROFILE_KINDS
from tests.docs.helpers import DOCS, headings, table_names, without_fences
from tools.reference import commands
from tools.tracked import ROOT

SOURCES = ROOT / "src" / "graphwright"
_SETTING = re.compile(r"GRAPHWRIGHT_[A-Z]+(?:_[A-Z]+)*\b")
# Settings of the tests stand where tests look for Chromium and PostgreSQL.
_OTHER_SOURCES = (ROOT / "conftest.py", *(ROOT / "examples").rglob("*.yaml"))


def read(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its level or above."""
    level, title = heading.split(" ", 1)
    found = re.split(rf"^{level} {re.escape(title)}$", text, maxsplit=1, flags=re.MULTILINE)
    assert len(found) == 2, f"There is no heading {heading!r}"
    return re.split(rf"^#{{1,{len(level)}}} ", found[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("page", "registry"),
    [("nodes", NODE_TYPES), ("page-types", PAGE_TYPES), ("profiles", PROFILE_KINDS)],
    ids=["nodes", "page types", "profiles"],
)
def test_every_kind_has_its_heading(page: str, registry: Registry) -> None:
    assert registry.names()
    assert set(registry.names()) - headings(read(f"reference/{page}.md")) == set()


def test_every_page_type_stands_in_the_guide() -> None:
    assert set(PAGE_TYPES.names()) - table_names(read("pages.md")) == set()


def test_every_command_has_its_heading_in_both_pages() -> None:
    names = {" ".join(words) for words, _ in commands()}
    assert names >= {"demo", "flow run", "import infer"}
    assert names - headings(read("reference/cli.md")) == set()
    guide = {heading.removeprefix("graphwright ") for heading in headings(read("command-line.md"))}
    assert names - guide == set()


def test_no_command_is_described_that_is_not_there() -> None:
    names = {f"graphwright {' '.join(words)}" for words, _ in commands()}
    described = {h for h in headings(read("command-line.md")) if h.startswith("graphwright ")}
    assert described - names == set()


def source_texts() -> Iterator[str]:
    for path in SOURCES.rglob("*"):
        if path.suffix in (".py", ".toml") and not path.name.startswith("test_"):
            yield path.read_text("utf-8")


def test_every_setting_has_its_row() -> None:
    used = {name for text in source_texts() for name in _SETTING.findall(text)}
    assert {"GRAPHWRIGHT_BASE_URL", "GRAPHWRIGHT_HTTP_RETRIES"} <= used
    assert used - table_names(read("settings.md")) == set()


def test_no_setting_is_described_that_nothing_reads() -> None:
    described = {name for name in table_names(read("settings.md")) if _SETTING.fullmatch(name)}
    others = (path.read_text("utf-8") for path in _OTHER_SOURCES)
    read_somewhere = {n for text in (*source_texts(), *others) for n in _SETTING.findall(text)}
    assert described - read_somewhere == set()


def test_every_function_of_expressions_has_its_row() -> None:
    page = without_fences(read("expressions.md"))
    for function in FUNCTIONS.values():
        row = f"| `{function.call}` | {function.description} | `{function.example}` |"
        assert row in page, f"expressions.md lacks this row:\n{row}"


def test_every_name_that_expressions_may_read_is_explained() -> None:
    rows = section(read("expressions.md"), "## What an expression may read")
    now = describe_now(datetime(2026, 11, 23, 8, tzinfo=UTC), "Europe/Berlin")
    error = describe_error(GraphwrightError("It failed."), "node")
    explained = set(re.findall(r"\w+", rows))
    assert {*CONTEXT_NAMES, *now, *error} - explained == set()


def test_every_field_type_has_its_row() -> None:
    types = section(read("lists-and-imports.md"), "## Types")
    assert set(FIELD_TYPES) - table_names(types) == set()


def test_every_cloud_stands_with_its_addresses() -> None:
    page = read("real-tenant.md")
    for name, cloud in CLOUDS.items():
        assert f"| `{name}` | `{cloud.authority}` | `{cloud.graph}` |" in page


def error_classes() -> set[type[GraphwrightError]]:
    """Every error of the product: the family is known once all modules are imported."""
    for module in pkgutil.walk_packages(graphwright.__path__, "graphwright."):
        if not module.name.rsplit(".", 1)[-1].startswith(("test_", "__main__", "conftest")):
            importlib.import_module(module.name)
    found: set[type[GraphwrightError]] = set()
    waiting: list[type[GraphwrightError]] = [GraphwrightError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("graphwright."):
            found.add(kind)
        waiting += [below for below in kind.__subclasses__() if below not in found]
    return found


ROW = re.compile(r"^\| `(\w+)` \| (\d{3})(, retry)? \| [^|]+ \| [^|]*\|$", re.MULTILINE)


def documented_errors() -> set[tuple[str, int, bool]]:
    rows = ROW.findall(read("errors.md"))
    return {(code, int(status), bool(retry)) for code, status, retry in rows}


def test_every_error_has_its_row_with_status_and_whether_a_retry_may_help() -> None:
    kinds = error_classes()
    assert len(kinds) > 50
    documented = documented_errors()
    missing = {
        (kind.code, kind.status, kind.retryable)
        for kind in kinds
        # A private class tells what the web framework found under its parent's row.
        if not kind.__name__.startswith("_")
    } - documented
    assert missing == set()


def test_no_error_is_described_that_is_not_there() -> None:
    codes = {kind.code for kind in error_classes()}
    assert {code for code, _, _ in documented_errors()} - codes == set()


def problem_codes(text: str) -> set[str]:
    """The codes that a module gives to problems: the first argument of the calls that make one."""
    codes = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function, first = node.func, node.args[0]
        name = function.attr if isinstance(function, ast.Attribute) else ""
        name = function.id if isinstance(function, ast.Name) else name
        if name in ("Problem", "problem") and isinstance(first, ast.Constant):
            codes.add(str(first.value))
    return codes


def test_every_problem_of_check_has_its_row() -> None:
    paths = (SOURCES / "application").rglob("*.py")
    codes = {code for path in paths for code in problem_codes(path.read_text("utf-8"))}
    assert {"danglingExit", "literalSecret", "unknownKey"} <= codes
    # Made from the names of folders and of pydantic's kinds of errors.
    codes |= {f"unknown{folder.removesuffix('s').capitalize()}" for folder in FOLDERS}
    codes |= {"fieldMissing", "valueInvalid", "unknownType"}
    listed = table_names(section(read("errors.md"), "## Problems that `check` reports"))
    assert codes == listed


def test_codes_of_problems_are_found() -> None:
    text = "def f():\n    yield Problem('one', 2)\n    names.problem('two')\n    other('three')\n"
    assert problem_codes(text) == {"one", "two"}


def test_every_decision_is_in_the_list_of_decisions() -> None:
    index = read("decisions/index.md")
    records = [path for path in (DOCS / "decisions").glob("*.md") if path.name != "index.md"]
    assert records
    assert [path.name for path in records if f"({path.name})" not in index] == []


def test_a_missing_row_or_heading_would_be_noticed(tmp_path: Path) -> None:
    page = "## One\n\n| a | b |\n|---|---|\n| `first`, `second` | `third` |\n\n### Two `x`\n"
    assert table_names(page) == {"first", "second"}
    assert headings(page) == {"One", "Two x"}
    assert "third" not in section(f"{page}\n## Three\n\n`fourth`\n", "## Three")
