"""Limits of traffic: what each service counts, and how it says that enough is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.faults.throttling import (
    Admission,
    Demand,
    Refusal,
    ThrottleInvalid,
    Throttles,
)
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.graph.calls import EVERYTHING, NOW, Graph, authorize, error_code, person


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def app() -> Starlette:
    return create_graph_app(create_tenant(), authorize, lambda: NOW)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def limit(app: Starlette) -> Iterator[Callable[..., None]]:
    """Sets limits; none is left for the next test."""
    throttles: Throttles = app.state.context.throttles
    yield lambda *specs: throttles.set(["off", *specs])
    throttles.set(["off"])


@pytest.fixture
def sign_in(client: TestClient) -> Callable[[str], Graph]:
    return lambda name: Graph(client, f"Bearer user:{person(name).id}:{EVERYTHING}")


def test_outlook_counts_by_mailbox(
    limit: Callable[..., None], sign_in: Callable[[str], Graph]
) -> None:
    limit("outlook=2/60")
    noah, zoe = sign_in("noah.kim"), sign_in("zoe.adeyemi")
    assert [noah.get("/me/messages?$top=1").status_code for _ in range(2)] == [200, 200]
    answer = noah.get("/me/events?$top=1")
    assert (answer.status_code, error_code(answer)) == (429, "ApplicationThrottled")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert zoe.get("/me/messages?$top=1").status_code == 200
    assert noah.get("/me").status_code == 200


def test_the_directory_counts_resource_units_by_application(
    limit: Callable[..., None], sign_in: Callable[[str], Graph]
) -> None:
    limit("directory=5/10")
    noah, zoe = sign_in("noah.kim"), sign_in("zoe.adeyemi")
    first = noah.get("/users?$top=999")
    assert (first.status_code, first.headers["x-ms-resource-unit"]) == (200, "2")
    assert "x-ms-throttle-limit-percentage" not in first.headers
    cheap = zoe.get("/users?$top=5&$select=id")
    assert cheap.headers["x-ms-resource-unit"] == "1"
    single = zoe.get("/me")
    assert single.headers["x-ms-throttle-limit-percentage"] == "0.8"
    assert noah.get("/me").status_code == 200
    answer = zoe.get("/me")
    assert (answer.status_code, error_code(answer)) == (429, "TooManyRequests")
    assert answer.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    assert answer.headers["x-ms-throttle-scope"].startswith("Tenant_Application/Read/app/")
    assert int(answer.headers["retry-after"]) >= 1


def test_the_requests_of_a_batch_are_counted_one_by_one(
    limit: Callable[..., None], sign_in: Callable[[str], Graph]
) -> None:
    limit("outlook=2/60")
    requests_ = [
        {"id": str(number), "method": "GET", "url": "/me/messages?$top=1"} for number in range(4)
    ]
    answer = sign_in("noah.kim").post("/$batch", {"requests": requests_})
    statuses = sorted(one["status"] for one in answer.json()["responses"])
    assert (answer.status_code, statuses) == (200, [200, 200, 429, 429])


def test_without_limits_nothing_is_said(sign_in: Callable[[str], Graph]) -> None:
    assert not [name for name in sign_in("noah.kim").get("/users").headers if "throttle" in name]


def demand(service: str = "outlook", **changes: Any) -> Demand:
    values: dict[str, Any] = {"app_id": "app", "mailbox": "me", "reading": True} | changes
    return Demand(service, **values)


def test_a_window_opens_again_after_its_seconds() -> None:
    seconds = Seconds()
    throttles = Throttles("tenant", seconds)
    throttles.set(["outlook=1/10"])
    assert isinstance(throttles.enter(demand()), Admission)
    seconds.now += 4
    refused = throttles.enter(demand())
    assert isinstance(refused, Refusal)
    assert refused.retry_after == 6
    assert isinstance(throttles.enter(demand(app_id="other")), Admission)
    seconds.now += 6
    assert isinstance(throttles.enter(demand()), Admission)


@pytest.mark.parametrize(
    ("service", "code"), [("files", "activityLimitReached"), ("teams", "TooManyRequests")]
)
def test_every_service_has_its_own_words(service: str, code: str) -> None:
    throttles = Throttles("tenant", Seconds())
    throttles.set([f"{service}=2/10"])
    admitted = [throttles.enter(demand(service, mailbox=None)) for _ in range(3)]
    assert isinstance(admitted[2], Refusal)
    assert admitted[2].code == code
    if service == "files":
        assert admitted[1].headers == {
            "RateLimit-Limit": "2",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": "10",
        }


def test_no_more_than_so_many_requests_are_in_a_mailbox_at_once() -> None:
    throttles = Throttles("tenant", Seconds())
    throttles.set(["outlook-concurrency=2"])
    first, second, third = (throttles.enter(demand()) for _ in range(3))
    assert isinstance(first, Admission)
    assert isinstance(second, Admission)
    assert isinstance(third, Refusal)
    assert (third.code, third.message) == (
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
    )
    assert isinstance(throttles.enter(demand(mailbox="another")), Admission)
    throttles.leave(first)
    assert isinstance(throttles.enter(demand()), Admission)


@pytest.mark.parametrize(
    "spec",
    [
        "outlook", "outlook=", "outlook=5", "outlook=0/5", "outlook=5/0", "outlook=-1/5",
        "nothing=5/5", "outlook-concurrency=0", "outlook-concurrency=many", "directory=1.5/3", "",
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be_read_changes_nothing(spec: str) -> None:
    throttles = Throttles("tenant")
    throttles.set(["outlook=5/5", "outlook-concurrency=3"])
    with pytest.raises(ThrottleInvalid):
        throttles.set(["off", spec])
    assert throttles.specs() == ["outlook=5/5", "outlook-concurrency=3"]
    throttles.set(["outlook=off", "outlook-concurrency=off"])
    assert throttles.specs() == []


def test_concurrency_and_limits_are_met_over_the_wire(
    start_full: Callable[..., Sandbox], http: requests.Session
) -> None:
    with start_full(throttle=["outlook-concurrency=2"]) as sandbox:

        def get(_: int) -> int:
            with requests.Session() as session:
                session.trust_env = False
                url = f"{sandbox.graph_url}/v1.0/me/messages?$top=1"
                return session.get(url, verify=str(sandbox.ca_file)).status_code

        sandbox.graph_app.state.context.throttles.takes = 0.5
        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(get, range(4)))
        assert statuses == [200, 200, 429, 429]
        control = f"{sandbox.graph_url}/_sandbox/control/throttles"
        options: dict[str, Any] = {
            "headers": {"Authorization": f"Bearer {sandbox.control_key}"},
            "verify": str(sandbox.ca_file),
        }
        set_ = http.post(control, json={"limits": ["off", "outlook=1/60"]}, **options)
        assert set_.json() == {"limits": ["outlook=1/60"]}
        for body in ({}, {"limits": "off"}, {"limits": ["x"]}, {"limits": [1]}):
            assert http.post(control, json=body, **options).status_code == 400
        assert http.get(control, **options).json() == {"limits": ["outlook=1/60"]}
        assert [get(0), get(0)] == [200, 429]
