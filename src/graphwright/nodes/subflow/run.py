"""Enters the sub-flow; goes on when it has ended."""

from graphwright.flows.context import Context, Enter, Exit, Outcome
from graphwright.nodes.subflow.config import Config


async def run(config: Config, context: Context) -> Outcome:
    """Enters the flow; behind its end, the exit its `end` node names."""
    if context.resumed is None:
        return Enter(config.flow, await context.render(config.inputs))
    if config.result is not None:
        context.set(config.result, context.resumed.data)
    return Exit(context.resumed.name)
