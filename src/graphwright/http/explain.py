"""What a server's refusal means, in our words; Graph's error bodies. Pure.

Source: https://learn.microsoft.com/graph/errors
"""

import base64
import binascii
import re
from dataclasses import dataclass

from graphwright.kernel.values import JsonValue

_LONGEST = 500
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_CLAIMS = re.compile(r'\bclaims="([A-Za-z0-9+/=_-]+)"')

# Codes that say: later. Compared in lower case.
_TRANSIENT_CODES = frozenset(
    {
        "activitylimitreached",
        "applicationthrottled",
        "backenderror",
        "errormailboxstoreunavailable",
        "errorserverbusy",
        "errortimeoutexpired",
        "gatewaytimeout",
        "generalexception",
        "internalservererror",
        "mailboxconcurrency",
        "servicenotavailable",
        "serviceunavailable",
        "timeout",
        "toomanyrequests",
        "unknownerror",
    }
)

_HINTS = {
    400: "Microsoft 365 does not understand the request: look at its URL, query and body.",
    401: "The sign-in is not accepted any more: sign in again.",
    403: "The permission for this is missing, or an administrator has not consented to it, or the "
    "signed-in person may not do it.",
    404: "There is no such thing there, or it was deleted, or it lies in a place that this person "
    "does not have.",
    405: "This endpoint does not know the method.",
    409: "It was changed in the meantime, or exists already: load it again.",
    410: "It is gone for good, or the point where to go on has expired: start again.",
    412: "It was changed in the meantime: load it again, then repeat the change.",
    413: "The request is larger than the server accepts.",
    415: "The server does not accept this kind of body.",
    429: "Too many requests in a short time: try again later.",
    507: "The storage is full.",
}
_CODE_HINTS = {
    "resourcenotfound": "The path, or the id in it, is not known to Microsoft 365.",
    "mailboxnotenabledforrestapi": "This account has no mailbox in Exchange Online.",
    "authorization_identitynotfound": "The application is not known in this tenant: ask for "
    "consent there.",
    "badrequest": "",
    "syncstatenotfound": "The point where to go on has expired: start again.",
}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says."""

    code: str | None = None
    message: str = ""
    request_id: str | None = None

    @property
    def is_transient(self) -> bool:
        """Whether the code says: later."""
        return (self.code or "").lower() in _TRANSIENT_CODES


def read_error(body: JsonValue) -> ErrorBody:
    """The error in a body: Graph's, OAuth's, an HTML page or a text; empty where there is none."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        inner = error.get("innerError") or error.get("innererror")
        request_id = inner.get("request-id") if isinstance(inner, dict) else None
        return ErrorBody(
            _line(error.get("code")) or None,
            _line(error.get("message")),
            request_id if isinstance(request_id, str) else None,
        )
    if isinstance(error, str) and isinstance(body, dict):
        return ErrorBody(_line(error), _line(body.get("error_description")))
    if isinstance(body, str):
        title = _TITLE.search(body)
        looks_like_page = body.lstrip()[:1] == "<"
        return ErrorBody(None, _line(title.group(1) if title else "" if looks_like_page else body))
    return ErrorBody()


def is_error_object(body: JsonValue) -> bool:
    """Whether a body is an error, whatever its status: `{"error": {"code": …}}`.

    A resource may have a property `error` besides others (a long-running operation has); a page of
    a collection has not.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(error, dict):
        return False
    others = {name for name in body if not name.startswith("@")} - {"error", "value"}
    whole = not others and ("value" not in body or isinstance(body["value"], list))
    return whole and isinstance(error.get("code"), str)


def hint_for(status: int, code: str | None, permission: str | None) -> str:
    """What to do about an error."""
    hint = _CODE_HINTS.get((code or "").lower()) or _HINTS.get(status, "")
    if not hint and status >= 500:
        hint = "The service has a problem of its own: try again later."
    if status == 403 and permission:
        hint += f" Usually needed: {permission}."
    return hint


def claims_challenge(header: str | None) -> str | None:
    """The claims that a WWW-Authenticate header asks for, as JSON text, or None.

    Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    match = _CLAIMS.search(header or "")
    if match is None:
        return None
    text = match.group(1).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def _line(value: JsonValue) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
