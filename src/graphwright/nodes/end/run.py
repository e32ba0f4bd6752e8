"""Ends the flow."""

from graphwright.flows.context import Context, Pause
from graphwright.nodes.end.config import Config


async def run(config: Config, context: Context) -> Pause:
    """The end: heading, message, tone for the user; exit and result for a caller."""
    return Pause(
        "end",
        {
            "title": await context.render(config.heading),
            "message": await context.render(config.message),
            "tone": config.tone,
            "exit": config.exit,
            "result": await context.render(config.result),
        },
    )
