"""Every fault of the sandbox, met by our own client: all items, each once, or an error that says it."""

from __future__ import annotations

import pytest

from graphwright.http.batch import send_batch
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.errors import HttpError
from graphwright.http.response import Response
from graphwright.kernel.errors import GraphwrightError
from graphwright_sandbox.faults.kinds import KINDS
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.http.conftest import FakeProfiles, FakeSettings, HeldClock
from tests.http.helpers import make_call, profile_of

URL = "/me/messages?$top=20&$select=subject"
LASTING = {"next-loop": "collectionLoop", "next-loop-of-two": "collectionLoop"}
REFUSED = dict.fromkeys(("next-host", "next-scheme", "next-port"), "hostRefused")
TOO_LARGE = dict.fromkeys(
    ("gzip-bomb size=20000000", "huge-body size=20000000"), "collectionTooLarge"
)
ALWAYS = {
    "reset times=always": "noAnswer",
    "truncated times=always": "noAnswer",
    "truncated-close times=always": "responseInvalid",
    "invalid-json times=always": "responseInvalid",
    "deep-json times=always": "responseInvalid",
    "error-in-200 times=always": "serviceBusy",
    "429 retry-after=1 times=always": "serviceBusy",
    "expired-token times=always": "httpError",
    "claims-challenge times=always": "httpError",
}
TOLD = LASTING | REFUSED | TOO_LARGE | ALWAYS
ONCE = [
    "delay seconds=0.01", "reset", "committed-reset", "reset-in-body", "truncated",
    "truncated-chunked", "truncated-close", "invalid-json", "error-in-200", "expired-token",
    "claims-challenge", "deep-json", "429 retry-after=1", "503", "504",
]  # fmt: skip
NOT_HERE = {"status", "silence", "expired-delta", "repeated-items", "missing-id"}


async def read(sandbox: Sandbox, fault: str | None) -> list[str]:
    """The ids of all messages, read while this fault falls."""
    profiles = FakeProfiles({"graph-user": profile_of(sandbox)})
    sandbox.faults.clear()
    if fault is not None:
        sandbox.faults.add(parse_fault(f"/me/messages: {fault}"))
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    try:
        answer = await client.send(make_call(profiles, URL))
        assert isinstance(answer.body, CollectionHandle)
        return [str(item["id"]) for item in await answer.body.read_all(client)]
    finally:
        await client.close()
        assert fault is None or sandbox.faults.hits > 0


@pytest.mark.parametrize("fault", ONCE)
async def test_what_falls_once_is_overcome(sandbox: Sandbox, fault: str) -> None:
    whole = await read(sandbox, None)
    assert len(set(whole)) == len(whole) > 20
    assert await read(sandbox, fault) == whole


@pytest.mark.parametrize(("fault", "code"), TOLD.items())
async def test_what_cannot_be_overcome_is_told(sandbox: Sandbox, fault: str, code: str) -> None:
    with pytest.raises(GraphwrightError) as caught:
        await read(sandbox, fault)
    assert caught.value.code == code


async def test_of_a_batch_only_what_a_fault_has_met_is_asked_for_again(sandbox: Sandbox) -> None:
    profiles = FakeProfiles({"graph-user": profile_of(sandbox)})
    clock = HeldClock()
    client = HttpClient(profiles, clock, FakeSettings())
    sandbox.faults.clear()
    try:
        listed = await client.send(make_call(profiles, "/users?$select=id&$top=30"))
        assert isinstance(listed.body, CollectionHandle)
        ids = [str(item["id"]) for item in await listed.body.read_all(client)][:30]
        sandbox.faults.add(parse_fault(f"/users/{ids[7]}: 429 retry-after=7"))
        calls = [make_call(profiles, "/users/{{ id }}", scope={"id": name}) for name in ids]
        calls.append(make_call(profiles, "/users/nobody@nowhere.example"))
        found = await send_batch(client, calls)
    finally:
        await client.close()
    assert [one.body["id"] for one in found[:30] if isinstance(one, Response)] == ids
    assert isinstance(found[30], HttpError)
    assert found[30].graph_code == "Request_ResourceNotFound"
    assert (sandbox.faults.hits, [s for s in clock.sleeps if s > 1]) == (1, [7.0])


def test_no_kind_of_fault_is_forgotten() -> None:
    met = {fault.split()[0] for fault in (*ONCE, *TOLD)}
    asked = {name for name, kind in KINDS.items() if kind.subject == "request"}
    assert asked - met == NOT_HERE
