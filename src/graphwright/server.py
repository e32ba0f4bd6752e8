"""Serves an application: the portal on one port, until it is told to stop."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from graphwright.application.runtime import Runtime
from graphwright.kernel.interpreter import prepare_interpreter
from graphwright.kernel.settings import Settings, is_loopback
from graphwright.portal.app import create_portal
from graphwright.web.listening import listen

# Between two removals of what has expired.
_CLEANING_SECONDS = 600


def serve_application(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    base_url: str | None = None,
    data: Path | None = None,
    environment: Mapping[str, str] | None = None,
    listener: socket.socket | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Runs an application in the portal until SIGINT or SIGTERM.

    `on_ready` gets the address when it answers; without it the address is printed.
    """
    listener = listener or listen(host, port)
    port = listener.getsockname()[1]
    if (
        base_url is None
        and is_loopback(host)
        and not (environment or {}).get("GRAPHWRIGHT_BASE_URL")
    ):
        base_url = _own_base_url(root, port)
    with listener:
        asyncio.run(_serve(root, listener, base_url, data, environment, on_ready or _print_address))


def _own_base_url(root: Path, port: int) -> str | None:
    """The address on this machine, unless a setting names the one that users open."""
    named = Settings.read(root).get("GRAPHWRIGHT_BASE_URL")
    return None if named else f"http://localhost:{port}"


async def _serve(
    root: Path,
    listener: socket.socket,
    base_url: str | None,
    data: Path | None,
    environment: Mapping[str, str] | None,
    on_ready: Callable[[str], None],
) -> None:
    async with await Runtime.open(
        root, data=data, base_url=base_url, environment=environment
    ) as runtime:
        server = Server(
            create_portal(runtime), on_ready=lambda: on_ready(runtime.settings.base_url)
        )
        prepare_interpreter()
        cleaning = asyncio.create_task(_clean(runtime))
        try:
            await server.serve(sockets=[listener])
        finally:
            cleaning.cancel()


async def _clean(runtime: Runtime) -> None:
    while True:
        await runtime.driver.clean()
        await runtime.clock.sleep(_CLEANING_SECONDS)


class Server(uvicorn.Server):
    """uvicorn, telling when it answers and when it begins to stop.

    Of several servers in one process one hears the signals; the others are `silent`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        on_ready: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
        silent: bool = False,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
            )
        )
        self._on_ready = on_ready
        self._on_stop = on_stop
        self._silent = silent

    async def startup(self, *arguments: Any, **options: Any) -> None:
        """Starts listening, then tells."""
        await super().startup(*arguments, **options)
        if self.started:
            self._on_ready()

    async def shutdown(self, *arguments: Any, **options: Any) -> None:
        """Tells, then waits for the requests under way."""
        self._on_stop()
        await super().shutdown(*arguments, **options)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends at SIGINT and SIGTERM, where it is not silent."""
        with nullcontext() if self._silent else super().capture_signals():
            yield


def _print_address(address: str) -> None:
    print(address, flush=True)  # noqa: T201 - what the command is for
