"""A flow's state between two pages: versioned JSON, encrypted, bound to its step."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from graphwright.flows.context import Frame
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.errors import StateTooLarge
from graphwright.http.collection import CollectionHandle
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.values import JsonValue

STATE_VERSION = 3
MAX_STATE_BYTES = 1_000_000


class ModelChanged(Exception):
    """The flow was changed, or the state's version is another: the flow must start again."""


def model_revision(flows: Mapping[str, FlowDefinition], frames: list[Frame]) -> str:
    """A hash of the flows under way: another one means that the model changed under them."""
    described = [flows[name].model_dump_json() for name in sorted({f.flow for f in frames})]
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]


def save_state(
    frames: list[Frame], flows: Mapping[str, FlowDefinition], keyring: Keyring, bound_to: str
) -> bytes:
    """The encrypted state; `StateTooLarge` over 1 MB. Sensitive inputs are left out."""
    # Variables hold what users and servers sent. A collection is told from data of its shape by a
    # mark that nobody can know before: what is taken for one is sent with somebody's token.
    mark = secrets.token_hex(16)
    encode = _Encoder(mark)
    head = {"version": STATE_VERSION, "revision": model_revision(flows, frames), "mark": mark}
    described = [
        {
            "flow": frame.flow,
            "node": frame.node,
            "variables": _without_sensitive(frame, flows[frame.flow]),
            "memory": frame.memory,
        }
        for frame in frames
    ]
    body = json.dumps(described, default=encode, separators=(",", ":"))
    data = f"{json.dumps(head)}\n{body}".encode()
    if len(data) > MAX_STATE_BYTES:
        largest = max(
            ((name, value) for frame in frames for name, value in frame.variables.items()),
            key=lambda item: len(json.dumps(item[1], default=encode)),
        )[0]
        raise StateTooLarge(
            f"The flow's variables take {len(data):,} bytes; at most {MAX_STATE_BYTES:,} are kept.",
            hint=f"The largest is {largest}. Import its rows into a list instead.",
            variable=largest,
        )
    return keyring.encrypt(data, bound_to)


def load_state(
    blob: bytes, flows: Mapping[str, FlowDefinition], keyring: Keyring, bound_to: str
) -> list[Frame]:
    """The frames of an encrypted state; raises `ModelChanged` where they no longer fit the model."""
    first, _, body = keyring.decrypt(blob, bound_to).partition(b"\n")
    try:
        head = json.loads(first)
        if head["version"] != STATE_VERSION:
            raise ModelChanged
        described = json.loads(body, object_hook=_Decoder(head["mark"]))
    except (ValueError, KeyError, TypeError) as error:
        # What another version wrote.
        raise ModelChanged from error
    frames = [
        Frame(item["flow"], item["node"], item["variables"], item["memory"]) for item in described
    ]
    if any(frame.flow not in flows for frame in frames):
        raise ModelChanged
    if model_revision(flows, frames) != head["revision"]:
        raise ModelChanged
    return frames


def _without_sensitive(frame: Frame, flow: FlowDefinition) -> dict[str, JsonValue]:
    inputs = frozenset(name for name, definition in flow.inputs.items() if definition.sensitive)
    kept = dict(frame.variables)
    for variable, names in {**frame.sensitive, "input": inputs}.items():
        value = kept.get(variable)
        if names and isinstance(value, dict):
            kept[variable] = {name: item for name, item in value.items() if name not in names}
    return kept


class _Encoder:
    """Writes what JSON does not know, collections and bytes, under the state's mark."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __call__(self, value: Any) -> JsonValue:
        """The JSON value of a collection, or of a file that a request brought."""
        if isinstance(value, CollectionHandle):
            return {self._mark: value.to_state()}
        if isinstance(value, bytes):
            return {self._mark: base64.b64encode(value).decode("ascii")}
        raise TypeError(f"{type(value).__name__} is not kept in a flow's state")


class _Decoder:
    """Reads it back."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __call__(self, value: dict[str, Any]) -> Any:
        """The object itself, or what stands under the mark."""
        if self._mark not in value:
            return value
        marked = value[self._mark]
        if isinstance(marked, str):
            return base64.b64decode(marked)
        return CollectionHandle.from_state(marked)
