"""Graph Explorer's sample queries of the workloads that are served: each answers as documented.

`refused.toml` beside it names those that are not served, and why.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from tests.sandbox.corpus.caller import (
    PERSON,
    Everything,
    NothingThere,
    create_everything,
    placeholder,
)
from tests.sandbox.graph.calls import NOW, administered_by, authorize
from tests.sandbox.in_process import InProcess

WORKLOADS = frozenset(
    "users groups calendar mail contacts drive sites lists teams channels todo planner batch".split()
)
REFUSED = tomllib.loads(Path(__file__).with_name("refused.toml").read_text(encoding="utf-8"))


@pytest.fixture
def everything() -> Iterator[Everything]:
    app = create_graph_app(administered_by(PERSON), authorize, lambda: NOW)
    with InProcess(app) as client:
        yield create_everything(app, client)


def sample_queries(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "sample_queries" / "graph_explorer_v1.jsonl").read_text("utf-8").splitlines()
    return [query for query in map(json.loads, lines) if query["workload"] in WORKLOADS]


def fill(text: str, everything: Everything) -> str:
    return re.sub(r"\{([\w-]+)\}", lambda found: placeholder(found[1], everything), text)


def difference(query: dict[str, Any], everything: Everything) -> str | None:
    """What is not as documented; None: nothing."""
    path = fill(query["url"], everything).removeprefix("/v1.0")
    headers = {k: v for k, v in query["headers"].items() if v != "{if-match}"}
    if query["method"] == "PATCH" and "/planner/" in path:
        headers["If-Match"] = everything.ask("GET", path).json()["@odata.etag"]
    options: dict[str, Any] = {"headers": headers}
    if query.get("body") is not None:
        options["json"] = json.loads(fill(json.dumps(query["body"]), everything))
    answer = everything.ask(query["method"], path, **options)
    if answer.status_code >= 400:
        return f"{answer.status_code} {answer.text[:300]}"
    if query["method"] == "GET" and "/$count" in path:
        return None if answer.text.isdigit() else "a number was expected"
    acted = query["method"] == "POST" and query.get("body") is None
    if answer.status_code in (202, 204) or acted:
        return None if answer.text == "" else "no body was expected"
    body = answer.json()
    if "error" in body:
        return "an error with a status of success"
    if query["method"] == "POST":
        return None if "id" in body or "responses" in body else "what was made has no id"
    many = not re.search(r"\}$|/me/?$|:/|/\{[^/]*\}$", query["path"])
    return None if isinstance(body.get("value"), list) == many else "one for many, or many for one"


def test_sample_queries_answer_as_documented(
    corpus: Path, everything: Everything, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = sample_queries(corpus)
    wrong: dict[str, str] = {}
    for query in queries:
        name = f"{query['method']} {query['url']}"
        try:
            found = difference(query, everything)
        except NothingThere as missing:
            found = f"the seed has no {missing}"
        if found is not None:
            wrong[name] = found
    with capsys.disabled():
        right = len(queries) - len(wrong)
        print(f"\n{right} of {len(queries)} sample queries answer as documented")  # noqa: T201
    unexplained = {name: text for name, text in wrong.items() if name not in REFUSED}
    assert not unexplained, json.dumps(unexplained, indent=1)
    assert set(REFUSED) - set(wrong) == set(), "explained, and right all the same"
