"""Reading the parameters of a request: once each, of bounded size, in UTF-8.

It must not know what any parameter means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from graphwright_sandbox.entra.errors import EntraError

MAX_BODY_BYTES = 65_536
_MAX_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"


class Parameters(Mapping[str, str]):
    """The parameters by name; an empty value counts as not sent (RFC 6749, section 3.1)."""

    def __init__(self, text: str) -> None:
        try:
            pairs = parse_qsl(text, errors="strict", max_num_fields=_MAX_FIELDS)
        except ValueError:
            raise EntraError(9002313) from None
        self._values: dict[str, str] = {}
        for name, value in pairs:
            if name in self._values:
                raise EntraError(9000411, field=name[:120])
            if any(character in value for character in "\x00\r\n"):
                raise EntraError(9002313)
            self._values[name] = value

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def require(self, name: str) -> str:
        """The value, or the error that names what is missing."""
        value = self._values.get(name)
        if value is None:
            raise EntraError(900144, field=name)
        return value


def read_query(request: Request) -> Parameters:
    """The parameters in the address."""
    return Parameters(str(request.url.query))


async def read_form(request: Request) -> Parameters:
    """The parameters in a form's body; any other kind of body counts as empty."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        return Parameters("")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise EntraError(9002313)
    try:
        return Parameters(body.decode("ascii"))
    except UnicodeDecodeError:
        raise EntraError(9002313) from None
