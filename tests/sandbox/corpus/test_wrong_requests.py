"""What is wrong is refused by every operation that is served, each time and with a 4xx."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.routing import Operation
from tests.sandbox.corpus.caller import PERSON, Everything, NothingThere, create_everything
from tests.sandbox.graph.calls import NOW, administered_by, authorize
from tests.sandbox.in_process import InProcess

WINDOW = {"startDateTime": "2026-03-01", "endDateTime": "2026-04-01"}


@pytest.fixture
def everything() -> Iterator[Everything]:
    app = create_graph_app(administered_by(PERSON), authorize, lambda: NOW)
    with InProcess(app) as client:
        yield create_everything(app, client)


def fill_keys(operation: Operation, everything: Everything) -> str:
    """The operation's path with ids of the seed; `x` where the seed has nothing."""
    path = operation.path
    for _ in range(path.count("{")):
        before, _, rest = path.partition("{")
        try:
            key = everything.first_id(before.rstrip("/"))
        except (NothingThere, KeyError, ValueError):
            key = "x"
        path = before + key + rest.partition("}")[2]
    return path


def wrong_queries(operation: Operation) -> Iterator[tuple[str, dict[str, str]]]:
    """What cannot be asked of an operation, with the words for it."""
    yield "an unknown option", {"$nonsense": "1"}
    wrong = {"select": "noSuch", "top": "-1", "filter": "id eq", "orderby": "noSuch", "expand": "("}
    for name, value in wrong.items():
        if name in operation.options:
            yield f"a wrong ${name}", {f"${name}": value}


def test_what_is_wrong_is_always_refused(everything: Everything) -> None:
    accepted: list[str] = []
    for operation in everything.client.app.state.operations:  # type: ignore[attr-defined]
        path, method = fill_keys(operation, everything), operation.method
        calls = [(why, path, {**WINDOW, **query}) for why, query in wrong_queries(operation)]
        calls.append(("an unknown segment", f"{path}/no-such-segment", WINDOW))
        for why, place, query in calls:
            answer = everything.ask(method, place, params=query)
            if not 400 <= answer.status_code < 500 or "message" not in answer.json()["error"]:
                accepted.append(
                    f"{method} {place}: {why}: {answer.status_code} {answer.text[:200]}"
                )
    assert not accepted, "\n".join(accepted)
    answer = everything.client.get("/v1.0/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
