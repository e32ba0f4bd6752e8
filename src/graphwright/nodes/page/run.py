"""Pauses for the page; goes on with what the user chose."""

from graphwright.flows.context import Context, Exit, Outcome, Pause
from graphwright.flows.errors import PageInActionFlow
from graphwright.nodes.page.config import Config


async def run(config: Config, context: Context) -> Outcome:
    """A pause that shows the page, then the exit taken, its data in the variable of `outputs`."""
    answer = context.resumed
    if answer is None:
        if not context.interactive:
            raise PageInActionFlow(
                "An action flow came to a page.", hint="Only regular flows may show pages."
            )
        return Pause("page", {"page": config.page})
    if answer.name in config.outputs:
        variable = config.outputs[answer.name]
        context.set(variable, answer.data)
        context.frame.sensitive[variable] = answer.sensitive
    return Exit(answer.name)
