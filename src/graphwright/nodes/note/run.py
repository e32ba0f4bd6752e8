"""Passes on, should an exit lead to a note."""

from graphwright.flows.context import Context, Exit
from graphwright.nodes.note.config import Config


async def run(_config: Config, _context: Context) -> Exit:
    """Leaves at once."""
    return Exit()
