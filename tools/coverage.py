"""The coverage table of the sandbox: a page of the reference, written from what is served."""

from __future__ import annotations

from datetime import UTC, datetime

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.app import Workload
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.tenant import Caller, InvalidAuthenticationToken

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def write_tables() -> str:
    """The tables, a heading for each workload."""
    return "\n".join(_workload(workload) for workload in load())


def load() -> list[Workload]:
    """The workloads of a sandbox that nobody can sign in to."""

    def refuse(header: str | None) -> Caller:  # noqa: ARG001 - what authorizing is given
        raise InvalidAuthenticationToken("nobody")

    app = create_graph_app(create_tenant(), refuse, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    workloads: list[Workload] = app.state.workloads
    return workloads


def _workload(workload: Workload) -> str:
    methods: dict[str, list[str]] = {}
    for operation in workload.operations:
        methods.setdefault(operation.path, []).append(operation.method)
    rows = [f"## {workload.name}\n", "| path | methods | missing |", "|---|---|---|"]
    for path in sorted(methods):
        served = sorted(methods[path], key=_METHODS.index)
        gaps = [
            f"{method}: {workload.coverage.partial[f'{method} {path}']}"
            for method in served
            if f"{method} {path}" in workload.coverage.partial
        ]
        rows.append(f"| `{path}` | {' '.join(served)} | {_cell('; '.join(gaps))} |")
    text = "\n".join(rows) + "\n"
    refused = sorted(workload.coverage.refused.items())
    if refused:
        lines = "".join(f"- `{name}`: {_cell(why)}\n" for name, why in refused)
        text += f"\nRefused:\n\n{lines}"
    return text


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
