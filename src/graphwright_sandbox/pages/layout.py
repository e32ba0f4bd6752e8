"""The frame around every page, and the headers that keep a page from doing more than it should.

It must not know any page.
"""

from __future__ import annotations

import importlib.resources
from html import escape

from starlette.responses import HTMLResponse, Response

STYLE_PATH = "/_sandbox/style.css"
NOTICE = "Graphwright sandbox – not Microsoft"


def page(
    title: str,
    body: str,
    *,
    status: int = 200,
    script_hash: str | None = None,
    form_targets: str = "'self' http: https:",
    frames: str | None = None,
) -> HTMLResponse:
    """A whole page. ``body`` is HTML whose values are escaped already.

    A form's answer redirects to the application, and browsers apply ``form-action`` to the whole
    chain of redirects; where an application sends its users next is not ours to restrict, so
    http and https are allowed there. Nothing else may be loaded, run or framed.
    """
    framed = f"frame-src {frames}; " if frames else ""
    script = f"script-src '{script_hash}'; " if script_hash else ""
    policy = (
        f"default-src 'none'; style-src 'self'; img-src data:; {script}{framed}"
        f"form-action {form_targets}; base-uri 'none'; frame-ancestors 'none'"
    )
    content = f"""<header><p>{NOTICE}</p></header>
<main>
{body}
</main>
<footer>
<p>This is a local test tenant on your own computer. Nothing here reaches a real account.</p>
</footer>"""
    return document(title, content, policy=policy, status=status)


def document(
    title: str,
    content: str,
    *,
    policy: str,
    status: int = 200,
    head: str = "",
    kind: str = "step",
    referrer: str = "no-referrer",
) -> HTMLResponse:
    """The bare document: its Content-Security-Policy, its body's class, its Referrer-Policy."""
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Graphwright sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{STYLE_PATH}">
{head}</head>
<body class="{kind}">
{content}
</body>
</html>
"""
    return HTMLResponse(html, status, headers=_headers(policy, referrer))


def style_sheet() -> Response:
    """The style sheet of every page."""
    return static_file(__name__.rpartition(".")[0], "style.css", "text/css")


def static_file(package: str, name: str, media_type: str) -> Response:
    """A file that lies beside the modules of a package."""
    text = importlib.resources.files(package).joinpath(name).read_text("utf-8")
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(text, media_type=media_type, headers=headers)


def hidden(name: str, value: str) -> str:
    """A hidden field of a form."""
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _headers(policy: str, referrer: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": referrer,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
