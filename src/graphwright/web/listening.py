"""Listening sockets, opened before what answers on them is imported: both take their time.

Knows addresses and ports only, not what is served.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from graphwright.kernel.errors import Unavailable

_HOST = "127.0.0.1"
_HOST_6 = "::1"


class PortTaken(Unavailable):
    """Another program listens on the port."""

    code = "portTaken"
    retryable = False


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """A listening socket; `PortTaken` naming the option where another program has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY: else every answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {error.strerror}.",
            hint=f"Stop the other program, or choose another port with {option}.",
        ) from error
    return listener


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

    with ExitStack() as stack:

        def open_port(wanted: int, option: str) -> socket.socket:
            with ExitStack() as opened:
                try:
                    listener = opened.enter_context(listen(_HOST, wanted, option))
                    opened.enter_context(keep_free(listener.getsockname()[1], option))
                except PortTaken:
                    if not or_others or wanted == 0:
                        raise
                    return open_port(0, option)
                stack.push(opened.pop_all())
            return listener

        yield Origins(open_port(port, "--port"), open_port(portal_port, "--portal-port"))


@contextmanager
def keep_free(port: int, option: str) -> Iterator[None]:
    """Nobody answers at the other address that browsers look for `localhost` at, until the end.

    Another user of the machine would get start links and sign-ins there. `PortTaken` where one does.
    """
    with ExitStack() as stack:
        try:
            # Bound and not listening: browsers are refused and take 127.0.0.1. Without SO_REUSEADDR
            # no other program gets the port.
            guard = stack.enter_context(socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
            guard.bind((_HOST_6, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"Another program has port {port} of {_HOST_6}, which is localhost as well.",
                    hint=f"Stop the other program, or choose another port with {option}.",
                ) from error
            # A machine without IPv6.
        yield
