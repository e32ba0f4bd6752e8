"""Tries the conditions in order."""

from graphwright.flows.context import Context, Exit
from graphwright.nodes.decision.config import Config


async def run(config: Config, context: Context) -> Exit:
    """The first exit whose condition is true as JSONata's `$boolean` sees it, else `otherwise`."""
    for name, condition in config.cases.items():
        if await context.evaluate(f"$boolean({condition})"):
            return Exit(name)
    return Exit("otherwise")
