"""Who is at the other end of a connection: on a machine of several users, only one's own programs.

A start link stands in the list of processes while a browser is opened with it, and a cookie of localhost
goes to every port of it, other users' too: what they learn so is worth nothing here. Linux tells whose
a connection is; elsewhere nobody is refused.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.kernel.errors import Refused
from graphwright.web.errors import error_response
from graphwright.web.static import is_asset

_TABLE: Final = Path("/proc/net/tcp")
_ESTABLISHED: Final = "01"
_STATE: Final = 3
_USER: Final = 7
# May look at everything on this machine anyway; relays of virtual machines run as it.
_ROOT: Final = 0

Ends = tuple[str, str]


class PeerRefused(Refused):
    """The connection is another user's of this machine."""

    code = "peerRefused"


class PeerCheck:
    """ASGI middleware: refuses connections of other users of this machine."""

    def __init__(self, app: ASGIApp, table: Path = _TABLE) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what comes from a program of the same user, and what is nobody's secret."""
        if scope["type"] == "http" and not is_asset(scope) and not self._is_own(scope):
            error = PeerRefused("This modeler belongs to another user of this machine.")
            await error_response(Request(scope), error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        ends = [_address(scope.get(name)) for name in ("client", "server")]
        client, server = ends
        if client is None or server is None or not hasattr(os, "getuid"):
            return True
        try:
            users = dict(read_users(self._table.read_text("ascii"), client))
        except (OSError, ValueError):
            return True
        if (server, client) not in users:
            return True  # our own end is not listed either: the table does not tell
        # Who has closed its end already gets no answer, and may have been anybody.
        return users.get((client, server)) in (os.getuid(), _ROOT)


def read_users(table: str, end: str) -> Iterator[tuple[Ends, int | None]]:
    """Whose each connection of `end` is, by its own end and the other, of a table as in `proc(5)`.

    None where it is not open any more: then the table says root, whosever it was.
    """
    for line in table.splitlines()[1:]:
        if end not in line:
            continue  # thousands of others, of which nothing is asked
        columns = line.split()
        if len(columns) > _USER:
            is_open = columns[_STATE] == _ESTABLISHED
            yield (columns[1], columns[2]), int(columns[_USER]) if is_open else None


def _address(end: object) -> str | None:
    """An IPv4 address and port as the table writes them; None for anything else."""
    if not isinstance(end, tuple | list) or len(end) != 2:
        return None
    host, port = end
    parts = str(host).split(".")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        return None
    return f"{''.join(f'{int(part):02X}' for part in reversed(parts))}:{int(port):04X}"
