"""The page of an error that may not be sent back to the application.

It must not know when that is so.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from starlette.responses import Response

from graphwright_sandbox.entra.errors import ErrorReport
from graphwright_sandbox.pages.layout import page


def error_page(
    report: ErrorReport | None, registered: Sequence[str], *, message: str = ""
) -> Response:
    """The error with the ids of the request; for a wrong redirect URI also those registered."""
    text = str(report.cause) if report else message
    parts = ["<h1>Sign-in cannot go on</h1>", f'<p class="problem">{escape(text)}</p>']
    if registered:
        items = "".join(f"<li><code>{escape(uri)}</code></li>" for uri in registered)
        parts.append(
            f"<h2>Registered for this application</h2><ul>{items}</ul>"
            "<p>Start the sandbox with <code>--redirect-uri ADDRESS</code> to register another; "
            "in a real tenant add it under “Authentication” of the app registration.</p>"
        )
    if report:
        parts.append(
            f"<dl><dt>Trace ID</dt><dd>{report.trace_id}</dd>"
            f"<dt>Correlation ID</dt><dd>{report.correlation_id}</dd>"
            f"<dt>Timestamp</dt><dd>{report.timestamp}</dd></dl>"
        )
    return page("Sign-in cannot go on", "\n".join(parts), status=400)
