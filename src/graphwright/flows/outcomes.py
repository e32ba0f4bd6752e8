"""What an interactive flow comes to, as the portal gets it. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graphwright.kernel.values import JsonObject


@dataclass(frozen=True)
class StepOutcome:
    """What a stretch of a flow came to: a page, an authorization to give, or the end."""

    kind: Literal["page", "authorize", "end"]
    instance: str
    step: int
    flow: str
    page: str | None = None
    profile: str | None = None
    end: JsonObject | None = None
    notice: str | None = None
    prompt: str | None = None


@dataclass(frozen=True)
class StepState:
    """A step opened for reading: where the flow stands and what its page may read."""

    flow: str
    node: str
    page: str
    scope: dict[str, Any]
    outputs: Mapping[str, str]
