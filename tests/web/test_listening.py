"""Ports of localhost: both of its addresses."""

import socket

import pytest

from graphwright.web.listening import PortTaken, listening


def listen_6(port: int) -> socket.socket:
    """A program that listens at ::1, as hard as it may."""
    other = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        other.bind(("::1", port))
        other.listen()
    except OSError:
        other.close()
        raise
    return other


def has_ipv6() -> bool:
    try:
        listen_6(0).close()
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


def test_nobody_else_answers_at_the_other_address_of_localhost() -> None:
    with listening(0, 0) as origins:
        for listener in (origins.modeler, origins.portal):
            port = listener.getsockname()[1]
            with pytest.raises(OSError, match="in use"):
                listen_6(port)
            # A browser that looks there first goes on to the address that is served.
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("::1", port), 5)
            socket.create_connection(("localhost", port), 5).close()
    listen_6(port).close()


def test_a_port_whose_other_address_is_taken_is_refused_or_another_one() -> None:
    with listen_6(0) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=r"::1.*--portal-port"), listening(0, port):
            pass
        with listening(0, port, or_others=True) as origins:
            assert origins.portal.getsockname()[1] not in (0, port)
