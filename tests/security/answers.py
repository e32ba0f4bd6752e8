"""Answers of servers that are not there, as the transport gives them."""

from dataclasses import dataclass
from typing import Any

from graphwright.http.transport import Exchange


@dataclass(frozen=True)
class Unread:
    """An answer whose body is still to be read."""

    status: int
    headers: dict[str, str]
    content: bytes
    url: str

    async def read(self, _most: Any) -> Exchange:
        """The whole answer."""
        return Exchange(self.status, self.headers, self.content, self.url)
