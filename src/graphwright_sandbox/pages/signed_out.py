"""The page after signing out. It must not know who was signed in."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from graphwright_sandbox.pages.layout import page


def signed_out_page(unknown_address: str | None = None) -> Response:
    """Says that it is done, and why the browser stays here if an address was refused."""
    body = "<h1>You signed out</h1>\n<p>Nobody is signed in to the sandbox in this browser.</p>"
    if unknown_address is not None:
        body += (
            "\n<p>The application asked to return to "
            f"<code>{escape(unknown_address[:500])}</code>, "
            "which belongs to none of the registered redirect URIs.</p>"
        )
    return page("You signed out", body)
