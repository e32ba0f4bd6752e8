"""The tables of what is missing say what the routes do, in both directions."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from graphwright_sandbox.graph.coverage import Coverage, find_contradictions, load_coverage
from graphwright_sandbox.graph.request import no_content
from graphwright_sandbox.graph.routing import Operation


def _operations(*names: str) -> list[Operation]:
    return [
        Operation(method, path, lambda request: no_content())
        for method, _, path in (name.partition(" ") for name in names)
    ]


def test_every_workload_serves_what_is_partial_and_refuses_what_is_refused(app: Starlette) -> None:
    for workload in app.state.workloads:
        assert find_contradictions(workload.coverage, app.state.operations) == [], workload.name


def test_a_table_that_contradicts_the_routes_is_noticed() -> None:
    operations = _operations("GET /users", "GET /users/{user}", "POST /users/{user}/sendMail")
    coverage = Coverage(
        partial={"GET /users": "x", "PUT /users/{user}": "x"},
        refused={
            "GET /users/{id}": "x",
            "GET /users/delta": "x",
            "DELETE /users/{id}": "x",
            "POST /Users/{id}/sendMail": "x",
            "GET /users/{id}/presence": "x",
        },
    )
    assert find_contradictions(coverage, operations) == [
        "partial, but not served: PUT /users/{user}",
        "refused, but served: GET /users/{id}",
        "refused, but served: POST /Users/{id}/sendMail",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[missing]\n"GET /x" = "y"',
        '[partial]\n"GET" = "y"',
        '[partial]\n"get /x" = "y"',
        '[refused]\n"GET /x" = ""',
        '[refused]\n"GET /x" = 1',
    ],
)
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "coverage.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"coverage\.toml"):
        load_coverage(file)


def test_without_a_table_nothing_is_missing(tmp_path: Path) -> None:
    assert load_coverage(tmp_path / "coverage.toml") == Coverage()
