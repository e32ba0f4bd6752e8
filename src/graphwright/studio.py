"""Serves the modeler and the portal of its draft: two origins of one process, on loopback only."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from graphwright.application.runtime import Runtime
from graphwright.kernel.interpreter import prepare_interpreter
from graphwright.modeler.app import create_modeler
from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal
from graphwright.server import PortTaken, Server, listen

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Origins:
    """Where both are reached: listening sockets, and their addresses."""

    modeler: socket.socket
    portal: socket.socket

    @property
    def modeler_url(self) -> str:
        """The modeler's address."""
        return f"http://localhost:{self.modeler.getsockname()[1]}"

    @property
    def portal_url(self) -> str:
        """The address of the portal, and the base of redirect URLs."""
        return f"http://localhost:{self.portal.getsockname()[1]}"


@contextmanager
def listening(port: int, portal_port: int, *, or_others: bool = False) -> Iterator[Origins]:
    """Both origins until the end of the block; `PortTaken`, or other ports with `or_others`."""

    def open_port(wanted: int, option: str) -> socket.socket:
        try:
            return listen(_HOST, wanted, option)
        except PortTaken:
            if not or_others:
                raise
            return listen(_HOST, 0, option)

    with open_port(port, "--port") as own, open_port(portal_port, "--portal-port") as portal:
        yield Origins(own, portal)


def serve_modeler(
    root: Path,
    origins: Origins,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    sandbox: Mapping[str, Any] | None = None,
    from_portal: bool = False,
    on_ready: Callable[[Modeler], None],
) -> None:
    """Edits an application in the browser until SIGINT or SIGTERM; `on_ready` tells where.

    `folder`: where draft and data lie, else in the application's folder; `sandbox`: what one said
    that runs beside it; `from_portal`: whether whoever is signed in to the portal may open the
    modeler from there.
    """

    def create(runtime: Runtime) -> ASGIApp:
        return create_portal(runtime, open_modeler=modeler.start_url if from_portal else None)

    modeler = Modeler.open(
        root,
        base_url=origins.modeler_url,
        portal_url=origins.portal_url,
        create_portal=create,
        folder=folder,
        environment=environment,
    )
    modeler.sandbox = sandbox
    asyncio.run(_serve(modeler, origins, lambda: on_ready(modeler)))


async def _serve(modeler: Modeler, origins: Origins, on_ready: Callable[[], None]) -> None:
    def stop() -> None:
        # Streams and held runs never end by themselves.
        modeler.events.close()
        modeler.runner.interrupt()

    portal = Server(modeler.runner, silent=True)
    server = Server(create_modeler(modeler), on_ready=on_ready, on_stop=stop)
    prepare_interpreter()
    modeler.watch()
    beside = asyncio.create_task(portal.serve(sockets=[origins.portal]))
    try:
        await server.serve(sockets=[origins.modeler])
    finally:
        portal.should_exit = True
        await beside
        await modeler.close()
