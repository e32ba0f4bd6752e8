"""One POST by aiohttp to a URL that was checked before; names are checked as they resolve.

Imported when something is sent for the first time. It must not know what is sent.
"""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from graphwright_sandbox.notifications.sender import NoAnswer, Received, is_allowed

_MAXIMUM_ANSWER = 4096


async def post(url: str, body: bytes, content_type: str, patience: float) -> Received:
    """What the receiver answered; raises NoAnswer."""
    connector = aiohttp.TCPConnector(resolver=_GuardedResolver())
    limit = aiohttp.ClientTimeout(total=patience)
    headers = {"Content-Type": content_type}
    try:
        async with (
            # What was packed stays packed: a few bytes could become more than memory holds.
            aiohttp.ClientSession(
                connector=connector, timeout=limit, auto_decompress=False
            ) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            received = await answer.content.read(_MAXIMUM_ANSWER)
            return Received(answer.status, answer.content_type, received)
    except TimeoutError as error:
        raise NoAnswer(timed_out=True) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(timed_out=False) from error


class _GuardedResolver(AbstractResolver):
    """Names that lead into a private network do not resolve, also when they change their mind."""

    def __init__(self) -> None:
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        allowed = [one for one in found if is_allowed(ipaddress.ip_address(one["host"]))]
        if not allowed:
            raise OSError("the name leads into a private network")
        return allowed

    async def close(self) -> None:
        await self._resolver.close()
