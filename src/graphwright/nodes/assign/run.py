"""Sets variables, each seeing the ones before it."""

from graphwright.flows.context import Context, Exit
from graphwright.nodes.assign.config import Config


async def run(config: Config, context: Context) -> Exit:
    """Sets the variables in order."""
    for name, value in config.set.items():
        context.set(name, await context.render(value))
    return Exit()
