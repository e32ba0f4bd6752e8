"""A flow's state between two pages: versioned JSON, encrypted, bound to its step."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from graphwright.flows.context import Frame
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.errors import StateTooLarge
from graphwright.http.collection import CollectionHandle
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.values import JsonValue

STATE_VERSION = 1
MAX_STATE_BYTES = 1_000_000

_HANDLE = "__collection__"


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
    state = {
        "version": STATE_VERSION,
        "revision": model_revision(flows, frames),
        "frames": [
            {
                "flow": frame.flow,
                "node": frame.node,
                "variables": _without_sensitive(frame, flows[frame.flow]),
                "memory": frame.memory,
            }
            for frame in frames
        ],
    }
    data = json.dumps(state, default=_encode, separators=(",", ":")).encode()
    if len(data) > MAX_STATE_BYTES:
        largest = max(
            ((name, value) for frame in frames for name, value in frame.variables.items()),
            key=lambda item: len(json.dumps(item[1], default=_encode)),
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
    state = json.loads(keyring.decrypt(blob, bound_to), object_hook=_decode)
    if state["version"] != STATE_VERSION:
        raise ModelChanged
    frames = [
        Frame(item["flow"], item["node"], item["variables"], item["memory"])
        for item in state["frames"]
    ]
    if any(frame.flow not in flows for frame in frames):
        raise ModelChanged
    if model_revision(flows, frames) != state["revision"]:
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


def _encode(value: Any) -> JsonValue:
    if isinstance(value, CollectionHandle):
        return {_HANDLE: value.to_state()}
    raise TypeError(f"{type(value).__name__} is not kept in a flow's state")


def _decode(value: dict[str, Any]) -> Any:
    return CollectionHandle.from_state(value[_HANDLE]) if value.keys() == {_HANDLE} else value
