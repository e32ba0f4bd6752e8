"""Texts without what opens something: tokens, secrets, codes, passwords, pre-authenticated URLs.

Whatever the sandbox shows of a request goes through here. It must not know who shows it.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

MASK = "•••••"
_SECRETS = frozenset(
    name.lower()
    for name in (
        "access_token accessToken refresh_token refreshToken id_token idToken token authorization "
        "client_secret clientSecret secretText client_assertion assertion code_verifier "
        "device_code password newPassword currentPassword clientState cookie "
        "validationToken validationTokens dataKey SAMLResponse"
    ).split()
)
"""Names of members, fields and parameters whose values are never shown."""
_SECRET_PARAMETERS = _SECRETS | {"code", "user_code", "session_state", "tx", "tempauth"}
_ADDRESSES = ("uploadurl", "downloadurl")
# The paths of the transfer origin: the part behind them is the permission.
_PREAUTHENTICATED = re.compile(r"^(/(?:download|upload|monitor)/)[^/]+")
# No token begins within another word, so that a long text is read once.
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*){1,3}")
_MEMBER = re.compile(r'"([^"\\]+)"(\s*:\s*)"((?:[^"\\]|\\.)*)("|$)')


def mask_text(text: str) -> str:
    """Any text; what looks like a token is masked."""
    return _JWT.sub(MASK, text)


def mask_query(query: str) -> str:
    """A query string or a form's body, its other values as they were sent."""
    return "&".join(_mask_parameter(part) for part in query.split("&"))


def mask_url(url: str) -> str:
    """An address; its query and fragment are masked as queries."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return mask_text(url)
    fragment = mask_query(parts.fragment)
    netloc = parts.netloc.rpartition("@")[2]
    path = _PREAUTHENTICATED.sub(rf"\1{MASK}", parts.path)
    return urlunsplit((parts.scheme, netloc, path, mask_query(parts.query), fragment))


def mask_json(value: Any, name: str = "") -> Any:
    """A JSON value, `name` the member it is the value of."""
    if isinstance(value, dict):
        return {key: mask_json(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [mask_json(one, name) for one in value]
    return _mask_member(name, value) if isinstance(value, str) else value


def mask_body(body: bytes, content_type: str) -> str:
    """A body as a text to show: JSON is indented, of a form each field has a line.

    `body` is not compressed and may have lost its end. What is no text is told by its size.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return mask_query(body.decode("utf-8", "replace")).replace("&", "\n&")
    if kind.endswith(("/json", "+json")):
        return _show_json(body.decode("utf-8", "replace"))
    if kind == "text/html":
        return f"(a page, {len(body)} bytes)"  # it may carry an answer in a form's fields
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml")):
        return mask_text(body.decode("utf-8", "replace"))
    return f"({kind or 'bytes'}, {len(body)} bytes)" if body else ""


def _show_json(text: str) -> str:
    try:
        return json.dumps(mask_json(json.loads(text)), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        # Broken or cut off: what can be told from the text alone is masked there.
        return mask_text(_MEMBER.sub(_mask_match, text))


def _mask_match(match: re.Match[str]) -> str:
    name, colon, value, end = match.groups()
    return f'"{name}"{colon}"{_mask_member(name, value)}{end}'


def _mask_parameter(part: str) -> str:
    name, equals, value = part.partition("=")
    if value and unquote_plus(name).lower() in _SECRET_PARAMETERS:
        return f"{name}={MASK}"
    return name + equals + mask_text(value)


def _mask_member(name: str, value: str) -> str:
    if name.lower() in _SECRETS:
        return MASK
    if name.lower().endswith(_ADDRESSES):
        return re.sub(r"(?<=[^:/])/.*", f"/{MASK}", value, count=1, flags=re.DOTALL)
    return mask_text(value)
