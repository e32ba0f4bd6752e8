"""A port for a server that is started a little later."""

from __future__ import annotations

import random
import socket


def find_free_port() -> int:
    """A port that nobody listens on, below those that systems take for connections of their own."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
