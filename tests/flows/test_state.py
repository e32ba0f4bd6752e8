"""What is kept of a flow between two pages: all of it, encrypted, and no more."""

import asyncio
import json
from typing import Any

import pytest

from graphwright.flows.context import Frame
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.errors import StateTooLarge
from graphwright.flows.state import ModelChanged, load_state, save_state
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.kernel.encryption import Keyring, Tampered, WrongKey
from tests.flows.conftest import ADA, Place, answer

SECRET = "planted-8Q~secret"
FLOW = FlowDefinition.read(
    {
        "kind": "regular",
        "inputs": {"pin": {"sensitive": True}, "name": {}},
        "start": "end",
        "nodes": {"end": {"type": "end"}},
    }
)
FLOWS = {"one": FLOW}


def round_trip(variables: dict[str, Any], **more: Any) -> Frame:
    keyring = Keyring.generate()
    blob = save_state([Frame("one", "end", variables, **more)], FLOWS, keyring, "here")
    (frame,) = load_state(blob, FLOWS, keyring, "here")
    return frame


def test_variables_come_back_as_they_were() -> None:
    variables = {
        "n": 1,
        "big": 2**60,
        "text": "Grüße 👋 {{ x }}",
        "tree": {"a": [1, None, True, {"b": 1.5}]},
        "none": None,
        "input": {"name": "Ada"},
    }
    frame = round_trip(variables, memory={"loop": {"index": 3, "items": [1]}})
    assert frame == Frame("one", "end", variables, {"loop": {"index": 3, "items": [1]}})


def test_a_collection_comes_back_as_a_handle_without_its_rows() -> None:
    call = Call(
        "GET",
        "https://graph.example/v1.0/users",
        {"prefer": "x"},
        authentication=Authentication("oauth2"),
        profile="mine",
        principal_id="ada-id",
        paged=True,
    )
    handle = CollectionHandle(call, "https://graph.example/next", Page([{"row": 1}]))
    frame = round_trip({"got": {"body": handle, "status": 200}})
    back = frame.variables["got"]["body"]
    assert isinstance(back, CollectionHandle)
    assert (back.call, back.continuation, back.first) == (call, "https://graph.example/next", None)
    assert back.scope == handle.scope


def test_bytes_come_back() -> None:
    photo = bytes(range(256))
    assert round_trip({"got": {"body": photo}}).variables["got"]["body"] == photo


@pytest.mark.parametrize("key", ["__collection__", "call", "__bytes__", "mark"])
def test_data_that_looks_like_a_collection_stays_data(key: str) -> None:
    call = Call("DELETE", "https://graph.example/v1.0/me").to_state()
    planted = {"deep": [{key: {"call": call, "continuation": None}}]}
    assert round_trip({"got": planted}).variables["got"] == planted


def test_sensitive_inputs_and_values_are_left_out() -> None:
    variables = {"input": {"pin": SECRET, "name": "Ada"}, "values": {"code": SECRET, "to": "x"}}
    frame = round_trip(variables, sensitive={"values": frozenset({"code"})})
    assert frame.variables == {"input": {"name": "Ada"}, "values": {"to": "x"}}
    assert variables["input"]["pin"] == SECRET


def test_a_state_over_a_megabyte_names_the_largest_variable() -> None:
    with pytest.raises(StateTooLarge) as caught:
        round_trip({"small": "x" * 400_000, "large": ["x" * 700_000]})
    assert caught.value.facts["variable"] == "large"
    assert "Import its rows" in caught.value.hint


def test_what_cannot_be_kept_is_never_written_half() -> None:
    with pytest.raises(TypeError, match="object is not kept"):
        round_trip({"x": object()})


