"""Sub-flows against the flows they run: inputs, exits, pages where none may be, flows in a circle."""

from collections.abc import Iterator

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import FlowDefinition, NodeDefinition
from graphwright.kernel.errors import nearest


def check_subflows(application: Application) -> Iterator[Problem]:
    """A problem for every sub-flow node that does not fit the flow it runs."""
    for name, flow in application.flows.items():
        for node_name, node in flow.nodes.items():
            called = application.flows.get(getattr(node, "flow", ""))
            if called is not None:
                check = _Check(application, name, flow, node_name, node)
                yield from check.inputs(called)
                yield from check.exits(called)
                yield from check.kind(called)


class _Check:
    """One sub-flow node."""

    def __init__(
        self,
        application: Application,
        flow_name: str,
        flow: FlowDefinition,
        node_name: str,
        node: NodeDefinition,
    ) -> None:
        self._application = application
        self._flow_name = flow_name
        self._flow = flow
        self._node_name = node_name
        self._node = node
        self._called: str = getattr(node, "flow", "")

    def inputs(self, called: FlowDefinition) -> Iterator[Problem]:
        """Inputs that the flow does not have, and required ones that are not given."""
        given: dict[str, object] = getattr(self._node, "inputs", {})
        for name in given:
            if name not in called.inputs:
                yield self.problem(
                    "unknownInput",
                    f"The flow {self._called} has no input {name!r}.",
                    nearest(name, called.inputs),
                    "inputs",
                    name,
                )
        for name, definition in called.inputs.items():
            if definition.required and definition.default is None and name not in given:
                yield self.problem(
                    "inputMissing",
                    f"The flow {self._called} requires the input {name}.",
                    f"Write it under `inputs` of the node {self._node_name}.",
                    "flow",
                )

    def exits(self, called: FlowDefinition) -> Iterator[Problem]:
        """Exits that no end of the flow has."""
        known = {str(getattr(node, "exit", "default")) for node in called.nodes.values()}
        for name in self._node.exits:
            if name not in (*known, "default", "error"):
                yield self.problem(
                    "unknownExit",
                    f"No end of the flow {self._called} has the exit {name!r}.",
                    nearest(name, {*known, "error"}),
                    "exits",
                    name,
                )

    def kind(self, called: FlowDefinition) -> Iterator[Problem]:
        """A regular flow within an action flow, and a flow that runs itself."""
        if self._flow.kind == "action" and called.kind == "regular":
            yield self.problem(
                "pageInActionFlow",
                f"An action flow may not run the regular flow {self._called}: it may show pages.",
                f"Set `kind: action` in flows/{self._called}.yaml, or `kind: regular` here.",
                "flow",
            )
        if self._flow_name in self._runs(self._called):
            yield self.problem(
                "flowRunsItself",
                f"The flow {self._flow_name} runs itself through {self._called}.",
                "Use a loop node, or an exit that leads back.",
                "flow",
            )

    def _runs(self, name: str) -> set[str]:
        """The flow and all that it runs."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            flow = self._application.flows.get(current := waiting.pop())
            if flow is not None and current not in found:
                found.add(current)
                waiting += [getattr(node, "flow", "") for node in flow.nodes.values()]
        return found

    def problem(self, code: str, message: str, hint: str, *path: str) -> Problem:
        """A problem at a path of the node."""
        document = self._application.documents[f"flows/{self._flow_name}.yaml"]
        at = ("nodes", self._node_name, *path)
        place = document.place(at, flow=self._flow_name, node=self._node_name)
        return Problem(code, message, place, hint)
