"""The page after signing out. It must not know who was signed in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from starlette.responses import Response

from graphwright_sandbox.pages.layout import page

_SAFE = ":/%#?=@[]!$&'()*+,"  # what stands in an address as it is
_WAIT_SECONDS = 2
"""How long the applications have to end their sessions before the browser goes on."""


def signed_out_page(
    *,
    frames: Sequence[str] = (),
    next_address: str | None = None,
    unknown_address: str | None = None,
) -> Response:
    """Says that it is done; tells applications in hidden frames; then leads back to one.

    `unknown_address`: the address that was asked for and refused.
    """
    body = "<h1>You signed out</h1>\n<p>Nobody is signed in to the sandbox in this browser.</p>"
    if unknown_address is not None:
        body += (
            "\n<p>The application asked to return to "
            f"<code>{escape(unknown_address[:500])}</code>, "
            "which belongs to none of the registered redirect URIs.</p>"
        )
    if next_address is not None:
        body += f'\n<p><a href="{escape(next_address)}">Back to the application</a></p>'
    body += "".join(f'\n<iframe hidden title="" src="{escape(url)}"></iframe>' for url in frames)
    response = page("You signed out", body, frames="http: https:" if frames else None)
    if next_address is not None:
        response.headers["Refresh"] = f"{_WAIT_SECONDS}; url={quote(next_address, safe=_SAFE)}"
    return response
