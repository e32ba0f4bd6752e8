"""Where a page of a collection begins, and the link to the one after it.

The directory and searches page by an opaque `$skiptoken` that holds for one query only, Outlook by
`$skip`. Knows no records.
"""

import base64
import hashlib
import json
from urllib.parse import quote, urlencode

from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.request import GraphRequest

_PREFIX = "RFNwdAIAAQ"


def read_offset(request: GraphRequest, *, opaque: bool) -> int:
    """How many records lie before the page; `opaque`: pages by token only."""
    options = request.options
    if opaque and options.skip is not None:
        raise bad_request("'$skip' is not supported by the service.", "Request_BadRequest")
    if options.skiptoken is not None:
        return _read_token(request, options.skiptoken)
    return options.skip or 0


def next_link(request: GraphRequest, offset: int, *, opaque: bool) -> str:
    """The URL of the page that begins behind so many records, with the query of this one."""
    replaced = ("$skip", "$skiptoken")
    kept = [(name, value) for name, value in request.options.raw if name.lower() not in replaced]
    # Outlook cannot skip within a search: it pages by token there, as the directory always does.
    if opaque or request.options.search is not None:
        kept.append(("$skiptoken", _make_token(request, offset)))
    else:
        kept.append(("$skip", str(offset)))
    return f"{request.url}?{urlencode(kept, quote_via=quote)}"


def _binding(request: GraphRequest, offset: int) -> str:
    """What a token holds for: the order and the choice of records as they were asked for."""
    asked = [
        (name, value)
        for name, value in request.options.raw
        if name.lower().removeprefix("$") in ("filter", "orderby", "search")
    ]
    text = json.dumps([request.url, asked, offset], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _make_token(request: GraphRequest, offset: int) -> str:
    text = f"{offset}.{_binding(request, offset)}"
    return _PREFIX + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_token(request: GraphRequest, token: str) -> int:
    refused = GraphError(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired or is invalid.",
    )
    encoded = token.removeprefix(_PREFIX)
    try:
        text = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        offset, _, digest = text.partition(".")
        number = int(offset)
    except ValueError as error:
        raise refused from error
    if encoded == token or digest != _binding(request, number):
        raise refused
    return number
