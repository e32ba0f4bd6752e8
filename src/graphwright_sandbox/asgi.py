"""What a request says of itself, read from its ASGI scope. Knows no path and nobody who answers."""

import uuid
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Scope


def raw_path(scope: Scope) -> str:
    """The path as sent, still percent-encoded, without the prefix the app is mounted at."""
    raw = scope.get("raw_path")
    path: str = raw.decode("latin-1") if raw else quote(scope["path"])
    root: str = scope.get("root_path", "")
    return path.removeprefix(quote(root)) if root else path


def correlation_of(scope: Scope) -> dict[str, str]:
    """What tells a request apart; a client that names none of its own gets the service's."""
    own = str(uuid.uuid4())
    client = Headers(scope=scope).get("client-request-id", "")
    usable = client and len(client) <= 100 and client.isascii() and client.isprintable()
    return {"request-id": own, "client-request-id": client if usable else own}
