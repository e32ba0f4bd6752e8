"""Paths to return to after signing in: only ones of this site, whatever a browser makes of them."""

import re
from urllib.parse import unquote, urlsplit

# Browsers read `\` as `/` and drop tabs and newlines, so either could smuggle in another host.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_LIMIT = 2000
_OWN = ("/auth/", "/api/", "/assets/")


def safe_return_path(value: str | None, default: str = "/") -> str:
    """The path where it surely stays on this site and is a page, else the default."""
    if value is None or len(value) > _LIMIT:
        return default
    decoded = value
    for _ in range(3):
        if not _stays(decoded):
            return default
        decoded = unquote(decoded)
    return value


def _stays(value: str) -> bool:
    path = value.partition("?")[0].partition("#")[0]
    if not path.startswith("/") or path.startswith("//") or _FORBIDDEN.search(path):
        return False
    if _FORBIDDEN.search(value.replace(" ", "")) or "/../" in path + "/" or "/./" in path + "/":
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not f"{path}/".startswith(_OWN)
