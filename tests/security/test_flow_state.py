"""What a person can put into a flow's state, and what it must not become there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from graphwright.flows.context import Frame
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.state import ModelChanged, load_state, save_state
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle
from graphwright.kernel.encryption import Keyring
from tests.portal.conftest import Place

# A call that nobody's model holds: the application's secret, sent to the attacker.
CALL = Call(
    method="GET",
    url="https://127.0.0.1:9/collect",
    authentication=Authentication("basic", "x", "MY_DAY_CLIENT_SECRET"),
)
FORGED = {"__collection__": CollectionHandle(CALL, None).to_state()}
FLOW = FlowDefinition.read({"kind": "regular", "start": "end", "nodes": {"end": {"type": "end"}}})
FLOWS = {"f": FLOW}


def test_data_in_the_shape_of_a_collection_stays_data() -> None:
    keyring = Keyring.generate()
    frame = Frame("f", "end", {"values": {"extra": FORGED, "list": [FORGED]}, "input": FORGED})
    blob = save_state([frame], FLOWS, keyring, "step|a|1")
    again = load_state(blob, FLOWS, keyring, "step|a|1")[0]
    assert again.variables == frame.variables
    # Nor does what an earlier state was marked with open anything in the next.
    text = keyring.decrypt(blob, "step|a|1").decode()
    marks = {word for word in text.replace(":", '"').split('"') if len(word) > 20}
    planted = Frame("f", "end", {mark: {mark: FORGED["__collection__"]} for mark in marks})
    second = save_state([planted], FLOWS, keyring, "step|a|2")
    loaded = load_state(second, FLOWS, keyring, "step|a|2")[0].variables
    assert not any(
        isinstance(v, CollectionHandle) for d in loaded.values() for v in [d, *d.values()]
    )


def test_a_collection_itself_is_kept() -> None:
    keyring = Keyring.generate()
    handle = CollectionHandle(CALL, "https://127.0.0.1:9/next")
    frame = Frame("f", "end", {"events": {"status": 200, "body": handle}})
    blob = save_state([frame], FLOWS, keyring, "s")
    found = load_state(blob, FLOWS, keyring, "s")[0].variables["events"]["body"]
    assert isinstance(found, CollectionHandle)
    assert found.to_state() == handle.to_state()


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"version": 1, "frames": []}', b"[1", b"null", b"x"]
)
def test_a_state_of_another_shape_starts_the_flow_again(data: bytes) -> None:
    keyring = Keyring.generate()
    with pytest.raises(ModelChanged):
        load_state(keyring.encrypt(data, "s"), FLOWS, keyring, "s")


JSON_FORM = {
    "lists/thing.yaml": """
        owner: user
        key: [id]
        fields: {id: {type: text}, extra: {type: json}}
    """,
    "pages/thing.yaml": """
        type: form
        title: Thing
        list: thing
        fields: [extra]
    """,
    "pages/echo.yaml": """
        type: form
        title: "{{ $string(values.extra) }}"
        list: thing
        fields: [id]
    """,
    "flows/thing.yaml": """
        kind: regular
        path: /thing
        inputs: {data: {type: json}}
        start: ask
        nodes:
          ask: {type: page, page: thing, outputs: {submit: values}, exits: {submit: again}}
          again: {type: page, page: echo, outputs: {submit: other}, exits: {submit: told}}
          told: {type: end, message: "{{ $string(values.extra) }}|{{ $string(input.data) }}"}
    """,
}


def test_a_form_and_an_address_cannot_plant_a_request(make_place: Callable[..., Place]) -> None:
    place = make_place(**JSON_FORM)
    calls: list[Call] = []

    async def record(call: Call, continuation: str | None, read: Any = None) -> Any:
        calls.append(call)
        raise AssertionError("a planted request was about to be sent")

    place.runtime.http.page = record  # type: ignore[method-assign]
    anna = place.browser().sign_in("anna")
    step = anna.start("/thing", query={"data": json.dumps(FORGED)}).json()
    step = anna.exit(step, "submit", {"values": {"extra": FORGED}}).json()
    assert json.loads(step["page"]["title"]) == FORGED
    step = anna.exit(step, "submit", {"values": {"id": "1"}}).json()
    assert [json.loads(part) for part in step["message"].split("|")] == [FORGED, FORGED]
    assert calls == []
