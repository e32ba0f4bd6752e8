"""Answers that hold the very credentials of their request: servers echo what they were sent.

Pure. What a request carried is known here alone, so it is taken out before anybody reads the answer.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

from graphwright.http.transport import Exchange

_MASK = "*****"
# A shorter password may stand in any answer by chance.
_SHORTEST = 6


def without_credentials(exchange: Exchange, authorization: str) -> Exchange:
    """The answer without what the header Authorization gave access with, as it stands and encoded."""
    content, headers = exchange.content, exchange.headers
    for form in sorted(set(_forms(authorization)), key=len, reverse=True):
        # Looking is cheap, and nearly always all there is to do.
        if form.encode() in content:
            content = content.replace(form.encode(), _MASK.encode())
        if any(form in value for value in headers.values()):
            headers = {name: value.replace(form, _MASK) for name, value in headers.items()}
    if content is exchange.content and headers is exchange.headers:
        return exchange
    return replace(exchange, content=content, headers=headers)


def _forms(authorization: str) -> Iterator[str]:
    scheme, _, credential = authorization.partition(" ")
    texts = [credential]
    if scheme == "Basic":
        pair = b64decode(credential).decode()
        texts += [pair, pair.partition(":")[2]]
    for text in texts:
        if len(text) >= _SHORTEST:
            yield from (text, quote(text, safe=""), quote_plus(text))
            yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
