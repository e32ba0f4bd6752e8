"""How a sandbox is to run. It must not know what is done with any of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import platformdirs
from starlette.applications import Starlette

from graphwright_sandbox.entra.grants import REFRESH_TOKEN_LIFETIME
from graphwright_sandbox.faults import FaultRule
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.transfers import Transfers
from graphwright_sandbox.tenant import Caller, Tenant

DEFAULT_HTTPS_PORT = 8443
DEFAULT_HTTP_PORT = 8480
DEFAULT_TRANSFER_PORT = 8444

GraphFactory = Callable[
    [Tenant, Callable[[str | None], Caller], Callable[[], datetime], int, Transfers, date],
    Starlette,
]
"""Makes Microsoft Graph of a tenant, how to authorize, the clock, a number of bulk events, the
transfers of files and the day of the seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a sandbox is to run. Port 0 means any free one."""

    https_port: int = DEFAULT_HTTPS_PORT
    http_port: int = DEFAULT_HTTP_PORT
    transfer_port: int = DEFAULT_TRANSFER_PORT
    access_token_lifetime: timedelta | None = None
    refresh_token_lifetime: timedelta = REFRESH_TOKEN_LIFETIME
    sign_in_frequency: timedelta | None = None
    bulk_events: int = 0
    bulk_messages: int = 0
    faults: Sequence[FaultRule] = ()
    """What goes wrong from the start, and again after a reset."""
    seed: int = 0
    """How the chance of faults falls."""
    throttle: Sequence[str] = ()
    """Limits of traffic as `Throttles.set` reads them; none unless they are given."""
    state_file: Path | None = None
    """Where everything written is kept; None: in memory only."""
    real_host_names: bool = False
    """Answers as login.microsoftonline.com and graph.microsoft.com too: for clients that know no
    other names, on a machine (or in a network namespace) where these names lead here."""
    create_graph: GraphFactory = create_graph_app


def default_folder() -> Path:
    """Where certificates and keys lie unless a folder is named."""
    return platformdirs.user_cache_path("graphwright-sandbox", appauthor=False)
