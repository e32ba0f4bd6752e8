"""The fault plan of a running sandbox, changed by its control API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from graphwright_sandbox.server import Sandbox

Control = Callable[..., requests.Response]


@pytest.fixture
def control(shared_sandbox: Sandbox, http: requests.Session) -> Control:
    def call(method: str, path: str = "", body: Any = None, key: str = "") -> requests.Response:
        return http.request(
            method,
            f"{shared_sandbox.login_url}/_sandbox/control/faults{path}",
            json=body,
            headers={"Authorization": f"Bearer {key or shared_sandbox.control_key}"},
            verify=str(shared_sandbox.ca_file),
        )

    call("DELETE")
    return call


def test_rules_are_added_listed_and_removed(control: Control) -> None:
    added = control("POST", body={"path": "/me", "fault": 429, "retry-after": 2})
    assert added.status_code == 201
    line = control("POST", body={"line": "GET /users: delay seconds=0.5 times=always"})
    listed = control("GET").json()
    assert listed["faults"] == [added.json(), line.json()]
    assert (listed["seed"], listed["hits"]) == (0, 0)
    assert added.json()["retry-after"] == 2
    assert (line.json()["method"], line.json()["times"], line.json()["seconds"]) == (
        "GET",
        None,
        0.5,
    )
    assert control("DELETE", f"/{added.json()['id']}").status_code == 204
    assert control("DELETE", f"/{added.json()['id']}").status_code == 404
    assert control("GET").json()["faults"] == [line.json()]
    assert control("POST", "/reset").status_code == 204
    assert control("GET").json()["faults"] == []


@pytest.mark.parametrize(
    "body", [{}, [], {"path": "/me"}, {"line": "GET"}, {"path": "(", "fault": "429"}, {"line": 1}]
)
def test_what_is_no_rule_is_refused(control: Control, body: Any) -> None:
    answer = control("POST", body=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert control("GET").json()["faults"] == []


def test_nobody_gets_in_without_the_key(control: Control) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("DELETE", ""), ("POST", "/reset")):
        assert control(method, path, key="wrong").status_code == 401
