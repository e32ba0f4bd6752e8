"""Recorded answers of Graph to the GET requests that the sandbox serves: same keys, same JSON types.

For the properties that both know. `differences.toml` names what differs and why; a new difference
fails, and so does one that is explained and gone.
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
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.routing import Router, split_path
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.corpus.caller import Everything, NothingThere, create_everything
from tests.sandbox.graph.calls import NOW, authorize
from tests.sandbox.in_process import InProcess

FILES = ("get_docs", "get_concepts", "get_cli")
_REASONS = tomllib.loads(Path(__file__).with_name("differences.toml").read_text(encoding="utf-8"))
EXPLAINED = {name for reason in _REASONS["differences"] for name in reason["of"]}


@pytest.fixture
def everything() -> Iterator[Everything]:
    app = create_graph_app(create_tenant(), authorize, lambda: NOW)
    with InProcess(app) as client:
        yield create_everything(app, client)


def recorded(corpus: Path) -> Iterator[dict[str, Any]]:
    """The records of v1.0 with a true JSON body."""
    for name in FILES:
        for line in (corpus / "open" / f"{name}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            body = record.get("response_body")
            if (
                record.get("api_version") == "v1.0"
                and record.get("response_status") == 200
                and isinstance(body, dict)
                and not record.get("placeholder")
            ):
                yield record


def is_served(router: Router, template: str) -> bool:
    path = template.partition("?")[0]
    segments = split_path(re.sub(r"\{[^}]*\}", "key", path))
    if segments[:1] == ["me"]:
        segments = ["users", "key", *segments[1:]]
    try:
        router.match("GET", segments)
    except GraphError:
        return False
    return True


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "null"


def differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Where two answers are of another shape: of keys that both have."""
    mine, other = kind_of(ours), kind_of(theirs)
    if "null" in (mine, other):
        return
    if mine != other:
        yield f"{place}: {mine}, recorded {other}"
    elif isinstance(ours, dict):
        for key in sorted(ours.keys() & theirs.keys()):
            yield from differences(ours[key], theirs[key], f"{place}/{key}")
    elif isinstance(ours, list) and ours and theirs:
        yield from differences(merged(ours), merged(theirs), f"{place}[]")


def merged(items: list[Any]) -> Any:
    """One item with the keys of all; the first value of each that is not null."""
    if not all(isinstance(item, dict) for item in items):
        return items[0]
    whole: dict[str, Any] = {}
    for item in items:
        for key, value in item.items():
            if whole.get(key) in (None, [], {}):
                whole[key] = value
    return whole


def missing(ours: Any, theirs: Any) -> set[str]:
    """Keys of the recorded item that ours lacks."""
    mine = merged(ours["value"]) if isinstance(ours.get("value"), list) else ours
    other = merged(theirs["value"]) if isinstance(theirs.get("value"), list) else theirs
    if not isinstance(mine, dict) or not isinstance(other, dict) or not mine:
        return set()
    return other.keys() - mine.keys()


def ask(record: dict[str, Any], everything: Everything) -> Any:
    query = f"?{record['query']}" if record.get("query") else ""
    if query.count("'") % 2:
        query += "'"  # the recording cut it off
    path = everything.fill(record["path_template"])
    headers = {
        name: value
        for name, value in (record.get("request_headers") or {}).items()
        if name.lower() in ("consistencylevel", "prefer", "accept")
    }
    return everything.ask("GET", path + query, headers=headers)


def test_a_difference_is_seen() -> None:
    assert list(differences({"a": [{"b": 1}]}, {"a": [{"b": "1"}]})) == [
        "/a[]/b: number, recorded text"
    ]
    assert missing({"value": [{"a": 1}]}, {"value": [{"a": 1, "b": 2}]}) == {"b"}


def test_recorded_answers_have_the_same_keys_and_types(
    corpus: Path, everything: Everything, capsys: pytest.CaptureFixture[str]
) -> None:
    router = Router()
    for workload in everything.client.app.state.workloads:  # type: ignore[attr-defined]
        for operation in workload.operations:
            router.add(operation)
    found: dict[str, str] = {}
    asked = 0
    for record in recorded(corpus):
        if not is_served(router, record["path_template"]):
            continue
        try:
            answer = ask(record, everything)
        except NothingThere as nothing:
            found[f"{record['id']}"] = f"{record['path']}: the seed has no {nothing}"
            continue
        asked += 1
        if answer.status_code != 200:
            asked_for = f"{record['path']}?{record.get('query')}"
            found[record["id"]] = f"{asked_for}: {answer.status_code} {answer.text[:200]}"
            continue
        if "json" not in answer.headers["content-type"]:
            continue
        body = answer.json()
        for one in differences(body, record["response_body"]):
            found[f"{record['id']} {one.split(':')[0]}"] = one
        for key in sorted(missing(body, record["response_body"])):
            if not key.startswith("@odata."):
                found[f"{record['id']} {key}"] = f"{record['path']}: {key} is missing"
    with capsys.disabled():
        print(f"\n{asked} recorded requests asked, {len(found)} differences")  # noqa: T201
    new = {name: text for name, text in found.items() if name not in EXPLAINED}
    assert not new, json.dumps(new, indent=1, ensure_ascii=False)
    assert EXPLAINED - set(found) == set(), "explained, and gone"