def test_a_state_is_bound_to_its_step_and_key() -> None:
    keyring = Keyring.generate()
    blob = save_state([Frame("one", "end")], FLOWS, keyring, "step|i|1")
    for bound_to in ("step|i|2", "step|j|1", ""):
        with pytest.raises(Tampered):
            load_state(blob, FLOWS, keyring, bound_to)
    with pytest.raises(Tampered):
        load_state(blob[:-1] + bytes([blob[-1] ^ 1]), FLOWS, keyring, "step|i|1")
    with pytest.raises(WrongKey):
        load_state(blob, FLOWS, Keyring.generate(), "step|i|1")


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Another"},
        {"variables": {"x": 1}},
        {"nodes": {"end": {"type": "end", "message": "x"}}},
    ],
)
def test_a_state_of_another_model_is_told(changed: dict[str, Any]) -> None:
    keyring = Keyring.generate()
    blob = save_state([Frame("one", "end")], FLOWS, keyring, "here")
    raw = {"kind": "regular", "inputs": {"pin": {"sensitive": True}, "name": {}},
           "start": "end", "nodes": {"end": {"type": "end"}}}  # fmt: skip
    assert load_state(blob, {"one": FlowDefinition.read(raw)}, keyring, "here")
    with pytest.raises(ModelChanged):
        load_state(blob, {"one": FlowDefinition.read({**raw, **changed})}, keyring, "here")
    with pytest.raises(ModelChanged):
        load_state(blob, {}, keyring, "here")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null\n[]", b'{"version": 1}\n[]', b'{"version": 2}\n[]', b"{\n"]
)
def test_a_state_that_another_version_wrote_is_told(data: bytes) -> None:
    keyring = Keyring.generate()
    with pytest.raises(ModelChanged):
        load_state(keyring.encrypt(data, "here"), FLOWS, keyring, "here")


SENSITIVE = """
kind: regular
inputs: {pin: {type: text, sensitive: true}, name: {type: text}}
variables: {name: "{{ input.name }}"}
start: send
nodes:
  send:
    type: http_request
    method: POST
    url: https://api.example/login
    body: {json: {pin: "{{ input.pin }}"}}
    exits: {default: show}
  show: {type: page, page: x, exits: {go: end}}
  end: {type: end}
"""


async def test_a_sensitive_input_is_used_and_lies_nowhere(place: Place) -> None:
    place.add("signs", SENSITIVE)
    place.web.answers = [answer(200, {})]
    step = await place.start("signs", pin=SECRET, name="planted-name")
    sent = json.loads(place.web.sent[0].body or b"")
    assert sent == {"pin": SECRET}
    with place.services.databases.system.engine.connect() as connection:
        blob = connection.exec_driver_sql("SELECT state FROM _flow_steps").scalar_one()
    saved = place.runtime.keyring.decrypt(blob, f"step|{step.instance}|1")
    # The scan can find: the other input is there, readable only with the key.
    assert b"planted-name" in saved
    assert SECRET.encode() not in saved
    content = await asyncio.to_thread(place.file_bytes)
    assert step.instance.encode() in content
    assert SECRET.encode() not in content
    assert b"planted-name" not in content


async def test_what_an_end_tells_is_kept_encrypted_and_shown_again(place: Place) -> None:
    place.add(
        "ends",
        """
        kind: regular
        inputs: {name: {}}
        start: end
        nodes:
          end: {type: end, heading: Done, message: "For {{ input.name }}", result: "{{ input.name }}"}
        """,
    )
    step = await place.start("ends", name="planted-name")
    again = await place.restart().step(step.instance, step.step, principal=ADA, session_id="one")
    assert again.end == step.end
    assert step.end is not None
    assert step.end["message"] == "For planted-name"
    content = await asyncio.to_thread(place.file_bytes)
    # The scan can find: the step is there.
    assert step.instance.encode() in content
    assert b"planted-name" not in content


async def test_an_end_that_was_put_with_another_step_is_not_shown(place: Place) -> None:
    place.add("ends", "{kind: regular, start: end, nodes: {end: {type: end, message: mine}}}")
    one, other = await place.start("ends"), await place.start("ends")
    copy = "UPDATE _flow_steps SET ending = (SELECT ending FROM _flow_steps WHERE instance = ?)"
    with place.services.databases.system.engine.begin() as connection:
        connection.exec_driver_sql(copy, (one.instance,))
    with pytest.raises(Tampered):
        await place.driver.step(other.instance, 1, principal=ADA, session_id="one")


async def test_a_paged_collection_is_read_on_behind_a_page_and_a_restart(place: Place) -> None:
    place.add(
        "pages",
        """
        kind: regular
        variables: {seen: []}
        start: load
        nodes:
          load: {type: http_request, url: https://api.example/x, response: got, exits: {default: each}}
          each: {type: loop, items: got.body, item: one, exits: {each: show, done: end}}
          show: {type: page, page: x, exits: {next: each}}
          end: {type: end, message: done}
        """,
    )
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    place.web.answers = [answer(200, CollectionHandle(call))]
    place.web.pages = {None: Page(["a", "b"], "p2"), "p2": Page(["c"])}
    step = await place.start("pages")
    seen = []
    while step.kind == "page":
        seen.append((await place.scope(step))["one"])
        place.driver = place.restart()
        step = await place.exit(step, "next")
    assert seen == ["a", "b", "c"]
    assert place.web.fetched == [None, "p2"]
