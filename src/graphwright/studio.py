"""Serves the modeler and the portal of its draft: two origins of one process, on loopback only."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from graphwright.application.runtime import Runtime
from graphwright.kernel.interpreter import prepare_interpreter
from graphwright.modeler.app import create_modeler
from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal
from graphwright.server import Server
from graphwright.web.listening import Origins


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
