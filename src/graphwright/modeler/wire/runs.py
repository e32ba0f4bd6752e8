"""Running the draft: the way taken with values, breakpoints."""

from typing import Literal

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Body, Json, Name, ProblemWire


class StartRun(Body):
    """`POST /api/run`: opens the draft in the portal."""

    flow: str | None = Field(default=None, max_length=60)
    inputs: dict[str, Json] = Field(
        default_factory=dict, description="Of an action flow, which is run at once."
    )
    account: str | None = Field(
        default=None,
        max_length=2000,
        description="Id of the account an action flow runs as; null: of the only one who signed in.",
    )


class RunStarted(Answer):
    """Where the portal shows the flow; problems where the draft cannot run."""

    url: str | None
    run: str | None = Field(default=None, description="Of an action flow: id of its trace.")
    problems: list[ProblemWire]


class VisitWire(Answer):
    """One node of the way taken. Secrets, tokens and sensitive values are masked: •••••.

    What is left out of a large value is told by an object's key `…`, or at the end of a text.
    """

    index: int
    flow: str
    node: str
    type: str
    exit: str | None = Field(
        description="null: still running or paused; `end` of an end, `stopped` at a breakpoint."
    )
    started_at: str
    milliseconds: float | None
    inputs: Json = Field(
        description="The variables before, those that the node reads first; large values are cut."
    )
    outputs: Json = Field(description="The variables that it set.")
    error: Json = None
    depth: int = 0


class TraceEntry(Answer):
    """A run of the draft."""

    id: str
    flow: str
    kind: Literal["regular", "action", "node"] = Field(description="node: one node once more.")
    who: str | None
    started_at: str
    status: Literal["running", "waiting", "paused", "done", "failed", "stopped"]
    milliseconds: float
    nodes: int = Field(description="Nodes run in all; of a long run the middle is not kept.")
    error: Json = None


class Traces(Answer):
    """`GET /api/traces`, newest first; in memory only."""

    traces: list[TraceEntry]


class TraceWire(TraceEntry):
    """`GET /api/traces/{id}`."""

    visits: list[VisitWire]
    happened: Json = Field(
        default=None,
        description="`meter` and `imports` of the report that the portal gives of its runs; null: "
        "none is kept, as of a node that ran once more.",
    )


class VisitAgain(Body):
    """`POST /api/traces/{id}/visits/{index}/again`: the node once more with the recorded input.

    Answers with the trace of it, which is a run of its own.
    """

    confirmed: bool = Field(
        default=False,
        description="A request that writes is sent only where this is true: else 409 "
        "confirmationNeeded.",
    )


class Breakpoints(Body, Answer):
    """`PUT /api/breakpoints`, and the answer of `GET`: nodes by flow."""

    nodes: dict[Name, list[Name]]


class Resume(Body):
    """`POST /api/traces/{id}/resume`: goes on behind a breakpoint."""

    how: Literal["continue", "step", "stop"]
