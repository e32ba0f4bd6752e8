"""The library: every request is one that can be sent, and its permissions are known."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from graphwright.expressions import compile_template
from graphwright.http.definition import RequestDefinition
from graphwright.modeler.ready_requests import library
from graphwright.modeler.wire.tries import LibraryRequest
from graphwright.profiles.permissions import find_operation

ALL = library()
GRAPH = {"authentication": {"type": "oauth2", "profile": "graph"}}


def parse(entry: LibraryRequest) -> RequestDefinition:
    return RequestDefinition.model_validate({**entry.request, **GRAPH})


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)
def test_every_request_is_one_of_an_http_request_node(entry: LibraryRequest) -> None:
    definition = parse(entry)
    operation = find_operation(definition.method, definition.url)
    assert operation is not None
    assert entry.delegated or entry.application
    assert entry.delegated == list(operation.delegated or ())
    assert re.fullmatch(r"https://learn\.microsoft\.com/graph/api/[a-z0-9-]+", entry.docs)
    assert not entry.collection or (definition.method == "GET" and entry.import_name)
    if entry.import_name is not None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.import_name)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)
def test_placeholders_are_names_and_a_range_where_it_says_so(entry: LibraryRequest) -> None:
    sources = {e.source for _, e in compile_template(parse(entry).templates()).expressions()}
    ranged = {source for source in sources if source.startswith("range.")}
    assert ranged == ({"range.start", "range.end"} if entry.range else set())
    assert all(re.fullmatch(r"[a-z_]+", source) for source in sources - ranged)


def test_there_are_many_of_seven_workloads_and_no_id_comes_twice() -> None:
    assert len(ALL) >= 90
    workloads = Counter(entry.workload for entry in ALL)
    assert len(workloads) == 7
    assert min(workloads.values()) >= 10
    assert max(Counter(entry.id for entry in ALL).values()) == 1


def test_the_sixty_operations_that_matter_most_are_among_them(corpus: Path) -> None:
    own = {find_operation(e.request["method"], e.request["url"]) for e in ALL}
    wanted = json.loads((corpus / "endpoints60.json").read_text("utf-8"))
    assert len(wanted) == 60
    missing = [
        f"{entry['method']} {entry['path']}"
        for entry in wanted
        if find_operation(entry["method"], entry["path"]) not in own
    ]
    assert missing == []
