"""Whether a caller knows the present state of something, as If-Match and If-None-Match say."""

from collections.abc import Mapping

from graphwright_sandbox.sharepoint.errors import modified_meanwhile


def check_etags(state: set[str], headers: Mapping[str, str]) -> None:
    """Refuses where the headers (by lower-cased name) name another state than the present one."""
    wanted, unwanted = headers.get("if-match") or "*", headers.get("if-none-match")
    known = {part.removeprefix("W/") for part in _split(wanted)}
    if "*" not in known and not state & known:
        raise modified_meanwhile()
    if unwanted and (unwanted.strip() == "*" or state & set(_split(unwanted))):
        raise modified_meanwhile()


def _split(header: str) -> list[str]:
    """The etags of a header; a comma stands inside SharePoint's own."""
    parts, quoted, current = [], False, ""
    for character in header:
        quoted ^= character == '"'
        if character == "," and not quoted:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]
